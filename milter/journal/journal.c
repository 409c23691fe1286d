/* SPDX-License-Identifier: ISC */
#include "journal/journal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal_backlog.h"
#include "journal/journal_clock.h"
#include "journal/journal_hands.h"
#include "journal/journal_purge.h"
#include "journal/journal_store.h"

/* While several sessions are at work the thread waits this long for those that shared
 * the last commit with this one's: a fsync costs more. One session alone never waits.
 */
enum { GATHER_MS = 2 };

/* How often a store that is broken is opened again, and outcomes that could not be
 * written are tried again. */
enum { RECOVER_MS = 1000 };

/* Once a session has waited in vain for the disk, the others wait so long. */
enum { HURRIED_MS = 3000 };

static const char cannot_write[] =
    "the SMS gateway cannot write its journal now; nothing was sent";
static const char too_slow[] =
    "the SMS gateway's journal does not answer; nothing was sent";

struct journal {
    pthread_t thread;
    char *place;
    pthread_mutex_t lock; /* guards all that follows, up to the thread's own */
    pthread_cond_t has_work, has_done, has_released;
    struct journal_job *queue, **queue_end;
    unsigned queued;
    struct journal_hands hands;     /* what sessions claim or send */
    struct journal_backlog backlog; /* outcomes that could not be written */
    struct journal_counts counts;
    unsigned retention_days;
    bool wants_purge; /* at once: retention_days is another */
    bool takes_no_claims, is_stopping, has_ended;
    bool is_hanging; /* a session gave up waiting, and the thread is still at it */
    bool was_tried;  /* to open the store, at start */
    char first_trouble[ERROR_TEXT_SIZE]; /* why that failed, or "" */

    /* The thread's own. */
    struct journal_store *store;
    bool was_open;                 /* ever */
    int64_t open_next_ms;          /* not before, after a failure */
    char trouble[ERROR_TEXT_SIZE]; /* why it cannot be written now, or "" */
    unsigned latest_batch;         /* jobs in it */
    struct journal_clock clock;    /* since it was open */
    struct journal_purge purge;
};

/* ---- the thread: the store ---- */

/* Tells the administrator once, and once more when it is over. */
static void note_trouble(struct journal *journal, const struct error *err)
{
    if (strcmp(journal->trouble, err->text) == 0)
        return;
    memcpy(journal->trouble, err->text, sizeof journal->trouble);
    log_error("journal: %s: %s: SMS are deferred until it can be written",
              journal->place, err->text);
}

static void note_success(struct journal *journal)
{
    if (*journal->trouble != '\0')
        log_info("journal: %s: can be written again", journal->place);
    *journal->trouble = '\0';
}

static void fail_store(struct journal *journal, const struct error *err)
{
    note_trouble(journal, err);
    if (journal->store && !journal_store_is_broken(journal->store))
        return;
    journal_store_close(&journal->store);
    journal->open_next_ms = clock_now_ms() + RECOVER_MS;
}

/* ---- the thread: the clock ---- */

enum { TIME_SIZE = sizeof "2026-11-25T07:00:00Z" };

static const char *format_time(int64_t time_s, char text[TIME_SIZE])
{
    const time_t seconds = (time_t)time_s;
    struct tm tm;

    if (!gmtime_r(&seconds, &tm) || strftime(text, TIME_SIZE, "%FT%TZ", &tm) == 0)
        *text = '\0';
    return text;
}

static void warn_of_clock(const struct journal_clock_record *record)
{
    enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };
    long long ahead_s = record->shown_s - record->known_s;
    bool is_long = llabs(ahead_s) >= 2 * DAY_S;
    long long amount = llabs(ahead_s) / (is_long ? DAY_S : HOUR_S);
    char shown[TIME_SIZE];

    log_warning("journal: the system's clock shows %s, %lld %s or more %s than "
                "expected: if it is wrong, set it right; records are deleted by the "
                "expected time until it has shown this one for 7 days",
                format_time(record->shown_s, shown), amount, is_long ? "days" : "h",
                ahead_s > 0 ? "later" : "earlier");
}

