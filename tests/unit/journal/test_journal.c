/* SPDX-License-Identifier: ISC */
/* The journal as sessions use it: many threads at once, and a file that fails. */
#include "../unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal.h"
#include "journal/journal_store.h"

#define FILE_NAME "journal.db"
static const char place[] = "sqlite:" FILE_NAME;

enum { RETENTION_DAYS = 90, WAIT_S = 1000, DAY_S = 24 * 3600 };

static const struct journal_mail mail = {
    .customer = "school",
    .sender = "head@school.example",
    .queue_id = "Q1",
    .message_id = "<1@school.example>",
    .retry_window_s = 3600,
    .duplicate_window_s = 5 * DAY_S,
    .on_unknown = ON_UNKNOWN_RESEND,
    .parts = 1,
};

#define CANNOT_WRITE "the SMS gateway cannot write its journal now; nothing was sent"

/* ---- helpers ---- */

/* What is logged goes to a file, which the test reads. */
static int begin_test(void **state)
{
    static const char *const names[] = {FILE_NAME, FILE_NAME "-wal", FILE_NAME "-shm",
                                        FILE_NAME "-lock"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(names[i]);
    return unit_log_begin() ? 0 : -1;
}

static int end_test(void **state)
{
    unit_log_end();
    return unit_end_test(state);
}

static void pause_a_little(void)
{
    const struct timespec ms = {.tv_nsec = 1000000};

    nanosleep(&ms, NULL);
}

static int64_t clock_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits until it is so; fails the test if it is waited for in vain. */
static void wait_for(const char *what, bool (*is_so)(const void *data),
                     const void *data)
{
    int64_t deadline_ms = clock_ms(CLOCK_MONOTONIC) + unit_patience_ms();

    while (!is_so(data)) {
        if (clock_ms(CLOCK_MONOTONIC) > deadline_ms)
            fail_msg("in vain: %s", what);
        pause_a_little();
    }
}

static struct journal *new_journal(const char *where)
{
    struct journal *journal;
    struct error err;

    if (!journal_new(where, RETENTION_DAYS, &journal, &err))
        fail_msg("%s", err.text);
    return journal;
}

static struct journal_sms new_sms(const char *number, unsigned key)
{
    struct journal_sms sms = {.number = number};

    memcpy(sms.key.octets, &key, sizeof key);
    return sms;
}

static void set_sent(struct journal_sms *sms)
{
    sms->state = SMS_SENT;
    snprintf(sms->api_message_id, sizeof sms->api_message_id, "api-1");
}

static void claim(struct journal *journal, struct journal_sms *sms, enum claim want)
{
    struct error err;

    if (!journal_claim(journal, &mail, sms, 1, WAIT_S, &err))
        fail_msg("%s", err.text);
    check_number("claim", sms->claim, want);
}

static void settle(struct journal *journal, struct journal_sms *sms)
{
    journal_settle(journal, &mail, sms, 1, MAIL_VERDICT_DEFERRED);
}

/* How often they were tried while the journal could not be written. */
static unsigned claims;

/* The journal works again a while after what was wrong is mended. */
static void claim_when_it_works(struct journal *journal, struct journal_sms *sms)
{
    int64_t deadline_ms = clock_ms(CLOCK_MONOTONIC) + unit_patience_ms();
    struct error err;

    while (!journal_claim(journal, &mail, sms, 1, WAIT_S, &err)) {
        claims++;
        check_error("not yet", &err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
        if (clock_ms(CLOCK_MONOTONIC) > deadline_ms)
            fail_msg("it never works again: %s", unit_log_read());
        pause_a_little();
    }
}

static void check_claim_fails(struct journal *journal, struct journal_sms *sms)
{
    struct error err;

    claims++;
    check_true("it cannot be claimed",
               !journal_claim(journal, &mail, sms, 1, WAIT_S, &err));
    check_error("why", &err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
}

/* ---- what is in it ---- */

struct tally {
    size_t records;
    size_t by_state[SMS_UNKNOWN + 1];
};

static bool on_record(const struct journal_record *record, void *data)
{
    struct tally *tally = data;

    tally->records++;
    tally->by_state[record->state]++;
    return true;
}

/* Where it cannot be read yet there is nothing in it. */
static struct tally count_at(const char *where)
{
    struct tally tally = {.records = 0};
    struct error err;

    if (!journal_read(where, &(struct journal_filter){.since_s = 0}, on_record, &tally,
                      &err))
        return (struct tally){.records = 0};
    return tally;
}

static void check_states(const char *row, size_t sending, size_t sent, size_t refused)
{
    struct tally tally = count_at(place);

    check_number(row, (long long)tally.by_state[SMS_SENDING], (long long)sending);
    check_number(row, (long long)tally.by_state[SMS_SENT], (long long)sent);
    check_number(row, (long long)tally.by_state[SMS_REFUSED], (long long)refused);
    check_number(row, (long long)tally.records, (long long)(sending + sent + refused));
}

static void exec(sqlite3 *db, const char *sql)
{
    char *text = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK)
        fail_msg("%s: %s", sql, text);
}

/* Somebody else who writes: the journal cannot until exec(.., "COMMIT"). */
static sqlite3 *hold_file(void)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(FILE_NAME, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, WAIT_S * 1000);
    exec(db, "BEGIN IMMEDIATE");
    return db;
}

static void let_file_go(sqlite3 *db)
{
    exec(db, "COMMIT");
    sqlite3_close(db);
}

/* ---- one session ---- */

static void it_may_end_at_once(void **state)
{
    struct journal *journal = new_journal(place);

    (void)state;
    journal_free(&journal);
    check_true("cleared", journal == NULL);
    journal_free(&journal);
    check_states("made, and empty", 0, 0, 0);
    check_true("it is there", access(FILE_NAME, F_OK) == 0);
    check_text("nothing to log", unit_log_read(), "");
}

static void what_sessions_write_is_there(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_sms sms[] = {new_sms("+447700900123", 1),
                                new_sms("+447700900124", 2)};
    struct journal_sms noted = new_sms("+447700900125", 0);
    struct journal_counts counts;
    struct error err;

    (void)state;
    assert_true(journal_claim(journal, &mail, sms, COUNT(sms), WAIT_S, &err));
    check_states("on the disk before it is sent", 2, 0, 0);
    set_sent(&sms[0]);
    sms[1].state = SMS_REFUSED;
    journal_settle(journal, &mail, sms, COUNT(sms), MAIL_VERDICT_ACCEPTED);
    check_states("settled", 0, 1, 1);
    noted.state = SMS_REFUSED;
    journal_note(journal, &mail, &noted, 1, MAIL_VERDICT_REJECTED);
    check_states("noted", 0, 1, 2);
    counts = journal_count(journal);
    check_number("jobs", (long long)counts.jobs, 3);
    check_number("commits of one session", (long long)counts.commits, 3);
    journal_free(&journal);
    check_states("after its end", 0, 1, 2);
}

static void a_daemon_that_stops_claims_nothing(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_sms sms = new_sms("+447700900123", 1);
    struct error err;

    (void)state;
    journal_stop_claims(journal);
    check_true("no claim", !journal_claim(journal, &mail, &sms, 1, WAIT_S, &err));
    check_error("no claim", &err, ERROR_TEMPORARY, "4.3.2", NULL);
    journal_free(&journal);
}

static bool is_unknown(const void *data)
{
    (void)data;
    return count_at(place).by_state[SMS_UNKNOWN] == 1;
}

static void a_start_closes_what_a_dead_daemon_sent(void **state)
{
    struct journal *journal;
    pid_t child = fork();
    int status;

    (void)state;
    assert_true(child >= 0);
    if (child == 0) {
        struct journal_sms sms = new_sms("+447700900123", 1);
        struct error err;

        if (journal_new(place, RETENTION_DAYS, &journal, &err) &&
            journal_claim(journal, &mail, &sms, 1, 0, &err))
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    check_true("it died waiting for the API", WIFSIGNALED(status));
    check_states("it is dead", 1, 0, 0);
    journal = new_journal(place);
    wait_for("the SMS becomes unknown before any mail comes", is_unknown, NULL);
    journal_free(&journal);
    unit_log_check("1 SMS was under way when the daemon ended: what became of it is "
                   "unknown; see sms-milterctl history --state unknown\n",
                   1);
    journal = new_journal(place);
    journal_free(&journal);
    unit_log_check("under way", 1);
}

static void a_copy_without_time_to_wait_fails(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_sms first = new_sms("+447700900123", 1);
    struct journal_sms copy[] = {new_sms("+447700900124", 2),
                                 new_sms("+447700900123", 1)};
    struct error err;

    (void)state;
    claim(journal, &first, CLAIM_SEND);
    for (int i = 0; i < 2; i++) {
        check_true("in hand",
                   !journal_claim(journal, &mail, copy, COUNT(copy), 0, &err));
        check_error("why", &err, ERROR_TEMPORARY, "4.3.0",
                    "another copy of this mail is being sent as an SMS, and it is not "
                    "known yet what becomes of it");
    }
    check_states("nothing of it is claimed", 1, 0, 0);
    check_true("its other SMS is nobody's",
               journal_claim(journal, &mail, copy, 1, 0, &err));
    settle(journal, &copy[0]);
    set_sent(&first);
    settle(journal, &first);
    check_true("free again", journal_claim(journal, &mail, &copy[1], 1, 0, &err));
    check_number("and known", copy[1].claim, CLAIM_SENT);
    settle(journal, &copy[1]);
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
    set_sent(sms);
    in_flight--;
}

/* Sends one SMS, if it is to be sent. */
static void *run_session(void *data)
{
    const struct session *session = data;
    struct journal_sms sms = new_sms("+447700900123", session->key);
    struct error err;

    if (session->tid_out)
        *session->tid_out = gettid();
    while (!journal_claim(session->journal, &mail, &sms, 1, WAIT_S, &err))
        if (++failed_claims > 1000)
            return NULL; /* the test sees that it has not sent */
    if (sms.claim == CLAIM_SEND)
        send_claimed(&sms);
    journal_settle(session->journal, &mail, &sms, 1, session->verdict);
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
    struct journal *journal = new_journal(place);
    struct session model = {.journal = journal, .verdict = MAIL_VERDICT_ACCEPTED};
    struct session sessions[8];
    struct journal_sms first = new_sms("+447700900123", 0);

    (void)state;
    claim(journal, &first, CLAIM_SEND);
    begin_sessions(sessions, COUNT(sessions), &model, 1);
    check_number("none is sent while another may be", sent_count, 0);
    first.state = SMS_FAILED;
    settle(journal, &first);
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

    *sms = new_sms("+447700900123", 1);
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
    struct journal *journal = new_journal(place);
    struct journal_mail its_mail = mail;
    struct journal_sms sms[ALARMS];

    (void)state;
    its_mail.identity = MAIL_IDENTITY_CONTENT;
    claim_alarms(journal, &its_mail, sms, CLAIM_SEND);
    check_states("each has its record", ALARMS, 0, 0);
    for (size_t i = 0; i < ALARMS; i++) {
        set_sent(&sms[i]);
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
    struct journal *journal = new_journal(place);
    struct journal_mail its_mail = mail;
    struct journal_sms sms[ALARMS], another;

    (void)state;
    its_mail.identity = MAIL_IDENTITY_CONTENT;
    claim_alarms(journal, &its_mail, sms, CLAIM_SEND);
    for (size_t i = 0; i < ALARMS; i++) {
        if (i < SENT)
            set_sent(&sms[i]);
        else
            sms[i].state = SMS_FAILED;
        journal_settle(journal, &its_mail, &sms[i], 1, MAIL_VERDICT_DEFERRED);
    }
    for (size_t i = 0; i < ALARMS; i++)
        claim_alarm(journal, &its_mail, &sms[i],
                    i < ALARMS - SENT ? CLAIM_SEND : CLAIM_SENT);
    claim_alarm(journal, &its_mail, &another, CLAIM_SEND);
    check_number("an eleventh alarm is a new one", (long long)count_at(place).records,
                 ALARMS + 1);
    journal_free(&journal);
}

/* Each of the unknown ones is told once; what comes after them is new. */
static void retries_of_unknown_alarms_are_refused_each(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_mail its_mail = mail;
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

static struct journal_sms new_signed_sms(unsigned key, unsigned signed_key)
{
    struct journal_sms sms = new_sms("+447700900123", key);

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
        struct journal *journal = new_journal(place);
        struct journal_mail first_mail = mail, copy_mail = mail;
        struct journal_sms first = new_signed_sms(rows[i].key, 9);
        struct journal_sms copy = new_signed_sms(9, 9);
        struct error err;

        first_mail.identity = rows[i].identity;
        copy_mail.identity = MAIL_IDENTITY_SIGNATURE;
        check_true(rows[i].name,
                   journal_claim(journal, &first_mail, &first, 1, 0, &err));
        check_true("it waits", !journal_claim(journal, &copy_mail, &copy, 1, 0, &err));
        set_sent(&first);
        journal_settle(journal, &first_mail, &first, 1, rows[i].verdict);
        check_true("free", journal_claim(journal, &copy_mail, &copy, 1, 0, &err));
        check_number(rows[i].name, copy.claim, CLAIM_SENT);
        journal_settle(journal, &copy_mail, &copy, 1, MAIL_VERDICT_ACCEPTED);
        journal_free(&journal);
        check_states("one record", 0, 1, 0);
        unlink(FILE_NAME);
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
    struct journal *journal = new_journal(place);
    struct session model = {
        .journal = journal, .verdict = MAIL_VERDICT_ACCEPTED, .tid_out = tids};
    struct session sessions[THREADS], *last = &sessions[THREADS - 1];
    struct journal_sms held[] = {new_sms("+447700900123", 0),
                                 new_sms("+447700900123", THREADS)};

    (void)state;
    claim(journal, &held[0], CLAIM_SEND);
    claim(journal, &held[1], CLAIM_SEND);
    begin_sessions(sessions, THREADS - 1, &model, 1);
    model.key = THREADS;
    model.tid_out = &tids[THREADS - 1];
    *last = model;
    assert_int_equal(pthread_create(&last->thread, NULL, run_session, last), 0);
    wait_for("all sessions wait", do_all_wait, tids);
    settle(journal, &held[1]);
    pthread_join(last->thread, NULL);
    check_number("it did not wait in vain", failed_claims, 0);
    settle(journal, &held[0]);
    join_sessions(sessions, THREADS - 1);
    journal_free(&journal);
}

static void sessions_share_commits(void **state)
{
    static atomic_int tids[THREADS];
    struct journal *journal = new_journal(place);
    struct session model = {
        .journal = journal, .verdict = MAIL_VERDICT_ACCEPTED, .tid_out = tids};
    struct session sessions[THREADS];
    struct journal_sms sms = new_sms("+447700900123", THREADS);
    struct journal_counts counts;
    sqlite3 *db;

    (void)state;
    claim(journal, &sms, CLAIM_SEND); /* so that the file is there */
    settle(journal, &sms);
    db = hold_file();
    begin_sessions(sessions, COUNT(sessions), &model, THREADS);
    wait_for("all sessions wait", do_all_wait, tids);
    let_file_go(db);
    join_sessions(sessions, COUNT(sessions));
    counts = journal_count(journal);
    check_number("each SMS is sent", sent_count, THREADS);
    check_number("jobs", (long long)counts.jobs, 2 + 2 * THREADS);
    check_true("commits are shared", counts.commits < counts.jobs / 2);
    journal_free(&journal);
    check_number("all are there", (long long)count_at(place).records, 1 + THREADS);
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
        struct journal_sms sms[] = {new_sms("+447700900123", 1), /* everybody's */
                                    new_sms("+447700900124", body->first_key + i)};

        if (!journal_claim(body->journal, &mail, sms, COUNT(sms), WAIT_S, &err))
            continue;
        for (size_t k = 0; k < COUNT(sms); k++)
            if (sms[k].claim == CLAIM_SEND)
                set_sent(&sms[k]);
        journal_settle(body->journal, &mail, sms, COUNT(sms), MAIL_VERDICT_DEFERRED);
        sms[0].state = SMS_REFUSED;
        journal_note(body->journal, &mail, sms, 1, MAIL_VERDICT_REJECTED);
        journal_set_retention(body->journal, RETENTION_DAYS);
        journal_count(body->journal);
    }
    return NULL;
}

static void everything_at_once(void **state)
{
    struct journal *journal = new_journal(place);
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
    struct journal *journal = new_journal(place);
    struct journal_sms sms[] = {new_sms("+447700900123", 1),
                                new_sms("+447700900124", 2)};
    struct journal_sms again[] = {sms[0], sms[1]};
    struct error err;
    sqlite3 *db;

    (void)state;
    assert_true(journal_claim(journal, &mail, sms, COUNT(sms), WAIT_S, &err));
    set_sent(&sms[0]);
    set_sent(&sms[1]);
    db = hold_file();
    journal_settle(journal, &mail, sms, COUNT(sms), MAIL_VERDICT_DEFERRED);
    memset(sms, 0xA5, sizeof sms); /* the session is over, and its memory gone */
    check_states("it is not written", 2, 0, 0);
    let_file_go(db);
    claim(journal, &again[0], CLAIM_SENT);
    claim(journal, &again[1], CLAIM_SENT);
    settle(journal, &again[0]);
    settle(journal, &again[1]);
    check_states("it is now", 0, 2, 0);
    journal_free(&journal);
    unit_log_check("SMS are deferred until it can be written", 1);
    unit_log_check("can be written again", 1);
}

static bool is_sent(const void *data)
{
    (void)data;
    return count_at(place).by_state[SMS_SENT] == 1;
}

static void an_outcome_is_written_without_another_mail(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(journal, &sms, CLAIM_SEND);
    set_sent(&sms);
    assert_int_equal(rename(FILE_NAME, "moved.db"), 0);
    settle(journal, &sms);
    wait_for("the outcome is written when it can be", is_sent, NULL);
    journal_free(&journal);
    unit_log_check("its file was moved away or replaced: SMS are deferred", 1);
    unit_log_check("can be written again", 1);
}

static void an_outcome_is_written_at_the_end(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(journal, &sms, CLAIM_SEND);
    set_sent(&sms);
    assert_int_equal(rename(FILE_NAME, "moved.db"), 0);
    settle(journal, &sms);
    journal_free(&journal);
    check_states("it is written", 0, 1, 0);
    unit_log_check("ends without", 0);
}

static void a_lost_outcome_is_told(void **state)
{
    struct journal_sms sms[] = {new_sms("+447700900123", 1),
                                new_sms("+447700900124", 2)};
    struct journal_sms noted = new_sms("+447700900125", 3);
    struct journal *journal;
    struct error err;

    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    journal = new_journal("sqlite:folder/journal.db");
    assert_true(journal_claim(journal, &mail, sms, COUNT(sms), WAIT_S, &err));
    assert_int_equal(rename("folder", "elsewhere"), 0);
    journal_settle(journal, &mail, sms, COUNT(sms), MAIL_VERDICT_ACCEPTED);
    check_true("a note is not kept",
               !journal_note(journal, &mail, &noted, 1, MAIL_VERDICT_REJECTED));
    journal_free(&journal);
    unit_log_check("ends without what became of 2 SMS", 1);
}

/* Tries to open the journal, and waits of its thread and of those who claim: these of
 * the linker's option --wrap stand in the place of the real ones. */
static atomic_uint opens, waits;

bool __real_journal_store_open(const char *where, bool is_first,
                               struct journal_store **store_out, struct error *err);
bool __wrap_journal_store_open(const char *where, bool is_first,
                               struct journal_store **store_out, struct error *err);
bool __real_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms);
bool __wrap_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms);

bool __wrap_journal_store_open(const char *where, bool is_first,
                               struct journal_store **store_out, struct error *err)
{
    opens++;
    return __real_journal_store_open(where, is_first, store_out, err);
}

bool __wrap_clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                       int64_t until_ms)
{
    waits++;
    return __real_clock_wait(condition, lock, until_ms);
}

