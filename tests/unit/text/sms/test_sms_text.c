/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/sms/gsm0338.h"
#include "text/sms/gsm_form.h"
#include "text/sms/sms_text.h"
#include "text/sms/unicode.h"

#define EURO "\u20AC"                 /* in the extension table: 2 septets */
#define E_ACUTE "\u00E9"              /* in the alphabet, yet not ASCII */
#define HAN "\u6F22"                  /* one UTF-16 unit */
#define SMILE "\U0001F600"            /* a surrogate pair */
#define FLAG "\U0001F1EC\U0001F1E7"   /* 4 units */
#define CONJUNCT "\u0915\u094D\u0937" /* 3 units */
#define FAMILY "\U0001F468\u200D\U0001F469\u200D\U0001F467" /* 8 units */
#define THAI "\u0E01\u0E49"                                 /* 2 units */

static const char *encoding_of(const struct sms_text *sms)
{
    return sms_parts_encoding_name(sms_text_size(sms)->encoding);
}

static void a_text_is_written_in_its_alphabet(void **state)
{
    static const struct {
        const char *name, *text;
        enum encoding encoding;
        const char *want_encoding, *want, *replaced; /* NULL: nothing was */
    } rows[] = {
        {"ASCII", "Hello", ENCODING_AUTO, "gsm7", "Hello", NULL},
        {"the alphabet", "£5 \u00E0 la carte", ENCODING_AUTO, "gsm7",
         "£5 \u00E0 la carte", NULL},
        {"a letter and its accent are one", "cafe\u0301", ENCODING_AUTO, "gsm7",
         "caf\u00E9", NULL},
        {"look-alikes", "“It’s 20°C…”", ENCODING_AUTO, "gsm7", "\"It's 20C...\"", NULL},
        {"Welsh", "Mae’r ysgol ar gau ddydd Llun – dŵr", ENCODING_AUTO, "gsm7",
         "Mae'r ysgol ar gau ddydd Llun - dwr", NULL},
        {"one character without: all of it stays", "“It’s” 😀", ENCODING_AUTO, "ucs2",
         "“It’s” 😀", NULL},
        {"and is in NFC still", "cafe\u0301 漢", ENCODING_AUTO, "ucs2", "caf\u00E9 漢",
         NULL},
        {"what cannot be seen goes", "a\u200Bb", ENCODING_AUTO, "gsm7", "ab", NULL},
        {"unicode: nothing is mapped", "“It’s”", ENCODING_UNICODE, "ucs2", "“It’s”",
         NULL},
        {"unicode: the alphabet all the same", "It's \u00E9", ENCODING_UNICODE, "gsm7",
         "It's \u00E9", NULL},
        {"unicode: NFC", "e\u0301", ENCODING_UNICODE, "gsm7", "\u00E9", NULL},
        {"gsm7: look-alikes", "“It’s”", ENCODING_GSM7, "gsm7", "\"It's\"", NULL},
        {"gsm7: letters of other scripts", "Привет Ωμέγα", ENCODING_GSM7, "gsm7",
         "Privet ΩMEΓA", NULL},
        {"gsm7: one mark for a run", "Hi 😀👍🏽👨\u200D👩\u200D👧!",
         ENCODING_GSM7, "gsm7", "Hi ?!", "😀👍🏽👨\u200D👩\u200D👧"},
        {"gsm7: of two runs the first is shown", "漢字 and 仮名", ENCODING_GSM7, "gsm7",
         "? and ?", "漢字"},
        {"gsm7: at the end", "Hi ❤\uFE0F", ENCODING_GSM7, "gsm7", "Hi ?", "❤\uFE0F"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct text_options options = {.max_parts = 6,
                                             .encoding = rows[i].encoding};
        const struct cut *replaced;
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err;

        assert_true(sms_text_new(rows[i].text, &options, &cuts, &sms, &err));
        replaced = &cuts.by_reason[CUT_CHARACTERS];
        check_text(rows[i].name, sms_text_utf8(sms), rows[i].want);
        check_text(rows[i].name, encoding_of(sms), rows[i].want_encoding);
        check_text(rows[i].name, replaced->size_bytes ? replaced->beginning : NULL,
                   rows[i].replaced);
        check_number(rows[i].name, (long long)cuts.by_reason[CUT_OVERLONG].size_bytes,
                     0);
        sms_text_free(&sms);
        check_true(rows[i].name, sms == NULL);
        sms_text_free(&sms);
    }
}

/* A hard sign has no letter in Latin. */
static void what_is_written_as_nothing_is_refused(void **state)
{
    static const char *const texts[] = {"\u042A", "\u042A \u042C\n", "\u0301",
                                        "\u042A\u05C1"};
    const struct text_options options = {.max_parts = 6, .encoding = ENCODING_GSM7};

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err = {.text = ""};

        if (sms_text_new(texts[i], &options, &cuts, &sms, &err))
            check_true(texts[i], *sms_text_utf8(sms));
        else
            check_error(texts[i], &err, ERROR_REFUSED, "5.6.0",
                        "no text to send as an SMS");
        sms_text_free(&sms);
    }
}

