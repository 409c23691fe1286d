/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "config/text_options.h"
#include "text/body/body_text.h"

/* A form feed stands for the beginning and the end of a container of quotes, a vertical
 * tab for those of signatures. */
static struct marked_text mark_up(const char *text)
{
    struct marked_text body = {0};
    size_t start[2] = {0, 0};
    bool is_open[2] = {false, false};

    for (; *text; text++) {
        int which = *text == '\v';

        if (*text != '\f' && *text != '\v') {
            marked_text_append(&body, text, 1);
            continue;
        }
        marked_text_end_line(&body);
        if (is_open[which])
            marked_text_mark(&body, start[which], which ? MARK_SIGNATURE : MARK_QUOTE);
        start[which] = body.length_bytes;
        is_open[which] = !is_open[which];
    }
    return body;
}

/* The names of what was cut, such as "quote signature". */
static void name_cuts(const struct cuts *cuts, char names[128])
{
    *names = '\0';
    for (int i = 0; i < CUT_REASONS; i++) {
        if (cuts->by_reason[i].size_bytes == 0)
            continue;
        if (*names)
            strcat(names, " ");
        strcat(names, cuts_name((enum cut_reason)i));
    }
}

static char *trim(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && strchr(" \n", text[length - 1]))
        text[--length] = '\0';
    return text + strspn(text, " \n");
}

struct row {
    const char *name, *body, *want, *cuts;
};

static void check_row(const struct row *row, const struct text_options *options,
                      bool may_be_empty)
{
    struct marked_text body = mark_up(row->body);
    struct cuts cuts = {0};
    char *got = body_text_new(&body, options, may_be_empty, &cuts);
    char names[128];

    assert_non_null(got);
    check_text(row->name, trim(got), row->want);
    check_true(row->name, utf8_is_valid(got));
    name_cuts(&cuts, names);
    check_text(row->name, names, row->cuts);
    free(got);
    marked_text_free(&body);
}

static struct text_options default_options(void)
{
    struct text_options options;
    struct error err;

    text_options_clear(&options);
    assert_true(text_options_set(&options, "end-marker", "##", &err));
    return options;
}

#define WROTE "On Mon, 23 Nov 2026 at 09:12, Jo Smith <jo@school.example> wrote:\n"
#define BLOCK                                                            \
    "From: Jo Smith <jo@school.example>\nSent: 23 November 2026 09:12\n" \
    "To: Office\nSubject: Snow\n"

