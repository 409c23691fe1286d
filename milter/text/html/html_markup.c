/* SPDX-License-Identifier: ISC */
#include "text/html/html_markup.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/html/html_entity.h"

static const char line_separator[] = "\xE2\x80\xA8";

void html_markup_start(struct html_markup *markup, size_t room_bytes)
{
    *markup = (struct html_markup){
        .text = malloc(room_bytes > 0 ? room_bytes : 1),
        .room_bytes = room_bytes > 0 ? room_bytes : 1,
    };
    markup->is_lost = !markup->text;
}

void html_markup_add(struct html_markup *markup, const char *bytes, size_t length)
{
    if (markup->room_bytes - markup->length_bytes < length) {
        size_t room = markup->room_bytes;
        char *grown;

        while (room - markup->length_bytes < length)
            room *= 2;
        grown = markup->is_lost ? NULL : realloc(markup->text, room);
        if (!grown) {
            markup->is_lost = true;
            return;
        }
        markup->text = grown;
        markup->room_bytes = room;
    }
    memcpy(markup->text + markup->length_bytes, bytes, length);
    markup->length_bytes += length;
}

void html_markup_add_word(struct html_markup *markup, const char *word)
{
    html_markup_add(markup, word, strlen(word));
}

/* What XML allows (2.2), for libxml2 counts all else as errors. */
static void write_point(struct html_markup *markup, uint32_t point)
{
    char bytes[4];

    if (point < 0x20 || point == 0x7F) {
        html_markup_add(markup, point == '\n' ? "\n" : " ", 1);
    } else if (point < 0x80) {
        bytes[0] = (char)point;
        html_markup_add(markup, bytes, 1);
    } else if (point < 0x800) {
        bytes[0] = (char)(0xC0 | point >> 6);
        bytes[1] = (char)(0x80 | (point & 0x3F));
        html_markup_add(markup, bytes, 2);
    } else if (point < 0x10000 && point != 0xFFFE && point != 0xFFFF) {
        bytes[0] = (char)(0xE0 | point >> 12);
        bytes[1] = (char)(0x80 | (point >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (point & 0x3F));
        html_markup_add(markup, bytes, 3);
    } else if (point >= 0x10000) {
        bytes[0] = (char)(0xF0 | point >> 18);
        bytes[1] = (char)(0x80 | (point >> 12 & 0x3F));
        bytes[2] = (char)(0x80 | (point >> 6 & 0x3F));
        bytes[3] = (char)(0x80 | (point & 0x3F));
        html_markup_add(markup, bytes, 4);
    }
}

static void write_escaped_point(struct html_markup *markup, uint32_t point)
{
    if (point == '<')
        html_markup_add_word(markup, "&lt;");
    else if (point == '&')
        html_markup_add_word(markup, "&amp;");
    else if (point == '"')
        html_markup_add_word(markup, "&quot;");
    else
        write_point(markup, point);
}

/* Whether a byte of the source may stand in the output as it is. 0xEF begins U+FFFE and
 * U+FFFF, which XML does not allow. */
static bool is_plain(const char *at, const char *end, bool is_attribute)
{
    unsigned char byte = (unsigned char)*at;

    if (byte < 0x20)
        return byte == '\n' || byte == '\t';
    if (byte == 0xEF)
        return end - at < 3 || memcmp(at, "\xEF\xBF", 2) != 0 ||
               (unsigned char)at[2] < 0xBE;
    return byte != '<' && byte != '&' && byte != 0x7F && (byte != '"' || !is_attribute);
}

/* Writes text or the value of an attribute with what it means, and escapes that. */
static void write_text(struct html_markup *markup, struct html_slice slice,
                       bool is_attribute)
{
    const char *at = slice.text, *end = at + slice.length_bytes;

    while (at < end) {
        const char *start = at;
        uint32_t points[2] = {0, 0}, point = (unsigned char)*at;
        size_t used = 0;

        while (at < end && is_plain(at, end, is_attribute))
            at++;
        if (at > start) {
            html_markup_add(markup, start, (size_t)(at - start));
            continue;
        }
        if (point == '&')
            used = html_entity_read(at, (size_t)(end - at), is_attribute, points);
        if (used > 0)
            point = points[0];
        if (point == 0xEF && used == 0)
            used = 3;
        else if (point != '\r')
            write_escaped_point(markup, point);
        if (points[1] != 0)
            write_point(markup, points[1]);
        at += used > 0 ? used : 1;
    }
}

void html_markup_add_text(struct html_markup *markup, struct html_slice text)
{
    write_text(markup, text, false);
}

void html_markup_add_attribute(struct html_markup *markup, const char *name,
                               struct html_slice value)
{
    html_markup_add(markup, " ", 1);
    html_markup_add_word(markup, name);
    html_markup_add(markup, "=\"", 2);
    write_text(markup, value, true);
    html_markup_add(markup, "\"", 1);
}

void html_markup_end_line(struct html_markup *markup)
{
    const size_t length = sizeof line_separator - 1;

    if (markup->length_bytes < length ||
        memcmp(markup->text + markup->length_bytes - length, line_separator, length) !=
            0)
        html_markup_add(markup, line_separator, length);
}

struct html_slice html_markup_decode(struct html_markup *markup,
                                     struct html_slice value)
{
    const char *at = value.text, *end = at + value.length_bytes;
    size_t start = markup->length_bytes;
    struct html_slice decoded;

    if (value.length_bytes == 0 || !memchr(at, '&', value.length_bytes))
        return value;
    while (at < end) {
        uint32_t points[2] = {0, 0};
        size_t used = 0;

        if (*at == '&')
            used = html_entity_read(at, (size_t)(end - at), true, points);
        if (used > 0)
            write_point(markup, points[0]);
        if (points[1] != 0)
            write_point(markup, points[1]);
        if (used == 0)
            html_markup_add(markup, at, 1);
        at += used > 0 ? used : 1;
    }
    if (markup->is_lost)
        return value;
    decoded = (struct html_slice){markup->text + start, markup->length_bytes - start};
    markup->length_bytes = start;
    return decoded;
}
