/* SPDX-License-Identifier: ISC */
/* Places of journals: which backend each belongs to, and what is told of them. */
#include "store_test.h"

#include <stdio.h>
#include <string.h>

#include "journal/journal.h"
#include "journal/journal_place.h"

enum { WAIT_MS = 60000 };

static void a_place_names_its_backend(void **state)
{
    struct error err;

    (void)state;
    check_true(tested->place,
               journal_place_backend(tested->place, &err) == tested->functions);
    check_true(tested->functions->example,
               journal_place_is_good(tested->functions->example, &err));
}

/* What is said of a place that no backend knows: it shows an example of each. Static,
 * until the next call. */
static const char *want_form(const char *place)
{
    static char want[ERROR_TEXT_SIZE];
    const char *before = "is not a place such as";
    int used = snprintf(want, sizeof want, "\"%s\"", place);

    for (const struct journal_backend *const *next = journal_backends; *next; next++) {
        used += snprintf(want + used, sizeof want - (size_t)used, " %s \"%s\"", before,
                         (*next)->example);
        before = "or";
    }
    return want;
}

static void another_scheme_is_told(void **state)
{
    static const char *const places[] = {"",
                                         ":",
                                         "/var/lib/j.db",
                                         "sqlit:/var/lib/j.db",
                                         "sqlite3:/var/lib/j.db",
                                         "SQLite:/var/lib/j.db",
                                         "unknown://localhost/sms"};
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        const char *want = want_form(places[i]);

        check_true(places[i], !journal_place_backend(places[i], &err));
        check_error(places[i], &err, ERROR_REFUSED, "", want);
        check_true(places[i], !journal_place_is_good(places[i], &err));
        check_true(places[i], !journal_place_check(places[i], true, &err));
        check_error(places[i], &err, ERROR_REFUSED, "", want);
    }
}

static void a_wrong_form_is_told(void **state)
{
    static const char *const places[] = {"sqlite:", "sqlite:j.db", "sqlite:./j.db"};
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(places); i++) {
        check_true(places[i], !journal_place_is_good(places[i], &err));
        check_true(places[i], strstr(err.text, "is not a place such as"));
    }
}

/* ---- each backend ---- */

/* Beside the daemon, and what it leaves behind. */
static void a_journal_in_use_is_good(void **state)
{
    struct journal *journal;
    struct error err = {.text = ""};

    (void)state;
    tested->clear();
    assert_true(journal_new(tested->place, 90, &journal, &err));
    check_true("ready", journal_wait_ready(journal, WAIT_MS, &err));
    check_true("in use", journal_place_check(tested->place, true, &err));
    journal_free(&journal);
    check_true("later", journal_place_check(tested->place, true, &err));
}

static void one_that_cannot_be_used_is_told(void **state)
{
    struct journal *journal;
    struct error err = {.text = ""};

    (void)state;
    assert_true(journal_new(tested->unusable_place, 90, &journal, &err));
    check_true("not ready", !journal_wait_ready(journal, WAIT_MS, &err));
    check_true("why", strstr(err.text, tested->why_unusable));
    journal_free(&journal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_place_names_its_backend),
        UNIT_TEST(another_scheme_is_told),
        UNIT_TEST(a_wrong_form_is_told),
        UNIT_TEST(a_journal_in_use_is_good),
        UNIT_TEST(one_that_cannot_be_used_is_told),
    };

    unit_enter_folder();
    return STORE_TEST_RUN(tests);
}
