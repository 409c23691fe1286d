/* SPDX-License-Identifier: ISC */
#include "text/sms/gsm_lookalike.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"
#include "text/sms/gsm0338.h"
#include "text/sms/gsm_transliteration.h"
#include "text/sms/unicode.h"

/* Characters whose form does not depend on their neighbours, in the order of code
 * points: punctuation, Latin letters, Greek capitals that phones show like Latin ones
 * anyway, currency signs, arrows, mathematics, rules and bullets, characters of word
 * processors' own fonts (U+F0xx), and U+FFFD, which stands for what could not be read
 * in the mail. Characters that Unicode itself decomposes into others are not listed:
 * accented, full-width, ligatures. */
static const struct {
    uint16_t point;
    char form[6];
} lookalikes[] = {
    {'`', "'"},      {0x00A2, "c"},   {0x00A6, "|"},   {0x00A9, "(c)"},
    {0x00AA, "a"},   {0x00AB, "\""},  {0x00AE, "(R)"}, {0x00B1, "+/-"},
    {0x00B4, "'"},   {0x00BA, "o"},   {0x00BB, "\""},  {0x00D0, "D"},
    {0x00D7, "x"},   {0x00DE, "Th"},  {0x00F0, "d"},   {0x00F7, "/"},
    {0x00FE, "th"},  {0x0110, "D"},   {0x0111, "d"},   {0x0126, "H"},
    {0x0127, "h"},   {0x0131, "i"},   {0x0138, "k"},   {0x013F, "L."},
    {0x0140, "l."},  {0x0141, "L"},   {0x0142, "l"},   {0x014A, "Ng"},
    {0x014B, "ng"},  {0x0150, "Ö"},   {0x0151, "ö"},   {0x0152, "OE"},
    {0x0153, "oe"},  {0x0166, "T"},   {0x0167, "t"},   {0x0170, "Ü"},
    {0x0171, "ü"},   {0x0192, "f"},   {0x02B9, "'"},   {0x02BA, "\""},
    {0x02BB, "'"},   {0x02BC, "'"},   {0x02BD, "'"},   {0x02C6, "^"},
    {0x02CA, "'"},   {0x02CB, "'"},   {0x02DC, "~"},   {0x0391, "A"},
    {0x0392, "B"},   {0x0395, "E"},   {0x0396, "Z"},   {0x0397, "H"},
    {0x0399, "I"},   {0x039A, "K"},   {0x039C, "M"},   {0x039D, "N"},
    {0x039F, "O"},   {0x03A1, "P"},   {0x03A4, "T"},   {0x03A5, "Y"},
    {0x03A7, "X"},   {0x1E9E, "SS"},  {0x2010, "-"},   {0x2011, "-"},
    {0x2012, "-"},   {0x2013, "-"},   {0x2014, "-"},   {0x2015, "-"},
    {0x2016, "||"},  {0x2018, "'"},   {0x2019, "'"},   {0x201A, "'"},
    {0x201B, "'"},   {0x201C, "\""},  {0x201D, "\""},  {0x201E, "\""},
    {0x201F, "\""},  {0x2022, "-"},   {0x2023, "-"},   {0x2024, "."},
    {0x2025, ".."},  {0x2026, "..."}, {0x2027, "-"},   {0x2028, "\n"},
    {0x2029, "\n"},  {0x2032, "'"},   {0x2033, "\""},  {0x2034, "'''"},
    {0x2035, "'"},   {0x2036, "\""},  {0x2037, "'''"}, {0x2039, "'"},
    {0x203A, "'"},   {0x2043, "-"},   {0x2044, "/"},   {0x2057, "''''"},
    {0x20A4, "£"},   {0x20B9, "Rs"},  {0x2103, "C"},   {0x2109, "F"},
    {0x2120, "SM"},  {0x2122, "TM"},  {0x2190, "<-"},  {0x2192, "->"},
    {0x2194, "<->"}, {0x21D2, "=>"},  {0x21D4, "<=>"}, {0x2212, "-"},
    {0x2215, "/"},   {0x2216, "\\"},  {0x2217, "*"},   {0x2223, "|"},
    {0x2236, ":"},   {0x223C, "~"},   {0x2248, "~"},   {0x2260, "!="},
    {0x2264, "<="},  {0x2265, ">="},  {0x2500, "-"},   {0x2501, "-"},
    {0x2502, "|"},   {0x2503, "|"},   {0x2550, "="},   {0x2551, "|"},
    {0x25A0, "-"},   {0x25AA, "-"},   {0x25AB, "-"},   {0x25B8, "-"},
    {0x25BA, "-"},   {0x25CB, "-"},   {0x25CF, "-"},   {0x25E6, "-"},
    {0x25FE, "-"},   {0x2756, "-"},   {0x275B, "'"},   {0x275C, "'"},
    {0x275D, "\""},  {0x275E, "\""},  {0x2794, "->"},  {0x279C, "->"},
    {0x279D, "->"},  {0x279E, "->"},  {0x27A1, "->"},  {0x27A2, "-"},
    {0x27A4, "-"},   {0x2B05, "<-"},  {0x2E3A, "--"},  {0x2E3B, "---"},
    {0x301D, "\""},  {0x301E, "\""},  {0x301F, "\""},  {0xF0A7, "-"},
    {0xF0B7, "-"},   {0xF0D8, "-"},   {0xF0E0, "->"},  {0xFFFD, "?"},
};

