/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/sms/sms_parts.h"

#define EURO "\u20AC"                 /* in the extension table: 2 septets */
#define E_ACUTE "\u00E9"              /* in the alphabet, yet not ASCII */
#define HAN "\u6F22"                  /* one UTF-16 unit */
#define SMILE "\U0001F600"            /* a surrogate pair */
#define FLAG "\U0001F1EC\U0001F1E7"   /* 4 units */
#define KEYCAP "1\uFE0F\u20E3"        /* 3 */
#define THUMB "\U0001F44D\U0001F3FD"  /* 4 */
#define HEART "\u2764\uFE0F"          /* 2 */
#define CONJUNCT "\u0915\u094D\u0937" /* 3 */
#define SYLLABLE CONJUNCT "\u093F"    /* 4 */
#define MARKED "q\u0303"              /* 2 */
#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466" /* 11 */
#define SCOTLAND \
    "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F" /* 14 */

/* Of TS 23.038 and TS 23.040 9.2.3.24.1: an SMS alone has 160 septets or 70 units, one
 * of several 153 or 67. */
static const struct {
    const char *name;
    struct unit_run runs[UNIT_RUNS];
    const char *want; /* encoding, units, parts, units left in the last */
} rows[] = {
    /* The alphabets. */
    {"nothing", {{"", 1}}, "gsm7 0 0 160"},
    {"one septet", {{"a", 1}}, "gsm7 1 1 159"},
    {"a line end is a septet", {{"\n", 1}}, "gsm7 1 1 159"},
    {"CR LF are two", {{"\r\n", 1}}, "gsm7 2 1 158"},
    {"an accent of the alphabet is a septet", {{E_ACUTE, 1}}, "gsm7 1 1 159"},
    {"a Greek capital is a septet", {{"\u03A9", 1}}, "gsm7 1 1 159"},
    {"the euro takes an escape", {{EURO, 1}}, "gsm7 2 1 158"},
    {"a bracket takes an escape", {{"[", 1}}, "gsm7 2 1 158"},
    {"a form feed takes an escape", {{"\f", 1}}, "gsm7 2 1 158"},
    {"all of the extension table", {{"\f^{}\\[~]|" EURO, 1}}, "gsm7 20 1 140"},
    {"a tab is not in it", {{"\t", 1}}, "ucs2 1 1 69"},
    {"a backtick is not in it", {{"`", 1}}, "ucs2 1 1 69"},
    {"small c with cedilla is not in it", {{"\u00E7", 1}}, "ucs2 1 1 69"},
    {"nothing is mapped: a typographic quote", {{"\u2019", 1}}, "ucs2 1 1 69"},
    {"nothing is composed: a letter and its accent", {{"e\u0301", 1}}, "ucs2 2 1 68"},
    {"a Chinese character", {{HAN, 1}}, "ucs2 1 1 69"},
    {"an emoji is a surrogate pair", {{SMILE, 1}}, "ucs2 2 1 68"},
    {"the last character of all", {{"\U0010FFFF", 1}}, "ucs2 2 1 68"},
    {"the last one before surrogates are needed", {{"\uFFFF", 1}}, "ucs2 1 1 69"},
    {"the first one with", {{"\U00010000", 1}}, "ucs2 2 1 68"},
    {"one foreign character makes all of it UCS-2",
     {{"a", 9}, {HAN, 1}},
     "ucs2 10 1 60"},
    {"wherever it stands", {{HAN, 1}, {"a", 9}}, "ucs2 10 1 60"},
    {"the euro is one unit there", {{HAN, 1}, {EURO, 9}}, "ucs2 10 1 60"},
    {"a bracket is one unit there", {{HAN, 1}, {"[", 9}}, "ucs2 10 1 60"},

    /* Septets. */
    {"159 septets", {{"a", 159}}, "gsm7 159 1 1"},
    {"160 septets", {{"a", 160}}, "gsm7 160 1 0"},
    {"161 septets", {{"a", 161}}, "gsm7 161 2 145"},
    {"152: no border for one part", {{"a", 152}}, "gsm7 152 1 8"},
    {"153: no border for one part", {{"a", 153}}, "gsm7 153 1 7"},
    {"154: no border for one part", {{"a", 154}}, "gsm7 154 1 6"},
    {"305 septets", {{"a", 305}}, "gsm7 305 2 1"},
    {"306 septets", {{"a", 306}}, "gsm7 306 2 0"},
    {"307 septets", {{"a", 307}}, "gsm7 307 3 152"},
    {"458 septets", {{"a", 458}}, "gsm7 458 3 1"},
    {"459 septets", {{"a", 459}}, "gsm7 459 3 0"},
    {"460 septets", {{"a", 460}}, "gsm7 460 4 152"},
    {"612 septets", {{"a", 612}}, "gsm7 612 4 0"},
    {"613 septets", {{"a", 613}}, "gsm7 613 5 152"},
    {"765 septets", {{"a", 765}}, "gsm7 765 5 0"},
    {"766 septets", {{"a", 766}}, "gsm7 766 6 152"},
    {"917 septets", {{"a", 917}}, "gsm7 917 6 1"},
    {"918 septets, all that the API takes", {{"a", 918}}, "gsm7 918 6 0"},
    {"919 septets", {{"a", 919}}, "gsm7 919 7 152"},
    {"160 septets of accents", {{E_ACUTE, 160}}, "gsm7 160 1 0"},
    {"161 septets of accents", {{E_ACUTE, 161}}, "gsm7 161 2 145"},
    {"160 line ends", {{"\n", 160}}, "gsm7 160 1 0"},
    {"80 CR LF", {{"\r\n", 80}}, "gsm7 160 1 0"},
    {"CR LF need not stay together",
     {{"a", 152}, {"\r\n", 1}, {"a", 152}},
     "gsm7 306 2 0"},

    /* Escapes at the borders. */
    {"an escape ends at 160", {{"a", 158}, {EURO, 1}}, "gsm7 160 1 0"},
    {"an escape ends at 161", {{"a", 159}, {EURO, 1}}, "gsm7 161 2 145"},
    {"an escape over the border at 160",
     {{"a", 159}, {"[", 1}, {"a", 145}},
     "gsm7 306 2 0"},
    {"153 is no border in a lone SMS",
     {{"a", 152}, {EURO, 1}, {"a", 6}},
     "gsm7 160 1 0"},
    {"an escape that just fits", {{"a", 151}, {EURO, 1}, {"a", 153}}, "gsm7 306 2 0"},
    {"one that would be split moves on whole",
     {{"a", 152}, {EURO, 1}, {"a", 151}},
     "gsm7 305 2 0"},
    {"which may take a part more",
     {{"a", 152}, {EURO, 1}, {"a", 152}},
     "gsm7 306 3 152"},
    {"one behind the border", {{"a", 153}, {EURO, 1}, {"a", 151}}, "gsm7 306 2 0"},
    {"at the second border, just fits",
     {{"a", 304}, {EURO, 1}, {"a", 153}},
     "gsm7 459 3 0"},
    {"at the second border, moves on",
     {{"a", 305}, {EURO, 1}, {"a", 152}},
     "gsm7 459 4 152"},
    {"at two borders",
     {{"a", 152}, {EURO, 1}, {"a", 150}, {EURO, 1}, {"a", 151}},
     "gsm7 457 3 0"},
    {"and one more",
     {{"a", 152}, {EURO, 1}, {"a", 150}, {EURO, 1}, {"a", 152}},
     "gsm7 458 4 152"},
    {"at the fifth border", {{"a", 764}, {EURO, 1}, {"a", 151}}, "gsm7 917 6 0"},
    {"80 escapes", {{EURO, 80}}, "gsm7 160 1 0"},
    {"81 escapes", {{EURO, 81}}, "gsm7 162 2 143"},
    {"152 escapes: 76 a part", {{EURO, 152}}, "gsm7 304 2 1"},
    {"153 escapes", {{EURO, 153}}, "gsm7 306 3 151"},
    {"459 escapes: 77 in the seventh part", {{"[", 459}}, "gsm7 918 7 147"},

    /* UTF-16 units. */
    {"69 units", {{HAN, 69}}, "ucs2 69 1 1"},
    {"70 units", {{HAN, 70}}, "ucs2 70 1 0"},
    {"71 units", {{HAN, 71}}, "ucs2 71 2 63"},
    {"66: no border for one part", {{HAN, 66}}, "ucs2 66 1 4"},
    {"67: no border for one part", {{HAN, 67}}, "ucs2 67 1 3"},
    {"68: no border for one part", {{HAN, 68}}, "ucs2 68 1 2"},
    {"133 units", {{HAN, 133}}, "ucs2 133 2 1"},
    {"134 units", {{HAN, 134}}, "ucs2 134 2 0"},
    {"135 units", {{HAN, 135}}, "ucs2 135 3 66"},
    {"201 units", {{HAN, 201}}, "ucs2 201 3 0"},
    {"202 units", {{HAN, 202}}, "ucs2 202 4 66"},
    {"402 units", {{HAN, 402}}, "ucs2 402 6 0"},
    {"403 units", {{HAN, 403}}, "ucs2 403 7 66"},
    {"459 units, all that the API takes", {{HAN, 459}}, "ucs2 459 7 10"},
    {"70 units of ASCII but for one", {{"a", 69}, {HAN, 1}}, "ucs2 70 1 0"},
    {"71 units of ASCII but for one", {{"a", 70}, {HAN, 1}}, "ucs2 71 2 63"},
    {"160 septets and one foreign character", {{"a", 160}, {HAN, 1}}, "ucs2 161 3 40"},

    /* Surrogate pairs at the borders. */
    {"35 pairs", {{SMILE, 35}}, "ucs2 70 1 0"},
    {"36 pairs", {{SMILE, 36}}, "ucs2 72 2 61"},
    {"66 pairs: 33 a part", {{SMILE, 66}}, "ucs2 132 2 1"},
    {"67 pairs", {{SMILE, 67}}, "ucs2 134 3 65"},
    {"a pair ends at 70", {{HAN, 68}, {SMILE, 1}}, "ucs2 70 1 0"},
    {"a pair ends at 71", {{HAN, 69}, {SMILE, 1}}, "ucs2 71 2 63"},
    {"67 is no border in a lone SMS", {{HAN, 66}, {SMILE, 1}, {HAN, 2}}, "ucs2 70 1 0"},
    {"a pair that just fits", {{HAN, 65}, {SMILE, 1}, {HAN, 67}}, "ucs2 134 2 0"},
    {"one that would be split moves on",
     {{HAN, 66}, {SMILE, 1}, {HAN, 65}},
     "ucs2 133 2 0"},
    {"which may take a part more", {{HAN, 66}, {SMILE, 1}, {HAN, 66}}, "ucs2 134 3 66"},
    {"a pair behind the border", {{HAN, 67}, {SMILE, 1}, {HAN, 65}}, "ucs2 134 2 0"},
    {"at the second border", {{HAN, 133}, {SMILE, 1}, {HAN, 66}}, "ucs2 201 4 66"},
    {"at two borders",
     {{HAN, 66}, {SMILE, 1}, {HAN, 64}, {SMILE, 1}, {HAN, 65}},
     "ucs2 199 3 0"},
    {"459 pairs", {{SMILE, 459}}, "ucs2 918 14 7"},

    /* Grapheme clusters at the borders. */
    {"17 flags", {{FLAG, 17}}, "ucs2 68 1 2"},
    {"18 flags: 16 a part", {{FLAG, 18}}, "ucs2 72 2 59"},
    {"a flag that just fits", {{HAN, 63}, {FLAG, 1}, {HAN, 67}}, "ucs2 134 2 0"},
    {"a flag is not split between its letters",
     {{HAN, 65}, {FLAG, 1}, {HAN, 64}},
     "ucs2 133 3 66"},
    {"nor inside one", {{HAN, 64}, {FLAG, 1}, {HAN, 63}}, "ucs2 131 2 0"},
    {"a flag of tags is 14 units", {{SCOTLAND, 5}}, "ucs2 70 1 0"},
    {"six of them: four a part", {{SCOTLAND, 6}}, "ucs2 84 2 39"},
    {"a family is 11 units", {{FAMILY, 6}, {"a", 4}}, "ucs2 70 1 0"},
    {"seven: six a part", {{FAMILY, 7}}, "ucs2 77 2 56"},
    {"a family that just fits", {{HAN, 56}, {FAMILY, 1}, {HAN, 67}}, "ucs2 134 2 0"},
    {"a family moves on whole", {{HAN, 57}, {FAMILY, 1}, {HAN, 56}}, "ucs2 124 2 0"},
    {"and takes a part more", {{HAN, 57}, {FAMILY, 1}, {HAN, 57}}, "ucs2 125 3 66"},
    {"a keycap that just fits", {{HAN, 64}, {KEYCAP, 1}, {HAN, 67}}, "ucs2 134 2 0"},
    {"a keycap moves on whole", {{HAN, 65}, {KEYCAP, 1}, {HAN, 64}}, "ucs2 132 2 0"},
    {"even for its last unit", {{HAN, 66}, {KEYCAP, 1}, {HAN, 64}}, "ucs2 133 2 0"},
    {"a skin tone that just fits", {{HAN, 63}, {THUMB, 1}, {HAN, 67}}, "ucs2 134 2 0"},
    {"a skin tone stays with its hand",
     {{HAN, 65}, {THUMB, 1}, {HAN, 63}},
     "ucs2 132 2 0"},
    {"a heart keeps its colour", {{HAN, 66}, {HEART, 1}, {HAN, 65}}, "ucs2 133 2 0"},
    {"an accent that does not compose",
     {{HAN, 66}, {MARKED, 1}, {HAN, 65}},
     "ucs2 133 2 0"},
    {"it just fits", {{HAN, 65}, {MARKED, 1}, {HAN, 67}}, "ucs2 134 2 0"},
    {"a conjunct that just fits",
     {{HAN, 64}, {CONJUNCT, 1}, {HAN, 67}},
     "ucs2 134 2 0"},
    {"a conjunct is not split behind its virama",
     {{HAN, 65}, {CONJUNCT, 1}, {HAN, 64}},
     "ucs2 132 2 0"},
    {"a syllable keeps its vowel",
     {{HAN, 64}, {SYLLABLE, 1}, {HAN, 63}},
     "ucs2 131 2 0"},
    {"16 syllables a part", {{SYLLABLE, 33}}, "ucs2 132 3 63"},
    {"Hangul of three letters",
     {{HAN, 65}, {"\u1112\u1161\u11AB", 1}, {HAN, 64}},
     "ucs2 132 2 0"},
    {"CR LF is a cluster there", {{HAN, 66}, {"\r\n", 1}, {HAN, 65}}, "ucs2 133 2 0"},

    /* Clusters longer than a part. */
    {"67 units are a part", {{HAN, 4}, {"q", 1}, {"\u0303", 66}}, "ucs2 71 2 0"},
    {"68 units begin where there is room",
     {{HAN, 4}, {"q", 1}, {"\u0303", 67}},
     "ucs2 72 2 62"},
    {"alone, 70 are no more than one SMS", {{"q", 1}, {"\u0303", 69}}, "ucs2 70 1 0"},
    {"alone, 71", {{"q", 1}, {"\u0303", 70}}, "ucs2 71 2 63"},
    {"three parts of one", {{"q", 1}, {"\u0303", 134}}, "ucs2 135 3 66"},
    {"surrogates in it stay whole", {{SMILE, 1}, {"\u200D" SMILE, 23}}, "ucs2 71 2 62"},
    {"what follows fills the rest",
     {{"q", 1}, {"\u0303", 99}, {HAN, 34}},
     "ucs2 134 2 0"},
    {"and one more", {{"q", 1}, {"\u0303", 99}, {HAN, 35}}, "ucs2 135 3 66"},
};

