/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>

#include "api/hold.h"

#define URL "https://api.example/"
#define OTHER_URL "https://sandbox.example/"

static void who_waits_and_how_long(void **state)
{
    static const struct {
        const char *name;
        const char *account; /* that is told to wait, NULL: everybody */
        int64_t after_s, passed_ms;
        const char *url, *asks;
        int64_t left_ms;
    } rows[] = {
        {"everybody at the address", NULL, 5, 0, URL, "a", 5000},
        {"not elsewhere", NULL, 5, 0, OTHER_URL, "a", 0},
        {"the account", "a", 5, 0, URL, "a", 5000},
        {"no other account", "a", 5, 0, URL, "b", 0},
        {"nor one whose name begins so", "a", 5, 0, URL, "ab", 0},
        {"not the account elsewhere", "a", 5, 0, OTHER_URL, "a", 0},
        {"the rest", NULL, 5, 4999, URL, "a", 1},
        {"over", NULL, 5, 5000, URL, "a", 0},
        {"long over", NULL, 5, 99000, URL, "a", 0},
        {"now", NULL, 0, 0, URL, "a", 0},
        {"a date gone by", NULL, -5, 0, URL, "a", 0},
        {"the longest", NULL, HOLD_MAX_S, 0, URL, "a", HOLD_MAX_S * 1000},
        {"a day is absurd", NULL, 86400, 0, URL, "a", HOLD_MAX_S * 1000},
        {"more than can be counted", NULL, INT64_MAX, 0, URL, "a", HOLD_MAX_S * 1000},
        {"and as much before", NULL, INT64_MIN, 0, URL, "a", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hold_list list = {.count = 0};

        hold_set(&list, URL, rows[i].account, rows[i].after_s, 1000);
        check_number(
            rows[i].name,
            hold_left_ms(&list, rows[i].url, rows[i].asks, 1000 + rows[i].passed_ms),
            rows[i].left_ms);
        hold_clear(&list);
    }
}

static void the_longest_counts(void **state)
{
    struct hold_list list = {.count = 0};

    (void)state;
    hold_set(&list, URL, "a", 5, 1000);
    hold_set(&list, URL, "a", 3, 1000);
    check_number("not shortened", hold_left_ms(&list, URL, "a", 1000), 5000);
    hold_set(&list, URL, "a", 7, 1000);
    check_number("prolonged", hold_left_ms(&list, URL, "a", 1000), 7000);
    hold_set(&list, URL, NULL, 6, 1000);
    check_number("the account's", hold_left_ms(&list, URL, "a", 1000), 7000);
    check_number("everybody's", hold_left_ms(&list, URL, "b", 1000), 6000);
    hold_set(&list, URL, NULL, 9, 1000);
    check_number("everybody's is longer", hold_left_ms(&list, URL, "a", 1000), 9000);
    hold_clear(&list);
    check_number("cleared", hold_left_ms(&list, URL, "a", 1000), 0);
}

static void memory_is_bounded(void **state)
{
    struct hold_list list = {.count = 0};
    char account[32];

    (void)state;
    for (int i = 0; i < 2 * HOLD_MAX_COUNT; i++) {
        snprintf(account, sizeof account, "account %d", i);
        hold_set(&list, URL, account, 5, 1000);
    }
    check_number("full", (long long)list.count, HOLD_MAX_COUNT);
    check_number("the first", hold_left_ms(&list, URL, "account 0", 1000), 5000);
    check_number("one too many", hold_left_ms(&list, URL, account, 1000), 0);
    hold_set(&list, URL, account, 5, 6000);
    check_number("those that are over make room", (long long)list.count, 1);
    check_number("for it", hold_left_ms(&list, URL, account, 6000), 5000);
    hold_clear(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(who_waits_and_how_long),
        UNIT_TEST(the_longest_counts),
        UNIT_TEST(memory_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
