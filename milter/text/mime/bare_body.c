/* SPDX-License-Identifier: ISC */
#include "text/mime/bare_body.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "text/mime/mail_part.h"

/* A line without its line break. */
struct line {
    const char *text;
    size_t length;
};

/* Reads the next line of a text. Returns false at its end. */
static bool next_line(const char **at, const char *end, struct line *line_out)
{
    const char *line_feed;

    if (*at >= end)
        return false;
    line_feed = memchr(*at, '\n', (size_t)(end - *at));
    line_out->text = *at;
    line_out->length = (size_t)((line_feed ? line_feed : end) - *at);
    *at = line_feed ? line_feed + 1 : end;
    if (line_out->length > 0 && line_out->text[line_out->length - 1] == '\r')
        line_out->length--;
    return true;
}

/* ---- multiparts ---- */

/* Reads the text after "--". White space may follow it (RFC 2046). */
static bool read_delimiter(const struct line *line, struct line *boundary_out)
{
    enum { MAX_BOUNDARY = 70 };
    size_t length = line->length;

    while (length > 0 && strchr(" \t", line->text[length - 1]))
        length--;
    if (length < 3 || length > 2 + MAX_BOUNDARY || memcmp(line->text, "--", 2) != 0 ||
        memchr(line->text, '"', length) || memchr(line->text, '\\', length) ||
        memchr(line->text, '\0', length))
        return false;
    *boundary_out = (struct line){line->text + 2, length - 2};
    return true;
}

static bool is_delimiter(const struct line *line, const struct line *boundary)
{
    struct line found;

    return read_delimiter(line, &found) && found.length == boundary->length &&
           memcmp(found.text, boundary->text, found.length) == 0;
}

static bool is_close(const struct line *line, const struct line *boundary)
{
    size_t length = line->length;

    while (length > 0 && strchr(" \t", line->text[length - 1]))
        length--;
    return length == boundary->length + 4 && memcmp(line->text, "--", 2) == 0 &&
           memcmp(line->text + 2, boundary->text, boundary->length) == 0 &&
           memcmp(line->text + length - 2, "--", 2) == 0;
}

static bool is_field_or_empty(const struct line *line)
{
    size_t i = 0;

    if (line->length == 0)
        return true;
    while (i < line->length && line->text[i] > ' ' && line->text[i] < 0x7F &&
           line->text[i] != ':')
        i++;
    return i > 0 && i < line->length && line->text[i] == ':';
}

static bool is_closed(const char *at, const char *end, const struct line *boundary)
{
    struct line line;

    while (next_line(&at, end, &line))
        if (is_close(&line, boundary))
            return true;
    return false;
}

/* Finds the first delimiter whose multipart is closed. Only a few are tried: a body
 * with more lines that look like one is a drawing. *at becomes the end of that
 * multipart. */
static bool find_multipart(const char **at, const char *end, struct line *boundary_out)
{
    enum { MAX_TRIES = 8 };
    struct line line, next;
    int tries = 0;

    while (tries < MAX_TRIES && next_line(at, end, &line)) {
        const char *behind = *at;

        if (!read_delimiter(&line, boundary_out))
            continue;
        if (!next_line(&behind, end, &next) || !is_field_or_empty(&next))
            continue;
        tries++;
        if (is_closed(*at, end, boundary_out))
            return true;
    }
    return false;
}

/* ---- the parts ---- */

/* What matters in the header of a part. */
struct part {
    bool is_plain, is_other_form, is_attachment;
};

static bool begins(const struct line *line, const char *word)
{
    return line->length >= strlen(word) &&
           strncasecmp(line->text, word, strlen(word)) == 0;
}

/* The value of a field of that name, without white space before it. NULL if it is
 * another field. */
static const char *value_of(const struct line *line, const char *name,
                            size_t *length_out)
{
    size_t at = strlen(name);

    if (!begins(line, name))
        return NULL;
    while (at < line->length && strchr(" \t", line->text[at]))
        at++;
    if (at == line->length || line->text[at++] != ':')
        return NULL;
    while (at < line->length && strchr(" \t", line->text[at]))
        at++;
    *length_out = line->length - at;
    return line->text + at;
}

/* Other forms of a plain text: HTML, perhaps with its pictures, an invitation, AMP. */
static void read_type(const char *value, size_t length, struct part *part)
{
    static const char *const forms[] = {
        "text/html",     "text/calendar",     "text/x-amp-html", "text/watch-html",
        "text/enriched", "multipart/related", "multipart/mixed"};
    const struct line type = {value, length};

    part->is_plain = length == 0 || begins(&type, "text/plain");
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        part->is_other_form = part->is_other_form || begins(&type, forms[i]);
}

/* Reads the header of a part; *at is after its delimiter line. A value may begin in the
 * next line. */
