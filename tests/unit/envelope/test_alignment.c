/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "envelope/alignment.h"

static void domains_of_one_organisation_are_aligned(void **state)
{
    static const struct {
        const char *name, *one, *other;
        bool is_relaxed, is_strict;
    } rows[] = {
        {"the same", "school.example", "school.example", true, true},
        {"a subdomain", "mail.school.example", "school.example", true, false},
        {"the parent", "school.example", "mail.school.example", true, false},
        {"sisters", "a.school.example", "b.school.example", true, false},
        {"another organisation", "school.example", "college.example", false, false},
        {"an ending that is no label", "evilschool.example", "school.example", false,
         false},
        {"schools below a public suffix of three labels", "green.kent.sch.uk",
         "oak.kent.sch.uk", false, false},
        {"below a private suffix", "a.github.io", "b.github.io", false, false},
        {"a public suffix and what is below it", "co.uk", "school.co.uk", false, false},
        {"a public suffix itself", "co.uk", "co.uk", true, true},
        {"IDN in its A-label form", "mail.xn--grnstrae-wya8z.example",
         "xn--grnstrae-wya8z.example", true, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_number(rows[i].name,
                     alignment_holds(ALIGNMENT_RELAXED, rows[i].one, rows[i].other),
                     rows[i].is_relaxed);
        check_number(rows[i].name,
                     alignment_holds(ALIGNMENT_STRICT, rows[i].one, rows[i].other),
                     rows[i].is_strict);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(domains_of_one_organisation_are_aligned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