static void an_overlong_text_is_refused(void **state)
{
    static const struct {
        const char *name;
        struct unit_run runs[UNIT_RUNS];
        unsigned max_parts;
        const char *status, *want; /* "" for a text that is taken */
    } rows[] = {
        {"nothing", {{"", 1}}, 6, "5.6.0", "no text to send as an SMS"},
        {"white space",
         {{" \n\t\u00A0", 300}},
         6,
         "5.6.0",
         "no text to send as an SMS"},
        {"what cannot be seen", {{"\u200B\uFEFF", 1}}, 6, "5.6.0", NULL},
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
        char *text = unit_join(rows[i].runs);
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err = {.text = ""};
        bool is_made = sms_text_new(text, &options, &cuts, &sms, &err);

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
        struct unit_run runs[UNIT_RUNS], want[UNIT_RUNS];
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
        {"clusters: a flag is not cut in two",
         1,
         {{HAN, 65}, {FLAG, 2}},
         {{HAN, 65}, {"...", 1}}},
        {"a flag that just fits",
         1,
         {{HAN, 63}, {FLAG, 2}},
         {{HAN, 63}, {FLAG, 1}, {"...", 1}}},
        {"a family is not cut in two", 1, {{FAMILY, 9}}, {{FAMILY, 8}, {"...", 1}}},
        {"nor an accent from its letter",
         1,
         {{HAN, 66}, {"q\u0303", 3}},
         {{HAN, 66}, {"...", 1}}},
        {"nor an Indic syllable", 1, {{CONJUNCT, 24}}, {{CONJUNCT, 22}, {"...", 1}}},
        {"nor a keycap", 1, {{HAN, 65}, {"1\uFE0F\u20E3", 3}}, {{HAN, 65}, {"...", 1}}},
        {"nor Thai letters from their signs",
         1,
         {{THAI, 36}},
         {{THAI, 33}, {"...", 1}}},
        {"a cluster longer than all of it, at a character",
         1,
         {{HAN, 1}, {"\u0323", 200}},
         {{HAN, 1}, {"\u0323", 66}, {"...", 1}}},
        {"between Chinese characters there is no word to wait for",
         1,
         {{"ab ", 10}, {HAN, 50}},
         {{"ab ", 10}, {HAN, 37}, {"...", 1}}},
        {"a long word is cut rather than half of the room lost",
         1,
         {{"abc ", 10}, {"d", 200}},
         {{"abc ", 10}, {"d", 117}, {"...", 1}}},
        {"but not for less than half",
         1,
         {{"abc ", 20}, {"d", 200}},
         {{"abc ", 19}, {"abc...", 1}}},
        {"no dots before the dots",
         1,
         {{"a", 150}, {". ", 1}, {"b", 20}},
         {{"a", 150}, {"...", 1}}},
        {"nor other pauses",
         1,
         {{"a", 150}, {" -- ;:, ", 1}, {"b", 20}},
         {{"a", 150}, {"...", 1}}},
        {"nor a bracket that opens",
         1,
         {{"a", 150}, {" ([", 1}, {"b", 20}},
         {{"a", 150}, {"...", 1}}},
        {"a word whose full stop does not fit",
         1,
         {{"a", 100}, {" ", 1}, {"b", 56}, {". cd", 1}},
         {{"a", 100}, {" ", 1}, {"b", 56}, {"...", 1}}},
        {"the last word, with more dots than fit",
         1,
         {{"a", 150}, {" ", 1}, {"b", 5}, {".", 20}},
         {{"a", 150}, {" ", 1}, {"b", 5}, {"...", 1}}},
        {"a question mark stays",
         1,
         {{"a", 150}, {"? ", 1}, {"b", 20}},
         {{"a", 150}, {"?...", 1}}},
        {"nothing but dashes", 1, {{"-", 200}}, {{"-", 157}, {"...", 1}}},
        {"spaces before the cut go",
         1,
         {{"a", 150}, {" ", 5}, {"b", 20}},
         {{"a", 150}, {"...", 1}}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct text_options options = {.max_parts = rows[i].max_parts,
                                             .overlong = OVERLONG_TRUNCATE};
        char *text = unit_join(rows[i].runs), *want = unit_join(rows[i].want);
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err;

        if (!sms_text_new(text, &options, &cuts, &sms, &err)) {
            check_text(rows[i].name, err.text, "no error");
        } else {
            check_text(rows[i].name, sms_text_utf8(sms), want);
            check_true(rows[i].name, sms_text_size(sms)->parts <= rows[i].max_parts);
            check_number(rows[i].name, cuts.by_reason[CUT_OVERLONG].size_bytes > 0,
                         strcmp(text, want) != 0);
        }
        sms_text_free(&sms);
        free(text);
        free(want);
    }
}

static void a_cut_minds_the_alphabet(void **state)
{
    static const struct {
        const char *name;
        enum encoding encoding;
        struct unit_run runs[UNIT_RUNS], want[UNIT_RUNS];
        const char *want_encoding;
    } rows[] = {
        {"look-alikes count as what they become",
         ENCODING_AUTO,
         {{"\u00BD ", 50}},
         {{"1/2 ", 38}, {"1/2...", 1}},
         "gsm7"},
        {"what has no form is cut off, the rest takes its form",
         ENCODING_AUTO,
         {{"\u2019a", 78}, {" ", 1}, {"b", 10}, {HAN, 9}},
         {{"'a", 78}, {"...", 1}},
         "gsm7"},
        {"a form that is too long does not matter if it is not taken",
         ENCODING_AUTO,
         {{"\u00BD", 60}, {HAN, 1}},
         {{"\u00BD", 60}, {HAN, 1}},
         "ucs2"},
        {"unicode: nothing is mapped for the cut",
         ENCODING_UNICODE,
         {{"\u2019", 71}},
         {{"\u2019", 67}, {"...", 1}},
         "ucs2"},
        {"unicode: what is UCS-2 is cut off",
         ENCODING_UNICODE,
         {{"a", 160}, {"\u2019", 1}},
         {{"a", 157}, {"...", 1}},
         "gsm7"},
        {"gsm7: a run that is replaced takes one septet",
         ENCODING_GSM7,
         {{"a", 156}, {HAN, 300}, {"b", 9}},
         {{"a", 156}, {"?...", 1}},
         "gsm7"},
        {"gsm7: all of it may be such a run",
         ENCODING_GSM7,
         {{HAN, 300}},
         {{"?", 1}},
         "gsm7"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct text_options options = {.max_parts = 1,
                                             .encoding = rows[i].encoding};
        char *text = unit_join(rows[i].runs), *want = unit_join(rows[i].want);
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err;

        assert_true(sms_text_new(text, &options, &cuts, &sms, &err));
        check_text(rows[i].name, sms_text_utf8(sms), want);
        check_text(rows[i].name, encoding_of(sms), rows[i].want_encoding);
        sms_text_free(&sms);
        free(text);
        free(want);
    }
}

#define LINK40 "https://example.org/a-path/0123456789012" /* 40 characters */

static void a_link_is_never_cut_in_two(void **state)
{
    static const struct {
        const char *name;
        struct unit_run runs[UNIT_RUNS], want[UNIT_RUNS];
    } rows[] = {
        {"dropped whole",
         {{"a", 120}, {" ", 1}, {LINK40, 1}},
         {{"a", 120}, {"...", 1}}},
        {"with what leads to it",
         {{"a", 120}, {" (" LINK40 ") b", 1}},
         {{"a", 120}, {"...", 1}}},
        {"and a colon",
         {{"a", 120}, {" see: " LINK40, 1}},
         {{"a", 120}, {" see...", 1}}},
        {"right behind a colon",
         {{"a", 120}, {" see:" LINK40, 1}},
         {{"a", 120}, {" see...", 1}}},
        {"in angle brackets",
         {{"a", 120}, {" <" LINK40 ">", 1}},
         {{"a", 120}, {"...", 1}}},
        {"capitals",
         {{"a", 120}, {" HTTPS://example.org/a-path/0123456789012", 1}},
         {{"a", 120}, {"...", 1}}},
        {"http",
         {{"a", 120}, {" http://example.org/a-path/01234567890123", 1}},
         {{"a", 120}, {"...", 1}}},
        {"www",
         {{"a", 120}, {" www.example.org/a-path/01234567890123456", 1}},
         {{"a", 120}, {"...", 1}}},
        {"an e-mail address",
         {{"a", 140}, {" someone.else+school@example.org", 1}},
         {{"a", 140}, {"...", 1}}},
        {"even when most of the room is lost",
         {{"a", 20}, {" https://example.org/", 1}, {"b", 200}},
         {{"a", 20}, {"...", 1}}},
        {"one that fits stays, apart from the dots",
         {{"a", 80}, {" " LINK40, 1}, {" ", 1}, {"b", 60}},
         {{"a", 80}, {" " LINK40 " ...", 1}}},
        {"just so",
         {{"a", 115}, {" " LINK40, 1}, {" ", 1}, {"b", 60}},
         {{"a", 115}, {" " LINK40 " ...", 1}}},
        {"but for one",
         {{"a", 116}, {" " LINK40, 1}, {" ", 1}, {"b", 60}},
         {{"a", 116}, {"...", 1}}},
        {"its full stop is the text's",
         {{"a", 80}, {" " LINK40 ". ", 1}, {"b", 60}},
         {{"a", 80}, {" " LINK40 " ...", 1}}},
        {"and its bracket",
         {{"a", 80}, {" (" LINK40 ") ", 1}, {"b", 60}},
         {{"a", 80}, {" (" LINK40 ")...", 1}}},
        {"letters before it make it none",
         {{"a", 120}, {"http://", 1}, {"b", 60}},
         {{"a", 120}, {"http://", 1}, {"b", 30}, {"...", 1}}},
        {"nor is an at alone one",
         {{"a", 100}, {"@ ", 1}, {"b", 60}},
         {{"a", 100}, {"@...", 1}}},
    };
    const struct text_options options = {.max_parts = 1};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = unit_join(rows[i].runs), *want = unit_join(rows[i].want);
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err;

        assert_true(sms_text_new(text, &options, &cuts, &sms, &err));
        check_text(rows[i].name, sms_text_utf8(sms), want);
        check_true(rows[i].name, cuts.by_reason[CUT_OVERLONG].size_bytes > 0);
        sms_text_free(&sms);
        free(text);
        free(want);
    }
}

static void a_link_too_long_is_refused(void **state)
{
    static const char want[] =
        "text too long: it begins with a link that does not fit into 1 SMS parts and "
        "918 characters, and a link is never cut";
    static const struct {
        const char *name;
        struct unit_run runs[UNIT_RUNS];
    } rows[] = {
        {"nothing else", {{"https://example.org/", 1}, {"a", 150}}},
        {"at the beginning", {{"www.example.org/", 1}, {"a", 150}, {" b", 1}}},
        {"in brackets", {{"(https://example.org/", 1}, {"a", 150}, {")", 1}}},
        {"an e-mail address", {{"a", 150}, {"@example.org", 1}}},
    };
    const struct text_options options = {.max_parts = 1};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = unit_join(rows[i].runs);
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err;

        check_true(rows[i].name, !sms_text_new(text, &options, &cuts, &sms, &err));
        check_true(rows[i].name, sms == NULL);
        check_error(rows[i].name, &err, ERROR_REFUSED, "5.3.4", want);
        free(text);
    }
}

