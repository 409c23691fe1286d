/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { LAST_POINT = 0x10FFFF };

/* RFC 3629 section 3, from its table. */
static void encode(uint32_t point, char text_out[5])
{
    unsigned char *out = (unsigned char *)text_out;

    if (point < 0x80) {
        *out++ = (unsigned char)point;
    } else if (point < 0x800) {
        *out++ = (unsigned char)(0xC0 | point >> 6);
        *out++ = (unsigned char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = (unsigned char)(0xE0 | point >> 12);
        *out++ = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (point & 0x3F));
    } else {
        *out++ = (unsigned char)(0xF0 | point >> 18);
        *out++ = (unsigned char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (point & 0x3F));
    }
    *out = '\0';
}

static void every_character_is_read(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= LAST_POINT; point++) {
        char text[5];
        const char *at = text;
        bool is_surrogate = point >= 0xD800 && point <= 0xDFFF;
        uint32_t got = 0;

        encode(point, text);
        if (utf8_is_valid(text) == is_surrogate || !utf8_next(&at, &got) ||
            got != (is_surrogate ? UTF8_REPLACEMENT : point) ||
            (*at != '\0') != is_surrogate)
            fail_msg("U+%04X is read as U+%04X", point, got);
    }
}

static void malformed_bytes_are_replaced(void **state)
{
    static const struct {
        const char *name, *text;
        uint32_t points[8]; /* ends with 0 */
    } rows[] = {
        {"the empty string", "", {0}},
        {"a lone continuation byte",
         "\x80"
         "a",
         {0xFFFD, 'a'}},
        {"overlong NUL", "\xC0\x80", {0xFFFD, 0xFFFD}},
        {"overlong slash, 2 bytes", "\xC0\xAF", {0xFFFD, 0xFFFD}},
        {"overlong slash, 3 bytes", "\xE0\x80\xAF", {0xFFFD, 0xFFFD, 0xFFFD}},
        {"overlong slash, 4 bytes",
         "\xF0\x80\x80\xAF",
         {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}},
        {"overlong at the greatest value", "\xC1\xBF", {0xFFFD, 0xFFFD}},
        {"overlong U+07FF", "\xE0\x9F\xBF", {0xFFFD, 0xFFFD, 0xFFFD}},
        {"overlong U+FFFF", "\xF0\x8F\xBF\xBF", {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}},
        {"first surrogate", "\xED\xA0\x80", {0xFFFD, 0xFFFD, 0xFFFD}},
        {"last surrogate", "\xED\xBF\xBF", {0xFFFD, 0xFFFD, 0xFFFD}},
        {"beyond U+10FFFF", "\xF4\x90\x80\x80", {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}},
        {"five bytes",
         "\xF8\x88\x80\x80\x80",
         {0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD}},
        {"FE and FF", "\xFE\xFF", {0xFFFD, 0xFFFD}},
        {"cut off after 1 of 2", "\xC3", {0xFFFD}},
        {"cut off after 2 of 3", "\xE2\x82", {0xFFFD, 0xFFFD}},
        {"cut off after 3 of 4", "\xF0\x9F\x98", {0xFFFD, 0xFFFD, 0xFFFD}},
        {"what follows is not swallowed",
         "\xE2\x82"
         "a\xC3"
         "b",
         {0xFFFD, 0xFFFD, 'a', 0xFFFD, 'b'}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        /* In memory of its own size, so that a read beyond the end is seen. */
        char *text = strdup(rows[i].text);
        const char *at = text;
        size_t k = 0;
        uint32_t point;

        check_true(rows[i].name, utf8_is_valid(text) == (*text == '\0'));
        while (utf8_next(&at, &point))
            check_number(rows[i].name, point, rows[i].points[k++]);
        check_number(rows[i].name, 0, rows[i].points[k]);
        check_number(rows[i].name, at - text, (long long)strlen(text));
        free(text);
    }
}

static void text_is_made_printable(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"ASCII stays", "a ~", "a ~"},
        {"C0 and DEL", "\001\t\n\r\033\037\177", "???????"},
        {"C1, first and last, each one mark", "\xC2\x80\xC2\x9F", "??"},
        {"no-break space is behind C1", "\xC2\xA0", "\xC2\xA0"},
        {"separators of lines and paragraphs", "\xE2\x80\xA8\xE2\x80\xA9", "??"},
        {"what stands beside them", "\xE2\x80\xA7\xE2\x80\xAA",
         "\xE2\x80\xA7\xE2\x80\xAA"},
        {"four bytes", "\xF0\x9F\x98\x80!", "\xF0\x9F\x98\x80!"},
        {"each malformed byte", "\xED\xA0\x80x\xC3", "???x?"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = strdup(rows[i].text);

        utf8_make_printable(text);
        check_text(rows[i].name, text, rows[i].want);
        free(text);
    }
}