static struct part read_part(const char **at, const char *end)
{
    struct part part = {.is_plain = true};
    struct line line;

    while (next_line(at, end, &line) && line.length > 0) {
        size_t length = 0;
        const char *value = value_of(&line, "Content-Type", &length);
        const char *behind = *at;

        if (value && length == 0 && next_line(&behind, end, &line) && line.length > 0 &&
            strchr(" \t", *line.text)) {
            value = line.text + strspn(line.text, " \t");
            length = line.length - (size_t)(value - line.text);
            *at = behind;
        }
        if (value)
            read_type(value, length, &part);
        value = value_of(&line, "Content-Disposition", &length);
        part.is_attachment =
            part.is_attachment || (value && strncasecmp(value, "attachment", 10) == 0);
    }
    return part;
}

/* Whether the parts are one text in several forms: one plain text and others. *at is
 * after the first delimiter line. */
static bool is_alternative(const char *at, const char *end, const struct line *boundary)
{
    struct line line = {boundary->text - 2, boundary->length + 2};
    size_t plain_count = 0, form_count = 0;

    do {
        struct part part;

        if (!is_delimiter(&line, boundary))
            continue;
        part = read_part(&at, end);
        if (part.is_attachment || (!part.is_plain && !part.is_other_form))
            return false;
        plain_count += part.is_plain;
        form_count += part.is_other_form;
    } while (next_line(&at, end, &line) && !is_close(&line, boundary));
    return plain_count == 1 && form_count > 0;
}

/* ---- encodings ---- */

/* The limit for a line in quoted-printable (RFC 2045 section 6.7). */
enum { MAX_ENCODED_LINE = 76 };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20; /* RFC 2045 requires capitals, but some programs write small letters */
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether an encoder would escape this octet: it is not ASCII; it is "="; a mail server
 * would change it (white space at the end of a line, a dot at its beginning, the F of
 * "From "); it is a tab at the beginning of a line; or a line break in data that is not
 * text. */
static bool is_worth_an_escape(int octet, const struct line *line, size_t at)
{
    if (octet >= 0x80 || octet == '=')
        return true;
    if (octet == '\t' &&
        (at == 0 || (at >= 3 && memcmp(line->text + at - 3, "=09", 3) == 0)))
        return true;
    if (octet == ' ' || octet == '\t')
        return at + 3 == line->length ||
               (at + 4 == line->length && line->text[at + 3] == '=');
    return (at == 0 && (octet == '.' || octet == 'F')) || octet == '\r' ||
           octet == '\n';
}

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* "CPU=95%" looks like an escape but is a name with its value: a letter or digit
 * stands before it, and neither "=" nor a letter or digit after it. An apostrophe of
 * Windows-1252 ("it=92s") has letters on both sides. */
static bool is_like_value(const struct line *line, size_t at)
{
    const char *digits = line->text + at + 1;

    return at > 0 && is_letter_or_digit(digits[-2]) && digits[0] <= '9' &&
           digits[1] <= '9' && *digits >= '8' &&
           (at + 3 == line->length ||
            (digits[2] != '=' && !is_letter_or_digit(digits[2])));
}

/* Counts the escapes of a line that do not look like values. Returns false if the line
 * is not in the encoding. */
static bool is_printable_line(const struct line *line, size_t *escapes)
{
    if (line->length > MAX_ENCODED_LINE)
        return false;
    for (size_t i = 0; i < line->length; i++) {
        unsigned char c = (unsigned char)line->text[i];
        int high, low;

        if (c >= 0x7F || (c < ' ' && c != '\t'))
            return false;
        if (c != '=')
            continue;
        if (i + 1 == line->length) {
            ++*escapes; /* a line that continues */
            continue;
        }
        high = hex_value(line->text[i + 1]);
        low = i + 2 < line->length ? hex_value(line->text[i + 2]) : -1;
        if (high < 0 || low < 0 || !is_worth_an_escape(16 * high + low, line, i))
            return false;
        *escapes += !is_like_value(line, i);
        i += 2;
    }
    return true;
}

static bool is_quoted_printable(const char *at, const char *end)
{
    struct line line;
    size_t escapes = 0;

    while (next_line(&at, end, &line))
        if (!is_printable_line(&line, &escapes))
            return false;
    return escapes > 0;
}

static bool is_base64_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           c == '+' || c == '/';
}

/* The number of octets of the line without padding. *is_padded_out says whether there
 * is padding. */
static size_t base64_length(const struct line *line, bool *is_padded_out)
{
    size_t length = line->length;

    while (length > 0 && line->length - length < 2 && line->text[length - 1] == '=')
        length--;
    *is_padded_out = length < line->length;
    return length;
}

/* Whether all lines use only the base64 alphabet and all except the last have the same
 * length. Some programs write it in one line, or without padding. */