static void what_was_cut_is_told(void **state)
{
    const struct text_options options = {.max_parts = 1};
    char *text = unit_join((struct unit_run[UNIT_RUNS]){{"abcd ", 40}});
    struct cuts cuts = {0};
    struct sms_text *sms;
    struct error err;

    (void)state;
    assert_true(sms_text_new(text, &options, &cuts, &sms, &err));
    check_number("200 less 154", (long long)cuts.by_reason[CUT_OVERLONG].size_bytes,
                 45);
    check_number("none replaced", (long long)cuts.by_reason[CUT_CHARACTERS].size_bytes,
                 0);
    check_true("from its first word on",
               strncmp(cuts.by_reason[CUT_OVERLONG].beginning, "abcd abcd", 9) == 0);
    sms_text_free(&sms);
    free(text);
}

/* Texts whose inseparable pieces are known. */
static const char *const pieces[] = {
    "a",
    "b",
    "c",
    "d",
    " ",
    " ",
    ".",
    "-",
    "(",
    "[",
    EURO,
    E_ACUTE,
    "\n",
    "\u2019",
    "\u2026",
    "\u00A0",
    "\u0175",
    "\u00BD",
    "q\u0303",
    HAN,
    SMILE,
    FLAG,
    FAMILY,
    CONJUNCT,
    THAI,
    "1\uFE0F\u20E3",
    "\U0001F44D\U0001F3FD",
    "\u0438",
};
enum { GSM_PIECES = 13, LOOKALIKE_PIECES = 19, MOST_PIECES = 1200 };
static const char *const links[] = {LINK40, "www.example.org", "a@example.org"};