static void an_unusable_journal_is_used_when_it_can_be(void **state)
{
    struct journal_sms sms = new_sms("+447700900123", 1);
    struct journal *journal;
    int64_t start_ms = clock_ms(CLOCK_MONOTONIC), passed_ms;

    (void)state;
    opens = waits = claims = 0;
    journal = new_journal("sqlite:later/journal.db");
    for (int i = 0; i < 20; i++)
        check_claim_fails(journal, &sms);
    assert_int_equal(mkdir("later", 0700), 0);
    claim_when_it_works(journal, &sms);
    passed_ms = clock_ms(CLOCK_MONOTONIC) - start_ms;
    check_true("it is tried once a second at most", opens <= passed_ms / 1000 + 2);
    check_true("it does not spin meanwhile", waits <= 4 * (opens + claims));
    check_number("claim", sms.claim, CLAIM_SEND);
    settle(journal, &sms);
    journal_free(&journal);
    check_number("it is there", (long long)count_at("sqlite:later/journal.db").records,
                 1);
    unit_log_check(
        "its lock cannot be made: No such file or directory: SMS are deferred "
        "until it can be written",
        1);
    unit_log_check("can be written again", 1);
    unit_log_check("\n", 2);
}

/* As where systemd starts the next daemon while the last one still ends. */
static void the_next_daemon_waits_for_the_last(void **state)
{
    struct journal *last = new_journal(place), *next;
    struct journal_sms sms = new_sms("+447700900123", 1), again = sms;

    (void)state;
    claim(last, &sms, CLAIM_SEND);
    next = new_journal(place);
    check_claim_fails(next, &again);
    check_states("the last one's SMS is still its own", 1, 0, 0);
    set_sent(&sms);
    settle(last, &sms);
    journal_free(&last);
    claim_when_it_works(next, &again);
    check_number("what the last one sent is known", again.claim, CLAIM_SENT);
    settle(next, &again);
    journal_free(&next);
    unit_log_check(
        "another sms-milter uses it: SMS are deferred until it can be written", 1);
    unit_log_check("can be written again", 1);
}

