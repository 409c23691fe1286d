/* SPDX-License-Identifier: ISC */
#include "envelope/dkim_signature.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char white_space[] = " \t\r\n";

/* A part of the field, without surrounding white space. */
struct piece {
    const char *text;
    size_t length;
};

static struct piece trim(const char *text, const char *end)
{
    while (text < end && memchr(white_space, *text, sizeof white_space - 1))
        text++;
    while (end > text && memchr(white_space, end[-1], sizeof white_space - 1))
        end--;
    return (struct piece){text, (size_t)(end - text)};
}

/* Finds the next part between separators. Returns false after the last one. */
static bool next_piece(const char **at, const char *end, char separator,
                       struct piece *piece_out)
{
    const char *stop;

    if (*at > end)
        return false;
    stop = memchr(*at, separator, (size_t)(end - *at));
    if (!stop)
        stop = end;
    *piece_out = trim(*at, stop);
    *at = stop + 1;
    return true;
}

/* Finds the next tag and its value (section 3.2). Parts that are no tag are skipped. */
static bool next_tag(const char **at, const char *end, struct piece *name_out,
                     struct piece *value_out)
{
    struct piece piece;

    while (next_piece(at, end, ';', &piece)) {
        const char *equals = memchr(piece.text, '=', piece.length);

        if (!equals)
            continue;
        *name_out = trim(piece.text, equals);
        *value_out = trim(equals + 1, piece.text + piece.length);
        return true;
    }
    return false;
}

/* Tag names are case-sensitive (section 3.2). */
static bool is_tag(const struct piece *name, const char *tag)
{
    return name->length == strlen(tag) && memcmp(name->text, tag, name->length) == 0;
}

/* Finds the value of the tag. Returns false if the tag is missing or present twice. */
static bool find_tag(const char *value, size_t length, const char *tag,
                     struct piece *value_out, size_t *count_out)
{
    const char *at = value, *end = value + length;
    struct piece name, content;

    *count_out = 0;
    while (next_tag(&at, end, &name, &content)) {
        if (!is_tag(&name, tag))
            continue;
        *value_out = content;
        ++*count_out;
    }
    return *count_out == 1;
}

static bool read_domain(const struct piece *piece, char domain_out[DOMAIN_SIZE])
{
    char copy[DOMAIN_SIZE];
    struct error ignored;

    if (piece->length >= sizeof copy || memchr(piece->text, '\0', piece->length))
        return false;
    memcpy(copy, piece->text, piece->length);
    copy[piece->length] = '\0';
    return domain_normalize(copy, domain_out, &ignored);
}

/* rspamd treats form feed and vertical tab as white space, in the signature and in what
 * it covers. With one of them before "l=" a signature stays valid, but the tag would be
 * hidden from us. */
static bool has_control_octet(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)value[i] < ' ' &&
            !memchr(white_space, value[i], sizeof white_space - 1))
            return true;
    return false;
}

bool dkim_signature_read(const char *value, size_t length,
                         struct dkim_signature *signature_out)
{
    struct piece domain, fields, ignored;
    size_t count;

    *signature_out = (struct dkim_signature){.fields = NULL};
    if (has_control_octet(value, length) ||
        !find_tag(value, length, "d", &domain, &count) ||
        !read_domain(&domain, signature_out->domain) ||
        !find_tag(value, length, "h", &fields, &count))
        return false;
    find_tag(value, length, "l", &ignored, &count);
    signature_out->has_length = count > 0;
    signature_out->fields = strndup(fields.text, fields.length);
    return signature_out->fields != NULL;
}

void dkim_signature_free(struct dkim_signature *signature)
{
    free(signature->fields);
    signature->fields = NULL;
}

void dkim_signatures_read(const struct mail_header *header,
                          struct dkim_signatures *signatures_out)
{
    *signatures_out = (struct dkim_signatures){.count = 0};
    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];

        if (!mail_field_is(field, "DKIM-Signature"))
            continue;
        if (signatures_out->count < DKIM_SIGNATURES_MAX &&
            dkim_signature_read(field->value, field->value_length,
                                &signatures_out->items[signatures_out->count]))
            signatures_out->count++;
        else
            signatures_out->has_odd = true;
    }
}

void dkim_signatures_free(struct dkim_signatures *signatures)
{
    while (signatures->count > 0)
        dkim_signature_free(&signatures->items[--signatures->count]);
}

size_t dkim_signature_count(const struct dkim_signature *signature, const char *name)
{
    const char *at = signature->fields, *end = at + strlen(at);
    struct piece piece;
    size_t count = 0;

    while (next_piece(&at, end, ':', &piece))
        count += piece.length == strlen(name) &&
                 strncasecmp(piece.text, name, piece.length) == 0;
    return count;
}

bool dkim_signature_covers(const struct dkim_signature *signature, const char *name)
{
    return dkim_signature_count(signature, name) > 0;
}

static bool is_name(const struct piece *piece)
{
    for (size_t i = 0; i < piece->length; i++) {
        char c = piece->text[i];

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && (c == '\0' || !strchr(".-_@+", c)))
            return false;
    }
    return true;
}

bool dkim_signature_is_plain(const char *value, size_t length)
{
    static const char *const tags[] = {"d", "i", "s", "a"};
    const char *at = value, *end = value + length;
    struct piece name, content;

    while (next_tag(&at, end, &name, &content))
        for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
            if (is_tag(&name, tags[i]) && !is_name(&content))
                return false;
    return true;
}