static void tell_of_clock(const struct journal_clock *clock,
                          enum journal_clock_news news)
{
    const struct journal_clock_record record = journal_clock_record(clock);
    char shown[TIME_SIZE];

    if (news == JOURNAL_CLOCK_DOUBTED)
        warn_of_clock(&record);
    if (news == JOURNAL_CLOCK_BELIEVED)
        log_info("journal: the system's clock counts again: it shows %s",
                 format_time(record.shown_s, shown));
}

static void look_at_clock(struct journal *journal)
{
    enum journal_clock_news news =
        journal_clock_look(&journal->clock, time(NULL), clock_passed_ms());

    tell_of_clock(&journal->clock, news);
}

/* A journal that has kept no time yet was last used when its latest record was written,
 * by a clock that may have been ahead. */
static void begin_clock(struct journal *journal, const struct journal_found *found)
{
    struct journal_clock_record record = found->clock;
    int64_t now_s = time(NULL);
    enum journal_clock_news news;

    if (record.known_s == 0) {
        record.known_s = found->updated_s < now_s ? found->updated_s : now_s;
        record.shown_s = record.known_s;
    }
    news = journal_clock_begin(&journal->clock, &record, now_s, clock_passed_ms());
    tell_of_clock(&journal->clock, news);
}

static bool keep_clock(struct journal *journal, struct error *err)
{
    const struct journal_clock_record record = journal_clock_record(&journal->clock);

    return journal_store_keep_clock(journal->store, &record, err);
}

/* ---- the thread: the store is open ---- */

static void tell_of_dead_daemon(const struct journal_found *found)
{
    if (found->under_way > 0)
        log_warning("journal: %lu SMS %s under way when the daemon ended: what became "
                    "of %s is unknown; see sms-milterctl history --state unknown",
                    found->under_way, found->under_way == 1 ? "was" : "were",
                    found->under_way == 1 ? "it" : "them");
}

static void note_first_opening(struct journal *journal)
{
    const struct journal_found found = journal_store_found(journal->store);

    journal->was_open = true;
    tell_of_dead_daemon(&found);
    begin_clock(journal, &found);
}

static bool open_store(struct journal *journal)
{
    struct error err;

    if (journal->store)
        return true;
    if (clock_now_ms() < journal->open_next_ms)
        return false;
    if (!journal_store_open(journal->place, !journal->was_open, &journal->store,
                            &err)) {
        fail_store(journal, &err);
        return false;
    }
    if (!journal->was_open)
        note_first_opening(journal);
    return true;
}

/* Before each use. */
static bool prepare_store(struct journal *journal)
{
    if (!open_store(journal))
        return false;
    look_at_clock(journal);
    return true;
}

/* ---- the thread: jobs ---- */

/* Nothing of a claim that its session does not hear of, or hears to have failed, was
 * sent: it is settled so, and the session tells the mail server to come again. */
static void undo_claim(struct journal *journal, struct journal_job *job,
                       enum journal_job_kind kind, const char *why)
{
    job->kind = kind;
    job->verdict = MAIL_VERDICT_DEFERRED;
    for (size_t i = 0; i < job->count; i++) {
        struct journal_sms *sms = &job->sms[i];

        if (sms->claim != CLAIM_SEND)
            continue;
        sms->state = SMS_FAILED;
        error_set(&sms->error, ERROR_TEMPORARY, "4.3.0", "%s", why);
    }
    journal_backlog_add(&journal->backlog, job);
}

/* A commit that fails on a broken disk may be there when the file is opened again:
 * nobody has these SMS in hand then. Called with the lock. */
