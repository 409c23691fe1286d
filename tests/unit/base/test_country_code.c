/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "base/country_code.h"

static void the_first_digits_tell_the_country(void **state)
{
    static const struct {
        const char *name, *number;
        size_t length;
        bool keeps_zero, has_trunk_zero;
    } rows[] = {
        {"one digit", "12125550123", 1, false, false},
        {"the other one digit", "79123456789", 1, false, false},
        {"two digits", "447700900123", 2, false, false},
        {"two digits that end in 0", "40721234567", 2, false, false},
        {"three digits", "353851234567", 3, false, false},
        {"three digits that end in 0", "420601123456", 3, false, false},
        {"three digits that nobody has", "2101234567", 3, false, false},
        {"trunk 0 behind one digit", "10212", 1, false, true},
        {"trunk 0 behind two digits", "4407700", 2, false, true},
        {"trunk 0 behind three digits", "3530851234567", 3, false, true},
        {"trunk 0 behind a 0", "4200601123456", 3, false, true},
        {"Italy", "39061234567", 2, true, false},
        {"San Marino", "3780549886377", 3, true, false},
        {"beside San Marino", "3790549886377", 3, false, true},
        {"Tajikistan", "992007777777", 3, true, false},
        {"a country code alone", "44", 2, false, false},
        {"a country code and its trunk 0", "440", 2, false, true},
        {"less than a country code", "4", 2, false, false},
        {"less than one of three digits", "42", 3, false, false},
        {"nothing", "", 2, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *number = rows[i].number;

        check_number(rows[i].name, (long long)country_code_length(number),
                     (long long)rows[i].length);
        check_number(rows[i].name, country_code_keeps_zero(number), rows[i].keeps_zero);
        check_number(rows[i].name, country_code_has_trunk_zero(number),
                     rows[i].has_trunk_zero);
    }
}

static void one_trunk_zero_goes(void **state)
{
    static const struct {
        const char *name, *number, *want; /* NULL: it is no number */
    } rows[] = {
        {"none", "447700900123", "447700900123"},
        {"one", "4407700900123", "447700900123"},
        {"one behind a 0", "4200601123456", "420601123456"},
        {"nothing behind it", "440", "44"},
        {"two", "44007700900123", NULL},
        {"Italian", "39061234567", "39061234567"},
        {"two of Tajikistan", "992007777777", "992007777777"},
        {"nothing", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char number[32];

        snprintf(number, sizeof number, "%s", rows[i].number);
        if (country_code_drop_trunk_zero(number))
            check_text(rows[i].name, number, rows[i].want);
        else
            check_text(rows[i].name, NULL, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_first_digits_tell_the_country),
        UNIT_TEST(one_trunk_zero_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
