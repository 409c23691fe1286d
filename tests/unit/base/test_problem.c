/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "base/problem.h"

static void a_problem_has_its_place(void **state)
{
    static const struct {
        const char *name;
        struct place place;
        const char *option, *want;
    } rows[] = {
        {"file, line and option", {"a.conf", 0, 7}, "listen", "a.conf:7: listen: x?y"},
        {"a default", {"a.conf", 0, 0}, "listen", "a.conf: listen: x?y"},
        {"no option", {"a.conf", 0, 7}, "", "a.conf:7: x?y"},
        {"no file", {NULL, 0, 0}, "listen", "listen: x?y"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct problem_list list = {.items = NULL};
        struct error err = {.text = ""};

        check_true(rows[i].name, problem_list_is_empty(&list));
        check_true(rows[i].name,
                   !problem_add(&list, &rows[i].place, rows[i].option, "%s", "x\ny"));
        check_true(rows[i].name, !problem_list_is_empty(&list));
        problem_list_first(&list, &err);
        check_error(rows[i].name, &err, ERROR_REFUSED, "", rows[i].want);
        problem_list_free(&list);
        check_true(rows[i].name, problem_list_is_empty(&list));
    }
}

static void problems_are_sorted(void **state)
{
    static const struct {
        struct place place;
        const char *text;
    } rows[] = {
        {{"b", 1, 1}, "sixth"},   {{"a", 0, 9}, "fourth"}, {{"a", 0, 9}, "fifth"},
        {{"a", 0, 2}, "third"},   {{"a", 0, 0}, "first"},  {{"a", 0, 1}, "second"},
        {{"b", 1, 3}, "seventh"},
    };
    static const char *const want[] = {"a: first",    "a:1: second", "a:2: third",
                                       "a:9: fourth", "a:9: fifth",  "b:1: sixth",
                                       "b:3: seventh"};
    struct problem_list list = {.items = NULL};

    (void)state;
    problem_list_sort(&list);
    for (size_t i = 0; i < COUNT(rows); i++)
        problem_add(&list, &rows[i].place, "", "%s", rows[i].text);
    problem_list_sort(&list);
    check_number("all", (long long)list.count, COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++)
        check_text("in order", list.items[i].error.text, want[i]);
    problem_list_free(&list);
}

static void an_error_keeps_its_kind(void **state)
{
    const struct place place = {"a", 0, 1};
    const struct error why = {.kind = ERROR_TEMPORARY, .text = "no memory"};
    struct problem_list list = {.items = NULL};

    (void)state;
    check_true("false", !problem_add_error(&list, &place, "listen", &why));
    check_true("false", !problem_add_whole(&list, &place, &why));
    check_error("with its place", &list.items[0].error, ERROR_TEMPORARY, "",
                "a:1: listen: no memory");
    check_error("as it is", &list.items[1].error, ERROR_TEMPORARY, "", "no memory");
    problem_list_free(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_problem_has_its_place),
        UNIT_TEST(problems_are_sorted),
        UNIT_TEST(an_error_keeps_its_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
