/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/pattern.h"

enum { PLENTY_US = 5000000 };

static void matches_are_found(void **state)
{
    static const struct {
        const char *name, *pattern, *text;
        size_t offset;
        const char *want; /* NULL: none */
    } rows[] = {
        {"a word", "b+", "aabbc", 0, "bb"},
        {"from an offset on", "b", "abcb", 2, "b"},
        {"what is before the offset is seen", "(?<=a)b", "ab", 1, "b"},
        {"not found", "x", "abc", 0, NULL},
        {"a line's beginning and end", "^b$", "a\nb\nc", 0, "b"},
        {"over lines", "(?s)Tel.*", "x\nTel 1\nFax 2", 0, "Tel 1\nFax 2"},
        {"any case", "(?i)SCHOOL", "the school", 0, "school"},
        {"an empty match is none", "x*", "abc", 0, NULL},
        {"the first that is not empty", "x*", "abxc", 0, "x"},
        {"a character of UTF-8 is one", "^.$", "\u20ac", 0, "\u20ac"},
        {"far behind", "needle", NULL, 0, "needle"},
        {"in nothing", "a", "", 0, NULL},
    };
    char *hay = unit_repeat("\u20achay ", 2000);
    size_t length = strlen(hay);

    (void)state;
    memcpy(hay + length - 6, "needle", 6);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *text = rows[i].text ? rows[i].text : hay;
        long budget_us = PLENTY_US;
        struct pattern *pattern;
        struct pattern_match match;
        enum pattern_result result;
        struct error err;
        char got[64] = "";

        assert_true(pattern_new(rows[i].pattern, &pattern, &err));
        check_text(rows[i].name, pattern_text(pattern), rows[i].pattern);
        result = pattern_find(pattern, text, strlen(text), rows[i].offset, &budget_us,
                              &match);
        if (result == PATTERN_FOUND)
            memcpy(got, text + match.start_bytes, match.end_bytes - match.start_bytes);
        check_number(rows[i].name, result,
                     rows[i].want ? PATTERN_FOUND : PATTERN_NOT_FOUND);
        check_text(rows[i].name, got, rows[i].want ? rows[i].want : "");
        pattern_free(&pattern);
        check_true(rows[i].name, pattern == NULL);
        pattern_free(&pattern);
    }
    free(hay);
}

/* Each of these would search for longer than the universe is old, or for minutes. */
static void a_pattern_that_backtracks_gives_up(void **state)
{
    static const char *const patterns[] = {"(a+)+$", "(a|aa)+$", "(.*a){20}$",
                                           "(?:a|a?)+[^a!]", "(?s)(?:.|a)+?[bc]"};
    char *text = unit_repeat("a", 16 * 1024);

    (void)state;
    text[16 * 1024 - 1] = '!';
    for (size_t i = 0; i < COUNT(patterns); i++) {
        long budget_us = 20000;
        struct pattern *pattern;
        struct pattern_match match;
        struct error err;

        assert_true(pattern_new(patterns[i], &pattern, &err));
        check_number(patterns[i],
                     pattern_find(pattern, text, strlen(text), 0, &budget_us, &match),
                     PATTERN_TOO_COSTLY);
        check_true("it costs of the budget", budget_us < 20000);
        pattern_free(&pattern);
    }
    free(text);
}

/* No single place takes too many steps, but all places together do. */
static void a_budget_that_is_used_up_ends_the_search(void **state)
{
    char *text = unit_repeat("ab", 32 * 1024);
    long budget_us = 0;
    struct pattern *pattern;
    struct pattern_match match;
    struct error err;

    (void)state;
    assert_true(pattern_new("(a|b){40}c", &pattern, &err));
    check_number("result",
                 pattern_find(pattern, text, strlen(text), 0, &budget_us, &match),
                 PATTERN_TOO_COSTLY);
    check_true("it is below zero", budget_us < 0);
    pattern_free(&pattern);
    free(text);
}

static void what_is_no_expression_is_refused(void **state)
{
    static const struct {
        const char *pattern, *want;
    } rows[] = {
        {"(", "is not a valid regular expression: missing closing parenthesis (at "
              "character 2)"},
        {"a**b[", "is not a valid regular expression: quantifier does not follow a "
                  "repeatable item (at character 3)"},
        {"*", "is not a valid regular expression: quantifier does not follow a "
              "repeatable item (at character 1)"},
        {"\\C", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct pattern *pattern;
        struct error err = {.text = "no error"};

        check_true(rows[i].pattern, !pattern_new(rows[i].pattern, &pattern, &err));
        check_true(rows[i].pattern, pattern == NULL);
        check_error(rows[i].pattern, &err, ERROR_REFUSED, "", rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(matches_are_found),
        UNIT_TEST(a_pattern_that_backtracks_gives_up),
        UNIT_TEST(a_budget_that_is_used_up_ends_the_search),
        UNIT_TEST(what_is_no_expression_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
