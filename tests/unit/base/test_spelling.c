/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <string.h>

#include "base/spelling.h"

static const char *const commands[] = {"preview", "parts", "history", "bounce-reason"};

static void a_slip_is_forgiven(void **state)
{
    static const struct {
        const char *name, *word, *want;
    } rows[] = {
        {"as it is", "history", "history"},
        {"two octets in the wrong order", "histroy", "history"},
        {"one left out", "histry", "history"},
        {"one put in", "previeww", "preview"},
        {"one changed", "porview", "preview"},
        {"the singular", "part", "parts"},
        {"underscore for hyphen", "bounce_reason", "bounce-reason"},
        {"three slips", "hstryyy", NULL},
        {"another word", "send", NULL},
        {"of a short word at most a third", "pxxts", NULL},
        {"nothing", "", NULL},
        {"one octet", "p", NULL},
        {"far too long", "historyhistoryhistoryhistoryhistoryhistory", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].name, spelling_find(rows[i].word, commands, COUNT(commands)),
                   rows[i].want);
}

static void the_closest_is_found(void **state)
{
    static const char *const names[] = {"quota-unit", "quota", "quotas"};

    (void)state;
    check_text("none between", spelling_find("quota", names, COUNT(names)), "quota");
    check_text("one slip before two", spelling_find("qutas", names, COUNT(names)),
               "quotas");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_slip_is_forgiven),
        UNIT_TEST(the_closest_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