static void borders_are_as_the_standard_has_them(void **state)
{
    (void)state;
    assert_true(COUNT(rows) >= 100);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = unit_join(rows[i].runs), *got = NULL;
        struct sms_parts parts = sms_parts_count(text), measured;
        struct sms_measure measure;

        assert_true(asprintf(&got, "%s %u %u %u",
                             sms_parts_encoding_name(parts.encoding), parts.units,
                             parts.parts, parts.left_units) > 0);
        check_text(rows[i].name, got, rows[i].want);
        sms_measure_start(&measure);
        sms_measure_add_text(&measure, text);
        measured = sms_measure_parts(&measure);
        check_true(rows[i].name, memcmp(&measured, &parts, sizeof parts) == 0);
        free(got);
        free(text);
    }
}

static void the_api_counts_its_own_way(void **state)
{
    static const struct {
        const char *name;
        struct unit_run runs[UNIT_RUNS];
        unsigned want;
    } counts[] = {
        {"nothing", {{"", 1}}, 0},
        {"ASCII is one", {{"a", 918}}, 918},
        {"of the extension table too", {{"[", 459}}, 459},
        {"a line end too", {{"\r\n", 1}}, 2},
        {"the last of ASCII", {{"~", 1}}, 1},
        {"any other is two", {{E_ACUTE, 459}}, 918},
        {"the euro", {{EURO, 1}}, 2},
        {"a Chinese one", {{HAN, 459}}, 918},
        {"an emoji, though it is two units", {{SMILE, 459}}, 918},
        {"mixed", {{"a", 100}, {E_ACUTE, 100}, {SMILE, 100}}, 500},
        {"each character of a cluster", {{FAMILY, 1}}, 14},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(counts); i++) {
        char *text = unit_join(counts[i].runs);

        check_number(counts[i].name, sms_parts_count(text).api_characters,
                     counts[i].want);
        free(text);
    }
}

