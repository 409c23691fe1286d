/* SPDX-License-Identifier: ISC */
#include "journal/journal_thread.h"

#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal_shared.h"

/* How long the thread waits, while several sessions are at work, for the sessions that
 * had a job in the last commit: an additional fsync would cost more. A session that is
 * alone never waits. */
enum { GATHER_MS = 2 };

/* ---- jobs that are done ---- */

/* A session sends nothing of a claim that it believes to have failed, and the mail is
 * deferred. So the claim is settled as failed. Called with the lock. */
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

/* A commit that failed on a broken disk may be found when the store is opened again. No
 * session has these SMS in hand then. Called with the lock. */
static void undo_failed_claim(struct journal *journal, const struct journal_job *job)
{
    struct journal_job *copy = journal_backlog_copy(job);

    if (copy)
        undo_claim(journal, copy, JOB_UNDO, JOURNAL_CANNOT_WRITE);
}

/* Finishes a job whose session has stopped waiting. What is still to be written goes to
 * the backlog, which is written before the next claim of these SMS. Called with the
 * lock.
 */
static void finish_left(struct journal *journal, struct journal_job *job, bool is_good)
{
    if (job->kind != JOB_NOTE) {
        journal_hands_release(&journal->hands, job->mail, job->sms, job->count);
        pthread_cond_broadcast(&journal->has_released);
    }
    if (job->kind == JOB_CLAIM && is_good)
        undo_claim(journal, job, JOB_SETTLE, JOURNAL_TOO_SLOW);
    else if (job->kind == JOB_SETTLE && !is_good)
        journal_backlog_add(&journal->backlog, job);
    else
        journal_backlog_free(job);
}

/* is_in_doubt: the batch has failed, but may be on the disk all the same. */
static void hand_back(struct journal *journal, struct journal_job *batch, bool is_good,
                      bool is_in_doubt)
{
    struct journal_job *next;

    pthread_mutex_lock(&journal->lock);
    for (struct journal_job *job = batch; job; job = next) {
        next = job->next; /* the session may free the job as soon as it is done */
        job->next = NULL;
        journal->jobs += is_good;
        if (is_in_doubt && job->kind == JOB_CLAIM)
            undo_failed_claim(journal, job);
        if (job->is_left) {
            finish_left(journal, job, is_good);
            continue;
        }
        job->is_good = is_good;
        job->is_done = true;
    }
    journal->commits += is_good;
    pthread_cond_broadcast(&journal->has_done);
    pthread_mutex_unlock(&journal->lock);
}

/* ---- batches ---- */

/* Outcomes that are still to be written come before any claim, which may be about the
 * same SMS. */
static bool run_backlog(struct journal *journal)
{
    struct journal_job *jobs;
    bool is_in_doubt;

    pthread_mutex_lock(&journal->lock);
    jobs = journal_backlog_take(&journal->backlog);
    pthread_mutex_unlock(&journal->lock);
    if (!jobs)
        return true;
    if (journal_writer_run(&journal->writer, jobs, &is_in_doubt)) {
        journal_backlog_free(jobs);
        return true;
    }
    pthread_mutex_lock(&journal->lock);
    journal_backlog_put_back(&journal->backlog, jobs);
    pthread_mutex_unlock(&journal->lock);
    return false;
}

static void run_batch(struct journal *journal, struct journal_job *batch)
{
    bool is_good = journal_writer_prepare(&journal->writer) && run_backlog(journal);
    bool is_in_doubt = false;

    if (!batch)
        return;
    if (is_good)
        is_good = journal_writer_run(&journal->writer, batch, &is_in_doubt);
    hand_back(journal, batch, is_good, is_in_doubt);
}

/* Waits a moment for the sessions of the last batch. Called with the lock. */
static void gather(struct journal *journal)
{
    int64_t deadline_ms = clock_now_ms() + GATHER_MS;

    while (journal->queued < journal->latest_batch && !journal->is_stopping &&
           clock_wait(&journal->has_work, &journal->lock, deadline_ms))
        ;
}

/* When there is something to do even without a job. Called with the lock, and again
 * after each signal: a session may have left an outcome in the backlog meanwhile. */
static int64_t wake_at_ms(const struct journal *journal)
{
    int64_t purge_ms = journal_purge_due_ms(&journal->writer.purge);
    int64_t recover_ms = clock_now_ms() + JOURNAL_RECOVER_MS;

    if (!journal->writer.store)
        return journal->writer.open_next_ms; /* nothing can be purged before */
    if (journal_backlog_is_empty(&journal->backlog) || purge_ms < recover_ms)
        return purge_ms;
    return recover_ms;
}

/* Returns NULL if there is something else to do than jobs. Called with the lock. */
static struct journal_job *wait_for_jobs(struct journal *journal)
{
    struct journal_job *batch;

    while (!journal->queue && !journal->is_stopping && !journal->wants_purge &&
           clock_wait(&journal->has_work, &journal->lock, wake_at_ms(journal)))
        ;
    if (journal->is_stopping && !journal_backlog_is_empty(&journal->backlog))
        journal->writer.open_next_ms = 0; /* this is the last chance to write */
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
    memcpy(journal->first_trouble, journal->writer.trouble,
           sizeof journal->first_trouble);
    pthread_cond_broadcast(&journal->has_done);
    pthread_mutex_unlock(&journal->lock);
}

/* Called when the disk has answered and the thread goes on. */
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

void *journal_thread_run(void *data)
{
    struct journal *journal = data;
    unsigned retention_days;
    bool wants_purge, is_stopping = false;

    run_batch(journal, NULL); /* settles what the last daemon left, before any mail */
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
            journal_writer_begin_purge(&journal->writer);
        run_batch(journal, batch);
        if (!is_stopping &&
            journal_purge_due_ms(&journal->writer.purge) <= clock_now_ms())
            journal_writer_purge(&journal->writer, retention_days);
        note_answer(journal);
    }
    journal_writer_close(&journal->writer);
    note_end(journal);
    return NULL;
}
