/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/account.h"

enum { NOBODYS = 3999999999U };

static void a_user_and_a_group_have_names(void **state)
{
    char name[ACCOUNT_NAME_SIZE];

    (void)state;
    account_user_name(0, name);
    check_text("root", name, "root");
    account_user_name(NOBODYS, name);
    check_text("a number without name", name, "3999999999");
    account_group_name(0, name);
    check_text("root's group", name, "root");
    account_group_name(NOBODYS, name);
    check_text("a number without name", name, "3999999999");
    check_true("a user", account_is_user("root"));
    check_true("none", !account_is_user("no-such-user"));
}

static void a_group_is_found(void **state)
{
    static const struct {
        const char *group;
        long long want; /* -1: there is none */
    } rows[] = {
        {"root", 0},
        {"0", 0},
        {"3999999999", NOBODYS},
        {"", -1},
        {"no-such-group", -1},
        {"4294967295", -1},
        {"4294967296", -1},
        {"-1", -1},
        {"99999999999999999999", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = ""};
        char want[128] = "";
        gid_t gid = 1;

        check_number(rows[i].group, account_find_group(rows[i].group, &gid, &err),
                     rows[i].want >= 0);
        if (rows[i].want >= 0)
            check_number(rows[i].group, gid, rows[i].want);
        else
            snprintf(want, sizeof want, "group %s does not exist", rows[i].group);
        check_text(rows[i].group, err.text, want);
    }
}

static void its_own_group_may_be_given(void **state)
{
    (void)state;
    check_true("its own", account_is_member(getegid()));
    check_number("another's", account_is_member(NOBODYS), geteuid() == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_user_and_a_group_have_names),
        UNIT_TEST(a_group_is_found),
        UNIT_TEST(its_own_group_may_be_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
