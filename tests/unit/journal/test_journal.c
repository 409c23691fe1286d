/* SPDX-License-Identifier: ISC */
/* The journal as sessions use it: many threads at once, and a store that fails. */
#include "journal_test.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "journal/journal.h"

/* ---- one session ---- */

static void it_may_end_at_once(void **state)
{
    struct journal *journal = new_journal(tested->place);

    (void)state;
    journal_free(&journal);
    check_true("cleared", journal == NULL);
    journal_free(&journal);
    check_states("made, and empty", 0, 0, 0);
    check_text("nothing to log", unit_log_read(), "");
}

static void what_sessions_write_is_there(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms sms[] = {sms_of_key("+447700900123", 1),
                                sms_of_key("+447700900124", 2)};
    struct journal_sms noted = sms_of_key("+447700900125", 0);
    struct journal_counts counts;
    struct error err;

    (void)state;
    assert_true(journal_claim(journal, &session_mail, sms, COUNT(sms), WAIT_S, &err));
    check_states("on the disk before it is sent", 2, 0, 0);
    set_sms_sent(&sms[0]);
    sms[1].state = SMS_REFUSED;
    journal_settle(journal, &session_mail, sms, COUNT(sms), MAIL_VERDICT_ACCEPTED);
    check_states("settled", 0, 1, 1);
    noted.state = SMS_REFUSED;
    journal_note(journal, &session_mail, &noted, 1, MAIL_VERDICT_REJECTED);
    check_states("noted", 0, 1, 2);
    counts = journal_count(journal);
    check_number("jobs", (long long)counts.jobs, 3);
    check_number("commits of one session", (long long)counts.commits, 3);
    journal_free(&journal);
    check_states("after its end", 0, 1, 2);
}

static void a_daemon_that_stops_claims_nothing(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms sms = sms_of_key("+447700900123", 1);
    struct error err;

    (void)state;
    journal_stop_claims(journal);
    check_true("no claim",
               !journal_claim(journal, &session_mail, &sms, 1, WAIT_S, &err));
    check_error("no claim", &err, ERROR_TEMPORARY, "4.3.2", NULL);
    journal_free(&journal);
}

static bool is_unknown(const void *data)
{
    (void)data;
    return count_at(tested->place).by_state[SMS_UNKNOWN] == 1;
}

static void a_start_closes_what_a_dead_daemon_sent(void **state)
{
    struct journal *journal;
    pid_t child = fork();
    int status;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        struct journal_sms sms = sms_of_key("+447700900123", 1);
        struct error err;

        if (journal_new(tested->place, RETENTION_DAYS, &journal, &err) &&
            journal_claim(journal, &session_mail, &sms, 1, 0, &err))
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    check_true("it died waiting for the API", WIFSIGNALED(status));
    check_states("it is dead", 1, 0, 0);
    journal = new_journal(tested->place);
    wait_for("the SMS becomes unknown before any mail comes", is_unknown, NULL);
    journal_free(&journal);
    unit_log_check(
        "1 SMS was being sent when the last daemon ended. Whether it was sent "
        "is unknown: see sms-milterctl history --state unknown\n",
        1);
    journal = new_journal(tested->place);
    journal_free(&journal);
    unit_log_check("being sent when", 1);
}

static void a_copy_without_time_to_wait_fails(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms first = sms_of_key("+447700900123", 1);
    struct journal_sms copy[] = {sms_of_key("+447700900124", 2),
                                 sms_of_key("+447700900123", 1)};
    struct error err;

    (void)state;
    claim_sms(journal, &first, CLAIM_SEND);
    for (int i = 0; i < 2; i++) {
        check_true("in hand",
                   !journal_claim(journal, &session_mail, copy, COUNT(copy), 0, &err));
        check_error("why", &err, ERROR_TEMPORARY, "4.3.0",
                    "another copy of this mail is being sent as an SMS now; the result "
                    "is not known yet");
    }
    check_states("nothing of it is claimed", 1, 0, 0);
    check_true("its other SMS is nobody's",
               journal_claim(journal, &session_mail, copy, 1, 0, &err));
    settle_sms(journal, &copy[0]);
    set_sms_sent(&first);
    settle_sms(journal, &first);
    check_true("free again",
               journal_claim(journal, &session_mail, &copy[1], 1, 0, &err));
    check_number("and known", copy[1].claim, CLAIM_SENT);
    settle_sms(journal, &copy[1]);
    journal_free(&journal);
}

