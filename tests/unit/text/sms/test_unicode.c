/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/sms/unicode.h"

static void nfc_is_made(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"ASCII stays", "Hello", "Hello"},
        {"a letter and its accent become one", "e\u0301", "\u00E9"},
        {"in the midst of others", "cafe\u0301s", "caf\u00E9s"},
        {"composed stays", "\u00E9", "\u00E9"},
        {"two accents, in canonical order", "o\u0302\u0323", "\u1ED9"},
        {"and in the other", "o\u0323\u0302", "\u1ED9"},
        {"an accent that does not compose stays", "q\u0303", "q\u0303"},
        {"marks are ordered", "a\u0315\u0300\u0323", "\u1EA1\u0300\u0315"},
        {"a mark at the beginning", "\u0301e", "\u0301e"},
        {"the sign of the angstrom is a letter", "\u212B", "\u00C5"},
        {"the sign of the ohm is a letter", "\u2126", "\u03A9"},
        {"the micro sign is none", "\u00B5", "\u00B5"},
        {"no compatibility: ligatures stay", "\uFB01", "\uFB01"},
        {"a Greek letter composes", "\u03B1\u0301", "\u03AC"},
        {"a Cyrillic letter composes", "\u0438\u0306", "\u0439"},
        {"kana with its sound mark", "\u304B\u3099", "\u304C"},
        {"Hangul of two", "\u1100\u1161", "\uAC00"},
        {"Hangul of three", "\u1100\u1161\u11A8", "\uAC01"},
        {"Hangul, the last one apart", "\uAC00\u11A8", "\uAC01"},
        {"excluded from composition", "\u0958", "\u0915\u093C"},
        {"composed of two that are calm", "\u0928\u093C", "\u0929"},
        {"a Chinese character for compatibility", "\uF900", "\u8C48"},
        {"of the second plane", "\U0002F800", "\u4E3D"},
        {"of music, which grows", "\U0001D15E", "\U0001D157\U0001D165"},
        {"letters around it stay", "\u6F22e\u0301\u6F22", "\u6F22\u00E9\u6F22"},
        {"an emoji stays", "\U0001F44D\U0001F3FD", "\U0001F44D\U0001F3FD"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *once = unicode_nfc(rows[i].text);
        char *twice = unicode_nfc(once);

        check_text(rows[i].name, once, rows[i].want);
        check_text(rows[i].name, twice, once);
        free(once);
        free(twice);
    }
}

/* Ordering them by exchange of neighbours would take a day. */
static void a_million_marks_are_ordered(void **state)
{
    enum { PAIRS = 250000 };
    char *text = unit_repeat("\u0301\u0323", PAIRS);
    char *got = unicode_nfc(text);
    char *below = unit_repeat("\u0323", PAIRS), *above = unit_repeat("\u0301", PAIRS);

    (void)state;
    check_true("as long as before", strlen(got) == strlen(text));
    check_true("below first", strncmp(got, below, strlen(below)) == 0);
    check_text("then above", got + strlen(below), above);
    free(text);
    free(got);
    free(below);
    free(above);
}

/* The text written with "|" between its clusters. */
static char *split(const char *text)
{
    char *out = malloc(2 * strlen(text) + 1), *end = out;
    size_t length;

    assert_non_null(out);
    for (; (length = unicode_cluster_bytes(text)) > 0; text += length) {
        if (end > out)
            *end++ = '|';
        memcpy(end, text, length);
        end += length;
    }
    *end = '\0';
    return out;
}

/* The same for a reader of one character at a time. */
static char *split_by_characters(const char *text)
{
    char *out = malloc(2 * strlen(text) + 1), *end = out;
    struct unicode_clusters clusters = {0};
    const char *next = text;
    uint32_t point;

    assert_non_null(out);
    for (; utf8_next(&next, &point); text = next) {
        if (unicode_begins_cluster(&clusters, point) && end > out)
            *end++ = '|';
        memcpy(end, text, (size_t)(next - text));
        end += next - text;
    }
    *end = '\0';
    return out;
}

