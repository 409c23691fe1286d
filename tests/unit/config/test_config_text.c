/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>

#include "config/config_text.h"

static void comments_become_blanks(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"no comment", "a = 1\n", "a = 1\n"},
        {"hash", "a # b\nc", "a    \nc"},
        {"hash in a word, as libconfuse has it", "a#b\nc", "a  \nc"},
        {"two slashes", "// a\nb", "    \nb"},
        {"an address is no comment", "a = http://b/\n", "a = http://b/\n"},
        {"lines of a long comment stay lines", "/* a\nb */c", "    \n    c"},
        {"a long comment ends at its first end", "/**/ a */", "     a */"},
        {"quotes in a comment", "# \"\nb", "   \nb"},
        {"comments in a string", "\"# // /* */\"", "\"# // /* */\""},
        {"comments in a string of the other quotes", "'# \"'", "'# \"'"},
        {"a quote escaped in a string", "\"\\\" # a\" # b", "\"\\\" # a\"    "},
        {"a backslash escaped in a string", "\"\\\\\" # b", "\"\\\\\"    "},
        {"a brace in a string", "\"{\"", "\"{\""},
        {"a brace in a comment", "# {\n", "   \n"},
        {"closed braces", "a { b { } }", "a { b { } }"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = "no text"};
        char *got;

        unit_write_file("text", rows[i].text, 0600);
        got = config_text_read("text", &err);
        check_text(rows[i].name, got ? got : err.text, rows[i].want);
        config_text_free(&got);
        check_true(rows[i].name, got == NULL);
    }
}

static void what_has_no_end_is_told(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"string", "\n\"a\n\n", "text:2: the string that begins here is not closed"},
        {"string that ends in a backslash", "\"a\\",
         "text:1: the string that begins here is not closed"},
        {"string whose end is escaped", "'a\\'",
         "text:1: the string that begins here is not closed"},
        {"comment", "a\n/* b\n*", "text:2: the comment that begins here is not closed"},
        {"comment of one character too few", "/*/",
         "text:1: the comment that begins here is not closed"},
        {"the innermost section", "a {\nb {\n\n",
         "text:2: the { here is not closed by a }"},
        {"the outer section", "a {\nb {\n}\n",
         "text:1: the { here is not closed by a }"},
        {"list", "a = {\"b\",\n", "text:1: the { here is not closed by a }"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = "no error"};
        char *got;

        unit_write_file("text", rows[i].text, 0600);
        got = config_text_read("text", &err);
        check_true(rows[i].name, got == NULL);
        check_error(rows[i].name, &err, ERROR_REFUSED, "", rows[i].want);
        config_text_free(&got);
    }
}

static void braces_do_not_nest_without_end(void **state)
{
    char *text = unit_repeat("{", 100000);
    struct error err = {.text = ""};
    char *got;

    (void)state;
    unit_write_file("text", text, 0600);
    got = config_text_read("text", &err);
    check_true("refused", got == NULL);
    check_text("refused", err.text, "text:1: braces are nested too deeply");
    config_text_free(&got);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(comments_become_blanks),
        UNIT_TEST(what_has_no_end_is_told),
        UNIT_TEST(braces_do_not_nest_without_end),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