/* ---- many sessions ---- */

enum { THREADS = 50 };

struct session {
    pthread_t thread;
    struct journal *journal;
    unsigned key;
    enum mail_verdict verdict;
    atomic_int *tid_out;
};

static atomic_int sent_count, in_flight, most_in_flight, failed_claims;

static void send_claimed(struct journal_sms *sms)
{
    int now = ++in_flight, most = most_in_flight;

    while (now > most && !atomic_compare_exchange_weak(&most_in_flight, &most, now))
        ;
    sent_count++;
    set_sms_sent(sms);
    in_flight--;
}

/* Sends one SMS, if it is to be sent. */
static void *run_session(void *data)
{
    const struct session *session = data;
    struct journal_sms sms = sms_of_key("+447700900123", session->key);
    struct error err;

    if (session->tid_out)
        *session->tid_out = gettid();
    while (!journal_claim(session->journal, &session_mail, &sms, 1, WAIT_S, &err))
        if (++failed_claims > 1000)
            return NULL; /* the test sees that it has not sent */
    if (sms.claim == CLAIM_SEND)
        send_claimed(&sms);
    journal_settle(session->journal, &session_mail, &sms, 1, session->verdict);
    return NULL;
}

static void begin_sessions(struct session *sessions, size_t count,
                           const struct session *model, unsigned keys)
{
    sent_count = in_flight = most_in_flight = failed_claims = 0;
    for (size_t i = 0; i < count; i++) {
        sessions[i] = *model;
        sessions[i].key = (unsigned)i % keys;
        if (model->tid_out)
            sessions[i].tid_out = model->tid_out + i;
        assert_int_equal(
            pthread_create(&sessions[i].thread, NULL, run_session, &sessions[i]), 0);
    }
}

static void join_sessions(struct session *sessions, size_t count)
{
    for (size_t i = 0; i < count; i++)
        pthread_join(sessions[i].thread, NULL);
}

static void copies_wait_for_the_first(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct session model = {.journal = journal, .verdict = MAIL_VERDICT_ACCEPTED};
    struct session sessions[8];
    struct journal_sms first = sms_of_key("+447700900123", 0);

    (void)state;
    claim_sms(journal, &first, CLAIM_SEND);
    begin_sessions(sessions, COUNT(sessions), &model, 1);
    check_number("none is sent while another may be", sent_count, 0);
    first.state = SMS_FAILED;
    settle_sms(journal, &first);
    join_sessions(sessions, COUNT(sessions));
    check_number("sent once", sent_count, 1);
    check_number("one at a time", most_in_flight, 1);
    journal_free(&journal);
    check_states("one record", 0, 1, 0);
}

/* ---- identical alarms ---- */

enum { ALARMS = 10 };

static void claim_alarm(struct journal *journal, const struct journal_mail *its_mail,
                        struct journal_sms *sms, enum claim want)
{
    struct error err;

    *sms = sms_of_key("+447700900123", 1);
    if (!journal_claim(journal, its_mail, sms, 1, 0, &err))
        fail_msg("%s", err.text);
    check_number("an alarm", sms->claim, want);
}

/* All are in hand at one time, and none of them has time to wait. */
static void claim_alarms(struct journal *journal, const struct journal_mail *its_mail,
                         struct journal_sms *sms, enum claim want)
{
    for (size_t i = 0; i < ALARMS; i++)
        claim_alarm(journal, its_mail, &sms[i], want);
}

