/* SPDX-License-Identifier: ISC */
#include "base/utf8.h"

#include <string.h>

/* For each leading byte: how many bytes follow, which bits it carries, and the least
 * value allowed in that form (RFC 3629 section 3: the shortest form must be used). */
static const struct lead {
    unsigned char mask, pattern;
    unsigned char follow;
    uint32_t least;
} leads[] = {
    {0x80, 0x00, 0, 0},
    {0xE0, 0xC0, 1, 0x80},
    {0xF0, 0xE0, 2, 0x800},
    {0xF8, 0xF0, 3, 0x10000},
};

static bool is_scalar(uint32_t point)
{
    return point <= 0x10FFFF && !(point >= 0xD800 && point <= 0xDFFF);
}

/* The length of the well-formed character at text; 0 if there is none. */
static size_t read_character(const unsigned char *text, uint32_t *point_out)
{
    for (size_t i = 0; i < sizeof leads / sizeof *leads; i++) {
        const struct lead *lead = &leads[i];
        uint32_t point;

        if ((text[0] & lead->mask) != lead->pattern)
            continue;
        point = text[0] & (unsigned char)~lead->mask;
        for (size_t k = 1; k <= lead->follow; k++) {
            if ((text[k] & 0xC0) != 0x80)
                return 0;
            point = point << 6 | (text[k] & 0x3F);
        }
        if (point < lead->least || !is_scalar(point))
            return 0;
        *point_out = point;
        return 1 + (size_t)lead->follow;
    }
    return 0;
}

bool utf8_next(const char **text, uint32_t *point_out)
{
    size_t length;

    if (**text == '\0')
        return false;
    length = read_character((const unsigned char *)*text, point_out);
    if (length == 0) {
        *point_out = UTF8_REPLACEMENT;
        length = 1;
    }
    *text += length;
    return true;
}

size_t utf8_length(const char *bytes, size_t size_bytes)
{
    char end_to_end[4 + 1] = "";
    uint32_t point;

    if (size_bytes >= 4)
        return read_character((const unsigned char *)bytes, &point);
    memcpy(end_to_end, bytes, size_bytes); /* the NUL after it ends a cut character */
    return size_bytes ? read_character((const unsigned char *)end_to_end, &point) : 0;
}

size_t utf8_ascii_length(const char *bytes, size_t size_bytes)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    size_t length = 0;
    uint64_t word;

    for (; size_bytes - length >= sizeof word; length += sizeof word) {
        memcpy(&word, bytes + length, sizeof word);
        if ((word | (word - ones)) & tops) /* a byte above 0x7F, or perhaps a NUL */
            break;
    }
    while (length < size_bytes && bytes[length] > 0 && (bytes[length] & 0x80) == 0)
        length++;
    return length;
}

size_t utf8_floor(const char *text, size_t length_bytes)
{
    while (length_bytes > 0 && ((unsigned char)text[length_bytes] & 0xC0) == 0x80)
        length_bytes--;
    return length_bytes;
}

uint32_t utf8_small_letter(uint32_t point)
{
    if (point < 0x80)
        return point >= 'A' && point <= 'Z' ? point + 32 : point;
    if ((point >= 0xC0 && point <= 0xDE && point != 0xD7) ||
        (point >= 0x391 && point <= 0x3A9) || (point >= 0x410 && point <= 0x42F))
        return point + 32;
    /* In the remaining blocks capitals and small letters alternate. In these ranges the
     * small letter is the even one. */
    if ((point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E))
        return point & 1 ? point + 1 : point;
    if (point >= 0x100 && point <= 0x177 && point != 0x138)
        return point | 1;
    return point;
}

bool utf8_is_valid(const char *text)
{
    uint32_t point;

    while (*text) {
        size_t length = read_character((const unsigned char *)text, &point);

        if (length == 0)
            return false;
        text += length;
    }
    return true;
}

static bool is_printable(uint32_t point)
{
    return point >= 0x20 && !(point >= 0x7F && point < 0xA0) && point != 0x2028 &&
           point != 0x2029;
}

void utf8_make_printable(char *text)
{
    char *end = text;

    while (*text) {
        uint32_t point = 0;
        size_t length = read_character((const unsigned char *)text, &point);

        if (length == 0 || !is_printable(point)) {
            *end++ = '?';
            text += length ? length : 1;
            continue;
        }
        while (length-- > 0)
            *end++ = *text++;
    }
    *end = '\0';
}
