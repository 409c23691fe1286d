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

/* Of Greek: capitals with an accent stand apart from the others. */
static uint32_t small_greek(uint32_t point)
{
    if (point >= 0x391 && point <= 0x3A9)
        return point + 32;
    switch (point) {
    case 0x386:
        return 0x3AC;
    case 0x388:
    case 0x389:
    case 0x38A:
        return point + 37;
    case 0x38C:
        return 0x3CC;
    case 0x38E:
    case 0x38F:
        return point + 63;
    default:
        return point;
    }
}

static uint32_t small_cyrillic(uint32_t point)
{
    if (point <= 0x40F)
        return point + 80;
    if (point <= 0x42F)
        return point + 32;
    /* In the rest capitals and small letters take turns, with capitals first. */
    if ((point >= 0x460 && point <= 0x481) || (point >= 0x48A && point <= 0x4BF) ||
        (point >= 0x4D0 && point <= 0x52F))
        return point | 1;
    return point;
}

static uint32_t small_extended_latin(uint32_t point)
{
    if (point == 0x130)
        return 'i'; /* Turkish */
    /* In the rest capitals and small letters take turns, with small ones first here. */
    if ((point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E))
        return point & 1 ? point + 1 : point;
    if ((point >= 0x100 && point <= 0x177 && point != 0x138) ||
        (point >= 0x218 && point <= 0x21B))
        return point | 1;
    return point;
}

uint32_t utf8_small_letter(uint32_t point)
{
    if (point < 0x80)
        return point >= 'A' && point <= 'Z' ? point + 32 : point;
    if (point < 0x100)
        return point >= 0xC0 && point <= 0xDE && point != 0xD7 ? point + 32 : point;
    if (point < 0x250)
        return small_extended_latin(point);
    if (point >= 0x370 && point < 0x400)
        return small_greek(point);
    return point >= 0x400 && point < 0x530 ? small_cyrillic(point) : point;
}

/* Greek is written without accents in capitals, and its final sigma is a sigma. */
static uint32_t fold_greek(uint32_t point)
{
    switch (point) {
    case 0x3AC:
        return 0x3B1;
    case 0x3AD:
        return 0x3B5;
    case 0x3AE:
        return 0x3B7;
    case 0x390:
    case 0x3AA:
    case 0x3AF:
    case 0x3CA:
        return 0x3B9;
    case 0x3CC:
        return 0x3BF;
    case 0x3AB:
    case 0x3B0:
    case 0x3CB:
    case 0x3CD:
        return 0x3C5;
    case 0x3CE:
        return 0x3C9;
    case 0x3C2:
        return 0x3C3;
    default:
        return point;
    }
}

/* Arabic has vowel marks and stretched lines that most leave out, and letters that many
 * write for each other at the end and beginning of words. */
static uint32_t fold_arabic(uint32_t point)
{
    if (point >= 0x660 && point <= 0x669)
        return point - 0x660 + '0';
    if (point >= 0x6F0 && point <= 0x6F9)
        return point - 0x6F0 + '0';
    if ((point >= 0x64B && point <= 0x652) || point == 0x640 || point == 0x670 ||
        point == 0x61C)
        return 0;
    switch (point) {
    case 0x60C:
        return ',';
    case 0x61B:
        return ';';
    case 0x61F:
        return '?';
    case 0x622:
    case 0x623:
    case 0x625:
    case 0x671:
        return 0x627; /* alif */
    case 0x629:
        return 0x647; /* teh marbuta as heh */
    case 0x649:
        return 0x64A; /* alif maksura as yeh */
    default:
        return point;
    }
}

static uint32_t fold_latin(uint32_t point)
{
    switch (point) {
    case 0xB4:
    case 0x2BC:
        return '\'';
    case 0xAD: /* soft hyphen */
        return 0;
    case 0x131: /* Turkish: i without its dot */
        return 'i';
    case 0x219: /* Romanian: a comma below, for which many programs have a cedilla */
        return 0x15F;
    case 0x21B:
        return 0x163;
    default:
        return point;
    }
}

/* Accents that follow a letter where a text is decomposed, of those letters whose
 * accents are dropped. */
static bool is_dropped_accent(uint32_t point)
{
    return point == 0x301 || point == 0x307 || point == 0x308;
}

bool utf8_is_direction_mark(uint32_t point)
{
    return point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0x61C;
}

uint32_t utf8_fold(uint32_t point)
{
    if (point < 0x80)
        return utf8_small_letter(point);
    point = utf8_small_letter(point);
    if (point < 0x300)
        return fold_latin(point);
    if (point < 0x370)
        return is_dropped_accent(point) ? 0 : point;
    if (point < 0x400)
        return fold_greek(point);
    if (point >= 0x600 && point < 0x700)
        return fold_arabic(point);
    if (point == 0x2018 || point == 0x2019)
        return '\'';
    if ((point >= 0x200B && point <= 0x200F) || point == 0xFEFF ||
        utf8_is_direction_mark(point))
        return 0;
    return point;
}

size_t utf8_fold_text(const char *bytes, size_t length_bytes, char *text_out,
                      size_t size_bytes)
{
    const char *end = bytes + length_bytes;
    char *out = text_out;

    while (bytes < end) {
        size_t length;
        const char *at = bytes;
        uint32_t point, folded;

        if ((*bytes & 0x80) == 0 && out + 1 < text_out + size_bytes) {
            *out++ = (char)utf8_small_letter((unsigned char)*bytes++);
            continue;
        }
        length = utf8_length(bytes, (size_t)(end - bytes));
        if (length == 0 || out + length >= text_out + size_bytes)
            break;
        utf8_next(&at, &point);
        folded = utf8_fold(point);
        if (folded == point) {
            memcpy(out, bytes, length);
            out += length;
        } else if (folded != 0) {
            out += utf8_write_short(folded, out);
        }
        bytes += length;
    }
    *out = '\0';
    return (size_t)(out - text_out);
}

size_t utf8_write_short(uint32_t point, char *out)
{
    if (point < 0x80) {
        out[0] = (char)point;
        return 1;
    }
    out[0] = (char)(0xC0 | point >> 6);
    out[1] = (char)(0x80 | (point & 0x3F));
    return 2;
}

size_t utf8_count(const char *bytes, size_t length_bytes)
{
    size_t count = 0;

    for (size_t i = 0; i < length_bytes; i++)
        count += ((unsigned char)bytes[i] & 0xC0) != 0x80;
    return count;
}

uint32_t utf8_first(const char *bytes, size_t length_bytes)
{
    uint32_t point = 0;

    if (utf8_length(bytes, length_bytes) > 0)
        utf8_next(&bytes, &point);
    return point;
}

bool utf8_is_capital(uint32_t point)
{
    return utf8_small_letter(point) != point;
}

bool utf8_is_small(uint32_t point)
{
    if (point < 0x80)
        return point >= 'a' && point <= 'z';
    if (point < 0xDF || point == 0xF7 || utf8_is_capital(point))
        return false;
    return point < 0x250 || (point >= 0x3AC && point < 0x3CF) || point == 0x390 ||
           (point >= 0x430 && point < 0x530);
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