static void no_alarm_waits_for_another(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_mail its_mail = session_mail;
    struct journal_sms sms[ALARMS];

    (void)state;
    its_mail.identity = MAIL_IDENTITY_CONTENT;
    claim_alarms(journal, &its_mail, sms, CLAIM_SEND);
    check_states("each has its record", ALARMS, 0, 0);
    for (size_t i = 0; i < ALARMS; i++) {
        set_sms_sent(&sms[i]);
        journal_settle(journal, &its_mail, &sms[i], 1, MAIL_VERDICT_ACCEPTED);
    }
    check_states("and its outcome", 0, ALARMS, 0);
    claim_alarms(journal, &its_mail, sms, CLAIM_SEND);
    journal_free(&journal);
    check_states("the next ten are ten more", ALARMS, ALARMS, 0);
}

/* Of ten that were deferred some had been sent before the mail failed for another
 * number; the retries come all at once. */
static void retries_of_alarms_send_what_is_missing(void **state)
{
    enum { SENT = 3 };
    struct journal *journal = new_journal(tested->place);
    struct journal_mail its_mail = session_mail;
    struct journal_sms sms[ALARMS], another;

    (void)state;
    its_mail.identity = MAIL_IDENTITY_CONTENT;
    claim_alarms(journal, &its_mail, sms, CLAIM_SEND);
    for (size_t i = 0; i < ALARMS; i++) {
        if (i < SENT)
            set_sms_sent(&sms[i]);
        else
            sms[i].state = SMS_FAILED;
        journal_settle(journal, &its_mail, &sms[i], 1, MAIL_VERDICT_DEFERRED);
    }
    for (size_t i = 0; i < ALARMS; i++)
        claim_alarm(journal, &its_mail, &sms[i],
                    i < ALARMS - SENT ? CLAIM_SEND : CLAIM_SENT);
    claim_alarm(journal, &its_mail, &another, CLAIM_SEND);
    check_number("an eleventh alarm is a new one",
                 (long long)count_at(tested->place).records, ALARMS + 1);
    journal_free(&journal);
}

/* Each of the unknown ones is told once; what comes after them is new. */
static void retries_of_unknown_alarms_are_refused_each(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_mail its_mail = session_mail;
    struct journal_sms sms[ALARMS], another;

    (void)state;
    its_mail.identity = MAIL_IDENTITY_CONTENT;
    its_mail.on_unknown = ON_UNKNOWN_REFUSE;
    claim_alarms(journal, &its_mail, sms, CLAIM_SEND);
    for (size_t i = 0; i < ALARMS; i++) {
        sms[i].state = SMS_UNKNOWN;
        journal_settle(journal, &its_mail, &sms[i], 1, MAIL_VERDICT_DEFERRED);
    }
    claim_alarms(journal, &its_mail, sms, CLAIM_REFUSED);
    claim_alarm(journal, &its_mail, &another, CLAIM_SEND);
    for (size_t i = 0; i < ALARMS; i++)
        journal_settle(journal, &its_mail, &sms[i], 1, MAIL_VERDICT_REJECTED);
    claim_alarm(journal, &its_mail, &another, CLAIM_SEND);
    journal_free(&journal);
}

/* ---- signed copies ---- */

static struct journal_sms signed_sms_of_key(unsigned key, unsigned signed_key)
{
    struct journal_sms sms = sms_of_key("+447700900123", key);

    memcpy(sms.signed_key.octets, &signed_key, sizeof signed_key);
    sms.has_signed_key = true;
    return sms;
}

