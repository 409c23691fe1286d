/* SPDX-License-Identifier: ISC */
/* The journal on a disk that hangs: the backend is this file's, and the thread stays in
 * it for as long as a test wants. */
#include "../unit.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal.h"
#include "journal/journal_backend.h"
#include "journal/journal_place.h"

enum { RETENTION_DAYS = 90, WAIT_S = 30, SHORT_MS = 20, DAY_MS = 24 * 3600 * 1000 };

#define TOO_SLOW "the SMS gateway's journal does not answer; nothing was sent"
#define CANNOT_WRITE "the SMS gateway cannot write its journal now; nothing was sent"
#define ANOTHER_COPY                                                                  \
    "another copy of this mail is being sent as an SMS now; the result is not known " \
    "yet"

/* ---- the disk ---- */

/* One SMS of a job that is on the disk. */
struct written {
    enum journal_job_kind kind;
    unsigned char key;
    enum sms_state state;
    enum mail_verdict verdict;
    char number[24], customer[24], text[80];
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool hangs, fails, breaks;
    unsigned held; /* threads that it holds now */
    struct written log[32];
    size_t count;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void write_down(const struct journal_job *job, struct journal_sms *sms)
{
    struct written *line = &disk.log[disk.count];

    assert_true(disk.count < COUNT(disk.log));
    if (job->kind == JOB_CLAIM) {
        sms->claim = CLAIM_SEND;
        sms->state = SMS_SENDING;
    }
    *line = (struct written){
        job->kind, sms->key.octets[0], sms->state, job->verdict, "", "", ""};
    snprintf(line->number, sizeof line->number, "%s", sms->number);
    snprintf(line->customer, sizeof line->customer, "%s", job->mail->customer);
    snprintf(line->text, sizeof line->text, "%.79s", sms->error.text);
    disk.count++;
}

/* The lock is held, but not while the disk hangs. */
static void pass(void)
{
    disk.held++;
    pthread_cond_broadcast(&disk.changed);
    while (disk.hangs)
        pthread_cond_wait(&disk.changed, &disk.lock);
    disk.held--;
}

static bool run(struct journal_store *store, struct journal_job *first, int64_t now_s,
                struct error *err)
{
    bool is_good;

