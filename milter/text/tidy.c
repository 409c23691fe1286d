/* SPDX-License-Identifier: ISC */
#include "text/tidy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum {
    NO_BREAK_SPACE = 0xA0,
    ZERO_WIDTH_NON_JOINER = 0x200C,
    ZERO_WIDTH_JOINER = 0x200D,
    BLACK_FLAG = 0x1F3F4, /* begins a flag spelled with tags, such as that of Wales */
    FIRST_TAG = 0xE0020,
    LAST_TAG = 0xE007F
};

struct range {
    uint32_t first, last;
};

static const struct range line_ends[] = {
    {'\n', '\f'}, {0x85, 0x85}, /* next line */ {0x2028, 0x2029}};

/* Unicode's Zs, tab and lone CR. Also what remains of a word space inside Mongolian
 * text and between Braille cells. */
static const struct range blanks[] = {
    {'\t', '\t'},     {'\r', '\r'},
    {' ', ' '},       {NO_BREAK_SPACE, NO_BREAK_SPACE},
    {0x1680, 0x1680}, {0x2000, 0x200A},
    {0x202F, 0x202F}, {0x205F, 0x205F},
    {0x2800, 0x2800}, {0x3000, 0x3000}};

/* Unicode's Cc and Cf, the noncharacters U+FFFE and U+FFFF, and fillers that are
 * letters only by name. Text is hidden in mails with them, and preheaders are padded
 * with them. Variation selectors are not listed, because they belong to the character
 * before them.
 */
static const struct range invisible[] = {
    {0, 0x1F},        {0x7F, 0x9F},       {0xAD, 0xAD}, /* soft hyphen */
    {0x34F, 0x34F},   {0x61C, 0x61C},     {0x115F, 0x1160},  {0x17B4, 0x17B5},
    {0x180B, 0x180F}, {0x200B, 0x200F},   {0x202A, 0x202E},  {0x2060, 0x206F},
    {0x3164, 0x3164}, {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},  {0xFFF0, 0xFFFB},
    {0xFFFE, 0xFFFF}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

static bool is_in(uint32_t point, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count && ranges[i].first <= point; i++)
        if (point <= ranges[i].last)
            return true;
    return false;
}

#define IS_IN(point, ranges) is_in(point, ranges, sizeof(ranges) / sizeof *(ranges))

/* The letters whose shape joiners change, and emoji. Not Latin, Greek or Cyrillic
 * letters, between which a joiner only hides something. */
static bool takes_joiner(uint32_t point)
{
    return point >= 0x600 && !IS_IN(point, blanks) && !IS_IN(point, line_ends) &&
           !IS_IN(point, invisible);
}

/* Whether an invisible character is needed between its neighbours. */
static bool is_needed(uint32_t point, uint32_t before, const char *behind)
{
    uint32_t next = 0;

    if (point >= FIRST_TAG && point <= LAST_TAG)
        return before == BLACK_FLAG || (before >= FIRST_TAG && before <= LAST_TAG);
    if (point != ZERO_WIDTH_JOINER && point != ZERO_WIDTH_NON_JOINER)
        return false;
    return takes_joiner(before) && utf8_next(&behind, &next) && takes_joiner(next);
}

/* The text written so far, and the white space read after it. */
struct tidy {
    char *start, *end;
    uint32_t last;
    bool has_line_end, has_blank;
};

static void put_gap(struct tidy *tidy)
{
    if (tidy->end > tidy->start && (tidy->has_line_end || tidy->has_blank))
        *tidy->end++ = tidy->has_line_end ? '\n' : ' ';
    tidy->has_line_end = tidy->has_blank = false;
}

static void put(struct tidy *tidy, uint32_t point, const char *bytes, size_t length)
{
    put_gap(tidy);
    if (point == UTF8_REPLACEMENT) {
        bytes = "?";
        length = 1;
    }
    memcpy(tidy->end, bytes, length);
    tidy->end += length;
    tidy->last = point;
}

/* Copies printable ASCII, of which most texts mainly consist, unchanged. */
static const char *put_ascii(struct tidy *tidy, const char *text)
{
    const char *start = text;

    while (*text > ' ' && *text < 0x7F)
        text++;
    if (text > start)
        put(tidy, (unsigned char)text[-1], start, (size_t)(text - start));
    return text;
}

static void put_character(struct tidy *tidy, const char *start, const char *end,
                          uint32_t point)
{
    if (IS_IN(point, line_ends)) {
        tidy->has_line_end = true;
    } else if (IS_IN(point, blanks)) {
        tidy->has_blank = true;
    } else if (!IS_IN(point, invisible) || (!tidy->has_blank && !tidy->has_line_end &&
                                            is_needed(point, tidy->last, end))) {
        put(tidy, point, start, (size_t)(end - start));
    }
}

char *tidy_text(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    struct tidy tidy = {.start = copy, .end = copy};

    if (!copy)
        return NULL;
    for (;;) {
        const char *start = text = put_ascii(&tidy, text);
        uint32_t point;

        if (!utf8_next(&text, &point))
            break;
        put_character(&tidy, start, text, point);
    }
    *tidy.end = '\0';
    return copy;
}