/* A step of the purge is no proof that a mail could be written. */
static void trouble_is_over_when_something_is_written(void **state)
{
    struct journal *journal = new_journal(place);
    struct journal_sms sms = new_sms("+447700900123", 1);
    sqlite3 *db;

    (void)state;
    claim(journal, &sms, CLAIM_SEND);
    settle(journal, &sms);
    db = hold_file();
    check_claim_fails(journal, &sms);
    journal_set_retention(journal, RETENTION_DAYS);
    check_claim_fails(journal, &sms);
    unit_log_check("database is locked: SMS are deferred until it can be written", 1);
    unit_log_check("can be written again", 0);
    let_file_go(db);
    claim(journal, &sms, CLAIM_SEND);
    settle(journal, &sms);
    journal_free(&journal);
    unit_log_check("\n", 2);
    unit_log_check("can be written again", 1);
}

/* ---- retention ---- */

/* Records of each of the last days, with a connection of our own. */
static void write_old_records(int days)
{
    char *sql = sqlite3_mprintf(
        "WITH RECURSIVE day (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM day"
        " WHERE n + 1 < %d)"
        " INSERT INTO sms (customer, sender, number, queue_id, message_id, state,"
        " verdict, api_message_id, status, reason, parts, attempts, unknowns, created,"
        " updated) SELECT '', '', '', '', '', 'sent', 'accepted', '', '', '', 1, 1, 0,"
        " t, t FROM (SELECT %lld - %d * n AS t FROM day)",
        days, (long long)time(NULL) + DAY_S / 2, (int)DAY_S);
    sqlite3 *db;

    assert_int_equal(sqlite3_open(FILE_NAME, &db), SQLITE_OK);
    exec(db, sql);
    sqlite3_close(db);
    sqlite3_free(sql);
}

