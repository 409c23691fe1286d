/* SPDX-License-Identifier: ISC */
#include "unit.h"

#include <string.h>

#include "libmilter.h"

static void packets_are_made_fit_for_libmilter(void **state)
{
    static const struct {
        const char *name;
        char command;
        const char *data;
        size_t size_bytes, kept_bytes;
        bool is_good;
    } rows[] = {
        {"no macros", 'D', "M", 1, 1, true},
        {"nothing at all", 'D', "", 0, 0, true},
        {"one macro", 'D', "Mi\0x\0", 5, 5, true},
        {"an empty value", 'D', "Mi\0\0", 4, 4, true},
        {"an empty name and value", 'D', "M\0\0", 3, 3, true},
        {"two macros", 'D', "Mi\0x\0v\0y\0", 9, 9, true},
        {"a lone name", 'D', "Mi\0", 3, 1, true},
        {"a lone empty name", 'D', "M\0", 2, 1, true},
        {"a lone name behind a macro", 'D', "Mi\0x\0v\0", 7, 5, true},
        {"a value that nothing closes", 'D', "Mi\0x", 4, 1, true},
        {"the same behind a macro", 'D', "Mi\0x\0v\0y", 8, 5, true},
        {"what libmilter ignores behind a macro", 'D', "Mi\0x\0y", 6, 6, true},
        {"a name that nothing closes", 'D', "Mi", 2, 2, true},
        {"a client", 'C',
         "h\0"
         "4",
         3, 3, true},
        {"a host name that nothing closes", 'C', "host", 4, 4, false},
        {"other commands are as they are", 'M', "Mi\0", 3, 3, true},
        {"a text", 'B', "Text", 4, 4, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t size_bytes = rows[i].size_bytes;

        check_number(rows[i].name,
                     libmilter_check_packet(rows[i].command, rows[i].data, &size_bytes),
                     rows[i].is_good);
        check_number(rows[i].name, (long long)size_bytes,
                     (long long)rows[i].kept_bytes);
    }
}

static void a_thread_that_read_nothing_has_no_command(void **state)
{
    (void)state;
    check_number("no command", libmilter_command(), 0);
}

/* This program is linked without libmilter. A static one cannot be found either. */
static void without_its_functions_libmilter_is_refused(void **state)
{
    struct error err;

    (void)state;
    check_true("refused", !libmilter_is_usable(&err));
    check_true("reason", strstr(err.text, "as a shared library") != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(packets_are_made_fit_for_libmilter),
        UNIT_TEST(without_its_functions_libmilter_is_refused),
        UNIT_TEST(a_thread_that_read_nothing_has_no_command),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