static void undo_failed_claim(struct journal *journal, const struct journal_job *job)
{
    struct journal_job *copy = journal_backlog_copy(job);

    if (copy)
        undo_claim(journal, copy, JOB_UNDO, cannot_write);
}

/* Finishes a job whose session waits for it no more. What it leaves behind is in the
 * backlog before its SMS are free, as that comes before the next claim. Called with the
 * lock. */
static void finish_left(struct journal *journal, struct journal_job *job, bool is_good)
{
    if (job->kind != JOB_NOTE) {
        journal_hands_let_go(&journal->hands, job->mail, job->sms, job->count);
        pthread_cond_broadcast(&journal->has_released);
    }
    if (job->kind == JOB_CLAIM && is_good)
        undo_claim(journal, job, JOB_SETTLE, too_slow);
    else if (job->kind == JOB_SETTLE && !is_good)
        journal_backlog_add(&journal->backlog, job);
    else
        journal_backlog_free(job);
}

/* is_in_doubt: it has failed, but may be on the disk all the same. */
static void hand_back(struct journal *journal, struct journal_job *batch, bool is_good,
                      bool is_in_doubt)
{
    struct journal_job *next;

    pthread_mutex_lock(&journal->lock);
    for (struct journal_job *job = batch; job; job = next) {
        next = job->next; /* the job is its session's again, and may go at once */
        job->next = NULL;
        journal->counts.jobs += is_good;
        if (is_in_doubt && job->kind == JOB_CLAIM)
            undo_failed_claim(journal, job);
        if (job->is_left) {
            finish_left(journal, job, is_good);
            continue;
        }
        job->is_good = is_good;
        job->is_done = true;
    }
    journal->counts.commits += is_good;
    pthread_cond_broadcast(&journal->has_done);
    pthread_mutex_unlock(&journal->lock);
}

/* Outcomes that are still to be written come before any claim: it may be of the same
 * SMS. */
static bool run_backlog(struct journal *journal)
{
    struct journal_job *jobs;
    struct error err;

    pthread_mutex_lock(&journal->lock);
    jobs = journal_backlog_take(&journal->backlog);
    pthread_mutex_unlock(&journal->lock);
    if (!jobs)
        return true;
    if (journal_store_run(journal->store, jobs, journal_clock_now_s(&journal->clock),
                          &err)) {
        journal_backlog_free(jobs);
        note_success(journal);
        return true;
    }
    fail_store(journal, &err);
    pthread_mutex_lock(&journal->lock);
    journal_backlog_put_back(&journal->backlog, jobs);
    pthread_mutex_unlock(&journal->lock);
    return false;
}

static void run_batch(struct journal *journal, struct journal_job *batch)
{
    bool is_good = prepare_store(journal) && run_backlog(journal);
    bool is_in_doubt = false;
    struct error err;

    if (is_good && batch) {
        is_good = journal_store_run(journal->store, batch,
                                    journal_clock_now_s(&journal->clock), &err);
        is_in_doubt = !is_good && journal_store_is_broken(journal->store);
        if (is_good)
            note_success(journal);
        else
            fail_store(journal, &err);
    }
    if (batch)
        hand_back(journal, batch, is_good, is_in_doubt);
}

/* Of a run that has ended, or of what there is of it. */
static void tell_of_purge(struct journal_purge *purge)
{
    char before[TIME_SIZE];

    if (purge->count > 0)
        log_info(
            "journal: deleted %llu records last changed before %s (retention-days)",
            (unsigned long long)purge->count, format_time(purge->before_s, before));
    purge->count = 0;
}

static void begin_purge(struct journal *journal)
{
    tell_of_purge(&journal->purge);
    journal_purge_begin(&journal->purge, clock_now_ms());
}

