/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include "text/mime/flowed_text.h"

static void broken_lines_are_joined(void **state)
{
    static const struct {
        const char *name, *text;
        bool is_delsp;
        const char *want;
    } rows[] = {
        {"nothing", "", false, ""},
        {"fixed lines stay", "a\nb\n", false, "a\nb\n"},
        {"a flowed line goes on", "a \nb\n", false, "a b\n"},
        {"over several lines", "a \nb \nc\nd\n", false, "a b c\nd\n"},
        {"delsp takes the space", "a \nb\n", true, "ab\n"},
        {"without a line end at the end", "a \nb", false, "a b\n"},
        {"flowed up to the end", "a ", false, "a "},
        {"space-stuffing is undone", " From here\n >b\n", false, "From here\n>b\n"},
        {"a blank line is fixed", "a\n\nb\n", false, "a\n\nb\n"},
        {"a quoted paragraph", "> a \n> b\nc\n", false, "> a b\nc\n"},
        {"a deeper quote keeps its marks", ">> a\n> b\n", false, ">> a\n> b\n"},
        {"another depth ends the paragraph", "> a \nb\n", false, "> a \nb\n"},
        {"the signature's separator is fixed", "-- \nJo\n", false, "-- \nJo\n"},
        {"and is no part of the paragraph before it", "a \n-- \nJo\n", false,
         "a \n-- \nJo\n"},
        {"the end-marker is no part of the paragraph before it", "a \n##\nb\n", false,
         "a \n##\nb\n"},
        {"nor is what is below it", "a \n## \nb\n", false, "a \n## \nb\n"},
        {"a word that only begins with it", "a \n##b\n", false, "a ##b\n"},
        {"a quoted separator", "> -- \n> Jo\n", false, "> -- \n> Jo\n"},
        {"absurd depth is bounded",
         ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> a\n", false,
         ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> a\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct marked_text out = {0};

        flowed_text_append(rows[i].text, rows[i].is_delsp, "##", &out);
        check_text(rows[i].name, out.text ? out.text : "", rows[i].want);
        marked_text_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(broken_lines_are_joined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
