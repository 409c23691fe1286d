/* SPDX-License-Identifier: ISC */
#include "envelope/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

bool address_is_null(const char *path)
{
    return *path == '\0' || strcmp(path, "<>") == 0;
}

/* The text between the angle brackets, or all of it without brackets: some clients
 * leave them out, and Postfix accepts that. */
static const char *strip_brackets(const char *path, size_t *length_out)
{
    size_t length = strlen(path);

    if (length >= 2 && path[0] == '<' && path[length - 1] == '>') {
        path++;
        length -= 2;
    }
    *length_out = length;
    return path;
}

static void read_domain(const char *text, size_t length, char domain_out[DOMAIN_SIZE])
{
    /* A U-label may take more octets than its A-label, at most four times as many. */
    char copy[4 * DOMAIN_SIZE];
    struct error ignored;

    *domain_out = '\0';
    if (length >= sizeof copy)
        return;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (!domain_normalize(copy, domain_out, &ignored))
        *domain_out = '\0';
}

bool address_parse(const char *path, struct address *address_out)
{
    size_t length;
    const char *text = strip_brackets(path, &length);
    const char *end = text + length;
    const char *domain;

    address_out->has_route = length > 0 && *text == '@';
    if (address_out->has_route) {
        const char *colon = memchr(text, ':', length);

        if (!colon)
            return false;
        text = colon + 1;
    }
    domain = domain_find(text, (size_t)(end - text));
    if (!domain)
        return false;
    address_out->local = text;
    address_out->local_length = (size_t)(domain - 1 - text);
    read_domain(domain, (size_t)(end - domain), address_out->domain);
    return true;
}

/* ---- the grammar ---- */

/* The part of a path that is still to be read. */
struct reader {
    const char *next, *end;
};

static bool accept(struct reader *reader, char octet)
{
    if (reader->next == reader->end || *reader->next != octet)
        return false;
    reader->next++;
    return true;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The octets of characters beyond ASCII count as letters (RFC 6531 section 3.3). */
static bool is_wide(char c)
{
    return (unsigned char)c >= 0x80;
}

/* atext (RFC 5322 section 3.2.3) */
static bool is_atext(char c)
{
    return is_letter_or_digit(c) || is_wide(c) ||
           (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

static bool is_of_domain(char c)
{
    return is_letter_or_digit(c) || is_wide(c) || c == '-' || c == '_';
}

/* One or more of these octets, and again after each dot. The reader moves only if the
 * syntax is right. */
static bool skip_dotted(struct reader *reader, bool (*is_one)(char))
{
    const char *at = reader->next;

    for (;; at++) {
        const char *from = at;

        while (at < reader->end && is_one(*at))
            at++;
        if (at == from)
            return false;
        if (at == reader->end || *at != '.')
            break;
    }
    reader->next = at;
    return true;
}

/* Quoted-string. It may contain no control characters, not even after a backslash. */
static bool skip_quoted(struct reader *reader)
{
    const char *at = reader->next;

    if (at == reader->end || *at++ != '"')
        return false;
    for (; at < reader->end && *at != '"'; at++) {
        if (*at == '\\' && ++at == reader->end)
            return false;
        if ((*at < ' ' && !is_wide(*at)) || *at == 0x7F)
            return false;
    }
    if (at == reader->end)
        return false;
    reader->next = at + 1;
    return true;
}

/* dcontent */
static bool is_of_literal(char c)
{
    return c > ' ' && c <= '~' && !strchr("[\\]", c);
}

/* address-literal. Its content is not checked, because it is never a customer's
 * domain. */
static bool skip_literal(struct reader *reader)
{
    const char *at = reader->next;

    if (at == reader->end || *at++ != '[')
        return false;
    while (at < reader->end && is_of_literal(*at))
        at++;
    if (at == reader->end || *at != ']')
        return false;
    reader->next = at + 1;
    return true;
}

static bool skip_domain(struct reader *reader)
{
    return skip_literal(reader) || skip_dotted(reader, is_of_domain);
}

/* A-d-l ":", the obsolete source route. An address literal cannot be part of it,
 * because address_parse() treats the first colon as the end of the route. */
static bool skip_route(struct reader *reader)
{
    if (reader->next == reader->end || *reader->next != '@')
        return true;
    do
        if (!accept(reader, '@') || !skip_dotted(reader, is_of_domain))
            return false;
    while (accept(reader, ','));
    return accept(reader, ':');
}

bool address_is_well_formed(const char *path)
{
    size_t length;
    const char *text = strip_brackets(path, &length);
    struct reader reader = {text, text + length};
    bool has_route = length > 0 && *text == '@';

    if (!utf8_is_valid(path) || !skip_route(&reader) ||
        !(skip_quoted(&reader) || skip_dotted(&reader, is_atext)))
        return false;
    if (reader.next == reader.end)
        return !has_route;
    return accept(&reader, '@') && skip_domain(&reader) && reader.next == reader.end;
}

/* ---- the canonical form ---- */

/* Writes the meaning of a quoted string (RFC 5321 section 4.1.2). */
static void unquote(const char *from, const char *end, char *text_out)
{
    while (from < end) {
        if (*from == '\\' && from + 1 < end)
            from++;
        *text_out++ = *from++;
    }
    *text_out = '\0';
}

/* Adds quotes, and a backslash where one is needed. quoted_out must have space for
 * twice the text and the quotes. */
static void quote(const char *text, char *quoted_out)
{
    *quoted_out++ = '"';
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            *quoted_out++ = '\\';
        *quoted_out++ = *text;
    }
    strcpy(quoted_out, "\"");
}

static bool is_dot_string(const char *text)
{
    struct reader reader = {text, text + strlen(text)};

    return skip_dotted(&reader, is_atext) && reader.next == reader.end;
}

/* Quotes count as quotes only if they enclose the whole local part. meant and
 * written_out must be large enough. */
static void write_local(const struct address *address, char *meant, char *written_out)
{
    const char *local = address->local, *end = local + address->local_length;
    struct reader reader = {local, end};

    if (!skip_quoted(&reader) || reader.next != end) {
        memcpy(written_out, local, address->local_length);
        written_out[address->local_length] = '\0';
        return;
    }
    unquote(local + 1, end - 1, meant);
    if (is_dot_string(meant))
        strcpy(written_out, meant);
    else
        quote(meant, written_out);
}

char *address_write(const struct address *address)
{
    size_t room = 2 * address->local_length + sizeof "\"\"";
    char *meant = malloc(room), *local = malloc(room), *text = NULL;

    if (meant && local) {
        write_local(address, meant, local);
        if (asprintf(&text, "%s@%s", local, address->domain) < 0)
            text = NULL;
    }
    free(meant);
    free(local);
    return text;
}