static bool has_records(const void *data)
{
    return count_at(place).records == *(const size_t *)data;
}

static void old_records_are_forgotten(void **state)
{
    static const size_t all = RETENTION_DAYS + 1, fewer = 11;
    struct journal *journal = new_journal(place);

    (void)state;
    journal_free(&journal);
    write_old_records(300);
    journal = new_journal(place);
    wait_for("those of the retention time are left", has_records, &all);
    journal_set_retention(journal, 10);
    wait_for("fewer are left at once", has_records, &fewer);
    journal_free(&journal);
    unit_log_check("deleted 209 records last changed before ", 1);
    unit_log_check("deleted 80 records last changed before ", 1);
    unit_log_check("\n", 2);
}

/* What the last daemon knew of the time, so many days ago. */
static void set_back_known_time(int days)
{
    char *sql =
        sqlite3_mprintf("UPDATE clock SET known = known - %d, shown = shown - %d",
                        days * (int)DAY_S, days * (int)DAY_S);
    sqlite3 *db;

    assert_int_equal(sqlite3_open(FILE_NAME, &db), SQLITE_OK);
    exec(db, sql);
    check_number("one time is kept", sqlite3_changes(db), 1);
    sqlite3_close(db);
    sqlite3_free(sql);
}

/* For a daemon a clock that is 100 days ahead is as one that was off for so long. */
static void a_clock_far_ahead_deletes_nothing(void **state)
{
    static const size_t all = 150, fewer = 110 + 1;
    struct journal *journal = new_journal(place);

    (void)state;
    journal_free(&journal);
    write_old_records((int)all);
    set_back_known_time(100);
    journal = new_journal(place);
    journal_set_retention(journal, 10);
    wait_for("what was old 100 days ago is deleted", has_records, &fewer);
    journal_free(&journal);
    unit_log_check("100 days or more later than expected: if it is wrong, set it right",
                   1);
    unit_log_check("deleted 39 records", 1);
    journal = new_journal(place);
    journal_free(&journal);
    check_true("and nothing by the next start", has_records(&fewer));
    unit_log_check("later than expected", 2);
}

#define JOURNAL_TEST(function)                          \
    {                                                   \
#function, function, begin_test, end_test, NULL \
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
        JOURNAL_TEST(a_lost_outcome_is_told),
        JOURNAL_TEST(an_unusable_journal_is_used_when_it_can_be),
        JOURNAL_TEST(the_next_daemon_waits_for_the_last),
        JOURNAL_TEST(trouble_is_over_when_something_is_written),
        JOURNAL_TEST(old_records_are_forgotten),
        JOURNAL_TEST(a_clock_far_ahead_deletes_nothing),
    };

    unit_enter_folder();
    log_open("test");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