static void lengths_are_those_of_characters(void **state)
{
    static const struct {
        const char *name, *bytes;
        size_t size, want;
    } rows[] = {
        {"nothing", "", 0, 0},
        {"ASCII", "ab", 2, 1},
        {"NUL", "\0a", 2, 1},
        {"two octets", "\xC3\xA9x", 3, 2},
        {"four octets at the end", "\xF0\x9F\x98\x80", 4, 4},
        {"cut off", "\xE2\x82", 2, 0},
        {"cut off before what would complete it", "\xE2\x82\xAC", 2, 0},
        {"malformed",
         "\xFF"
         "xyz",
         4, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, (long long)utf8_length(rows[i].bytes, rows[i].size),
                     (long long)rows[i].want);
}

static void ascii_is_passed_over(void **state)
{
    (void)state;
    for (size_t length = 0; length < 40; length++) {
        static const char ends[] = {'\0', '\x80', '\xFF'};
        char bytes[64];

        for (size_t i = 0; i < COUNT(ends); i++) {
            memset(bytes, 'a', sizeof bytes);
            bytes[length] = ends[i];
            check_number("up to what is not", (long long)utf8_ascii_length(bytes, 64),
                         (long long)length);
        }
        memset(bytes, 1, sizeof bytes);
        check_number("to the end", (long long)utf8_ascii_length(bytes, length),
                     (long long)length);
    }
}

static void letters_have_small_ones(void **state)
{
    static const struct {
        uint32_t capital, small;
    } rows[] = {{'A', 'a'},     {'z', 'z'},        {'[', '['},     {0xC9, 0xE9},
                {0xD7, 0xD7},   {0xDF, 0xDF},      {0x141, 0x142}, {0x15A, 0x15B},
                {0x138, 0x138}, {0x179, 0x17A},    {0x17A, 0x17A}, {0x174, 0x175},
                {0xC0, 0xE0},   {0xDE, 0xFE},      {0xBF, 0xBF},   {0x3A9, 0x3C9},
                {0x3AA, 0x3AA}, {0x390, 0x390},    {0x410, 0x430}, {0x42F, 0x44F},
                {0x430, 0x430}, {0x100, 0x101},    {0x101, 0x101}, {0x137, 0x137},
                {0x139, 0x13A}, {0x147, 0x148},    {0x148, 0x148}, {0x176, 0x177},
                {0x178, 0x178}, {0x17D, 0x17E},    {0x17F, 0x17F}, {'Z', 'z'},
                {'@', '@'},     {'{', '{'},        {0x391, 0x3B1}, {0x3B1, 0x3B1},
                {0x416, 0x436}, {0x1F600, 0x1F600}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number("small letter", utf8_small_letter(rows[i].capital), rows[i].small);
}

static void letters_are_folded(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"ASCII", "Jo Smith!", "jo smith!"},
        {"Polish stays what it is", "WYSŁANO", "wysłano"},
        {"all of Cyrillic", "ЇЖАК Є Ґ Ё Ђ Љ Џ", "їжак є ґ ё ђ љ џ"},
        {"Greek without accents", "Θέμα ΘΕΜΑ Άννα ΐ", "θεμα θεμα αννα ι"},
        {"final sigma", "ΑΠΟΣΤΟΛΕΑΣ αποστολέας", "αποστολεασ αποστολεασ"},
        {"Turkish i, with and without its dot", "İLETİ ILETI ileti ıleti",
         "ileti ileti ileti ileti"},
        {"a dot that stands behind the i", "i\u0307leti", "ileti"},
        {"Romanian comma and cedilla", "Școală ŞCOALĂ Ț ţ", "şcoală şcoală ţ ţ"},
        {"Arabic vowel marks and lines", "مِن الـمُرسِل", "من المرسل"},
        {"Arabic alifs and endings", "أإآا ةه ىي", "اااا هه يي"},
        {"Arabic digits and signs", "٢٣ ۹، ؛ ؟", "23 9, ; ?"},
        {"marks of direction", "\u202bمن\u200f:\u202c", "من:"},
        {"apostrophes", "П’ятниця Пʼятниця", "п'ятниця п'ятниця"},
        {"what has no case", "日本 😀", "日本 😀"},
        {"malformed bytes end it", "a\xC3", "a"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char folded[64];
        size_t length =
            utf8_fold_text(rows[i].text, strlen(rows[i].text), folded, sizeof folded);

        check_text(rows[i].name, folded, rows[i].want);
        check_number(rows[i].name, (long long)length, (long long)strlen(rows[i].want));
    }
}

static void folding_keeps_to_its_room(void **state)
{
    char folded[5];

    (void)state;
    check_number("as much as fits", (long long)utf8_fold_text("ABCDE", 5, folded, 5),
                 4);
    check_text("with a NUL", folded, "abcd");
    check_number("no half character", (long long)utf8_fold_text("abcŁ", 5, folded, 5),
                 3);
}

static void every_folded_character_fits_in_its_place(void **state)
{
    (void)state;
    for (uint32_t point = 1; point <= LAST_POINT; point++) {
        uint32_t folded = utf8_fold(point), again = utf8_fold(folded);

        if ((folded != point && folded >= 0x800) || again != folded)
            fail_msg("U+%04X becomes U+%04X, and that U+%04X", point, folded, again);
    }
}

static void capital_and_small_letters_are_told_apart(void **state)
{
    static const struct {
        const char *name;
        uint32_t point;
        bool is_capital, is_small;
    } rows[] = {
        {"A", 'A', true, false},
        {"z", 'z', false, true},
        {"a digit", '1', false, false},
        {"sharp s", 0xDF, false, true},
        {"division", 0xF7, false, false},
        {"S with comma", 0x218, true, false},
        {"Greek with accent", 0x388, true, false},
        {"final sigma", 0x3C2, false, true},
        {"Cyrillic Yi", 0x407, true, false},
        {"Cyrillic yi", 0x457, false, true},
        {"Arabic", 0x645, false, false},
        {"Chinese", 0x4E2D, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_number(rows[i].name, utf8_is_capital(rows[i].point), rows[i].is_capital);
        check_number(rows[i].name, utf8_is_small(rows[i].point), rows[i].is_small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(lengths_are_those_of_characters),
        UNIT_TEST(ascii_is_passed_over),
        UNIT_TEST(letters_have_small_ones),
        UNIT_TEST(every_character_is_read),
        UNIT_TEST(letters_are_folded),
        UNIT_TEST(folding_keeps_to_its_room),
        UNIT_TEST(every_folded_character_fits_in_its_place),
        UNIT_TEST(capital_and_small_letters_are_told_apart),
        UNIT_TEST(malformed_bytes_are_replaced),
        UNIT_TEST(text_is_made_printable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
