/* SPDX-License-Identifier: ISC */
/* Outcomes of SMS that could not be written to the journal yet: copies, which live
 * longer than their sessions. There are never many, because nothing is sent while the
 * journal cannot be written. The owner locks it. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_BACKLOG_H
#define SMS_MILTER_JOURNAL_JOURNAL_BACKLOG_H

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal_job.h"

/* An empty one is all zero. */
struct journal_backlog {
    struct journal_job *first; /* oldest first */
};

bool journal_backlog_is_empty(const struct journal_backlog *backlog);

/* Copies a job with all that it points to, but without its patience. Returns NULL if
 * there is no memory. The caller frees the copy with journal_backlog_free(), or adds
 * it. */
struct journal_job *journal_backlog_copy(const struct journal_job *job);

/* Appends such a copy, which belongs to the backlog then. */
void journal_backlog_add(struct journal_backlog *backlog, struct journal_job *copy);

/* Takes all jobs out; the caller frees them or puts them back. NULL if there are none.
 */
struct journal_job *journal_backlog_take(struct journal_backlog *backlog);

/* Puts them back, before those that were added meanwhile. */
void journal_backlog_put_back(struct journal_backlog *backlog,
                              struct journal_job *jobs);

/* Frees a list of jobs that were copied or taken out. */
void journal_backlog_free(struct journal_job *jobs);

/* Empties it, and returns how many SMS it had an outcome of. */
size_t journal_backlog_clear(struct journal_backlog *backlog);

#endif
