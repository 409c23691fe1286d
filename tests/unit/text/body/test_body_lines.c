/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/body/body_lines.h"

static struct marked_text text_of(const char *words)
{
    struct marked_text text = {0};

    marked_text_append(&text, words, strlen(words));
    return text;
}

static void a_line_is_its_words_and_its_quote_marks(void **state)
{
    static const struct {
        const char *name, *line, *words;
        unsigned depth;
    } rows[] = {
        {"words", "Hello", "Hello", 0},
        {"white space around them", " \tHello \r", "Hello", 0},
        {"no-break spaces around them", "\u00a0Hello\u00a0\u00a0", "Hello", 0},
        {"blank", "  ", "", 0},
        {"a quote", "> Hello", "Hello", 1},
        {"deeper", ">> > Hello", "Hello", 3},
        {"nothing but marks", ">>", "", 2},
        {"GroupWise's introduction is no quote", ">>> Jo 11/23/2026 9:12 AM >>>",
         "Jo 11/23/2026 9:12 AM >>>", 0},
        {"its other one", ">>> On 11/23/2026 at 9:12 AM, in message",
         "On 11/23/2026 at 9:12 AM, in message", 0},
        {"a mark in the words", "a > b", "a > b", 0},
        {"a no-break space in the words", "a\u00a0b", "a\u00a0b", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct marked_text text = text_of(rows[i].line);
        struct body_lines lines;
        char words[64] = "";

        assert_true(body_lines_read(&text, &lines));
        assert_int_equal(lines.count, 1);
        memcpy(words, lines.items[0].words, lines.items[0].words_bytes);
        check_text(rows[i].name, words, rows[i].words);
        check_number(rows[i].name, lines.items[0].depth, rows[i].depth);
        check_number(rows[i].name, (long long)lines.items[0].length_bytes,
                     (long long)strlen(rows[i].line));
        body_lines_free(&lines);
        marked_text_free(&text);
    }
}

static void marks_reach_their_lines(void **state)
{
    struct marked_text text = text_of("a\n");
    struct body_lines lines;
    char got[16] = "";

    (void)state;
    marked_text_append(&text, "b\nc\n", 4);
    marked_text_mark(&text, 4, MARK_QUOTE); /* c, in what follows */
    marked_text_mark(&text, 2, MARK_QUOTE);
    marked_text_append(&text, "d\n", 2);
    marked_text_mark(&text, 6, MARK_SIGNATURE);
    marked_text_append(&text, "e\n", 2);
    assert_true(body_lines_read(&text, &lines));
    for (size_t i = 0; i < lines.count; i++)
        got[i] = lines.items[i].is_quote       ? 'q'
                 : lines.items[i].is_signature ? 's'
                                               : '-';
    check_text("a, b, c, d, e", got, "-qqs-");
    body_lines_free(&lines);
    marked_text_free(&text);
}

static void a_text_of_nothing_has_no_lines(void **state)
{
    struct marked_text text = {0};
    struct body_lines lines;

    (void)state;
    assert_true(body_lines_read(&text, &lines));
    check_number("lines", (long long)lines.count, 0);
    body_lines_free(&lines);
}

static void words_are_compared_in_any_case(void **state)
{
    static const struct {
        const char *line, *words;
        bool begins, is;
    } rows[] = {
        {"On Monday", "on monday", true, true},
        {"On Monday", "on mon", true, false},
        {"On Mon", "on monday", false, false},
        {"ENVOY\u00c9 de", "envoy\u00e9", true, false},
        {"\u0179R\u00d3D\u0141O", "\u017ar\u00f3d\u0142o", true, true},
        {"\u00d7", "\u00f7", false, false},
        {"iPhone\u2019a", "iphone'a", true, true},
        {"> On Monday", "on", true, false},
        {"a", "", false, false},
        {"", "a", false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct marked_text text = text_of(rows[i].line);
        struct body_lines lines = {0};
        struct body_line none = {.words = ""};

        assert_true(body_lines_read(&text, &lines));
        check_number(rows[i].line,
                     body_line_begins(lines.count ? lines.items : &none, rows[i].words),
                     rows[i].begins);
        check_number(rows[i].line,
                     body_line_is(lines.count ? lines.items : &none, rows[i].words),
                     rows[i].is);
        body_lines_free(&lines);
        marked_text_free(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_line_is_its_words_and_its_quote_marks),
        UNIT_TEST(marks_reach_their_lines),
        UNIT_TEST(a_text_of_nothing_has_no_lines),
        UNIT_TEST(words_are_compared_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