/* Texts are made of pieces whose units and borders are known here, and packed from
 * them, not from the text. The units of each character: one digit for one character. */
static const struct piece {
    const char *text, *septets, *utf16;
} pieces[] = {
    {"a", "1", "1"},           {"Hello", "11111", NULL}, /* five clusters */
    {"[", "2", "1"},           {EURO, "2", "1"},
    {E_ACUTE, "1", "1"},       {"\n", "1", "1"},
    {"\r\n", "11", "11"},      {HAN, NULL, "1"},
    {SMILE, NULL, "2"},        {FLAG, NULL, "22"},
    {KEYCAP, NULL, "111"},     {THUMB, NULL, "22"},
    {HEART, NULL, "11"},       {CONJUNCT, NULL, "111"},
    {SYLLABLE, NULL, "1111"},  {MARKED, NULL, "11"},
    {FAMILY, NULL, "2121212"}, {SCOTLAND, NULL, "2222222"},
};
enum { GSM_PIECES = 7, MOST_PIECES = 120, LONGEST_PIECE = 32 };

/* A cluster that is larger than any part. Text and units are made when they are
 * needed. */
static char long_text[1 + 2 * 100 + 1], long_units[101 + 1];
static const struct piece long_piece = {long_text, NULL, long_units};

static void make_long_piece(void)
{
    char *marks = unit_repeat("\u0303", 100);

    snprintf(long_text, sizeof long_text, "q%s", marks);
    memset(long_units, '1', sizeof long_units - 1);
    free(marks);
}

