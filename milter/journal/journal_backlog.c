/* SPDX-License-Identifier: ISC */
#include "journal/journal_backlog.h"

#include <stdlib.h>
#include <string.h>

/* A job and what it points to. The texts of the mail and the numbers are separate
 * strings. */
struct copy {
    struct journal_job job; /* the first member: a pointer to it points to the copy */
    struct journal_mail mail;
    struct journal_sms sms[];
};

static void free_copy(struct copy *copy)
{
    for (size_t i = 0; i < copy->job.count; i++)
        free((char *)(uintptr_t)copy->sms[i].number);
    free((char *)(uintptr_t)copy->mail.customer);
    free((char *)(uintptr_t)copy->mail.sender);
    free((char *)(uintptr_t)copy->mail.queue_id);
    free((char *)(uintptr_t)copy->mail.message_id);
    free(copy);
}

static bool duplicate(const char **text)
{
    *text = strdup(*text);
    return *text;
}

/* Goes on after one has failed, so that each text is a copy of ours or NULL. */
static bool duplicate_texts(struct copy *copy)
{
    bool is_good = duplicate(&copy->mail.customer);

    is_good = duplicate(&copy->mail.sender) && is_good;
    is_good = duplicate(&copy->mail.queue_id) && is_good;
    is_good = duplicate(&copy->mail.message_id) && is_good;
    for (size_t i = 0; i < copy->job.count; i++)
        is_good = duplicate(&copy->sms[i].number) && is_good;
    return is_good;
}

struct journal_job *journal_backlog_copy(const struct journal_job *job)
{
    struct copy *copy = malloc(sizeof *copy + job->count * sizeof *copy->sms);

    if (!copy)
        return NULL;
    copy->job = *job;
    copy->mail = *job->mail;
    memcpy(copy->sms, job->sms, job->count * sizeof *copy->sms);
    copy->job.mail = &copy->mail;
    copy->job.sms = copy->sms;
    copy->job.next = NULL;
    copy->mail.patience = NULL;
    if (duplicate_texts(copy))
        return &copy->job;
    free_copy(copy);
    return NULL;
}

bool journal_backlog_is_empty(const struct journal_backlog *backlog)
{
    return !backlog->first;
}

static void append(struct journal_backlog *backlog, struct journal_job *jobs)
{
    struct journal_job **end = &backlog->first;

    while (*end)
        end = &(*end)->next;
    *end = jobs;
}

void journal_backlog_add(struct journal_backlog *backlog, struct journal_job *copy)
{
    copy->next = NULL;
    append(backlog, copy);
}

struct journal_job *journal_backlog_take(struct journal_backlog *backlog)
{
    struct journal_job *jobs = backlog->first;

    backlog->first = NULL;
    return jobs;
}

void journal_backlog_put_back(struct journal_backlog *backlog, struct journal_job *jobs)
{
    struct journal_backlog older = {.first = jobs};

    append(&older, backlog->first);
    backlog->first = older.first;
}

void journal_backlog_free(struct journal_job *jobs)
{
    while (jobs) {
        struct journal_job *next = jobs->next;

        free_copy((struct copy *)jobs);
        jobs = next;
    }
}

size_t journal_backlog_clear(struct journal_backlog *backlog)
{
    struct journal_job *jobs = journal_backlog_take(backlog);
    size_t count = 0;

    for (const struct journal_job *job = jobs; job; job = job->next)
        count += job->kind == JOB_UNDO ? 0 : job->count;
    journal_backlog_free(jobs);
    return count;
}