static const char *find_lookalike(uint32_t point)
{
    size_t low = 0, high = sizeof lookalikes / sizeof *lookalikes;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (lookalikes[middle].point == point)
            return lookalikes[middle].form;
        if (lookalikes[middle].point < point)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool is_digit(uint32_t point)
{
    return point >= '0' && point <= '9';
}

/* A letter of an alphabet whose letters have a form. */
static bool is_letter(uint32_t point)
{
    return point < 0x80 ? isalpha((int)point) != 0
                        : (point >= 0xC0 && point < 0x400 && point != 0xD7 &&
                           point != 0xF7 && !(point >= 0x2B0 && point < 0x370)) ||
                              (point >= 0x1E00 && point < 0x2000);
}

/* An accent or similar mark without which a letter keeps its meaning. A stroke through
 * the letter is not such a mark. */
static bool is_accent(uint32_t point)
{
    return point >= 0x300 && point < 0x370 && !(point >= 0x334 && point <= 0x338);
}

/* Characters that cannot be seen: controls, soft hyphen, zero-width and direction
 * marks, variation selectors. Where a joiner has a meaning, the text also has other
 * characters that the alphabet lacks. */
static bool is_invisible(uint32_t point)
{
    return point < ' ' || (point >= 0x7F && point < 0xA0) || point == 0xAD ||
           point == 0x34F || point == 0x61C || point == 0x180E ||
           (point >= 0x200B && point <= 0x200F) ||
           (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) ||
           (point >= 0xFE00 && point <= 0xFE0F) || point == 0xFEFF ||
           (point >= 0xFFF9 && point <= 0xFFFC);
}

static const char *find_blank(uint32_t point)
{
    if (point == '\v' || point == 0x85)
        return "\n";
    if (point == '\t' || point == 0xA0 || point == 0x1680 ||
        (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x205F ||
        point == 0x3000)
        return " ";
    return is_invisible(point) ? "" : NULL;
}

static const char *degree_form(const struct gsm_place *place)
{
    if (place->after == 'C' || place->after == 'F')
        return "";
    if (is_digit(place->before))
        return " deg";
    if (place->before == 'n' || place->before == 'N') /* French: numero */
        return "o";
    return place->before == ' ' ? "deg" : NULL;
}

/* U+00B7 is a bullet, a dot between letters in Catalan, and for some people a decimal
 * point. Between digits it might also be a multiplication. */
static const char *middle_dot_form(const struct gsm_place *place)
{
    if (is_letter(place->before) && is_letter(place->after))
        return ".";
    return is_digit(place->before) && is_digit(place->after) ? NULL : "-";
}

static bool is_unit_after_micro(uint32_t point)
{
    return point != 0 && point < 0x80 && strchr("gmlsLAVWF", (int)point);
}

static const char *form_in_place(const struct gsm_place *place)
{
    static const char lowered[10][2] = {"0", "1", "2", "3", "4",
                                        "5", "6", "7", "8", "9"};

    switch (place->point) {
    case 0xB0:
        return degree_form(place);
    case 0xB2: /* square and cubic metres; otherwise it is a power */
        return place->before == 'm' ? "2" : NULL;
    case 0xB3:
        return place->before == 'm' ? "3" : NULL;
    case 0xB5:
    case 0x3BC:
        return is_unit_after_micro(place->after) && !is_letter(place->before) ? "u"
                                                                              : NULL;
    case 0xB7:
    case 0x2219:
        return middle_dot_form(place);
    default:
        break;
    }
    if (place->point - 0x2080 < 10 && is_letter(place->before))
        return lowered[place->point - 0x2080]; /* as in chemical formulae */
    return is_accent(place->point) && is_letter(place->before) ? "" : NULL;
}

/* A form that is being built. */
struct form {
    char *text;
    size_t length;
    uint32_t last;
    bool takes_accent; /* the last character is a letter that has kept all its accents
                          so far */
};

/* Appends a character of the alphabet. All of these are below U+0800, except the euro
 * sign. */
static bool add_point(struct form *form, uint32_t point)
{
    char bytes[] = {(char)point, '\0', '\0', '\0'};
    size_t length;

    if (point == 0x20AC) {
        memcpy(bytes, "€", sizeof bytes);
    } else if (point >= 0x80) {
        bytes[0] = (char)(0xC0 | point >> 6);
        bytes[1] = (char)(0x80 | (point & 0x3F));
    }
    length = strlen(bytes);
    if (form->length + length >= GSM_FORM_SIZE)
        return false;
    memcpy(form->text + form->length, bytes, length + 1);
    form->length += length;
    form->last = point;
    return true;
}

static bool add_string(struct form *form, const char *string)
{
    uint32_t point;

    while (utf8_next(&string, &point))
        if (!add_point(form, point))
            return false;
    return true;
}

/* Keeps an accent if the alphabet contains the letter with it, also for a letter with
 * two accents. */
static bool add_accent(struct form *form, uint32_t accent)
{
    uint32_t composed = form->takes_accent ? unicode_compose(form->last, accent) : 0;

    if (!is_letter(form->last))
        return false;
    if (composed == 0 || gsm0338_septets(composed) == 0) {
        form->takes_accent = false;
        return true;
    }
    form->length -= form->last < 0x80 ? 1 : 2;
    return add_point(form, composed);
}

static bool add_part(struct form *form, uint32_t point, enum gsm_mapping mapping)
{
    const char *string;

    if (gsm0338_septets(point) > 0) {
        form->takes_accent = true;
        return add_point(form, point);
    }
    if (form->length > 0 && is_accent(point))
        return add_accent(form, point);
    if (form->length > 0 && mapping == GSM_CLOSEST && unicode_is_mark(point))
        return true;
    string = find_lookalike(point);
    if (!string && mapping == GSM_CLOSEST)
        string = gsm_transliterate(point);
    form->takes_accent = false;
    return string && add_string(form, string);
}

/* What must be written before the parts of a character; NULL if the parts would mean
 * something else: "10²" is not 102, "3½" is not 31/2. */
static const char *opening(const struct gsm_place *place, enum unicode_makeup makeup,
                           enum gsm_mapping mapping)
{
    switch (makeup) {
    case UNICODE_ACCENTED:
    case UNICODE_STYLED:
        return "";
    case UNICODE_CIRCLED:
        return "(";
    case UNICODE_FRACTION:
        if (is_digit(place->after) && mapping == GSM_LOOKALIKE)
            return NULL;
        return is_digit(place->before) ? " " : "";
    case UNICODE_RAISED:
        if (mapping == GSM_LOOKALIKE)
            return NULL;
        return is_digit(place->before) ? "^" : "";
    case UNICODE_LOWERED:
        return mapping == GSM_LOOKALIKE ? NULL : "";
    case UNICODE_ATOM:
        break;
    }
    return NULL;
}

static bool add_parts(struct form *form, const struct gsm_place *place,
                      enum gsm_mapping mapping)
{
    uint32_t parts[UNICODE_MAX_PARTS];
    size_t count;
    enum unicode_makeup makeup = unicode_take_apart(place->point, parts, &count);
    const char *open = opening(place, makeup, mapping);

    if (!open || !add_string(form, open))
        return false;
    for (size_t i = 0; i < count; i++)
        if (!add_part(form, parts[i], mapping))
            return false;
    return makeup != UNICODE_CIRCLED || add_string(form, ")");
}

bool gsm_lookalike(const struct gsm_place *place, enum gsm_mapping mapping,
                   char form_out[GSM_FORM_SIZE])
{
    struct form form = {.text = form_out};
    const char *string;

    form_out[0] = '\0';
    if (gsm0338_septets(place->point) > 0)
        return add_point(&form, place->point);
    string = form_in_place(place);
    if (!string)
        string = find_lookalike(place->point);
    if (!string)
        string = find_blank(place->point);
    if (!string && mapping == GSM_CLOSEST)
        string = gsm_transliterate(place->point);
    return string ? add_string(&form, string) : add_parts(&form, place, mapping);
}
