/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <libpsl.h>
#include <sys/wait.h>
#include <unistd.h>

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

/* The system's list; NULL: it has none. The linker (option --wrap) puts this in the
 * place of the function of libpsl. */
static const char *system_list = "";

psl_ctx_t *__real_psl_latest(const char *file);
psl_ctx_t *__wrap_psl_latest(const char *file);

psl_ctx_t *__wrap_psl_latest(const char *file)
{
    if (!system_list)
        return NULL;
    return *system_list ? psl_load_file(system_list) : __real_psl_latest(file);
}

/* In a process of its own, as the list is read once. */
static bool is_aligned_by(const char *list, const char *one, const char *other)
{
    pid_t child = fork();
    int status;

    if (child == 0) {
        system_list = list;
        _exit(alignment_holds(ALIGNMENT_RELAXED, one, other));
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Run first: before this program has read a list. */
static void the_list_of_the_system_counts_before_the_one_of_libpsl(void **state)
{
    static const struct {
        const char *name, *list, *one, *other;
        bool want;
    } rows[] = {
        {"a suffix of the system's alone", "suffixes", "green.example.org",
         "oak.example.org", false},
        {"below it", "suffixes", "a.green.example.org", "green.example.org", true},
        {"one that it does not have", "suffixes", "green.kent.sch.uk",
         "oak.kent.sch.uk", true},
        {"no list of the system's", NULL, "green.kent.sch.uk", "oak.kent.sch.uk",
         false},
        {"no list of the system's, below one of libpsl's", NULL, "a.green.kent.sch.uk",
         "green.kent.sch.uk", true},
        {"a file that is not there", "none", "green.kent.sch.uk", "oak.kent.sch.uk",
         false},
    };

    (void)state;
    unit_write_file("suffixes", "org\nexample.org\nuk\n", 0600);
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name,
                     is_aligned_by(rows[i].list, rows[i].one, rows[i].other),
                     rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_list_of_the_system_counts_before_the_one_of_libpsl),
        UNIT_TEST(domains_of_one_organisation_are_aligned),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