static void clusters_are_found(void **state)
{
    static const struct {
        const char *name, *want; /* the text itself is without "|" */
    } rows[] = {
        {"nothing", ""},
        {"ASCII", "a|b|c"},
        {"CR LF is one", "a|\r\n|b"},
        {"LF CR is two", "\n|\r"},
        {"a letter and its accent", "e\u0301|f"},
        {"many accents", "a\u0300\u0301\u0302\u0303|b"},
        {"an accent after a line end stands alone", "\n|\u0301"},
        {"precomposed", "\u00E9|\u00E8"},
        {"Hangul letters make a syllable", "\u1112\u1161\u11AB|\u1100\u1173\u11AF"},
        {"Hangul syllables", "\uD55C|\uAE00"},
        {"an emoji", "\U0001F600|\U0001F600"},
        {"a skin tone", "\U0001F44D\U0001F3FD|\U0001F44D"},
        {"a family",
         "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466|\U0001F468"},
        {"a joiner between letters does not join", "a\u200D|b"},
        {"a flag, and another", "\U0001F1EC\U0001F1E7|\U0001F1EB\U0001F1F7|\U0001F1E9"},
        {"a flag of tags",
         "\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F|a"},
        {"a keycap", "1\uFE0F\u20E3|2\uFE0F\u20E3"},
        {"a heart in colour", "\u2764\uFE0F|a"},
        {"a Devanagari conjunct", "\u0915\u094D\u0937|\u0924\u094D\u0930"},
        {"with its vowel sign", "\u0915\u094D\u0937\u093F|\u0915"},
        {"of three", "\u0938\u094D\u0924\u094D\u0930\u0940|a"},
        {"with a joiner", "\u0915\u094D\u200D\u0937|a"},
        {"with a nukta", "\u0915\u093C\u094D\u0937|a"},
        {"kept apart by a non-joiner", "\u0915\u094D\u200C|\u0937"},
        {"a virama behind a vowel sign joins nothing", "\u0915\u093F\u094D|\u0937"},
        {"a virama without a consonant before it", "a\u094D|\u0937"},
        {"a vowel letter is no consonant", "\u0915\u094D|\u0905"},
        {"a Bengali conjunct", "\u0995\u09CD\u09B7|\u0995"},
        {"a Malayalam conjunct", "\u0D15\u0D4D\u0D37|\u0D15"},
        {"Tamil, which has a few", "\u0B95\u0BCD\u0BB7|\u0BB7"},
        {"Gurmukhi", "\u0A38\u0A4D\u0A15|\u0A15"},
        {"Kannada", "\u0C95\u0CCD\u0CB7|\u0CB7"},
        {"Sinhala", "\u0DC1\u0DCA\u200D\u0DBB\u0DD3|\u0DBD"},
        {"a Khmer subscript", "\u1781\u17D2\u1798\u17C2|\u179A"},
        {"Myanmar, stacked", "\u1000\u1039\u1000|\u1000"},
        {"Myanmar, not stacked", "\u1014\u103A|\u1019"},
        {"Thai", "\u0E01\u0E33|\u0E19\u0E49"},
        {"what is written before a number is of its cluster", "\u0600\u0661|\u0662"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128] = "", *end = text, *got;

        for (const char *at = rows[i].want; *at; at++)
            if (*at != '|')
                *end++ = *at;
        *end = '\0';
        got = split(text);
        check_text(rows[i].name, got, rows[i].want);
        free(got);
        got = split_by_characters(text);
        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

static void characters_are_taken_apart(void **state)
{
    static const struct {
        const char *name;
        uint32_t point;
        enum unicode_makeup makeup;
        uint32_t parts[3];
    } rows[] = {
        {"a letter", 'a', UNICODE_ATOM, {'a'}},
        {"an accent", 0xEA, UNICODE_ACCENTED, {'e', 0x302}},
        {"two accents", 0x1D8, UNICODE_ACCENTED, {'u', 0x308, 0x301}},
        {"full-width", 0xFF21, UNICODE_STYLED, {'A'}},
        {"a ligature", 0xFB03, UNICODE_STYLED, {'f', 'f', 'i'}},
        {"bold", 0x1D400, UNICODE_STYLED, {'A'}},
        {"a fraction", 0xBD, UNICODE_FRACTION, {'1', 0x2044, '2'}},
        {"in a circle", 0x2460, UNICODE_CIRCLED, {'1'}},
        {"raised", 0xB2, UNICODE_RAISED, {'2'}},
        {"lowered", 0x2082, UNICODE_LOWERED, {'2'}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t parts[UNICODE_MAX_PARTS];
        size_t count = 0;

        check_number(rows[i].name, unicode_take_apart(rows[i].point, parts, &count),
                     rows[i].makeup);
        for (size_t k = 0; k < COUNT(rows[i].parts); k++)
            check_number(rows[i].name, k < count ? parts[k] : 0, rows[i].parts[k]);
    }
    check_number("composed", unicode_compose('e', 0x301), 0xE9);
    check_number("not composed", unicode_compose('q', 0x303), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(nfc_is_made),
        UNIT_TEST(a_million_marks_are_ordered),
        UNIT_TEST(clusters_are_found),
        UNIT_TEST(characters_are_taken_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