    (void)store;
    (void)now_s;
    pthread_mutex_lock(&disk.lock);
    pass();
    is_good = !disk.fails;
    for (struct journal_job *job = first; is_good && job; job = job->next)
        for (size_t i = 0; i < job->count; i++)
            write_down(job, &job->sms[i]);
    pthread_cond_broadcast(&disk.changed);
    pthread_mutex_unlock(&disk.lock);
    return is_good || error_set(err, ERROR_TEMPORARY, "4.3.0", "the disk is full");
}

static struct journal_store the_store;

static bool open_store(const char *place, bool is_first,
                       struct journal_store **store_out, struct error *err)
{
    (void)place;
    (void)is_first;
    (void)err;
    *store_out = &the_store;
    return true;
}

static void close_store(struct journal_store *store)
{
    (void)store;
}

static bool is_broken(const struct journal_store *store)
{
    (void)store;
    return disk.breaks;
}

static struct journal_found found(const struct journal_store *store)
{
    (void)store;
    return (struct journal_found){.under_way = 0};
}

static bool keep_clock(struct journal_store *store,
                       const struct journal_clock_record *record, struct error *err)
{
    (void)store;
    (void)record;
    (void)err;
    return true;
}

static bool purge(struct journal_store *store, int64_t before_s, unsigned limit,
                  unsigned *count_out, struct error *err)
{
    (void)store;
    (void)before_s;
    (void)limit;
    (void)err;
    *count_out = 0;
    return true;
}

static const struct journal_backend fake = {
    .scheme = "fake",
    .open = open_store,
    .close = close_store,
    .found = found,
    .run = run,
    .purge = purge,
    .keep_clock = keep_clock,
    .is_broken = is_broken,
};

static struct journal_store the_store = {.backend = &fake};

/* The linker (option --wrap) puts it in the place of the real one. */
const struct journal_backend *__wrap_journal_place_backend(const char *place,
                                                           struct error *err);
const struct journal_backend *__wrap_journal_place_backend(const char *place,
                                                           struct error *err)
{
    (void)place;
    (void)err;
    return &fake;
}

static void set_disk(bool hangs, bool fails)
{
    pthread_mutex_lock(&disk.lock);
    disk.hangs = hangs;
    disk.fails = fails;
    pthread_cond_broadcast(&disk.changed);
    pthread_mutex_unlock(&disk.lock);
}

static void wait_until_held(void)
{
    pthread_mutex_lock(&disk.lock);
    while (disk.held == 0)
        pthread_cond_wait(&disk.changed, &disk.lock);
    pthread_mutex_unlock(&disk.lock);
}

static void wait_until_written(size_t count)
{
    pthread_mutex_lock(&disk.lock);
    while (disk.count < count)
        pthread_cond_wait(&disk.changed, &disk.lock);
    pthread_mutex_unlock(&disk.lock);
}

static void check_written(const char *row, size_t at, enum journal_job_kind kind,
                          unsigned char key, enum sms_state state)
{
    check_true(row, at < disk.count);
    check_number(row, disk.log[at].kind, kind);
    check_number(row, disk.log[at].key, key);
    check_number(row, disk.log[at].state, state);
    check_text(row, disk.log[at].number, "+447700900123");
    check_text(row, disk.log[at].customer, "school");
}

/* ---- the log ---- */

static int begin_test(void **state)
{

    (void)state;
    if (!unit_log_begin())
        return -1;
    disk.count = 0;
    disk.hangs = disk.fails = false;
    return 0;
}

static int end_test(void **state)
{
    unit_log_end();
    return unit_end_test(state);
}

/* ---- sessions ---- */

/* One mail with one SMS, in memory that is overwritten when its session is over. */
struct session {
    struct patience patience;
    struct journal_mail mail;
    struct journal_sms sms;
    char customer[24], number[24];
    struct error err;
};

static struct session new_session(unsigned char key, int64_t patience_ms)
{
    struct session session = {
        .mail = {.sender = "head@school.example",
                 .queue_id = "Q1",
                 .message_id = "<1@school.example>",
                 .parts = 1},
        .customer = "school",
        .number = "+447700900123",
        .sms = {.key = {.octets = {key}}},
    };

    patience_begin(&session.patience, 0, NULL, NULL);
    session.patience.deadline_ms = clock_now_ms() + patience_ms;
    return session;
}

static struct journal *new_journal(void)
{
    struct journal *journal;
    struct error err;