static void what_the_sender_wrote_is_left(void **state)
{
    static const struct row rows[] = {
        {"nothing", "", "", ""},
        {"a text", "Shut today.\nNo bus.\n", "Shut today.\nNo bus.", ""},

        {"below the end-marker", "a\n ## \nb\n", "a", "end-marker"},
        {"what is not seen beside the marker", "a\n\u200b##\ufeff\nb\n", "a",
         "end-marker"},
        {"full-width", "a\n\uff03\uff03\nb\n", "a", "end-marker"},
        {"in a list", "a\n- ##\nb\n", "a", "end-marker"},
        {"as a link", "a\n## (https://x.example)\nb\n", "a", "end-marker"},
        {"a marker in a line is none", "a ## b\n", "a ## b", ""},
        {"longer than the marker", "a\n###\nb\n", "a\n###\nb", ""},
        {"a marker in a quote", "a\n> ##\n> b\n", "a", "quote"},
        {"the marker above all", "##\nb\n", "", "end-marker"},

        {"a quote below", "Yes.\n\n" WROTE "> Shut?\n> Jo\n", "Yes.", "quote"},
        {"a quote above", WROTE "> Shut?\n\nYes.\n", "Yes.", "quote"},
        {"an answer between quotes", WROTE "> Shut?\nYes.\n> And the bus?\nNo bus.\n",
         "Yes.\nNo bus.", "quote"},
        {"quotes without introduction", "Yes.\n> Shut?\n> Jo\n", "Yes.", "quote"},
        {"an attribution without quote marks", "Yes.\n\n" WROTE "Shut?\nJo\n", "Yes.",
         "quote"},
        {"a block of fields", "Yes.\n\n" BLOCK "\nShut?\n", "Yes.", "quote"},
        {"a separator", "Yes.\n\n-----Original Message-----\n" BLOCK "\nShut?\n",
         "Yes.", "quote"},
        {"a container of quotes", "Yes.\n\fShut?\nJo\n\fNo bus.\n", "Yes.\nNo bus.",
         "quote"},
        {"an attribution before a container", "Yes.\n" WROTE "\fShut?\n\f", "Yes.",
         "quote"},
        {"a quote in a quote", "Yes.\n" WROTE "> So?\n> " WROTE ">> Shut?\n", "Yes.",
         "quote"},
        {"one line that only looks like a quote", "Absent today:\n> 5 pupils\nJo\n",
         "Absent today:\n> 5 pupils\nJo", ""},
        {"one line that somebody wrote", "Yes.\n" WROTE "> Shut?\n", "Yes.", "quote"},
        {"somebody wrote, says the text", "as Tom wrote:\nthe school is shut\n",
         "as Tom wrote:\nthe school is shut", ""},

        {"nothing but a quote", WROTE "> Shut?\n> Jo\n", "Shut?\nJo", "quote"},
        {"nothing but a forward",
         "---------- Forwarded message ---------\n" BLOCK "\nShut.\n", "Shut.",
         "quote"},
        {"nothing but a container", "\f" WROTE "Shut?\n\f", "Shut?", "quote"},
        {"a quote below the forwarded text", BLOCK "\nYes.\n\n" WROTE "> Shut?\n",
         "Yes.", "quote"},
        {"a forward of a forward", BLOCK "\n" BLOCK "\nShut.\n", "Shut.", "quote"},
        {"a footer and a forward", "Sent from my iPhone\n\n" BLOCK "\nShut.\n", "Shut.",
         "quote"},
        {"a signature without separator and a forward",
         "Kind regards\nJane Smith\nHeadteacher\n01632 960123\n\n" BLOCK "\nShut.\n",
         "Shut.", "quote"},
        {"thanks and a forward", "Thanks\nJane\n\n" BLOCK "\nShut.\n", "Thanks\nJane",
         "quote"},
        {"a postscript below a signature",
         "Shut today.\n\nKind regards\nJo Smith\nHead\nTel: 01632 960123\n\nPS Bring "
         "boots.\n",
         "Shut today.\n\nKind regards\nJo Smith\nPS Bring boots.", "signature"},
        {"a forward and a signature below it", BLOCK "\nShut.\n-- \nJo\n", "Shut.",
         "quote signature"},
        {"a forward whose introduction is not quoted",
         ">\n\nBegin forwarded message:\n> \n> From: Jo <jo@school.example>\n"
         "> Subject: Snow\n> Date: 1 December 2026 at 09:14:33 GMT\n> To: office\n> \n"
         "> Shut.\n",
         "Shut.", "quote"},
        {"nothing but fields", BLOCK,
         "From: Jo Smith <jo@school.example>\nSent: 23 November 2026 09:12\n"
         "To: Office\nSubject: Snow",
         ""},

        {"a signature", "Shut.\n-- \nJo\nHead\n", "Shut.", "signature"},
        {"its space lost", "Shut.\n--\nJo\n", "Shut.", "signature"},
        {"a line of dashes far above",
         "Menu\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n"
         "13\n14\n15\n16\n",
         "Menu\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n14\n15\n16", ""},
        {"a signature above a quote", "Shut.\n-- \nJo\n" WROTE "> a\n> b\n", "Shut.",
         "quote signature"},
        {"a signature above an answer is the quote's", "> a\n> -- \n> Jo\nYes.\n",
         "Yes.", "quote"},
        {"a container of signatures", "Shut.\n\vJo\nHead\n\vNo bus.\n",
         "Shut.\nNo bus.", "signature"},
        {"contact data below a closing",
         "Shut.\n\nKind regards\nJo Smith\nHead\nTel: 01632 960123\n",
         "Shut.\n\nKind regards\nJo Smith", "signature"},
        {"a phone's footer", "Shut.\n\nSent from my iPhone\n", "Shut.",
         "mobile-footer"},
        {"a footer above a quote", "Shut.\nSent from my iPhone\n" WROTE "> a\n",
         "Shut.", "quote mobile-footer"},
        {"a disclaimer",
         "Shut.\n\nThis email and any attachments are confidential. If you are not the "
         "intended recipient, delete it.\n",
         "Shut.", "disclaimer"},
        {"signature, disclaimer and footer",
         "Shut.\n-- \nJo\n\nThis email is intended solely for the addressee. If you "
         "are "
         "not the intended recipient, delete it.\n\nSent from my iPhone\n",
         "Shut.", "signature mobile-footer disclaimer"},
        {"a warning at the top",
         "CAUTION: This email originated from outside of the organisation.\n\nShut.\n",
         "Shut.", "disclaimer"},
        {"signed in clear",
         "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nShut.\n- -- x\n"
         "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n",
         "Shut.\n-- x", "signature"},

        {"a signature alone", "-- \nJo\n", "-- \nJo", ""},
        {"a footer alone", "Sent from my iPhone\n", "Sent from my iPhone", ""},
        {"a container of signatures alone", "\vJo\n\v", "Jo", ""},
        {"a mail about confidentiality",
         "This email is confidential. If you are not the intended recipient, delete "
         "it.\n",
         "This email is confidential. If you are not the intended recipient, delete "
         "it.",
         ""},

        {"broken lines are joined",
         "The school is closed today because of the snow and ice on the roads\n"
         "around it; it opens again as soon as they are clear.\n",
         "The school is closed today because of the snow and ice on the roads around "
         "it; "
         "it opens again as soon as they are clear.",
         ""},
        {"an alarm keeps its lines", "Host: web1\nState: DOWN\nSince: 09:12\n",
         "Host: web1\nState: DOWN\nSince: 09:12", ""},
    };
    struct text_options options = default_options();

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], &options, false);
    text_options_free(&options);
}

