/* SPDX-License-Identifier: ISC */
#include "text/mime/mail_header.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/white_space.h"

static bool is_break(char c)
{
    return c == '\r' || c == '\n';
}

/* ---- the list ---- */

static bool make_room(struct mail_header *header)
{
    size_t room = header->room ? 2 * header->room : 32;
    struct mail_field *grown;

    if (header->count < header->room)
        return true;
    grown = realloc(header->fields, room * sizeof *grown);
    if (!grown)
        return false;
    header->fields = grown;
    header->room = room;
    return true;
}

/* Name and value share one allocation, which begins with the name. */
static bool copy_field(const char *name, size_t name_length, const char *value,
                       size_t value_length, struct mail_field *field_out)
{
    char *copy = malloc(name_length + value_length + 2);

    if (!copy)
        return false;
    memcpy(copy, name, name_length);
    copy[name_length] = '\0';
    memcpy(copy + name_length + 1, value, value_length);
    copy[name_length + 1 + value_length] = '\0';
    *field_out = (struct mail_field){.name = copy,
                                     .name_length = name_length,
                                     .value = copy + name_length + 1,
                                     .value_length = value_length};
    return true;
}

bool mail_header_add(struct mail_header *header, const char *name, size_t name_length,
                     const char *value, size_t value_length)
{
    size_t cost = sizeof *header->fields + name_length + value_length;

    if (header->is_cut || cost > MAIL_HEADER_MAX_BYTES - header->size_bytes) {
        header->is_cut = true;
        return true;
    }
    while (name_length > 0 && white_space_is_folding(name[name_length - 1]))
        name_length--;
    while (value_length > 0 && is_break(value[value_length - 1]))
        value_length--;
    if (!make_room(header) || !copy_field(name, name_length, value, value_length,
                                          &header->fields[header->count]))
        return false;
    header->count++;
    header->size_bytes += cost;
    return true;
}

void mail_header_free(struct mail_header *header)
{
    for (size_t i = 0; i < header->count; i++)
        free(header->fields[i].name);
    free(header->fields);
    *header = (struct mail_header){.fields = NULL};
}

const struct mail_field *mail_header_find_last(const struct mail_header *header,
                                               const char *name)
{
    for (size_t i = header->count; i > 0; i--)
        if (mail_field_is(&header->fields[i - 1], name))
            return &header->fields[i - 1];
    return NULL;
}

size_t mail_header_count(const struct mail_header *header, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < header->count; i++)
        count += mail_field_is(&header->fields[i], name);
    return count;
}

/* ---- for a parser ---- */

static char *write_text(char *to, const char *text, size_t length)
{
    memcpy(to, text, length);
    return to + length;
}

/* Writes at most twice as much as it reads. */
static char *write_value(char *to, const char *at, const char *end)
{
    while (at < end) {
        if (!is_break(*at)) {
            *to++ = *at++;
            continue;
        }
        at += at[0] == '\r' && at + 1 < end && at[1] == '\n' ? 2 : 1;
        *to++ = '\n';
        if (at < end && !white_space_is_folding(*at))
            *to++ = ' ';
    }
    return to;
}

char *mail_header_write(const struct mail_header *header, size_t *length_out)
{
    static const char none[] = "MIME-Version: 1.0\n";
    size_t room = sizeof none + 1;
    char *text, *to;

    for (size_t i = 0; i < header->count; i++)
        room += header->fields[i].name_length + 2 * header->fields[i].value_length + 3;
    text = to = malloc(room);
    if (!text)
        return NULL;
    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];

        if (!mail_field_has_name(field))
            continue;
        to = write_text(to, field->name, field->name_length);
        *to++ = ':';
        to = write_value(to, field->value, field->value + field->value_length);
        *to++ = '\n';
    }
    if (to == text)
        to = write_text(to, none, sizeof none - 1);
    *to++ = '\n';
    *length_out = (size_t)(to - text);
    return text;
}

/* ---- a field ---- */

bool mail_field_is(const struct mail_field *field, const char *name)
{
    return strlen(name) == field->name_length &&
           strncasecmp(field->name, name, field->name_length) == 0;
}

bool mail_field_has_name(const struct mail_field *field)
{
    for (size_t i = 0; i < field->name_length; i++)
        if (field->name[i] <= ' ' || field->name[i] >= 0x7F || field->name[i] == ':')
            return false;
    return field->name_length > 0;
}

bool mail_field_is_odd(const struct mail_field *field)
{
    const char *at = field->value, *end = at + field->value_length;

    for (; at < end; at++) {
        if (*at == '\0' || (*at == '\r' && (at + 1 == end || at[1] != '\n')))
            return true;
        if (*at == '\n' && (at + 1 == end || !white_space_is_folding(at[1])))
            return true;
    }
    return false;
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
    for (; at < end; at++) {
        if (!is_break(*at))
            *to++ = *at;
        else if (!white_space_is_folding(at[1]) && !is_break(at[1]))
            *to++ = ' ';
    }
    *to = '\0';
    return text;
}
