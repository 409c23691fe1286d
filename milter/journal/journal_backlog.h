/* SPDX-License-Identifier: ISC */
/* What became of SMS and could not be written to the journal yet: copies that outlive
 * their sessions. There is little of it, as without a journal nothing is sent. Locks
 * are its owner's business. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_BACKLOG_H
#define SMS_MILTER_JOURNAL_JOURNAL_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal_job.h"

/* All of it zero is an empty one. */
struct journal_backlog {
    struct journal_job *first; /* oldest first */
};

bool journal_backlog_is_empty(const struct journal_backlog *backlog);

/* A copy of a job with all that it points to, which does not wait for anything; NULL
 * without memory. The caller frees it with journal_backlog_free(), or adds it. */
struct journal_job *journal_backlog_copy(const struct journal_job *job);

/* Appends such a copy, and takes it over. */
void journal_backlog_add(struct journal_backlog *backlog, struct journal_job *copy);

/* Takes all jobs out, to be freed or put back; NULL if there are none. */
struct journal_job *journal_backlog_take(struct journal_backlog *backlog);

/* Puts them back before those that have come meanwhile. */
void journal_backlog_put_back(struct journal_backlog *backlog,
                              struct journal_job *jobs);

/* Frees jobs that were copied or taken, with those behind them. */
void journal_backlog_free(struct journal_job *jobs);

/* Empties it, and returns of how many SMS it had an outcome. */
size_t journal_backlog_clear(struct journal_backlog *backlog);

#endif