static unsigned long long seed = 7;

static size_t pick(size_t below)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(seed >> 33) % below;
}

struct known {
    char text[MOST_PIECES * sizeof LINK40];
    size_t length;
    size_t ends[MOST_PIECES + 3]; /* of its pieces */
    size_t count;
    struct gsm_form form;
    size_t form_ends[MOST_PIECES + 3]; /* of the pieces' forms, as long as they have */
    size_t form_count;
};

static void add_piece(struct known *known, const char *piece)
{
    strcpy(known->text + known->length, piece);
    known->length += strlen(piece);
    known->ends[known->count++] = known->length;
}

static void make_known(struct known *known, size_t kinds, enum encoding encoding)
{
    size_t wanted = pick(MOST_PIECES), start = 0;

    known->length = known->count = known->form_count = 0;
    add_piece(known, "x");
    while (known->count < wanted) {
        if (pick(30) == 0) {
            add_piece(known, " ");
            add_piece(known, links[pick(COUNT(links))]);
            add_piece(known, " ");
        }
        add_piece(known, pieces[pick(kinds)]);
    }
    assert_true(
        gsm_form_start(&known->form, known->text,
                       encoding == ENCODING_GSM7 ? GSM_CLOSEST : GSM_LOOKALIKE));
    for (size_t i = 0; encoding != ENCODING_UNICODE && i < known->count; i++) {
        if (!gsm_form_add(&known->form, known->text + start, known->ends[i] - start))
            break;
        known->form_ends[known->form_count++] = known->form.length;
        start = known->ends[i];
    }
}