struct packing {
    unsigned room, parts, used, total;
};

static void pack(struct packing *packing, unsigned units)
{
    packing->total += units;
    if (units <= packing->room - packing->used) {
        packing->used += units;
        return;
    }
    packing->parts++;
    packing->used = units;
}

static void pack_piece(struct packing *packing, const char *units, bool is_whole)
{
    unsigned sum = 0;

    for (const char *at = units; *at; at++)
        sum += (unsigned)(*at - '0');
    if (is_whole && sum <= packing->room) {
        pack(packing, sum);
        return;
    }
    for (; *units; units++)
        pack(packing, (unsigned)(*units - '0'));
}

static struct sms_parts pack_all(const struct piece *const *list, size_t count)
{
    bool is_gsm = true;
    struct packing packing = {.parts = 1};
    struct sms_parts parts = {.encoding = SMS_GSM7};
    unsigned lone_room;

    for (size_t i = 0; i < count; i++)
        is_gsm = is_gsm && list[i]->septets;
    packing.room = is_gsm ? 153 : 67;
    lone_room = is_gsm ? 160 : 70;
    for (size_t i = 0; i < count; i++)
        if (is_gsm || !list[i]->utf16)
            pack_piece(&packing, list[i]->septets, false);
        else
            pack_piece(&packing, list[i]->utf16, true);
    parts.encoding = is_gsm ? SMS_GSM7 : SMS_UCS2;
    parts.units = packing.total;
    parts.parts = packing.total > lone_room ? packing.parts : packing.total > 0;
    parts.left_units = packing.total > lone_room ? packing.room - packing.used
                                                 : lone_room - packing.total;
    return parts;
}

