/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/sms/gsm0338.h"
#include "text/sms/gsm_form.h"
#include "text/sms/unicode.h"

enum { LAST_POINT = 0x10FFFF };

/* The table of 3GPP TS 23.038 clause 6.2.1, column by column (b7 b6 b5 = 0 to 7), row
 * by row. The escape at 0x1B is left out: it is no character of its own. */
static const char basic_table[] = "@£$¥èéùìòÇ\nØø\rÅå"
                                  "Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
                                  " !\"#¤%&'()*+,-./"
                                  "0123456789:;<=>?"
                                  "¡ABCDEFGHIJKLMNO"
                                  "PQRSTUVWXYZÄÖÑÜ§"
                                  "¿abcdefghijklmno"
                                  "pqrstuvwxyzäöñüà";

/* Clause 6.2.1.1: form feed, and what follows 0x14, 28, 29, 2F, 3C, 3D, 3E, 40, 65. */
static const char extension_table[] = "\f^{}\\[~]|€";

static unsigned septets_by_table(uint32_t wanted)
{
    const char *at = basic_table;
    uint32_t point;

    while (utf8_next(&at, &point))
        if (point == wanted)
            return 1;
    at = extension_table;
    while (utf8_next(&at, &point))
        if (point == wanted)
            return 2;
    return 0;
}

static unsigned count_characters(const char *text)
{
    unsigned count = 0;
    uint32_t point;

    while (utf8_next(&text, &point))
        count++;
    return count;
}

static void the_tables_are_whole(void **state)
{
    (void)state;
    check_number("128 places without the escape", count_characters(basic_table), 127);
    check_number("extension table", count_characters(extension_table), 10);
}

static void every_character_takes_its_septets(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= LAST_POINT; point++) {
        unsigned got = gsm0338_septets(point);

        if (got != septets_by_table(point))
            fail_msg("U+%04X takes %u septets, want %u", point, got,
                     septets_by_table(point));
    }
}

/* These look alike but are not in the alphabet: each would be shown as another
 * character. */
static void lookalikes_are_not_in_it(void **state)
{
    static const struct {
        const char *name;
        uint32_t point;
    } rows[] = {
        {"NUL", 0},
        {"escape", 0x1B},
        {"tab", '\t'},
        {"backtick", '`'},
        {"delete", 0x7F},
        {"no-break space", 0xA0},
        {"small c with cedilla", 0xE7},
        {"A with grave", 0xC0},
        {"Greek capital Alpha", 0x391},
        {"Greek small delta", 0x3B4},
        {"ohm sign", 0x2126},
        {"micro sign", 0xB5},
        {"typographic quote", 0x2019},
        {"full-width A", 0xFF21},
        {"replacement character", 0xFFFD},
        {"beyond Unicode", 0x110000},
        {"wraps to A in 16 bits", 0x10041},
        {"greatest value", UINT32_MAX},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, gsm0338_septets(rows[i].point), 0);
}

/* The form of a whole text, or "" if a character has none. The caller frees it. */
static char *form_of(const char *text, enum gsm_mapping mapping)
{
    struct gsm_form form;
    size_t length;

    assert_true(gsm_form_start(&form, text, mapping));
    for (; (length = unicode_cluster_bytes(text)) > 0; text += length)
        if (!gsm_form_add(&form, text, length)) {
            *form.text = '\0';
            break;
        }
    return form.text;
}

struct form_row {
    const char *name, *text, *want; /* "": it has no form */
};

