/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/gsm0338.h"
#include "text/sms_text.h"

#define EURO "\xE2\x82\xAC"      /* in the extension table: 2 septets */
#define E_ACUTE "\xC3\xA9"       /* in the alphabet, yet not ASCII */
#define HAN "\xE6\xBC\xA2"       /* U+6F22, one UTF-16 unit */
#define SMILE "\xF0\x9F\x98\x80" /* U+1F600, a surrogate pair */

/* A few runs of characters make a text. */
struct run {
    const char *text;
    size_t count;
};

enum { MAX_RUNS = 5 };

static char *join(const struct run runs[MAX_RUNS])
{
    char *joined = unit_repeat("", 0);

    for (size_t i = 0; i < MAX_RUNS && runs[i].text; i++) {
        char *more = unit_repeat(runs[i].text, runs[i].count);
        char *longer = NULL;

        assert_true(asprintf(&longer, "%s%s", joined, more) >= 0);
        free(joined);
        free(more);
        joined = longer;
    }
    return joined;
}

/* TS 23.040 clause 9.2.3.24.1: the user data of a part has 153 septets or 67 units. */
static void a_text_takes_its_parts(void **state)
{
    static const struct {
        const char *name;
        struct run runs[MAX_RUNS];
        unsigned parts;
    } rows[] = {
        {"one septet", {{"a", 1}}, 1},
        {"160 septets", {{"a", 160}}, 1},
        {"161 septets", {{"a", 161}}, 2},
        {"306 septets", {{"a", 306}}, 2},
        {"307 septets", {{"a", 307}}, 3},
        {"459 septets", {{"a", 459}}, 3},
        {"460 septets", {{"a", 460}}, 4},
        {"918 septets", {{"a", 918}}, 6},
        {"160 septets of accents in the alphabet", {{E_ACUTE, 160}}, 1},
        {"an escape pair counts two: 160", {{"a", 158}, {EURO, 1}}, 1},
        {"an escape pair counts two: 161", {{"a", 159}, {EURO, 1}}, 2},
        {"80 escape pairs", {{EURO, 80}}, 1},
        {"81 escape pairs", {{EURO, 81}}, 2},
        {"an escape pair is not split in a lone SMS: 153 is no border there",
         {{"a", 152}, {EURO, 1}, {"a", 6}},
         1},
        {"an escape pair that would be split moves on whole",
         {{"a", 152}, {EURO, 1}, {"a", 152}},
         3},
        {"an escape pair that just fits", {{"a", 151}, {EURO, 1}, {"a", 153}}, 2},
        {"152 escape pairs: 76 a part", {{EURO, 152}}, 2},
        {"153 escape pairs", {{EURO, 153}}, 3},
        {"brackets of the extension table", {{"[", 81}}, 2},
        {"70 units", {{HAN, 70}}, 1},
        {"71 units", {{HAN, 71}}, 2},
        {"134 units", {{HAN, 134}}, 2},
        {"135 units", {{HAN, 135}}, 3},
        {"one foreign character makes all of it UCS-2", {{"a", 69}, {HAN, 1}}, 1},
        {"and then 71 take two parts", {{"a", 70}, {HAN, 1}}, 2},
        {"the euro is one unit there", {{HAN, 1}, {EURO, 69}}, 1},
        {"brackets are one unit there", {{HAN, 1}, {"[", 69}}, 1},
        {"35 surrogate pairs", {{SMILE, 35}}, 1},
        {"36 surrogate pairs: 33 a part", {{SMILE, 36}}, 2},
        {"66 surrogate pairs", {{SMILE, 66}}, 2},
        {"67 surrogate pairs", {{SMILE, 67}}, 3},
        {"a surrogate pair that would be split moves on whole",
         {{HAN, 66}, {SMILE, 1}, {HAN, 66}},
         3},
        {"a surrogate pair that just fits", {{HAN, 65}, {SMILE, 1}, {HAN, 67}}, 2},
        {"a character of the last plane", {{"\xF4\x8F\xBF\xBF", 35}}, 1},
        {"backtick is not in the alphabet", {{"a", 70}, {"`", 1}}, 2},
        {"small c with cedilla is not in the alphabet",
         {{"a", 70}, {"\xC3\xA7", 1}},
         2},
        {"line ends count", {{"a", 159}, {"\n", 1}}, 1},
    };
    const struct text_options options = {.max_parts = 255, .overlong = OVERLONG_REJECT};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = join(rows[i].runs);
        struct sms_text *sms;
        struct error err;

        if (!sms_text_new(text, &options, &sms, &err)) {
            check_text(rows[i].name, err.text, "no error");
        } else {
            check_number(rows[i].name, sms_text_parts(sms), rows[i].parts);
            check_text(rows[i].name, sms_text_utf8(sms), text);
            check_true(rows[i].name, !sms_text_is_cut(sms));
        }
        sms_text_free(&sms);
        check_true(rows[i].name, sms == NULL);
        sms_text_free(&sms);
        free(text);
    }
}

