/* SPDX-License-Identifier: ISC */
#include "text/html/html_entity.h"

#include <string.h>

#include "text/html/html_char.h"

enum {
    LONGEST_NAME = 31, /* "CounterClockwiseContourIntegral" */
    LAST_POINT = 0x10FFFF,
    REPLACEMENT = 0xFFFD,
};

struct named_reference {
    char name[LONGEST_NAME + 1]; /* without its semicolon */
    uint32_t points[2];
    bool is_bare; /* it may stand without its semicolon */
};

/* Sorted by name. The rows are made from named_references.tsv. */
static const struct named_reference names[] = {
#include "text/html/named_references.h"
};

/* The rows of the table that begin with what has been read so far. */
struct rows {
    const struct named_reference *first, *end;
};

/* What the numbers 0x80 to 0x9F stand for: the characters of Windows-1252, where it has
 * one (13.2.5.80, "Numeric character reference end state"). */
static const uint16_t windows_1252[] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

static bool is_alphanumeric(char c)
{
    return (c >= '0' && c <= '9') || html_is_letter(c);
}

static int digit_value(char c, int base)
{
    int value = html_hex_value(c);

    return value < base ? value : -1;
}

/* The character that a number stands for. */
static uint32_t point_of(uint32_t number)
{
    if (number >= 0x80 && number <= 0x9F)
        return windows_1252[number - 0x80];
    if (number == 0 || number > LAST_POINT || (number >= 0xD800 && number <= 0xDFFF))
        return REPLACEMENT;
    return number;
}

/* "#123;" or "#x7B;", without the "&". */
static size_t read_number(const char *text, size_t length, uint32_t *point_out)
{
    size_t at = 1, first;
    int base = 10;
    uint32_t number = 0;

    if (at < length && (text[at] == 'x' || text[at] == 'X')) {
        base = 16;
        at++;
    }
    first = at;
    for (int digit; at < length && (digit = digit_value(text[at], base)) >= 0; at++)
        if (number <= LAST_POINT)
            number = number * (uint32_t)base + (uint32_t)digit;
    if (at == first)
        return 0;
    *point_out = point_of(number);
    return at < length && text[at] == ';' ? at + 1 : at;
}

/* The first of the rows whose character at an index is not less than c. */
static const struct named_reference *find_first(struct rows rows, size_t index, char c)
{
    while (rows.first < rows.end) {
        const struct named_reference *middle = rows.first + (rows.end - rows.first) / 2;

        if (middle->name[index] < c)
            rows.first = middle + 1;
        else
            rows.end = middle;
    }
    return rows.first;
}

/* The longest name that the text begins with; NULL without one. */
static const struct named_reference *find_name(const char *text, size_t length,
                                               size_t *used_out)
{
    struct rows rows = {names, names + sizeof names / sizeof *names};
    const struct named_reference *found = NULL;

    for (size_t at = 0; at < length && at < LONGEST_NAME; at++) {
        if (!is_alphanumeric(text[at]))
            break;
        rows.first = find_first(rows, at, text[at]);
        rows.end = find_first(rows, at, (char)(text[at] + 1));
        if (rows.first == rows.end)
            break;
        if (rows.first->name[at + 1] != '\0')
            continue;
        if (at + 1 < length && text[at + 1] == ';') {
            *used_out = at + 2;
            return rows.first;
        }
        if (rows.first->is_bare) {
            *used_out = at + 1;
            found = rows.first;
        }
    }
    return found;
}

/* "amp;" or "amp", without the "&". */
static size_t read_name(const char *text, size_t length, bool is_attribute,
                        uint32_t points_out[2])
{
    size_t used = 0;
    const struct named_reference *found = find_name(text, length, &used);

    if (!found)
        return 0;
    if (is_attribute && text[used - 1] != ';' && used < length &&
        (text[used] == '=' || is_alphanumeric(text[used])))
        return 0;
    memcpy(points_out, found->points, sizeof found->points);
    return used;
}

size_t html_entity_read(const char *text, size_t length_bytes, bool is_attribute,
                        uint32_t points_out[2])
{
    size_t used;

    points_out[0] = points_out[1] = 0;
    if (length_bytes < 2)
        return 0;
    if (text[1] == '#')
        used = read_number(text + 1, length_bytes - 1, points_out);
    else
        used = read_name(text + 1, length_bytes - 1, is_attribute, points_out);
    return used > 0 ? used + 1 : 0;
}