/* A step of a run. What it deletes by is kept when the run ends. */
static void run_purge(struct journal *journal, unsigned retention_days)
{
    int64_t before_s;
    struct error err;
    bool is_good;

    if (!prepare_store(journal))
        return;
    before_s =
        journal_clock_purge_s(&journal->clock) - (int64_t)retention_days * 24 * 3600;
    is_good = journal_purge_step(&journal->purge, journal->store, before_s, &err);
    if (journal->purge.has_ended)
        tell_of_purge(&journal->purge);
    if (!is_good || (journal->purge.has_ended && !keep_clock(journal, &err)))
        fail_store(journal, &err);
}

/* What cannot be kept any more is as after a kill. */
static void close_store(struct journal *journal)
{
    struct error ignored;

    tell_of_purge(&journal->purge);
    if (journal->store) {
        look_at_clock(journal);
        keep_clock(journal, &ignored);
    }
    journal_store_close(&journal->store);
}

/* Lets the sessions of the last batch come into this one. Called with the lock. */
static void gather(struct journal *journal)
{
    int64_t deadline_ms = clock_now_ms() + GATHER_MS;

    while (journal->queued < journal->latest_batch && !journal->is_stopping &&
           clock_wait(&journal->has_work, &journal->lock, deadline_ms))
        ;
}

/* When there is something to do without any job. Called with the lock, and again after
 * each signal: a session may have given up an outcome meanwhile. */
static int64_t wake_at_ms(const struct journal *journal)
{
    int64_t purge_ms = journal_purge_due_ms(&journal->purge);
    int64_t recover_ms = clock_now_ms() + RECOVER_MS;

    if (!journal->store)
        return journal->open_next_ms; /* no purge without it */
    if (journal_backlog_is_empty(&journal->backlog) || purge_ms < recover_ms)
        return purge_ms;
    return recover_ms;
}

/* NULL when there is something else to do. Called with the lock. */
static struct journal_job *wait_for_jobs(struct journal *journal)
{
    struct journal_job *batch;

    while (!journal->queue && !journal->is_stopping && !journal->wants_purge &&
           clock_wait(&journal->has_work, &journal->lock, wake_at_ms(journal)))
        ;
    if (journal->is_stopping && !journal_backlog_is_empty(&journal->backlog))
        journal->open_next_ms = 0; /* the last chance */
    if (journal->queue)
        gather(journal);
    batch = journal->queue;
    journal->latest_batch = journal->queued;
    journal->queue = NULL;
    journal->queue_end = &journal->queue;
    journal->queued = 0;
    return batch;
}

static void tell_first_try(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->was_tried = true;
    memcpy(journal->first_trouble, journal->trouble, sizeof journal->first_trouble);
    pthread_cond_broadcast(&journal->has_done);
    pthread_mutex_unlock(&journal->lock);
}

/* The disk has answered, and the thread goes on. */
static void note_answer(struct journal *journal)
{
    bool was_hanging;

    pthread_mutex_lock(&journal->lock);
    was_hanging = journal->is_hanging;
    journal->is_hanging = false;
    pthread_mutex_unlock(&journal->lock);
    if (was_hanging)
        log_info("journal: %s: the disk answers again", journal->place);
}

static void note_end(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->has_ended = true;
    pthread_cond_broadcast(&journal->has_done);
    pthread_mutex_unlock(&journal->lock);
}

static void *run(void *data)
{
    struct journal *journal = data;
    unsigned retention_days;
    bool wants_purge, is_stopping = false;

    run_batch(journal, NULL); /* the dead daemon's SMS, before any mail */
    tell_first_try(journal);
    note_answer(journal);
    while (!is_stopping) {
        struct journal_job *batch;

        pthread_mutex_lock(&journal->lock);
        batch = wait_for_jobs(journal);
        is_stopping = journal->is_stopping && !batch;
        retention_days = journal->retention_days;
        wants_purge = journal->wants_purge;
        journal->wants_purge = false;
        pthread_mutex_unlock(&journal->lock);
        if (wants_purge)
            begin_purge(journal);
        run_batch(journal, batch);
        if (!is_stopping && journal_purge_due_ms(&journal->purge) <= clock_now_ms())
            run_purge(journal, retention_days);
        note_answer(journal);
    }
    close_store(journal);
    note_end(journal);
    return NULL;
}