static void an_overlong_text_is_refused(void **state)
{
    static const struct {
        const char *name;
        struct run runs[MAX_RUNS];
        unsigned max_parts;
        const char *status, *want; /* "" for a text that is taken */
    } rows[] = {
        {"nothing", {{"", 1}}, 6, "5.6.0", "no text to send as an SMS"},
        {"one part too many",
         {{"a", 161}},
         1,
         "5.3.4",
         "text too long: it takes 2 SMS parts, the limit is 1 parts and 918 "
         "characters"},
        {"as many as may be", {{"a", 160}}, 1, "", ""},
        {"seven parts",
         {{"a", 919}},
         6,
         "5.3.4",
         "text too long: it takes 7 SMS parts, the limit is 6 parts and 918 "
         "characters"},
        {"918 characters of the API's", {{"a", 918}}, 255, "", ""},
        {"919 characters of the API's",
         {{"a", 919}},
         255,
         "5.3.4",
         "text too long: it takes 7 SMS parts, the limit is 255 parts and 918 "
         "characters"},
        {"459 not of ASCII are 918", {{E_ACUTE, 459}}, 255, "", ""},
        {"460 not of ASCII are 920", {{E_ACUTE, 460}}, 255, "5.3.4", NULL},
        {"one more ASCII character", {{E_ACUTE, 459}, {"a", 1}}, 255, "5.3.4", NULL},
        {"459 emoji are 918", {{SMILE, 459}}, 255, "", ""},
        {"460 emoji are 920", {{SMILE, 460}}, 255, "5.3.4", NULL},
        {"an extension character of ASCII is one", {{"[", 459}}, 255, "", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct text_options options = {.max_parts = rows[i].max_parts,
                                             .overlong = OVERLONG_REJECT};
        char *text = join(rows[i].runs);
        struct sms_text *sms;
        struct error err = {.text = ""};
        bool is_made = sms_text_new(text, &options, &sms, &err);

        check_number(rows[i].name, is_made, *rows[i].status == '\0');
        check_true(rows[i].name, is_made == (sms != NULL));
        if (!is_made)
            check_error(rows[i].name, &err, ERROR_REFUSED, rows[i].status,
                        rows[i].want);
        sms_text_free(&sms);
        free(text);
    }
}

static void an_overlong_text_is_cut(void **state)
{
    static const struct {
        const char *name;
        unsigned max_parts;
        struct run runs[MAX_RUNS], want[MAX_RUNS];
    } rows[] = {
        {"160 septets stay", 1, {{"a", 160}}, {{"a", 160}}},
        {"a single word is cut anywhere", 1, {{"a", 161}}, {{"a", 157}, {"...", 1}}},
        {"at a word", 1, {{"abcd ", 33}}, {{"abcd ", 30}, {"abcd...", 1}}},
        {"at a line end",
         1,
         {{"abc\n", 40}, {"xyz", 1}},
         {{"abc\n", 38}, {"abc...", 1}}},
        {"a word that just fits",
         1,
         {{"a", 150}, {" ", 1}, {"b", 6}, {" ccc", 1}},
         {{"a", 150}, {" ", 1}, {"b", 6}, {"...", 1}}},
        {"a word one too long",
         1,
         {{"a", 150}, {" ", 1}, {"b", 7}, {" ccc", 1}},
         {{"a", 150}, {"...", 1}}},
        {"two parts, 306 with the dots", 2, {{"a", 307}}, {{"a", 303}, {"...", 1}}},
        {"an escape pair is not cut in two",
         1,
         {{"a", 156}, {EURO, 5}},
         {{"a", 156}, {"...", 1}}},
        {"an escape pair that just fits",
         1,
         {{"a", 155}, {EURO, 5}},
         {{"a", 155}, {EURO, 1}, {"...", 1}}},
        {"UCS-2", 1, {{HAN, 71}}, {{HAN, 67}, {"...", 1}}},
        {"UCS-2 in two parts", 2, {{HAN, 135}}, {{HAN, 131}, {"...", 1}}},
        {"a surrogate pair is not cut in two",
         1,
         {{HAN, 66}, {SMILE, 3}},
         {{HAN, 66}, {"...", 1}}},
        {"what made it UCS-2 is cut off",
         1,
         {{"a", 160}, {HAN, 1}},
         {{"a", 157}, {"...", 1}}},
        {"UCS-2 from its first character",
         1,
         {{HAN, 1}, {"a", 100}},
         {{HAN, 1}, {"a", 66}, {"...", 1}}},
        {"the API's limit, where more parts would do",
         255,
         {{"a", 919}},
         {{"a", 915}, {"...", 1}}},
        {"the API's limit of what is not ASCII",
         255,
         {{E_ACUTE, 460}},
         {{E_ACUTE, 457}, {"...", 1}}},
        {"the API's limit at an emoji",
         255,
         {{"a", 1}, {SMILE, 459}},
         {{"a", 1}, {SMILE, 457}, {"...", 1}}},
        {"spaces before the cut go",
         1,
         {{"a", 150}, {" ", 5}, {"b", 20}},
         {{"a", 150}, {"...", 1}}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct text_options options = {.max_parts = rows[i].max_parts,
                                             .overlong = OVERLONG_TRUNCATE};
        char *text = join(rows[i].runs), *want = join(rows[i].want);
        struct sms_text *sms;
        struct error err;

        if (!sms_text_new(text, &options, &sms, &err)) {
            check_text(rows[i].name, err.text, "no error");
        } else {
            check_text(rows[i].name, sms_text_utf8(sms), want);
            check_true(rows[i].name, sms_text_parts(sms) <= rows[i].max_parts);
            check_number(rows[i].name, sms_text_is_cut(sms), strcmp(text, want) != 0);
        }
        sms_text_free(&sms);
        free(text);
        free(want);
    }
}

/* The same measures, counted another way: by looking for the borders of the parts. */
static unsigned parts_of(const char *text)
{
    bool is_gsm = true;
    unsigned units[1024], count = 0, total = 0, parts = 1, room;
    uint32_t point;
    const char *at = text;

    while (utf8_next(&at, &point))
        is_gsm = is_gsm && gsm0338_septets(point) > 0;
    at = text;
    while (utf8_next(&at, &point) && count < COUNT(units)) {
        units[count] = is_gsm ? gsm0338_septets(point) : 1 + (point > 0xFFFF);
        total += units[count++];
    }
    if (total <= (is_gsm ? 160u : 70u))
        return 1;
    room = is_gsm ? 153 : 67;
    for (unsigned i = 0; i < count; i++) {
        if (units[i] > room) {
            parts++;
            room = is_gsm ? 153 : 67;
        }
        room -= units[i];
    }
    return parts;
}

static unsigned api_characters_of(const char *text)
{
    unsigned count = 0;
    uint32_t point;

    while (utf8_next(&text, &point))
        count += point < 0x80 ? 1 : 2;
    return count;
}

/* Whatever the text: what comes out keeps to both limits, begins as the text does, and
 * no character is halved. */
static void every_cut_keeps_to_the_limits(void **state)
{
    static const char *const pieces[] = {"a",     "b",  " ", "[", EURO, "e",
                                         E_ACUTE, "\n", "c", " ", HAN,  SMILE};
    unsigned long long seed = 7;

    (void)state;
    for (unsigned round = 0; round < 3000; round++) {
        const struct text_options options = {.max_parts = 1 + round % 7};
        size_t kinds = round % 3 == 0 ? COUNT(pieces) : COUNT(pieces) - 2;
        char text[4 * 1000 + 1] = "x";
        size_t used = 1;
        struct sms_text *sms;
        struct error err;
        const char *got;
        size_t kept;

        for (unsigned i = 0; i < round % 1000; i++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            used += (size_t)sprintf(text + used, "%s", pieces[(seed >> 33) % kinds]);
        }
        assert_true(sms_text_new(text, &options, &sms, &err));
        got = sms_text_utf8(sms);
        kept = strlen(got) - (sms_text_is_cut(sms) ? 3 : 0);
        if (!utf8_is_valid(got) || parts_of(got) != sms_text_parts(sms) ||
            parts_of(got) > options.max_parts || api_characters_of(got) > 918 ||
            strncmp(got, text, kept) != 0 ||
            strcmp(got + kept, sms_text_is_cut(sms) ? "..." : "") != 0 ||
            (!sms_text_is_cut(sms) && kept != used))
            fail_msg("round %u: %u parts of %u: %s", round, sms_text_parts(sms),
                     options.max_parts, got);
        sms_text_free(&sms);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_text_takes_its_parts),
        UNIT_TEST(an_overlong_text_is_refused),
        UNIT_TEST(an_overlong_text_is_cut),
        UNIT_TEST(every_cut_keeps_to_the_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
