/* SPDX-License-Identifier: ISC */
/* Carries what is in SQLite's write-ahead log over to the database, on a thread of its
 * own: the fsync of a large database takes longer than a mail should wait. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_CHECKPOINT_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_CHECKPOINT_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

struct journal_sqlite_checkpoint;

/* Takes over the checkpoints of the connection db to the database at path. The caller
 * frees *checkpoint_out with journal_sqlite_checkpoint_free(), before it closes db. */
bool journal_sqlite_checkpoint_new(sqlite3 *db, const char *path,
                                   struct journal_sqlite_checkpoint **checkpoint_out,
                                   struct error *err);

/* Call it after each commit, outside transactions: the log can begin anew only when the
 * writer carries over the little that came in meanwhile. */
void journal_sqlite_checkpoint_note(struct journal_sqlite_checkpoint *checkpoint);

/* Ends the thread, frees and clears *checkpoint; does nothing when it is NULL already.
 */
void journal_sqlite_checkpoint_free(struct journal_sqlite_checkpoint **checkpoint);

#endif