/* ---- a session's side ---- */

enum job_end {
    JOB_DONE,    /* it is on the disk */
    JOB_UNDONE,  /* it is not, and will not be */
    JOB_IN_DOUBT /* the thread is at it, and finishes it without its session */
};

static void enqueue(struct journal *journal, struct journal_job *job)
{
    *journal->queue_end = job;
    journal->queue_end = &job->next;
    journal->queued++;
    pthread_cond_signal(&journal->has_work);
}

/* False where the thread has it already. */
static bool dequeue(struct journal *journal, struct journal_job *job)
{
    struct journal_job **place = &journal->queue;

    while (*place && *place != job)
        place = &(*place)->next;
    if (!*place)
        return false;
    *place = job->next;
    if (!*place)
        journal->queue_end = place;
    job->next = NULL;
    journal->queued--;
    return true;
}

/* While the disk hangs, or the daemon is being stopped, nobody waits for it as long as
 * for one that is slow. */
static int64_t give_up_at_ms(const struct journal *journal,
                             const struct patience *patience, int64_t start_ms)
{
    int64_t deadline_ms = patience_deadline_ms(patience);
    int64_t hurried_ms = start_ms + HURRIED_MS;
    bool is_hurried = journal->is_hanging || journal->takes_no_claims;

    return is_hurried && hurried_ms < deadline_ms ? hurried_ms : deadline_ms;
}

static enum job_end wait_for_job(struct journal *journal, struct journal_job *job,
                                 struct patience *patience)
{
    int64_t start_ms = clock_now_ms();

    while (!job->is_done && patience_wait(patience, &journal->has_done, &journal->lock,
                                          give_up_at_ms(journal, patience, start_ms)))
        ;
    if (job->is_done)
        return job->is_good ? JOB_DONE : JOB_UNDONE;
    if (dequeue(journal, job))
        return JOB_UNDONE;
    job->is_left = true;
    return JOB_IN_DOUBT;
}

/* job is a copy, the thread's from now on where it is in doubt and the caller's
 * otherwise. */
static enum job_end run_job(struct journal *journal, struct journal_job *job,
                            struct patience *patience)
{
    bool begins_to_hang;
    enum job_end end;

    pthread_mutex_lock(&journal->lock);
    enqueue(journal, job);
    end = wait_for_job(journal, job, patience);
    begins_to_hang = !job->is_done && !journal->is_hanging;
    journal->is_hanging = journal->is_hanging || begins_to_hang;
    pthread_mutex_unlock(&journal->lock);
    if (begins_to_hang)
        log_error("journal: %s: no answer from the disk: SMS are deferred until there "
                  "is one",
                  journal->place);
    return end;
}

/* Waits for the sessions that have any of these SMS in hand. */
static bool take_in_hand(struct journal *journal, const struct journal_job *job,
                         int64_t until_ms, struct patience *patience, struct error *err)
{
    bool is_free, is_taken, is_late;

    pthread_mutex_lock(&journal->lock);
    while (!(is_free = journal_hands_are_free(&journal->hands, job->mail, job->sms,
                                              job->count)) &&
           !journal->takes_no_claims &&
           patience_wait(patience, &journal->has_released, &journal->lock, until_ms))
        ;
    is_late = journal->takes_no_claims;
    is_taken = is_free && !is_late &&
               journal_hands_take(&journal->hands, job->mail, job->sms, job->count);
    pthread_mutex_unlock(&journal->lock);
    if (is_taken)
        return true;
    if (is_late)
        return error_set(err, ERROR_TEMPORARY, "4.3.2",
                         "the SMS gateway is being stopped");
    return is_free ? error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory")
                   : error_set(err, ERROR_TEMPORARY, "4.3.0",
                               "another copy of this mail is being sent as an SMS, and "
                               "it is not known yet what becomes of it");
}

