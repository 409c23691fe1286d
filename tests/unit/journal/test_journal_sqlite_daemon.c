/* SPDX-License-Identifier: ISC */
/* The journal as sessions use it, on a SQLite file that cannot be used for a while. */
#include "journal_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal_place.h"
#include "journal/journal_sqlite.h"

static void a_lost_outcome_is_told(void **state)
{
    struct journal_sms sms[] = {sms_of_key("+447700900123", 1),
                                sms_of_key("+447700900124", 2)};
    struct journal_sms noted = sms_of_key("+447700900125", 3);
    struct journal *journal;
    struct error err;

    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    journal = new_journal("sqlite:folder/journal.db");
    assert_true(journal_claim(journal, &session_mail, sms, COUNT(sms), WAIT_S, &err));
    assert_int_equal(rename("folder", "elsewhere"), 0);
    journal_settle(journal, &session_mail, sms, COUNT(sms), MAIL_VERDICT_ACCEPTED);
    check_true("a note is not kept",
               !journal_note(journal, &session_mail, &noted, 1, MAIL_VERDICT_REJECTED));
    journal_free(&journal);
    unit_log_check("what became of 2 SMS could not be written and is lost", 1);
}

/* Counts tries to open the journal, and waits of its thread and of those who claim.
 * The linker (option --wrap) puts these in the place of the real functions. */
static atomic_uint opens, waits;

static bool count_open(const char *place, bool is_first,
                       struct journal_store **store_out, struct error *err)
{
    opens++;
    return journal_sqlite.open(place, is_first, store_out, err);
}

const struct journal_backend *__wrap_journal_place_backend(const char *place,
                                                           struct error *err);
const struct journal_backend *__wrap_journal_place_backend(const char *place,
                                                           struct error *err)
{
    static struct journal_backend counted;

    (void)place;
    (void)err;
    counted = journal_sqlite;
    counted.open = count_open;
    return &counted;
}

bool __real_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms);
bool __wrap_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms);

bool __wrap_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms)
{
    waits++;
    return __real_clock_wait(condition, lock, until_ms);
}

static void an_unusable_journal_is_used_when_it_can_be(void **state)
{
    struct journal_sms sms = sms_of_key("+447700900123", 1);
    struct journal *journal;
    int64_t start_ms = clock_ms(CLOCK_MONOTONIC), passed_ms;

    (void)state;
    opens = waits = claims_in_vain = 0;
    journal = new_journal("sqlite:later/journal.db");
    for (int i = 0; i < 20; i++)
        check_claim_fails(journal, &sms);
    assert_int_equal(mkdir("later", 0700), 0);
    claim_when_it_works(journal, &sms);
    passed_ms = clock_ms(CLOCK_MONOTONIC) - start_ms;
    check_true("it is tried once a second at most", opens <= passed_ms / 1000 + 2);
    check_true("it does not spin meanwhile", waits <= 4 * (opens + claims_in_vain));
    check_number("claim", sms.claim, CLAIM_SEND);
    settle_sms(journal, &sms);
    journal_free(&journal);
    check_number("it is there", (long long)count_at("sqlite:later/journal.db").records,
                 1);
    unit_log_check("cannot create its lock file later/journal.db-lock: No such file or "
                   "directory (does "
                   "the folder exist, and does it belong to user ",
                   1);
    unit_log_check("can be written again", 1);
    unit_log_check("\n", 2);
}

/* As if systemd started the next daemon while the last one is still ending. */
static void the_next_daemon_waits_for_the_last(void **state)
{
    struct journal *last = new_journal(tested->place), *next;
    struct journal_sms sms = sms_of_key("+447700900123", 1), again = sms;

    (void)state;
    claim_sms(last, &sms, CLAIM_SEND);
    next = new_journal(tested->place);
    check_claim_fails(next, &again);
    check_states("the last one's SMS is still its own", 1, 0, 0);
    set_sms_sent(&sms);
    settle_sms(last, &sms);
    journal_free(&last);
    claim_when_it_works(next, &again);
    check_number("what the last one sent is known", again.claim, CLAIM_SENT);
    settle_sms(next, &again);
    journal_free(&next);
    unit_log_check(
        "another sms-milter process uses it. SMS are deferred until this is repaired.",
        1);
    unit_log_check("can be written again", 1);
}

/* A successful purge does not prove that a mail could be written. */
static void trouble_is_over_when_something_is_written(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms sms = sms_of_key("+447700900123", 1);
    void *held;

    (void)state;
    claim_sms(journal, &sms, CLAIM_SEND);
    settle_sms(journal, &sms);
    held = tested->hold();
    check_claim_fails(journal, &sms);
    journal_set_retention(journal, RETENTION_DAYS);
    check_claim_fails(journal, &sms);
    unit_log_check(
        "database is locked: another program writes to it. SMS are deferred until this "
        "is repaired.",
        1);
    unit_log_check("can be written again", 0);
    tested->let_go(held);
    claim_sms(journal, &sms, CLAIM_SEND);
    settle_sms(journal, &sms);
    journal_free(&journal);
    unit_log_check("\n", 2);
    unit_log_check("can be written again", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(a_lost_outcome_is_told),
        JOURNAL_TEST(an_unusable_journal_is_used_when_it_can_be),
        JOURNAL_TEST(the_next_daemon_waits_for_the_last),
        JOURNAL_TEST(trouble_is_over_when_something_is_written),
    };

    unit_enter_folder();
    log_open("test");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