    if (!journal_new("fake:", RETENTION_DAYS, &journal, &err))
        fail_msg("%s", err.text);
    return journal;
}

static bool try_claim(struct journal *journal, struct session *session, unsigned wait_s)
{
    session->mail.customer = session->customer;
    session->mail.patience = &session->patience;
    session->sms.number = session->number;
    return journal_claim(journal, &session->mail, &session->sms, 1, wait_s,
                         &session->err);
}

/* The patience of a session ends as soon as the disk holds the thread. */
static bool end_patience(void *data)
{
    struct patience *patience = data;

    pthread_mutex_lock(&disk.lock);
    if (disk.held > 0)
        patience->deadline_ms = clock_now_ms();
    pthread_mutex_unlock(&disk.lock);
    return true;
}

static void give_up_when_held(struct session *session)
{
    patience_begin(&session->patience, 1, end_patience, &session->patience);
}

static bool claim_until_held(struct journal *journal, struct session *session)
{
    give_up_when_held(session);
    return try_claim(journal, session, WAIT_S);
}

static void claim(struct journal *journal, struct session *session)
{
    if (!try_claim(journal, session, WAIT_S))
        fail_msg("%s", session->err.text);
    check_number("claim", session->sms.claim, CLAIM_SEND);
}

static void settle(struct journal *journal, struct session *session)
{
    session->sms.state = SMS_SENT;
    journal_settle(journal, &session->mail, &session->sms, 1, MAIL_VERDICT_ACCEPTED);
}

static void spoil(struct session *session)
{
    memset(session, 0xA5, sizeof *session);
}

/* ---- claims ---- */

static void a_claim_that_the_disk_holds_is_undone(void **state)
{
    struct journal *journal = new_journal();
    struct session late = new_session(1, DAY_MS), again = new_session(1, DAY_MS);

    (void)state;
    set_disk(true, false);
    check_true("it ends", !claim_until_held(journal, &late));
    check_error("why", &late.err, ERROR_TEMPORARY, "4.3.0", TOO_SLOW);
    spoil(&late);
    set_disk(false, false);
    wait_until_written(2);
    check_written("it succeeds behind its session", 0, JOB_CLAIM, 1, SMS_SENDING);
    check_written("nothing was sent", 1, JOB_SETTLE, 1, SMS_FAILED);
    check_number("the mail comes again", disk.log[1].verdict, MAIL_VERDICT_DEFERRED);
    check_text("why", disk.log[1].text, TOO_SLOW);
    claim(journal, &again);
    settle(journal, &again);
    check_written("the next try sends it", 3, JOB_SETTLE, 1, SMS_SENT);
    journal_free(&journal);
    check_number("nothing else", (long long)disk.count, 4);
    unit_log_check("no answer from the disk. SMS are deferred until it answers.", 1);
    unit_log_check("the disk answers again", 1);
    unit_log_check("\n", 2);
}

static void a_claim_is_undone_before_the_next_of_its_sms(void **state)
{
    struct journal *journal = new_journal();
    struct session late = new_session(1, DAY_MS), copy = new_session(1, SHORT_MS);
    struct session again = new_session(1, DAY_MS);

    (void)state;
    set_disk(true, false);
    check_true("it ends", !claim_until_held(journal, &late));
    check_true("its SMS is in hand yet", !try_claim(journal, &copy, WAIT_S));
    check_error("why", &copy.err, ERROR_TEMPORARY, "4.3.0", ANOTHER_COPY);
    set_disk(false, false);
    claim(journal, &again);
    check_written("first", 0, JOB_CLAIM, 1, SMS_SENDING);
    check_written("then", 1, JOB_SETTLE, 1, SMS_FAILED);
    check_written("and then", 2, JOB_CLAIM, 1, SMS_SENDING);
    settle(journal, &again);
    journal_free(&journal);
}

static void a_claim_that_fails_in_the_end_leaves_nothing(void **state)
{
    struct journal *journal = new_journal();
    struct session late = new_session(1, DAY_MS), again = new_session(1, DAY_MS);

    (void)state;
    set_disk(true, false);
    check_true("it ends", !claim_until_held(journal, &late));
    set_disk(false, true);
    check_true("the disk is full", !try_claim(journal, &again, WAIT_S));
    check_error("why", &again.err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
    set_disk(false, false);
    claim(journal, &again);
    settle(journal, &again);
    journal_free(&journal);
    check_number("no more than the last try", (long long)disk.count, 2);
}

static void a_claim_that_may_be_there_all_the_same_is_undone(void **state)
{
    struct journal *journal = new_journal();
    struct session first = new_session(1, DAY_MS);

    (void)state;
    disk.breaks = true;
    set_disk(false, true);
    check_true("the disk is broken", !try_claim(journal, &first, WAIT_S));
    check_error("why", &first.err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
    set_disk(false, false);
    wait_until_written(1);
    journal_free(&journal);
    disk.breaks = false;
    check_written("it is undone", 0, JOB_UNDO, 1, SMS_FAILED);
    check_number("once", (long long)disk.count, 1);
}

static void a_claim_that_was_not_begun_is_forgotten(void **state)
{
    struct journal *journal = new_journal();
    struct session first = new_session(1, DAY_MS), second = new_session(2, SHORT_MS);
    struct session third = new_session(3, SHORT_MS), again = new_session(2, DAY_MS);

    (void)state;
    set_disk(true, false);
    check_true("it ends", !claim_until_held(journal, &first));
    check_true("behind it", !try_claim(journal, &second, WAIT_S));
    check_true("and again", !try_claim(journal, &third, WAIT_S));
    check_error("why", &second.err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
    spoil(&second);
    set_disk(false, false);
    claim(journal, &again);
    check_written("the next try alone", 2, JOB_CLAIM, 2, SMS_SENDING);
    settle(journal, &again);
    journal_free(&journal);
    check_number("nothing else", (long long)disk.count, 4);
}

/* Otherwise a thousand sessions would each wait as long as the first. */
static void who_comes_while_the_disk_hangs_does_not_wait_long(void **state)
{
    struct journal *journal = new_journal();
    struct session first = new_session(1, DAY_MS), second = new_session(2, DAY_MS);

    (void)state;
    set_disk(true, false);
    check_true("it ends", !claim_until_held(journal, &first));
    check_true("long before its day is over", !try_claim(journal, &second, WAIT_S));
    set_disk(false, false);
    second = new_session(2, DAY_MS);
    claim(journal, &second);
    settle(journal, &second);
    journal_free(&journal);
    unit_log_check("no answer from the disk", 1);
}

/* ---- outcomes ---- */

static void an_outcome_that_the_disk_holds_is_written_later(void **state)
{
    static const struct {
        const char *name;
        bool fails;
    } rows[] = {
        {"by what it waited for", false},
        {"by another try where that fails", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal *journal = new_journal();
        struct session first = new_session(1, DAY_MS), copy = new_session(1, SHORT_MS);

        disk.count = 0;
        claim(journal, &first);
        set_disk(true, false);
        give_up_when_held(&first);
        settle(journal, &first);
        spoil(&first);
        check_true("in hand yet", !try_claim(journal, &copy, WAIT_S));
        check_error(rows[i].name, &copy.err, ERROR_TEMPORARY, "4.3.0", ANOTHER_COPY);
        set_disk(false, rows[i].fails);
        if (rows[i].fails) {
            copy = new_session(1, DAY_MS); /* this waits until the first try failed */
            check_true("full", !try_claim(journal, &copy, WAIT_S));
            set_disk(false, false);
        }
        wait_until_written(2);
        check_written(rows[i].name, 1, JOB_SETTLE, 1, SMS_SENT);
        copy = new_session(1, DAY_MS);
        claim(journal, &copy);
        settle(journal, &copy);
        journal_free(&journal);
    }
}

static void an_outcome_that_was_not_begun_is_written_first(void **state)
{
    struct journal *journal = new_journal();
    struct session first = new_session(1, DAY_MS), second = new_session(2, SHORT_MS);
    struct session again = new_session(1, DAY_MS);

    (void)state;
    claim(journal, &first);
    set_disk(true, false);
    check_true("it holds the thread", !claim_until_held(journal, &second));
    first.patience.deadline_ms = clock_now_ms() + SHORT_MS;
    settle(journal, &first);
    spoil(&first);
    set_disk(false, false);
    claim(journal, &again);
    check_written("before the claim of the same SMS", 2, JOB_SETTLE, 1, SMS_SENT);
    settle(journal, &again);
    journal_free(&journal);
}

static void note_in_vain(struct journal *journal, struct session *session)
{
    session->mail.customer = session->customer;
    session->mail.patience = &session->patience;
    session->sms.number = session->number;
    session->sms.state = SMS_REFUSED;
    check_true("it ends", !journal_note(journal, &session->mail, &session->sms, 1,
                                        MAIL_VERDICT_REJECTED));
    spoil(session);
}

static void a_note_that_the_disk_holds_is_not_waited_for(void **state)
{
    struct journal *journal = new_journal();
    struct session first = new_session(1, DAY_MS), second = new_session(2, SHORT_MS);

    (void)state;
    set_disk(true, false);
    give_up_when_held(&first);
    note_in_vain(journal, &first);
    note_in_vain(journal, &second);
    set_disk(false, false);
    journal_free(&journal);
    check_number("what was begun is written", (long long)disk.count, 1);
    check_written("with what it said", 0, JOB_NOTE, 1, SMS_REFUSED);
}

/* ---- who hears of it ---- */

struct helper {
    struct journal *journal;
    struct session *session; /* to be settled, or NULL: the disk is to go on */
    int reports;
};

static bool help_at_the_second_report(void *data)
{
    struct helper *helper = data;

    if (++helper->reports < 2)
        return true;
    if (helper->session)
        settle(helper->journal, helper->session);
    else
        set_disk(false, false);
    return true;
}

static void a_session_hears_that_it_waits_for_the_disk(void **state)
{
    struct journal *journal = new_journal();
    struct helper helper = {.journal = journal};
    struct session session = new_session(1, DAY_MS);

    (void)state;
    patience_begin(&session.patience, 1, help_at_the_second_report, &helper);
    set_disk(true, false);
    claim(journal, &session);
    check_true("at its claim", helper.reports >= 2);
    helper.reports = 0;
    set_disk(true, false);
    settle(journal, &session);
    check_true("at its outcome", helper.reports >= 2);
    helper.reports = 0;
    set_disk(true, false);
    check_true("at its note", journal_note(journal, &session.mail, &session.sms, 1,
                                           MAIL_VERDICT_REJECTED));
    check_true("at its note", helper.reports >= 2);
    journal_free(&journal);
}

static void a_session_hears_that_it_waits_for_another_copy(void **state)
{
    struct journal *journal = new_journal();
    struct session first = new_session(1, DAY_MS), copy = new_session(1, DAY_MS);
    struct helper helper = {.journal = journal, .session = &first};

    (void)state;
    claim(journal, &first);
    patience_begin(&copy.patience, 1, help_at_the_second_report, &helper);
    claim(journal, &copy);
    check_number("reports", helper.reports, 2);
    copy.patience.interval_ms = 0;
    settle(journal, &copy);
    journal_free(&journal);
}

/* ---- the end ---- */

static bool stop_claims(void *data)
{
    journal_stop_claims(data);
    return false;
}

static void a_stop_does_not_wait_long(void **state)
{
    struct journal *journal = new_journal();
    struct session session = new_session(1, DAY_MS), late = new_session(2, DAY_MS);

    (void)state;
    patience_begin(&session.patience, 1, stop_claims, journal);
    set_disk(true, false);
    check_true("long before its day is over", !try_claim(journal, &session, WAIT_S));
    check_true("nor later", !try_claim(journal, &late, WAIT_S));
    check_error("why", &late.err, ERROR_TEMPORARY, "4.3.2", NULL);
    set_disk(false, false);
    journal_free(&journal);
}

static void an_end_does_not_wait_for_ever(void **state)
{
    struct journal *journal = new_journal();
    struct session session = new_session(1, DAY_MS);

    (void)state;
    claim(journal, &session);
    set_disk(true, false);
    session.patience.deadline_ms = clock_now_ms() + SHORT_MS;
    settle(journal, &session);
    wait_until_held();
    check_true("the disk holds it", !journal_end(journal, clock_now_ms() + SHORT_MS));
    set_disk(false, false);
    check_true("and lets it go", journal_end(journal, clock_now_ms() + DAY_MS));
    check_written("what was sent is on the disk", 1, JOB_SETTLE, 1, SMS_SENT);
    journal_free(&journal);
}

#define WAIT_TEST(function)                             \
    {                                                   \
#function, function, begin_test, end_test, NULL \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        WAIT_TEST(a_claim_that_the_disk_holds_is_undone),
        WAIT_TEST(a_claim_is_undone_before_the_next_of_its_sms),
        WAIT_TEST(a_claim_that_fails_in_the_end_leaves_nothing),
        WAIT_TEST(a_claim_that_may_be_there_all_the_same_is_undone),
        WAIT_TEST(a_claim_that_was_not_begun_is_forgotten),
        WAIT_TEST(who_comes_while_the_disk_hangs_does_not_wait_long),
        WAIT_TEST(an_outcome_that_the_disk_holds_is_written_later),
        WAIT_TEST(an_outcome_that_was_not_begun_is_written_first),
        WAIT_TEST(a_note_that_the_disk_holds_is_not_waited_for),
        WAIT_TEST(a_session_hears_that_it_waits_for_the_disk),
        WAIT_TEST(a_session_hears_that_it_waits_for_another_copy),
        WAIT_TEST(a_stop_does_not_wait_long),
        WAIT_TEST(an_end_does_not_wait_for_ever),
    };

    unit_enter_folder();
    log_open("test");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
