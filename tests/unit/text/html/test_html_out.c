/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <string.h>

#include "text/html/html_out.h"

static void add(struct html_out *out, const char *words)
{
    html_out_add(out, words, strlen(words));
}

static void add_pre(struct html_out *out, const char *words)
{
    html_out_add_pre(out, words, strlen(words));
}

static void words_make_lines(void **state)
{
    struct marked_text text = {0};
    struct html_out out;

    (void)state;
    html_out_start(&out, &text);
    html_out_break(&out);
    add(&out, "  a");
    add(&out, " ");
    add(&out, " b ");
    html_out_add_to_word(&out, "!", 1);
    add(&out, "c");
    html_out_break(&out);
    html_out_break(&out);
    add(&out, " \xC2\xA0 d\xC2\xA0");
    add(&out, "e\xE2\x80\xA8 f");
    check_text("spaces and line ends are put before words", text.text,
               "a b! c\nd e\nf");
    marked_text_free(&text);
}

static void white_space_is_kept(void **state)
{
    struct marked_text text = {0};
    struct html_out out;

    (void)state;
    html_out_start(&out, &text);
    add_pre(&out, "\n\n a");
    add_pre(&out, "  b\n\n\nc\n\n");
    html_out_break(&out);
    add(&out, "d");
    check_text("but for blank lines at both ends", text.text, " a  b\n\n\nc\nd");
    marked_text_free(&text);
}

static void cells_are_joined(void **state)
{
    struct marked_text text = {0};
    struct html_out out;
    size_t row;

    (void)state;
    html_out_start(&out, &text);
    add(&out, "x");
    html_out_break_row(&out);
    row = text.length_bytes;
    for (int i = 0; i < 3; i++) {
        html_out_next_cell(&out, row);
        html_out_break(&out);
        add(&out, i == 1 ? "b:" : "a");
        html_out_break(&out);
        html_out_next_cell(&out, row);
    }
    html_out_break_row(&out);
    add(&out, "y");
    check_text("a comma, or what the cell ends in", text.text, "x\na, b: a\ny");
    marked_text_free(&text);
}

static void items_are_told(void **state)
{
    struct marked_text text = {0};
    struct html_out out;

    (void)state;
    html_out_start(&out, &text);
    html_out_start_item(&out, 0);
    html_out_break(&out);
    add(&out, "a");
    html_out_end_item(&out);
    html_out_start_item(&out, 0);
    html_out_end_item(&out);
    html_out_start_item(&out, 2147483646);
    add(&out, "b");
    html_out_end_item(&out);
    add(&out, "c");
    check_text("a dash or number before words only", text.text,
               "- a\n2147483646. b\nc");
    marked_text_free(&text);
}

static void marks_are_whole_lines(void **state)
{
    struct marked_text text = {0};
    struct html_out out;
    size_t start;

    (void)state;
    marked_text_append(&text, "before", 6);
    html_out_start(&out, &text);
    add(&out, "a ");
    start = html_out_new_line(&out);
    html_out_mark(&out, start, MARK_QUOTE);
    check_number("nothing is not marked", (long long)text.span_count, 0);
    add(&out, " b ");
    html_out_mark(&out, start, MARK_QUOTE);
    add(&out, " c");
    check_text("on lines of their own", text.text, "before\na\nb\nc");
    assert_int_equal(text.span_count, 1);
    check_number("start", (long long)text.spans[0].start_bytes, 9);
    check_number("end", (long long)text.spans[0].end_bytes, 11);
    marked_text_free(&text);
}

static void blanks_are_known(void **state)
{
    (void)state;
    check_true("nothing", html_out_is_blank("", 0));
    check_true("all kinds", html_out_is_blank(" \t\n\xC2\xA0\xE2\x80\xA8", 8));
    check_true("a letter", !html_out_is_blank("  a", 3));
    check_true("half a line separator", !html_out_is_blank("\xE2\x80\xA8", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(words_make_lines),      UNIT_TEST(white_space_is_kept),
        UNIT_TEST(cells_are_joined),      UNIT_TEST(items_are_told),
        UNIT_TEST(marks_are_whole_lines), UNIT_TEST(blanks_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