static void release(struct journal *journal, const struct journal_job *job)
{
    pthread_mutex_lock(&journal->lock);
    journal_hands_let_go(&journal->hands, job->mail, job->sms, job->count);
    pthread_cond_broadcast(&journal->has_released);
    pthread_mutex_unlock(&journal->lock);
}

/* What the thread found out, in a copy of these SMS. */
static void take_results(struct journal_sms *sms, const struct journal_job *copy)
{
    for (size_t i = 0; i < copy->count; i++) {
        const char *number = sms[i].number;

        sms[i] = copy->sms[i];
        sms[i].number = number;
    }
}

/* The SMS are in hand. */
static bool claim_in_hand(struct journal *journal, const struct journal_job *job,
                          struct error *err)
{
    struct journal_job *copy = journal_backlog_copy(job);
    enum job_end end;

    if (!copy) {
        release(journal, job);
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    }
    end = run_job(journal, copy, job->mail->patience);
    if (end == JOB_IN_DOUBT)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "%s", too_slow);
    if (end == JOB_DONE)
        take_results(job->sms, copy);
    journal_backlog_free(copy);
    if (end == JOB_DONE)
        return true;
    release(journal, job);
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "%s", cannot_write);
}

bool journal_claim(struct journal *journal, const struct journal_mail *mail,
                   struct journal_sms *sms, size_t count, unsigned wait_s,
                   struct error *err)
{
    const struct journal_job job = {
        .kind = JOB_CLAIM, .mail = mail, .sms = sms, .count = count};
    int64_t until_ms = clock_now_ms() + (int64_t)wait_s * 1000;
    int64_t deadline_ms = patience_deadline_ms(mail->patience);

    return take_in_hand(journal, &job, until_ms < deadline_ms ? until_ms : deadline_ms,
                        mail->patience, err) &&
           claim_in_hand(journal, &job, err);
}

static void keep_for_later(struct journal *journal, struct journal_job *copy)
{
    pthread_mutex_lock(&journal->lock);
    journal_backlog_add(&journal->backlog, copy);
    pthread_cond_signal(&journal->has_work);
    pthread_mutex_unlock(&journal->lock);
}

/* Returns whether the caller is to release the SMS. Without memory the record stays
 * "sending", which the next start makes "unknown". */
static bool settle(struct journal *journal, const struct journal_job *job)
{
    struct journal_job *copy = journal_backlog_copy(job);

    if (!copy) {
        log_error("%s: no memory to write what became of an SMS", job->mail->queue_id);
        return true;
    }
    switch (run_job(journal, copy, job->mail->patience)) {
    case JOB_DONE:
        journal_backlog_free(copy);
        break;
    case JOB_UNDONE:
        keep_for_later(journal, copy);
        break;
    case JOB_IN_DOUBT:
        return false;
    }
    return true;
}

void journal_settle(struct journal *journal, const struct journal_mail *mail,
                    struct journal_sms *sms, size_t count, enum mail_verdict verdict)
{
    const struct journal_job job = {.kind = JOB_SETTLE,
                                    .mail = mail,
                                    .sms = sms,
                                    .count = count,
                                    .verdict = verdict};

    if (settle(journal, &job))
        release(journal, &job);
}

bool journal_note(struct journal *journal, const struct journal_mail *mail,
                  struct journal_sms *sms, size_t count, enum mail_verdict verdict)
{
    const struct journal_job job = {
        .kind = JOB_NOTE, .mail = mail, .sms = sms, .count = count, .verdict = verdict};
    struct journal_job *copy = journal_backlog_copy(&job);
    enum job_end end = copy ? run_job(journal, copy, mail->patience) : JOB_UNDONE;

