/* SPDX-License-Identifier: ISC */
/* The sessions' side of the journal; journal_thread.c is the other one. */
#include "journal/journal.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "journal/journal_shared.h"
#include "journal/journal_thread.h"

/* How long a session waits for the disk after another one has waited for it in vain. */
enum { HURRIED_MS = 3000 };

/* ---- jobs ---- */

enum job_end {
    JOB_DONE,    /* it is on the disk */
    JOB_UNDONE,  /* it is not on the disk, and will not be */
    JOB_IN_DOUBT /* the thread is doing it, and finishes it without the session */
};

static void enqueue(struct journal *journal, struct journal_job *job)
{
    *journal->queue_end = job;
    journal->queue_end = &job->next;
    journal->queued++;
    pthread_cond_signal(&journal->has_work);
}

/* False if the thread has it already. */
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

/* When the session stops waiting. It waits less long while the disk does not answer or
 * the daemon is being stopped than while the disk is only slow. */
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

/* job is a copy. It belongs to the thread afterwards if it is in doubt, otherwise to
 * the caller. */
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
        log_error("journal: %s: no answer from the disk. SMS are deferred until it "
                  "answers.",
                  journal->place);
    return end;
}

/* Waits for the sessions that have any of these SMS in hand, then takes them in hand.
 */
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
                               "another copy of this mail is being sent as an SMS now; "
                               "the result is not known yet");
}

static void release(struct journal *journal, const struct journal_job *job)
{
    pthread_mutex_lock(&journal->lock);
    journal_hands_release(&journal->hands, job->mail, job->sms, job->count);
    pthread_cond_broadcast(&journal->has_released);
    pthread_mutex_unlock(&journal->lock);
}

/* Takes over what the thread wrote into a copy of these SMS. */
static void take_results(struct journal_sms *sms, const struct journal_job *copy)
{
    for (size_t i = 0; i < copy->count; i++) {
        const char *number = sms[i].number;

        sms[i] = copy->sms[i];
        sms[i].number = number;
    }
}

/* The SMS are in hand already. */
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
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "%s", JOURNAL_TOO_SLOW);
    if (end == JOB_DONE)
        take_results(job->sms, copy);
    journal_backlog_free(copy);
    if (end == JOB_DONE)
        return true;
    release(journal, job);
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "%s", JOURNAL_CANNOT_WRITE);
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
    counts =
        (struct journal_counts){.jobs = journal->jobs, .commits = journal->commits};
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
                  journal->was_tried ? journal->first_trouble
                                     : "it is still being read");
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
    journal_writer_begin(&journal->writer, journal->place);
    status = journal->place
                 ? pthread_create(&journal->thread, NULL, journal_thread_run, journal)
                 : -1;
    if (status != 0) {
        destroy(journal);
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory or thread");
    }
    *journal_out = journal;
    return true;
}

/* If the disk never answers, the thread stays where it is. */
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
        log_error(
            "journal: %s: what became of %zu SMS could not be written and is lost; a "
            "retry of their mails may send them again",
            (*journal)->place, lost);
    destroy(*journal);
    *journal = NULL;
}
