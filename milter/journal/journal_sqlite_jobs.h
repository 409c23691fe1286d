/* SPDX-License-Identifier: ISC */
/* The jobs of sessions, in SQLite: claims, outcomes and notes, with what they charge
 * and give back. The rules are those of journal_rules.h. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_JOBS_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_JOBS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_job.h"

/* The prepared statements. */
struct journal_sqlite_jobs;

/* The connection must live longer than *jobs_out, which the caller frees with
 * journal_sqlite_jobs_free(). On failure *jobs_out is NULL. */
bool journal_sqlite_jobs_new(sqlite3 *db, struct journal_sqlite_jobs **jobs_out,
                             struct error *err);

/* Frees *jobs and sets it to NULL; does nothing when it is NULL already. */
void journal_sqlite_jobs_free(struct journal_sqlite_jobs **jobs);

/* Does these jobs in their order, within a transaction of the caller. */
bool journal_sqlite_jobs_run(struct journal_sqlite_jobs *jobs,
                             const struct journal_job *job, int64_t now_s,
                             struct error *err);

/* Deletes up to limit records of SMS, rates and quotas that were last changed before a
 * time, within a transaction of the caller. *count_out is how many there were. */
bool journal_sqlite_jobs_purge(struct journal_sqlite_jobs *jobs, int64_t before_s,
                               unsigned limit, unsigned *count_out, struct error *err);

#endif