static void a_signed_copy_waits_and_sends_nothing(void **state)
{
    static const struct {
        const char *name;
        enum mail_identity identity; /* of the first one */
        unsigned key;
        enum mail_verdict verdict;
    } rows[] = {
        {"a signed mail", MAIL_IDENTITY_SIGNATURE, 9, MAIL_VERDICT_ACCEPTED},
        {"one with a Message-ID", MAIL_IDENTITY_MESSAGE_ID, 1, MAIL_VERDICT_ACCEPTED},
        {"one without", MAIL_IDENTITY_CONTENT, 1, MAIL_VERDICT_ACCEPTED},
        {"one without, deferred", MAIL_IDENTITY_CONTENT, 1, MAIL_VERDICT_DEFERRED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal *journal = new_journal(tested->place);
        struct journal_mail mail_of_first = session_mail, copy_mail = session_mail;
        struct journal_sms first = signed_sms_of_key(rows[i].key, 9);
        struct journal_sms copy = signed_sms_of_key(9, 9);
        struct error err;

        mail_of_first.identity = rows[i].identity;
        copy_mail.identity = MAIL_IDENTITY_SIGNATURE;
        check_true(rows[i].name,
                   journal_claim(journal, &mail_of_first, &first, 1, 0, &err));
        check_true("it waits", !journal_claim(journal, &copy_mail, &copy, 1, 0, &err));
        set_sms_sent(&first);
        journal_settle(journal, &mail_of_first, &first, 1, rows[i].verdict);
        check_true("free", journal_claim(journal, &copy_mail, &copy, 1, 0, &err));
        check_number(rows[i].name, copy.claim, CLAIM_SENT);
        journal_settle(journal, &copy_mail, &copy, 1, MAIL_VERDICT_ACCEPTED);
        journal_free(&journal);
        check_states("one record", 0, 1, 0);
        tested->clear();
    }
}

/* Whether all threads have begun and now wait for something. */
static bool do_all_wait(const void *data)
{
    const atomic_int *tids = data;

    for (size_t i = 0; i < THREADS; i++) {
        char path[64], thread_state = '?';
        FILE *file;

        snprintf(path, sizeof path, "/proc/self/task/%d/stat", tids[i]);
        file = fopen(path, "re");
        if (!file)
            return false;
        if (fscanf(file, "%*d (%*[^)]) %c", &thread_state) != 1)
            thread_state = '?';
        fclose(file);
        if (thread_state != 'S')
            return false;
    }
    return true;
}

/* Of all that wait, the one whose SMS is free again goes on, whichever it is. */
static void who_waits_for_another_mail_goes_on(void **state)
{
    static atomic_int tids[THREADS];
    struct journal *journal = new_journal(tested->place);
    struct session model = {
        .journal = journal, .verdict = MAIL_VERDICT_ACCEPTED, .tid_out = tids};
    struct session sessions[THREADS], *last = &sessions[THREADS - 1];
    struct journal_sms held[] = {sms_of_key("+447700900123", 0),
                                 sms_of_key("+447700900123", THREADS)};

    (void)state;
    claim_sms(journal, &held[0], CLAIM_SEND);
    claim_sms(journal, &held[1], CLAIM_SEND);
    begin_sessions(sessions, THREADS - 1, &model, 1);
    model.key = THREADS;
    model.tid_out = &tids[THREADS - 1];
    *last = model;
    assert_int_equal(pthread_create(&last->thread, NULL, run_session, last), 0);
    wait_for("all sessions wait", do_all_wait, tids);
    settle_sms(journal, &held[1]);
    pthread_join(last->thread, NULL);
    check_number("it did not wait in vain", failed_claims, 0);
    settle_sms(journal, &held[0]);
    join_sessions(sessions, THREADS - 1);
    journal_free(&journal);
}

static void sessions_share_commits(void **state)
{
    static atomic_int tids[THREADS];
    struct journal *journal = new_journal(tested->place);
    struct session model = {
        .journal = journal, .verdict = MAIL_VERDICT_ACCEPTED, .tid_out = tids};
    struct session sessions[THREADS];
    struct journal_sms sms = sms_of_key("+447700900123", THREADS);
    struct journal_counts counts;
    void *held;

    (void)state;
    claim_sms(journal, &sms, CLAIM_SEND); /* so that the file is there */
    settle_sms(journal, &sms);
    held = tested->hold();
    begin_sessions(sessions, COUNT(sessions), &model, THREADS);
    wait_for("all sessions wait", do_all_wait, tids);
    tested->let_go(held);
    join_sessions(sessions, COUNT(sessions));
    counts = journal_count(journal);
    check_number("each SMS is sent", sent_count, THREADS);
    check_number("jobs", (long long)counts.jobs, 2 + 2 * THREADS);
    check_true("commits are shared", counts.commits < counts.jobs / 2);
    journal_free(&journal);
    check_number("all are there", (long long)count_at(tested->place).records,
                 1 + THREADS);
}

struct busy_body {
    struct journal *journal;
    unsigned first_key;
};

static void *write_often(void *data)
{
    const struct busy_body *body = data;
    struct error err;

    for (unsigned i = 0; i < 20; i++) {
        struct journal_sms sms[] = {sms_of_key("+447700900123", 1), /* everybody's */
                                    sms_of_key("+447700900124", body->first_key + i)};

        if (!journal_claim(body->journal, &session_mail, sms, COUNT(sms), WAIT_S, &err))
            continue;
        for (size_t k = 0; k < COUNT(sms); k++)
            if (sms[k].claim == CLAIM_SEND)
                set_sms_sent(&sms[k]);
        journal_settle(body->journal, &session_mail, sms, COUNT(sms),
                       MAIL_VERDICT_DEFERRED);
        sms[0].state = SMS_REFUSED;
        journal_note(body->journal, &session_mail, sms, 1, MAIL_VERDICT_REJECTED);
        journal_set_retention(body->journal, RETENTION_DAYS);
        journal_count(body->journal);
    }
    return NULL;
}

static void everything_at_once(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct busy_body bodies[8];
    pthread_t threads[COUNT(bodies)];

    (void)state;
    for (unsigned i = 0; i < COUNT(bodies); i++) {
        bodies[i] = (struct busy_body){journal, 1000 * (i + 1)};
        assert_int_equal(pthread_create(&threads[i], NULL, write_often, &bodies[i]), 0);
    }
    for (size_t i = 0; i < COUNT(bodies); i++)
        pthread_join(threads[i], NULL);
    journal_free(&journal);
    check_states("all are there", 0, 1 + COUNT(bodies) * 20, COUNT(bodies) * 20);
    check_text("nothing to log", unit_log_read(), "");
}

/* ---- a file that fails ---- */

static void an_outcome_is_known_before_it_can_be_written(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms sms[] = {sms_of_key("+447700900123", 1),
                                sms_of_key("+447700900124", 2)};
    struct journal_sms again[] = {sms[0], sms[1]};
    struct error err;
    void *held;

    (void)state;
    assert_true(journal_claim(journal, &session_mail, sms, COUNT(sms), WAIT_S, &err));
    set_sms_sent(&sms[0]);
    set_sms_sent(&sms[1]);
    held = tested->hold();
    journal_settle(journal, &session_mail, sms, COUNT(sms), MAIL_VERDICT_DEFERRED);
    memset(sms, 0xA5, sizeof sms); /* the session is over, and its memory gone */
    check_states("it is not written", 2, 0, 0);
    tested->let_go(held);
    claim_sms(journal, &again[0], CLAIM_SENT);
    claim_sms(journal, &again[1], CLAIM_SENT);
    settle_sms(journal, &again[0]);
    settle_sms(journal, &again[1]);
    check_states("it is now", 0, 2, 0);
    journal_free(&journal);
    unit_log_check("SMS are deferred until this is repaired.", 1);
    unit_log_check("can be written again", 1);
}

static bool is_sent(const void *data)
{
    (void)data;
    return count_at(tested->place).by_state[SMS_SENT] == 1;
}

static void an_outcome_is_written_without_another_mail(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms sms = sms_of_key("+447700900123", 1);

    (void)state;
    claim_sms(journal, &sms, CLAIM_SEND);
    set_sms_sent(&sms);
    tested->take_away();
    settle_sms(journal, &sms);
    wait_for("the outcome is written when it can be", is_sent, NULL);
    journal_free(&journal);
    unit_log_check(tested->why_taken_away, 1);
    unit_log_check("SMS are deferred", 1);
    unit_log_check("can be written again", 1);
}

static void an_outcome_is_written_at_the_end(void **state)
{
    struct journal *journal = new_journal(tested->place);
    struct journal_sms sms = sms_of_key("+447700900123", 1);

    (void)state;
    claim_sms(journal, &sms, CLAIM_SEND);
    set_sms_sent(&sms);
    tested->take_away();
    settle_sms(journal, &sms);
    journal_free(&journal);
    check_states("it is written", 0, 1, 0);
    unit_log_check("is lost", 0);
}

/* ---- retention ---- */

/* Records of each of the last days, with a connection of our own. */
static void write_old_records(int days)
{
    char sql[600];

    snprintf(sql, sizeof sql,
             "WITH RECURSIVE day (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM day"
             " WHERE n + 1 < %d)"
             " INSERT INTO sms (customer, sender, number, queue_id, message_id, state,"
             " verdict, api_message_id, status, reason, parts, attempts, unknowns,"
             " created, updated) SELECT '', '', '', '', '', 'sent', 'accepted', '', '',"
             " '', 1, 1, 0, t, t FROM (SELECT %lld - %d * n AS t FROM day) AS times",
             days, (long long)time(NULL) + DAY_S / 2, (int)DAY_S);
    tested->change(sql);
}

static bool has_records(const void *data)
{
    return count_at(tested->place).records == *(const size_t *)data;
}

static void old_records_are_forgotten(void **state)
{
    static const size_t all = RETENTION_DAYS + 1, fewer = 11;
    struct journal *journal = new_journal(tested->place);

    (void)state;
    journal_free(&journal);
    write_old_records(300);
    journal = new_journal(tested->place);
    wait_for("those of the retention time are left", has_records, &all);
    journal_set_retention(journal, 10);
    wait_for("fewer are left at once", has_records, &fewer);
    journal_free(&journal);
    unit_log_check("deleted 209 records last changed before ", 1);
    unit_log_check("deleted 80 records last changed before ", 1);
    unit_log_check("\n", 2);
}

/* What the last daemon knew of the time, this many days ago. */
static void set_back_known_time(int days)
{
    char sql[100];

    check_text("one time is kept", tested->ask("SELECT count(*) FROM clock"), "1");
    snprintf(sql, sizeof sql, "UPDATE clock SET known = known - %d, shown = shown - %d",
             days * (int)DAY_S, days * (int)DAY_S);
    tested->change(sql);
}

/* For a daemon a clock that is 100 days ahead is as one that was off for so long. */
static void a_clock_far_ahead_deletes_nothing(void **state)
{
    static const size_t all = 150, fewer = 110 + 1;
    struct journal *journal = new_journal(tested->place);

    (void)state;
    journal_free(&journal);
    write_old_records((int)all);
    set_back_known_time(100);
    journal = new_journal(tested->place);
    journal_set_retention(journal, 10);
    wait_for("what was old 100 days ago is deleted", has_records, &fewer);
    journal_free(&journal);
    unit_log_check("at least 100 days later than expected. If it is wrong, correct it.",
                   1);
    unit_log_check("deleted 39 records", 1);
    journal = new_journal(tested->place);
    journal_free(&journal);
    check_true("and nothing by the next start", has_records(&fewer));
    unit_log_check("later than expected", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JOURNAL_TEST(it_may_end_at_once),
        JOURNAL_TEST(what_sessions_write_is_there),
        JOURNAL_TEST(a_start_closes_what_a_dead_daemon_sent),
        JOURNAL_TEST(a_daemon_that_stops_claims_nothing),
        JOURNAL_TEST(a_copy_without_time_to_wait_fails),
        JOURNAL_TEST(copies_wait_for_the_first),
        JOURNAL_TEST(no_alarm_waits_for_another),
        JOURNAL_TEST(retries_of_alarms_send_what_is_missing),
        JOURNAL_TEST(retries_of_unknown_alarms_are_refused_each),
        JOURNAL_TEST(a_signed_copy_waits_and_sends_nothing),
        JOURNAL_TEST(who_waits_for_another_mail_goes_on),
        JOURNAL_TEST(sessions_share_commits),
        JOURNAL_TEST(everything_at_once),
        JOURNAL_TEST(an_outcome_is_known_before_it_can_be_written),
        JOURNAL_TEST(an_outcome_is_written_without_another_mail),
        JOURNAL_TEST(an_outcome_is_written_at_the_end),
        JOURNAL_TEST(old_records_are_forgotten),
        JOURNAL_TEST(a_clock_far_ahead_deletes_nothing),
    };

    unit_enter_folder();
    log_open("test");
    return STORE_TEST_RUN(tests);
}