/* Tries every arrangement into parts: none needs fewer. Only for pieces that are
 * shorter than a part. */
static unsigned fewest_parts(const struct piece *const *list, size_t count, bool is_gsm)
{
    unsigned least[MOST_PIECES + 1] = {0};

    for (size_t end = 1; end <= count; end++) {
        unsigned sum = 0;

        least[end] = UINT32_MAX;
        for (size_t start = end; start > 0; start--) {
            const struct piece *piece = list[start - 1];
            const char *units = is_gsm || !piece->utf16 ? piece->septets : piece->utf16;

            for (; *units; units++)
                sum += (unsigned)(*units - '0');
            if (sum > (is_gsm ? 153U : 67U))
                break;
            if (least[start - 1] + 1 < least[end])
                least[end] = least[start - 1] + 1;
        }
    }
    return least[count];
}

static unsigned long long seed = 11;

static size_t pick(size_t below)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(seed >> 33) % below;
}

/* Fewer under valgrind, which is fifty times slower. */
static unsigned long count_rounds(void)
{
    const char *wanted = getenv("SMS_TEST_ROUNDS");

    return wanted ? strtoul(wanted, NULL, 10) : 1000000;
}

/* All pieces in the order of the text. */
static size_t make_round(unsigned long round, const struct piece *list[MOST_PIECES],
                         char *text)
{
    size_t kinds = round % 4 == 0 ? GSM_PIECES : COUNT(pieces);
    size_t count = pick(round % 4 == 0 ? MOST_PIECES : MOST_PIECES / 3);

    *text = '\0';
    for (size_t i = 0; i < count; i++) {
        list[i] = &pieces[pick(kinds)];
        if (kinds > GSM_PIECES && pick(500) == 0)
            list[i] = &long_piece;
        text = stpcpy(text, list[i]->text);
    }
    return count;
}

static void a_million_texts_are_packed_the_same(void **state)
{
    static char text[MOST_PIECES * sizeof long_text];
    unsigned long rounds = count_rounds();

    (void)state;
    make_long_piece();
    for (unsigned long round = 0; round < rounds; round++) {
        const struct piece *list[MOST_PIECES];
        size_t count = make_round(round, list, text);
        struct sms_parts want = pack_all(list, count), got = sms_parts_count(text);
        bool is_plain =
            !strstr(text, long_text) && !strstr(text, "\r\n") && !strstr(text, "Hello");

        if (got.encoding != want.encoding || got.units != want.units ||
            got.parts != want.parts || got.left_units != want.left_units)
            fail_msg("round %lu: %u units, %u parts, %u left; want %u, %u, %u: %s",
                     round, got.units, got.parts, got.left_units, want.units,
                     want.parts, want.left_units, text);
        if (is_plain && got.parts > 1 &&
            got.parts != fewest_parts(list, count, got.encoding == SMS_GSM7))
            fail_msg("round %lu: fewer than %u parts would do: %s", round, got.parts,
                     text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(borders_are_as_the_standard_has_them),
        UNIT_TEST(the_api_counts_its_own_way),
        UNIT_TEST(a_million_texts_are_packed_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
