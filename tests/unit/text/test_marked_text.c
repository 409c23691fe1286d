/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <string.h>

#include "text/marked_text.h"

static void append(struct marked_text *text, const char *words)
{
    marked_text_append(text, words, strlen(words));
}

static void text_grows(void **state)
{
    struct marked_text text = {0};

    (void)state;
    marked_text_end_line(&text);
    check_number("no line end in nothing", (long long)text.length_bytes, 0);
    append(&text, "");
    check_text("nothing more is a string", text.text, "");
    for (int i = 0; i < 1000; i++)
        append(&text, "abc");
    check_number("length", (long long)text.length_bytes, 3000);
    check_number("of a string", (long long)strlen(text.text), 3000);
    marked_text_end_line(&text);
    marked_text_end_line(&text);
    check_number("one line end", (long long)text.length_bytes, 3001);
    check_true("there was memory", !text.is_lost);
    marked_text_free(&text);
    check_true("freed", text.text == NULL && text.length_bytes == 0);
}

static void marks_cover_whole_lines(void **state)
{
    struct marked_text text = {0};

    (void)state;
    append(&text, "a\n");
    marked_text_mark(&text, 2, MARK_QUOTE);
    check_number("nothing is marked where nothing came", (long long)text.span_count, 0);
    append(&text, "b");
    marked_text_mark(&text, 2, MARK_SIGNATURE);
    assert_int_equal(text.span_count, 1);
    check_text("the line is ended", text.text, "a\nb\n");
    check_number("start", (long long)text.spans[0].start_bytes, 2);
    check_number("end", (long long)text.spans[0].end_bytes, 4);
    check_number("mark", text.spans[0].mark, MARK_SIGNATURE);
    for (int i = 0; i < 100; i++)
        marked_text_mark(&text, 0, MARK_QUOTE);
    check_number("many", (long long)text.span_count, 101);
    marked_text_truncate(&text, 2, 0);
    check_text("taken back", text.text, "a\n");
    check_number("spans too", (long long)text.span_count, 0);
    marked_text_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(text_grows),
        UNIT_TEST(marks_cover_whole_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
