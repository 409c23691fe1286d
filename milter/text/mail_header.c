/* SPDX-License-Identifier: ISC */
#include "text/mail_header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The end of the line at text, behind its line break. */
static const char *line_end(const char *text, const char *end)
{
    const char *line_feed = memchr(text, '\n', (size_t)(end - text));

    return line_feed ? line_feed + 1 : end;
}

static bool is_empty_line(const char *text, const char *end)
{
    return (text < end && text[0] == '\n') ||
           (end - text >= 2 && text[0] == '\r' && text[1] == '\n');
}

bool mail_header_begin(const char *mail, size_t size_bytes,
                       struct mail_header *header_out)
{
    const char *end = mail + size_bytes, *at = mail;

    *header_out = (struct mail_header){.at = mail, .end = mail};
    while (at < end && !is_empty_line(at, end))
        at = line_end(at, end);
    if (at == end)
        return false;
    header_out->end = at;
    return true;
}

/* The end of a field: of its first line and of all that are folded below it. */
static const char *field_end(const char *text, const char *end)
{
    text = line_end(text, end);
    while (text < end && is_blank(*text))
        text = line_end(text, end);
    return text;
}

static bool read_field(const char *text, const char *end, struct mail_field *field_out)
{
    const char *colon = memchr(text, ':', (size_t)(line_end(text, end) - text));
    size_t length;

    if (!colon)
        return false;
    length = (size_t)(colon - text);
    while (length > 0 && is_blank(text[length - 1]))
        length--;
    while (end > colon + 1 && (end[-1] == '\n' || end[-1] == '\r'))
        end--;
    *field_out = (struct mail_field){.name = text,
                                     .name_length = length,
                                     .value = colon + 1,
                                     .value_length = (size_t)(end - colon - 1)};
    return length > 0;
}

bool mail_header_next(struct mail_header *header, struct mail_field *field_out)
{
    while (header->at < header->end) {
        const char *text = header->at;

        header->at = field_end(text, header->end);
        if (read_field(text, header->at, field_out))
            return true;
    }
    return false;
}

bool mail_field_is(const struct mail_field *field, const char *name)
{
    return strlen(name) == field->name_length &&
           strncasecmp(field->name, name, field->name_length) == 0;
}

char *mail_field_unfold(const struct mail_field *field)
{
    const char *at = field->value, *end = at + field->value_length;
    char *text, *to;

    if (memchr(at, '\0', field->value_length))
        return NULL;
    while (at < end && strchr(" \t\r\n", *at))
        at++;
    while (end > at && strchr(" \t\r\n", end[-1]))
        end--;
    text = to = malloc((size_t)(end - at) + 1);
    if (!text)
        return NULL;
    for (; at < end; at++)
        if (*at != '\r' && *at != '\n')
            *to++ = *at;
    *to = '\0';
    return text;
}