static bool is_among(size_t wanted, const size_t *ends, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (ends[i] == wanted)
            return true;
    return false;
}

/* Whether the first kept bytes are whole pieces of a text or of its form. */
static bool begins_with_pieces(const struct known *known, const char *got, size_t kept)
{
    return (is_among(kept, known->ends, known->count) &&
            strncmp(got, known->text, kept) == 0) ||
           (is_among(kept, known->form_ends, known->form_count) &&
            strncmp(got, known->form.text, kept) == 0);
}

static bool is_all_of_it(const struct known *known, const char *got)
{
    return strcmp(got, known->form_count == known->count ? known->form.text
                                                         : known->text) == 0;
}

static bool is_good_cut(const struct known *known, const char *got)
{
    size_t length = strlen(got);

    if (length < 4 || strcmp(got + length - 3, "...") != 0)
        return false;
    return begins_with_pieces(known, got, length - 3) ||
           (got[length - 4] == ' ' && begins_with_pieces(known, got, length - 4));
}

/* Whatever the text is, the result keeps to the limits, is NFC, and has only whole
 * clusters and links. */
static void every_sms_keeps_to_the_limits(void **state)
{
    static struct known known;

    (void)state;
    for (unsigned round = 0; round < 6000; round++) {
        const struct text_options options = {
            .max_parts = 1 + round % 7, .encoding = (enum encoding)(round / 7 % 3)};
        const size_t kinds[] = {GSM_PIECES, LOOKALIKE_PIECES, COUNT(pieces)};
        struct cuts cuts = {0};
        struct sms_parts size;
        struct sms_text *sms;
        struct error err;
        const char *got;
        char *nfc;

        make_known(&known, kinds[round % COUNT(kinds)], options.encoding);
        assert_true(sms_text_new(known.text, &options, &cuts, &sms, &err));
        got = sms_text_utf8(sms);
        size = sms_parts_count(got);
        nfc = unicode_nfc(got);
        if (!utf8_is_valid(got) || strcmp(nfc, got) != 0 ||
            memcmp(&size, sms_text_size(sms), sizeof size) != 0 ||
            size.parts > options.max_parts || size.api_characters > 918 ||
            (options.encoding == ENCODING_GSM7 && size.encoding != SMS_GSM7) ||
            !(cuts.by_reason[CUT_OVERLONG].size_bytes > 0 ? is_good_cut(&known, got)
                                                          : is_all_of_it(&known, got)))
            fail_msg("round %u: %u parts of %u: %s\nof: %s", round, size.parts,
                     options.max_parts, got, known.text);
        sms_text_free(&sms);
        gsm_form_free(&known.form);
        free(nfc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_text_is_written_in_its_alphabet),
        UNIT_TEST(what_is_written_as_nothing_is_refused),
        UNIT_TEST(an_overlong_text_is_refused),
        UNIT_TEST(an_overlong_text_is_cut),
        UNIT_TEST(a_cut_minds_the_alphabet),
        UNIT_TEST(a_link_is_never_cut_in_two),
        UNIT_TEST(a_link_too_long_is_refused),
        UNIT_TEST(what_was_cut_is_told),
        UNIT_TEST(every_sms_keeps_to_the_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