static void check_forms(const struct form_row *rows, size_t count,
                        enum gsm_mapping mapping)
{
    for (size_t i = 0; i < count; i++) {
        char *got = form_of(rows[i].text, mapping);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

static void what_means_the_same_has_a_form(void **state)
{
    static const struct form_row rows[] = {
        {"the alphabet is itself", "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩ€[~]ÆæßÉ",
         "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩ€[~]ÆæßÉ"},
        {"single quotes", "‘a’ ‚b‛ ‹c›", "'a' 'b' 'c'"},
        {"double quotes", "“a” „b‟ «c» 〝d〞", "\"a\" \"b\" \"c\" \"d\""},
        {"primes", "5′ 3″ 2‴", "5' 3\" 2'''"},
        {"backtick and acute", "`a´ ʼn", "'a' 'n"},
        {"hyphens and dashes", "a‐b‑c‒d–e—f―g", "a-b-c-d-e-f-g"},
        {"a minus", "−5", "-5"},
        {"long dashes", "a⸺b⸻c", "a--b---c"},
        {"an ellipsis", "and so on…", "and so on..."},
        {"marks that are two", "really‼ why⁇ what⁉", "really!! why?? what!?"},
        {"spaces", "a\u00A0b\u2003c\u2009d\u202Fe\u3000f\tg", "a b c d e f g"},
        {"line ends",
         "a\u2028b\u2029c\xC2\x85"
         "d\ve",
         "a\nb\nc\nd\ne"},
        {"what is not seen", "a\u00ADb\u200Bc\u2060d\uFEFFe\u200Ef\u202Ag\x01h",
         "abcdefgh"},
        {"bullets", "• a ‣ b ◦ c ▪ d ● e", "- a - b - c - d - e"},
        {"bullets of a word processor", "\uF0B7 a \uF0A7 b", "- a - b"},
        {"a middle dot as a bullet", "· a", "- a"},
        {"a middle dot in Catalan", "col·legi", "col.legi"},
        {"a middle dot between numbers may be two things", "3·5", ""},
        {"accents of French", "âêîôûëïÿçÀÈÊÎÔ", "aeioueiycAEEIO"},
        {"accents of Welsh", "ŵŷâêîôû ŴŶ", "wyaeiou WY"},
        {"accents of Polish", "zażółć gęślą jaźń ŁÓDŹ", "zazolc gesla jazn LODZ"},
        {"accents of Czech", "žluťoučký kůň", "zlutoucky kun"},
        {"accents of Croatian", "đak ŠĐŽ", "dak SDZ"},
        {"Hungarian", "őűŐŰ", "öüÖÜ"},
        {"Romanian, comma and cedilla", "șțşţ", "stst"},
        {"Turkish", "ıİğŞ", "iIgS"},
        {"Icelandic", "þðÞÐ", "thdThD"},
        {"Vietnamese", "Tiếng Việt ơƯ", "Tieng Viet oU"},
        {"two accents, one of the alphabet", "ǘǺǿǽ", "üÅøæ"},
        {"an accent that does not compose", "q\u0303 m\u0301\u0302x", "q mx"},
        {"a stroke through a letter is a meaning", "a\u0336b", ""},
        {"an accent on nothing", " \u0301", ""},
        {"ligatures", "œŒﬁﬂﬀﬃ ĳĲ ŋ ſ", "oeOEfiflffffi ijIJ ng s"},
        {"capital sharp s", "STRAẞE", "STRASSE"},
        {"full-width", "ＡＢＣ１２３！", "ABC123!"},
        {"bold, italic, script", "𝐇𝐞𝑙𝑙𝓸 𝟏𝟐", "Hello 12"},
        {"Roman numerals", "Ⅷ ⅳ", "VIII iv"},
        {"in circles", "① ⑳ Ⓐ", "(1) (20) (A)"},
        {"times and divided", "3×4÷2", "3x4/2"},
        {"signs", "© ® ™ ℠ № ¢ ± ≈", "(c) (R) TM SM No c +/- ~"},
        {"a sign with its emoji selector", "©\uFE0F", "(c)"},
        {"ordinals", "1º 2ª", "1o 2a"},
        {"comparisons", "a≤b≥c≠d", "a<=b>=c!=d"},
        {"crossed out, it would mean the contrary", "a≮b", ""},
        {"arrows", "a→b←c⇒d↔e➔f", "a->b<-c=>d<->e->f"},
        {"halves and quarters", "½ ¼ ¾ ⅓ ⅞", "1/2 1/4 3/4 1/3 7/8"},
        {"a fraction behind a number", "3½ kg", "3 1/2 kg"},
        {"and behind a space", "3 ½", "3 1/2"},
        {"a fraction before a number", "½3", ""},
        {"degrees Celsius and Fahrenheit", "20°C 68°F 5 °C 7℃", "20C 68F 5 C 7C"},
        {"a turn", "90°", "90 deg"},
        {"a turn behind a space", "90 °", "90 deg"},
        {"numero", "N°5", "No5"},
        {"a degree of nothing", "(°)", ""},
        {"metres", "5 m² 2 km² 1 cm³", "5 m2 2 km2 1 cm3"},
        {"units in one character", "5㎡ 3㎏", "5m2 3kg"},
        {"a power of a number", "10²", ""},
        {"a power of a variable", "x²", ""},
        {"chemistry", "CO₂ H₂O", "CO2 H2O"},
        {"an index without a letter", " ₂", ""},
        {"micro", "5 µg 3μl 2µm", "5 ug 3ul 2um"},
        {"mu", "µ", ""},
        {"Greek capitals that look like Latin ones", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
         "ABEZHIKMNOPTYX"},
        {"with an accent", "ΆΈΏΪ", "AEΩI"},
        {"Greek small letters", "α", ""},
        {"with an accent too", "ά", ""},
        {"what could not be read", "a\uFFFDb", "a?b"},
        {"Cyrillic", "Ж", ""},
        {"Cyrillic that looks like Latin", "А", ""},
        {"Hebrew", "א", ""},
        {"Arabic", "س", ""},
        {"Chinese", "漢", ""},
        {"kana", "ガ", ""},
        {"Hangul", "한", ""},
        {"Devanagari", "क", ""},
        {"an emoji", "😀", ""},
        {"a keycap", "1\uFE0F\u20E3", ""},
        {"a flag", "🇬🇧", ""},
        {"a diaeresis alone", "¨", ""},
    };

    (void)state;
    check_forms(rows, COUNT(rows), GSM_LOOKALIKE);
}

static void everything_has_a_closest_form(void **state)
{
    static const struct form_row rows[] = {
        {"look-alikes as ever", "“Élan” – 20°C…", "\"Élan\" - 20C..."},
        {"Greek", "Καλημέρα, Φως", "KAΛHMEPA, ΦΩΣ"},
        {"Russian", "Здравствуйте, Жанна Щукина", "Zdravstvuyte, Zhanna Shchukina"},
        {"Russian, with yo and signs", "ёлка подъезд боль", "yolka podezd bol"},
        {"Ukrainian", "Київ, Ґанок", "Kiyiv, Ganok"},
        {"Serbian", "Љубав ђак", "Ljubav djak"},
        {"an accent of stress", "за\u0301мок", "zamok"},
        {"powers", "x² 10² 10⁻³", "x2 10^2 10^-3"},
        {"indices", " ₂", " 2"},
        {"degrees", "(°)", "(deg)"},
        {"a dot between numbers", "3·5", "3.5"},
        {"a fraction before a number", "½3", "1/23"},
        {"Arabic digits and punctuation", "٠١٢، ۹؟", "012, 9?"},
        {"Devanagari digits", "१२", "12"},
        {"full-width punctuation", "。、，！", ".,,!"},
        {"a keycap is its digit", "1\uFE0F\u20E3", "1"},
        {"a stroke through a letter goes", "a\u0336b", "ab"},
        {"Chinese", "漢", "?"},
        {"a run of it", "漢字", "?"},
        {"two runs", "漢字 a 漢字", "? a ?"},
        {"a family is one", "a 👨\u200D👩\u200D👧 b", "a ? b"},
        {"emoji in a row", "a😀😀👍🏽🇬🇧b", "a?b"},
        {"a heart with its selector", "❤\uFE0F!", "?!"},
        {"a cluster of which only the beginning has one", "©\u200D😀!", "?!"},
        {"a syllable", "नमस्ते!", "?!"},
        {"a mark on nothing", "\u0301a", "?a"},
        {"a question mark of the text's own", "漢?", "??"},
    };

    (void)state;
    check_forms(rows, COUNT(rows), GSM_CLOSEST);
}

static bool is_in_alphabet(const char *text)
{
    uint32_t point;

    while (utf8_next(&text, &point))
        if (gsm0338_septets(point) == 0)
            return false;
    return true;
}

static size_t utf8_size(uint32_t point)
{
    return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/* Every character, with the neighbours that matter to some of the first plane. */
static void every_form_is_short_and_in_the_alphabet(void **state)
{
    static const uint32_t neighbours[] = {0, 'm', '1', ' ', 'C', 'n'};

    (void)state;
    for (uint32_t point = 1; point <= LAST_POINT; point++)
        for (size_t i = 0; i < (point > 0xFFFF ? 2 : 2 * COUNT(neighbours)); i++) {
            uint32_t neighbour = neighbours[i / 2];
            struct gsm_place place = {neighbour, point, neighbour};
            enum gsm_mapping mapping = i % 2 ? GSM_LOOKALIKE : GSM_CLOSEST;
            char form[GSM_FORM_SIZE];

            if (point >= 0xD800 && point < 0xE000)
                continue;
            if (gsm_lookalike(&place, mapping, form) &&
                (strlen(form) > 2 * utf8_size(point) || !is_in_alphabet(form)))
                fail_msg("U+%04X has the form \"%s\"", point, form);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_tables_are_whole),
        UNIT_TEST(every_character_takes_its_septets),
        UNIT_TEST(lookalikes_are_not_in_it),
        UNIT_TEST(what_means_the_same_has_a_form),
        UNIT_TEST(everything_has_a_closest_form),
        UNIT_TEST(every_form_is_short_and_in_the_alphabet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
