/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config_lines.h"

/* All of them, as "name:line@section ". */
static void describe(const struct config_lines *lines, char *text, size_t size)
{
    *text = '\0';
    for (size_t i = 0; i < lines->count; i++) {
        size_t used = strlen(text);

        snprintf(text + used, size - used, "%s%s:%d@%d", i ? " " : "",
                 lines->items[i].name, lines->items[i].line, lines->items[i].section);
    }
}

static void every_option_has_its_line(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"a text", "a = \"x\"", "a:1@-1"},
        {"a word", "\na = x", "a:2@-1"},
        {"no spaces", "a=1\nb=2", "a:1@-1 b:2@-1"},
        {"two on a line", "a = 1 b = 2", "a:1@-1 b:1@-1"},
        {"a value below", "a\n=\n\"x\"\nb = 1", "a:1@-1 b:4@-1"},
        {"a list", "a = {\"x\", 'y'}\nb = 1", "a:1@-1 b:2@-1"},
        {"a list of several lines", "a = {\n \"x\",\n \"y\"\n}\nb = 1",
         "a:1@-1 b:5@-1"},
        {"an empty list", "a = {}\nb = {\n}\nc = 1", "a:1@-1 b:2@-1 c:4@-1"},
        {"what is appended", "a += {\"x\"}\nb = 1", "a:1@-1 b:2@-1"},
        {"marks in a text", "a = \"} = {\"\nb = '{'\nc = 1", "a:1@-1 b:2@-1 c:3@-1"},
        {"an escaped quote", "a = \"\\\"}\"\nb = 1", "a:1@-1 b:2@-1"},
        {"a text of several lines", "a = \"x\ny\"\nb = 1", "a:1@-1 b:3@-1"},
        {"a call", "a(\"x\", \"y\")\nb = 1", "a:1@-1 b:2@-1"},
        {"a section", "a {\n b = 1\n}\nc = 1", "a:1@-1 b:2@0 c:4@-1"},
        {"a section with a title", "a \"t\" {\n b = 1\n}\nc = 1",
         "a:1@-1 b:2@0 c:4@-1"},
        {"a section in another", "a {\n b {\n c = 1\n }\n d = 1\n}\ne = 1",
         "a:1@-1 b:2@0 c:3@1 d:5@0 e:7@-1"},
        {"lines that end as in Windows", "a = 1\r\nb = {\r\n\"x\"\r\n}\r\nc = 1\r\n",
         "a:1@-1 b:2@-1 c:5@-1"},
        {"a variable of the environment", "a = ${HOME}\nb = \"${x}\"\nc = 1",
         "a:1@-1 b:2@-1 c:3@-1"},
        {"ends where it is not understood", "a = 1\nb c\nd = 1", "a:1@-1"},
        {"a value that is missing", "a = 1\nb =\n}", "a:1@-1"},
        {"a brace too many", "a = 1\n}\nb = 1", "a:1@-1"},
        {"a name in quotes", "\"a\" = 1\nb = 1", "a:1@-1 b:2@-1"},
        {"a name that is too long for one",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:1@-1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_lines lines = {.items = NULL};
        char got[256];

        check_true(rows[i].name, config_lines_read(rows[i].text, &lines));
        describe(&lines, got, sizeof got);
        check_text(rows[i].name, got, rows[i].want);
        config_lines_free(&lines);
        check_true(rows[i].name, lines.items == NULL);
    }
}

static const char two[] = "a = 1\n"
                          "s \"x\" {\n"
                          " a = 2\n"
                          " t { a = 3 }\n"
                          " b = {\n"
                          "  \"x\"\n"
                          " }\n"
                          "}\n"
                          "s \"y\" {\n"
                          " a = 4\n"
                          "}\n";

static void an_option_is_found_in_its_section(void **state)
{
    struct config_lines lines = {.items = NULL};

    (void)state;
    assert_true(config_lines_read(two, &lines));
    check_number("global", config_lines_find(&lines, CONFIG_NO_SECTION, "a"), 1);
    check_number("of no section", config_lines_find(&lines, CONFIG_NO_SECTION, "b"), 0);
    check_number("the first section", config_lines_find(&lines, 1, "a"), 3);
    check_number("a list in it", config_lines_find(&lines, 1, "b"), 5);
    check_number("the section in it", config_lines_find(&lines, 3, "a"), 4);
    check_number("not what is behind it", config_lines_find(&lines, 3, "b"), 0);
    check_number("the second section", config_lines_find(&lines, 6, "a"), 10);
    check_number("not of another section", config_lines_find(&lines, 6, "b"), 0);
    config_lines_free(&lines);
}

static void an_option_is_found_above_its_value(void **state)
{
    static const struct {
        const char *section, *name;
        int line, want;
    } rows[] = {
        {"", "a", 1, 1},   {"", "a", 99, 1},  {"s", "b", 6, 5},
        {"s", "b", 7, 5},  {"s", "a", 9, 3},  {"s", "a", 10, 10},
        {"t", "a", 99, 4}, {"s", "b", 4, -1}, {"u", "a", 99, -1},
    };
    struct config_lines lines = {.items = NULL};

    (void)state;
    assert_true(config_lines_read(two, &lines));
    for (size_t i = 0; i < COUNT(rows); i++) {
        int index = config_lines_find_above(&lines, rows[i].section, rows[i].name,
                                            rows[i].line);

        check_number(rows[i].name, index >= 0 ? lines.items[index].line : -1,
                     rows[i].want);
    }
    config_lines_free(&lines);
}

static void an_option_is_made_blank(void **state)
{
    static const struct {
        const char *name, *text;
        size_t index;
        const char *want;
    } rows[] = {
        {"a value", "a = 1\nb = 2\n", 0, "     \nb = 2\n"},
        {"a list keeps its lines", "a = {\n1\n} b = 2\n", 0, "     \n \n  b = 2\n"},
        {"a call", "a(\"x\") b = 2\n", 0, "       b = 2\n"},
        {"a section", "a \"x\" { b = 2 }\nc = 3", 0, "               \nc = 3"},
        {"in a section", "a { b = 2 }", 1, "a {       }"},
        {"a section without end stays", "a { b = 2", 0, "a { b = 2"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct config_lines lines = {.items = NULL};
        char *text = strdup(rows[i].text);

        assert_true(config_lines_read(text, &lines));
        config_lines_blank(&lines.items[rows[i].index], text);
        check_text(rows[i].name, text, rows[i].want);
        config_lines_free(&lines);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(every_option_has_its_line),
        UNIT_TEST(an_option_is_found_in_its_section),
        UNIT_TEST(an_option_is_found_above_its_value),
        UNIT_TEST(an_option_is_made_blank),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