static bool has_base64_lines(const char *at, const char *end)
{
    size_t width = 0, total = 0;
    bool is_last = false, is_padded;
    struct line line;

    while (next_line(&at, end, &line)) {
        if (line.length == 0)
            continue;
        if (is_last)
            return false;
        for (size_t i = base64_length(&line, &is_padded); i > 0; i--)
            if (!is_base64_char(line.text[i - 1]))
                return false;
        width = width ? width : line.length;
        if (line.length > width)
            return false;
        is_last = line.length < width || is_padded;
        total += line.length;
    }
    return total > 0 && total % 4 != 1;
}

/* Plain words in the base64 alphabet decode to data that is neither text nor UTF-8. */
static bool is_text(const char *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)octets[i];

        if ((c < ' ' && !strchr("\t\n\r\f\x1B", c)) || c == '\0' || c == 0x7F)
            return false;
    }
    return true;
}

static bool is_base64(const char *body, size_t size_bytes)
{
    enum { SURELY_NO_WORD = 32 };
    char *decoded;
    size_t length;
    bool is_it;

    if (!has_base64_lines(body, body + size_bytes))
        return false;
    decoded = malloc(size_bytes + MAIL_PART_BASE64_SLACK + 1);
    if (!decoded)
        return false;
    length = mail_part_decode_base64(body, size_bytes, decoded);
    is_it = is_text(decoded, length);
    decoded[length] = '\0';
    is_it = is_it && (utf8_is_valid(decoded) || length >= SURELY_NO_WORD);
    free(decoded);
    return is_it;
}

const char *bare_body_encoding(const char *body, size_t size_bytes)
{
    if (size_bytes == 0)
        return "7bit";
    if (is_base64(body, size_bytes))
        return "base64";
    return is_quoted_printable(body, body + size_bytes) ? "quoted-printable" : "7bit";
}

/* ---- HTML and invitations ---- */

/* Whether this is a tag with that name, and not the beginning of an address in angle
 * brackets. */
static bool has_tag(const struct line *text, const char *name)
{
    size_t length = strlen(name);

    return text->length > length + 1 && *text->text == '<' &&
           strncasecmp(text->text + 1, name, length) == 0 &&
           strchr(" \t\r\n>/", text->text[length + 1]);
}

static bool begins_html(const char *text, size_t length)
{
    static const char *const names[] = {
        "!doctype", "html", "head", "body",  "meta",   "title", "style",
        "div",      "p",    "span", "table", "br",     "font",  "b",
        "strong",   "h1",   "h2",   "h3",    "center", "ul",    "a",
    };
    struct line rest = {text, length};

    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        rest = (struct line){text + 3, length - 3};
    while (rest.length > 0 && strchr(" \t\r\n", *rest.text)) {
        rest.text++;
        rest.length--;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (has_tag(&rest, names[i]))
            return true;
    return false;
}

static const char *type_of_text(const char *text, size_t length)
{
    const struct line whole = {text, length};

    if (begins_html(text, length))
        return "text/html";
    return begins(&whole, "BEGIN:VCALENDAR") ? "text/calendar" : "text/plain";
}

/* Finds the type by the first tag or word, which the encoding may hide. */
static const char *find_type(const char *body, size_t size_bytes, const char *encoding)
{
    enum { HEAD_BYTES = 1024 };
    size_t length = size_bytes < HEAD_BYTES ? size_bytes : HEAD_BYTES;
    char head[HEAD_BYTES + MAIL_PART_BASE64_SLACK];

    if (strcmp(encoding, "base64") != 0)
        return type_of_text(body, length);
    length = mail_part_decode_base64(body, length, head);
    return type_of_text(head, length);
}

/* ---- the whole body ---- */

/* For a body that is not empty. */
static void look(const char *body, size_t size_bytes, struct bare_body *bare_out)
{
    const char *at = body, *end = body + size_bytes;
    struct line boundary;

    if (find_multipart(&at, end, &boundary)) {
        bare_out->encoding = "7bit";
        snprintf(bare_out->type, sizeof bare_out->type,
                 "multipart/%s; boundary=\"%.*s\"",
                 is_alternative(at, end, &boundary) ? "alternative" : "mixed",
                 (int)boundary.length, boundary.text);
        return;
    }
    bare_out->encoding = bare_body_encoding(body, size_bytes);
    snprintf(bare_out->type, sizeof bare_out->type, "%s",
             find_type(body, size_bytes, bare_out->encoding));
}

void bare_body_look(const char *body, size_t size_bytes, struct bare_body *bare_out)
{
    *bare_out = (struct bare_body){.type = "text/plain", .encoding = "7bit"};
    if (size_bytes > 0)
        look(body, size_bytes, bare_out);
}
