/* SPDX-License-Identifier: ISC */
#include "delivery/journal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "delivery/journal_backlog.h"
#include "delivery/journal_hands.h"
#include "delivery/journal_purge.h"
#include "delivery/journal_store.h"

/* While several sessions are at work the thread waits this long for those that shared
 * the last commit with this one's: a fsync costs more. One session alone never waits.
 */
enum { GATHER_MS = 2 };

/* How often a store that is broken is opened anew, and outcomes that could not be
 * written are tried again. */
enum { RECOVER_MS = 1000 };

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
    bool takes_no_claims, is_stopping;

    /* The thread's own. */
    struct journal_store *store;
    bool was_open;                 /* ever */
    int64_t open_next_ms;          /* not before, after a failure */
    char trouble[ERROR_TEXT_SIZE]; /* why it cannot be written now, or "" */
    unsigned latest_batch;         /* jobs in it */
    struct journal_purge purge;
};

/* ---- the thread: the store ---- */

/* Tells the administrator once, and once more when it is over. */
static void note_trouble(struct journal *journal, const struct error *err)
{
    if (strcmp(journal->trouble, err->text) == 0)
        return;
    memcpy(journal->trouble, err->text, sizeof journal->trouble);
    log_error("journal: %s: %s: SMS are put off until it can be written",
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
    journal->was_open = true;
    return true;
}

/* ---- the thread: jobs ---- */

static void hand_back(struct journal *journal, struct journal_job *batch, bool is_good)
{
    struct journal_job *next;

    pthread_mutex_lock(&journal->lock);
    for (struct journal_job *job = batch; job; job = next) {
        next = job->next; /* the job is its session's again, and may go at once */
        job->is_good = is_good;
        job->is_done = true;
        journal->counts.jobs += is_good;
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
    if (journal_store_run(journal->store, jobs, time(NULL), &err)) {
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
    bool is_good = open_store(journal) && run_backlog(journal);
    struct error err;

    if (is_good && batch) {
        is_good = journal_store_run(journal->store, batch, time(NULL), &err);
        if (is_good)
            note_success(journal);
        else
            fail_store(journal, &err);
    }
    if (batch)
        hand_back(journal, batch, is_good);
}

static void run_purge(struct journal *journal, unsigned retention_days)
{
    int64_t before_s = time(NULL) - (int64_t)retention_days * 24 * 3600;
    struct error err;

    if (open_store(journal) &&
        !journal_purge_step(&journal->purge, journal->store, before_s, &err))
        fail_store(journal, &err);
}

/* Lets the sessions of the last batch come into this one. Called with the lock. */
static void gather(struct journal *journal)
{
    int64_t deadline_ms = clock_now_ms() + GATHER_MS;

    while (journal->queued < journal->latest_batch && !journal->is_stopping &&
           clock_wait(&journal->has_work, &journal->lock, deadline_ms))
        ;
}

/* When there is something to do without any job. Called with the lock, and anew after
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

static void *run(void *data)
{
    struct journal *journal = data;
    unsigned retention_days;
    bool is_stopping = false;

    run_batch(journal, NULL); /* the dead daemon's SMS, before any mail */
    while (!is_stopping) {
        struct journal_job *batch;

        pthread_mutex_lock(&journal->lock);
        batch = wait_for_jobs(journal);
        is_stopping = journal->is_stopping && !batch;
        retention_days = journal->retention_days;
        if (journal->wants_purge)
            journal_purge_begin(&journal->purge, clock_now_ms());
        journal->wants_purge = false;
        pthread_mutex_unlock(&journal->lock);
        run_batch(journal, batch);
        if (!is_stopping && journal_purge_due_ms(&journal->purge) <= clock_now_ms())
            run_purge(journal, retention_days);
    }
    journal_store_close(&journal->store);
    return NULL;
}

/* ---- a session's side ---- */

static bool run_job(struct journal *journal, struct journal_job *job)
{
    pthread_mutex_lock(&journal->lock);
    *journal->queue_end = job;
    journal->queue_end = &job->next;
    journal->queued++;
    pthread_cond_signal(&journal->has_work);
    while (!job->is_done)
        pthread_cond_wait(&journal->has_done, &journal->lock);
    pthread_mutex_unlock(&journal->lock);
    return job->is_good;
}

/* Waits for the sessions that have any of these SMS in hand. */
static bool take_in_hand(struct journal *journal, const struct journal_mail *mail,
                         struct journal_sms *sms, size_t count, unsigned wait_s,
                         struct error *err)
{
    int64_t deadline_ms = clock_now_ms() + (int64_t)wait_s * 1000;
    bool is_free, is_taken, is_late;

    pthread_mutex_lock(&journal->lock);
    while (!(is_free = journal_hands_are_free(&journal->hands, mail, sms, count)) &&
           !journal->takes_no_claims &&
           clock_wait(&journal->has_released, &journal->lock, deadline_ms))
        ;
    is_late = journal->takes_no_claims;
    is_taken =
        is_free && !is_late && journal_hands_take(&journal->hands, mail, sms, count);
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

static void release(struct journal *journal, const struct journal_mail *mail,
                    struct journal_sms *sms, size_t count)
{
    pthread_mutex_lock(&journal->lock);
    journal_hands_let_go(&journal->hands, mail, sms, count);
    pthread_cond_broadcast(&journal->has_released);
    pthread_mutex_unlock(&journal->lock);
}

bool journal_claim(struct journal *journal, const struct journal_mail *mail,
                   struct journal_sms *sms, size_t count, unsigned wait_s,
                   struct error *err)
{
    struct journal_job job = {
        .kind = JOB_CLAIM, .mail = mail, .sms = sms, .count = count};

    if (!take_in_hand(journal, mail, sms, count, wait_s, err))
        return false;
    if (run_job(journal, &job))
        return true;
    release(journal, mail, sms, count);
    return error_set(err, ERROR_TEMPORARY, "4.3.0",
                     "the SMS gateway cannot write its journal now; nothing was sent");
}

/* Without memory for it the record stays "sending", which the next start makes
 * "unknown". */
static void keep_for_later(struct journal *journal, const struct journal_job *job)
{
    bool is_kept;

    pthread_mutex_lock(&journal->lock);
    is_kept = journal_backlog_add(&journal->backlog, job);
    pthread_cond_signal(&journal->has_work);
    pthread_mutex_unlock(&journal->lock);
    if (!is_kept)
        log_error(
            "%s: no memory to keep what became of an SMS until the journal can be "
            "written",
            job->mail->queue_id);
}

void journal_settle(struct journal *journal, const struct journal_mail *mail,
                    struct journal_sms *sms, size_t count, enum mail_verdict verdict)
{
    struct journal_job job = {.kind = JOB_SETTLE,
                              .mail = mail,
                              .sms = sms,
                              .count = count,
                              .verdict = verdict};

    if (!run_job(journal, &job))
        keep_for_later(journal, &job);
    release(journal, mail, sms, count);
}

bool journal_note(struct journal *journal, const struct journal_mail *mail,
                  struct journal_sms *sms, size_t count, enum mail_verdict verdict)
{
    struct journal_job job = {
        .kind = JOB_NOTE, .mail = mail, .sms = sms, .count = count, .verdict = verdict};

    return run_job(journal, &job);
}

void journal_stop_claims(struct journal *journal)
{
    pthread_mutex_lock(&journal->lock);
    journal->takes_no_claims = true;
    pthread_cond_broadcast(&journal->has_released);
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