static void a_subject_lets_all_be_cut_but_a_quote(void **state)
{
    static const struct row rows[] = {
        {"a signature alone", "-- \nJo\n", "", "signature"},
        {"a footer alone", "Sent from my iPhone\n", "", "mobile-footer"},
        {"a pattern matches all", "Ref: 17\n", "", "strip"},
        {"nothing but a quote", "> Shut.\n> Jo\n", "Shut.\nJo", ""},
    };
    struct text_options options = default_options();
    struct error err;

    (void)state;
    assert_true(text_options_set(&options, "strip", "^Ref: \\d+$", &err));
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], &options, true);
    text_options_free(&options);
}

static void patterns_take_out_what_matches(void **state)
{
    static const struct row rows[] = {
        {"a line", "a\nRef: 17\nb\n", "a\n\nb", "strip"},
        {"each match", "a [x] b [y]\n", "a  b", "strip"},
        {"both patterns", "a [x]\nRef: 17\n", "a", "strip"},
        {"nothing", "a\n", "a", ""},
        {"all that there is", "Ref: 17\n", "Ref: 17", ""},
    };
    struct text_options options = default_options();
    struct error err;

    (void)state;
    assert_true(text_options_set(&options, "strip", "^Ref: \\d+$", &err));
    assert_true(text_options_set(&options, "strip", "\\[.\\]", &err));
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i], &options, false);
    text_options_free(&options);
}

static void patterns_see_the_beginning_of_a_long_text(void **state)
{
    char *text = unit_repeat("\u20acx ", 8000); /* 40000 octets */
    struct marked_text body = mark_up(text);
    struct text_options options = default_options();
    struct cuts cuts = {0};
    struct error err;
    char *got;

    (void)state;
    assert_true(text_options_set(&options, "strip", "x", &err));
    got = body_text_new(&body, &options, false, &cuts);
    assert_non_null(got);
    check_true("valid", utf8_is_valid(got));
    check_true("the first is gone", strncmp(got, "\u20ac \u20ac", 7) == 0);
    check_true("the last is there", strstr(got + strlen(got) - 8, "x"));
    free(got);
    marked_text_free(&body);
    text_options_free(&options);
    free(text);
}

static void a_pattern_that_takes_too_long_is_left_out(void **state)
{
    char *text = unit_repeat("a", 10000);
    struct row row = {"catastrophic", text, text, ""};
    struct text_options options = default_options();
    struct error err;

    (void)state;
    assert_true(text_options_set(&options, "strip", "(a+)+$|x", &err));
    text[9999] = '!';
    check_row(&row, &options, false);
    text_options_free(&options);
    free(text);
}

static void lines_beyond_what_is_read_are_told(void **state)
{
    char *text = unit_repeat("a\n", 50001);
    struct marked_text body = mark_up(text);
    struct text_options options = default_options();
    struct cuts cuts = {0};
    char *got = body_text_new(&body, &options, false, &cuts);
    const struct cut *cut = &cuts.by_reason[CUT_OVERLONG];

    (void)state;
    assert_non_null(got);
    check_number("lines", (long long)strlen(got), 2 * 50000);
    check_text("the first that is not read", cut->beginning, "a");
    free(got);
    marked_text_free(&body);
    text_options_free(&options);
    free(text);
}

/* Whatever somebody writes, the module finishes and leaves something. */
static void large_texts_come_to_an_end(void **state)
{
    static const char *const pieces[] = {">",
                                         "> ",
                                         "\n",
                                         "On ",
                                         "wrote:\n",
                                         "From: a\n",
                                         "-- \n",
                                         "\fa\n\f",
                                         "\va\n\v",
                                         "a wrote 1/1:\n",
                                         "> a\nb\n",
                                         "____\n",
                                         "This email is confidential\n\n",
                                         "On 1/1/26, a@b wrote:\n> x\n",
                                         "\u20ac",
                                         "a"};
    struct text_options options = default_options();

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        char *text = unit_repeat(pieces[i], 300000 / strlen(pieces[i]));
        struct marked_text body = mark_up(text);
        struct cuts cuts = {0};
        char *got = body_text_new(&body, &options, false, &cuts);

        assert_non_null(got);
        check_true(pieces[i], utf8_is_valid(got));
        check_true(pieces[i], strlen(got) <= body.length_bytes + 1);
        free(got);
        marked_text_free(&body);
        free(text);
    }
    text_options_free(&options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_the_sender_wrote_is_left),
        UNIT_TEST(a_subject_lets_all_be_cut_but_a_quote),
        UNIT_TEST(patterns_take_out_what_matches),
        UNIT_TEST(patterns_see_the_beginning_of_a_long_text),
        UNIT_TEST(a_pattern_that_takes_too_long_is_left_out),
        UNIT_TEST(lines_beyond_what_is_read_are_told),
        UNIT_TEST(large_texts_come_to_an_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