    if (end != JOB_IN_DOUBT)
        journal_backlog_free(copy);
    return end == JOB_DONE;
}

void journal_stop_claims(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->takes_no_claims = true;
    pthread_cond_broadcast(&journal->has_released);
    pthread_cond_broadcast(&journal->has_done);
    pthread_mutex_unlock(&journal->lock);
}

struct journal_counts journal_count(struct journal *journal)
{
    struct journal_counts counts;

    pthread_mutex_lock(&journal->lock);
    counts = journal->counts;
    pthread_mutex_unlock(&journal->lock);
    return counts;
}

/* ---- life ---- */

const char *journal_place(const struct journal *journal)
{
    return journal->place;
}

bool journal_wait_ready(struct journal *journal, unsigned wait_ms, struct error *err)
{
    int64_t deadline_ms = clock_now_ms() + wait_ms;
    bool is_usable;

    pthread_mutex_lock(&journal->lock);
    while (!journal->was_tried &&
           clock_wait(&journal->has_done, &journal->lock, deadline_ms))
        ;
    is_usable = journal->was_tried && *journal->first_trouble == '\0';
    if (!is_usable)
        error_set(err, ERROR_TEMPORARY, NULL, "%s",
                  journal->was_tried ? journal->first_trouble : "it is still read");
    pthread_mutex_unlock(&journal->lock);
    return is_usable;
}

void journal_set_retention(struct journal *journal, unsigned retention_days)
{
    pthread_mutex_lock(&journal->lock);
    journal->retention_days = retention_days;
    journal->wants_purge = true;
    pthread_cond_signal(&journal->has_work);
    pthread_mutex_unlock(&journal->lock);
}

static void destroy(struct journal *journal)
{
    pthread_cond_destroy(&journal->has_work);
    pthread_cond_destroy(&journal->has_done);
    pthread_cond_destroy(&journal->has_released);
    pthread_mutex_destroy(&journal->lock);
    free(journal->place);
    free(journal);
}

bool journal_new(const char *place, unsigned retention_days,
                 struct journal **journal_out, struct error *err)
{
    struct journal *journal = calloc(1, sizeof *journal);
    int status;

    *journal_out = NULL;
    if (!journal)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    pthread_mutex_init(&journal->lock, NULL);
    clock_init_condition(&journal->has_work);
    clock_init_condition(&journal->has_done);
    clock_init_condition(&journal->has_released);
    journal->queue_end = &journal->queue;
    journal->retention_days = retention_days;
    journal->place = strdup(place);
    journal_purge_begin(&journal->purge, clock_now_ms());
    status = journal->place ? pthread_create(&journal->thread, NULL, run, journal) : -1;
    if (status != 0) {
        destroy(journal);
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory or thread");
    }
    *journal_out = journal;
    return true;
}

/* The disk may never answer: then the thread stays where it is. */
bool journal_end(struct journal *journal, int64_t until_ms)
{
    bool has_ended;

    pthread_mutex_lock(&journal->lock);
    journal->is_stopping = true;
    pthread_cond_signal(&journal->has_work);
    while (!journal->has_ended &&
           clock_wait(&journal->has_done, &journal->lock, until_ms))
        ;
    has_ended = journal->has_ended;
    pthread_mutex_unlock(&journal->lock);
    return has_ended;
}

void journal_free(struct journal **journal)
{
    size_t lost;

    if (!*journal)
        return;
    pthread_mutex_lock(&(*journal)->lock);
    (*journal)->is_stopping = true;
    pthread_cond_signal(&(*journal)->has_work);
    pthread_mutex_unlock(&(*journal)->lock);
    pthread_join((*journal)->thread, NULL);
    lost = journal_backlog_clear(&(*journal)->backlog);
    if (lost > 0)
        log_error("journal: %s: ends without what became of %zu SMS", (*journal)->place,
                  lost);
    destroy(*journal);
    *journal = NULL;
}
