/* SPDX-License-Identifier: ISC */
#include "text/html/html_decode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/html/html_entity.h"

enum { REPLACEMENT = 0xFFFD };

/* Writes a character as UTF-8. Returns where it ends. */
static char *write_point(char *out, uint32_t point)
{
    if (point < 0x80) {
        *out++ = (char)point;
    } else if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
        *out++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = (char)(0xE0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    }
    return out;
}

/* Whether a byte does not simply stand for itself. */
static bool is_special(char c)
{
    return c == '&' || c == '\r' || c == '\0';
}

static struct html_slice written(struct html_decoder *decoder, const uint32_t points[2])
{
    char *end = write_point(decoder->bytes, points[0]);

    if (points[1] != 0)
        end = write_point(end, points[1]);
    return (struct html_slice){decoder->bytes, (size_t)(end - decoder->bytes)};
}

/* Reads the special byte that comes next. */
static struct html_slice read_special(struct html_decoder *decoder)
{
    const char *at = decoder->at;
    size_t left = (size_t)(decoder->end - at), used = 0;
    uint32_t points[2] = {REPLACEMENT, 0};

    if (*at == '&' && decoder->context != HTML_VERBATIM)
        used = html_entity_read(at, left, decoder->context == HTML_IN_VALUE, points);
    if (used > 0) {
        decoder->at += used;
        return written(decoder, points);
    }
    decoder->at++;
    if (*at == '\r')
        return (struct html_slice){"\n", left > 1 && at[1] == '\n' ? 0 : 1};
    if (*at == '\0' && decoder->context != HTML_IN_TEXT)
        return written(decoder, points);
    return (struct html_slice){at, 1};
}

bool html_decode_next(struct html_decoder *decoder, struct html_slice *piece_out)
{
    while (decoder->at < decoder->end) {
        const char *start = decoder->at, *at = start;

        while (at < decoder->end && !is_special(*at))
            at++;
        decoder->at = at;
        *piece_out = at > start ? (struct html_slice){start, (size_t)(at - start)}
                                : read_special(decoder);
        if (piece_out->length_bytes > 0)
            return true;
    }
    return false;
}

bool html_decode_is_plain(struct html_slice value)
{
    for (size_t i = 0; i < value.length_bytes; i++)
        if (is_special(value.text[i]))
            return false;
    return true;
}

static bool append(struct html_string *string, struct html_slice piece)
{
    size_t needed = string->length_bytes + piece.length_bytes + 1;

    if (needed > string->room_bytes) {
        size_t room = needed > 2 * string->room_bytes ? needed : 2 * string->room_bytes;
        char *grown = realloc(string->text, room);

        if (!grown)
            return false;
        string->text = grown;
        string->room_bytes = room;
    }
    if (piece.length_bytes > 0)
        memcpy(string->text + string->length_bytes, piece.text, piece.length_bytes);
    string->length_bytes += piece.length_bytes;
    string->text[string->length_bytes] = '\0';
    return true;
}

bool html_decode_value(struct html_slice value, struct html_string *string)
{
    struct html_decoder decoder = {.at = value.text,
                                   .end = value.text + value.length_bytes,
                                   .context = HTML_IN_VALUE};
    struct html_slice piece;

    string->length_bytes = 0;
    if (!append(string, (struct html_slice){"", 0}))
        return false;
    while (html_decode_next(&decoder, &piece))
        if (!append(string, piece))
            return false;
    return true;
}
