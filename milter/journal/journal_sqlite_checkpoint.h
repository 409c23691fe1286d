/* SPDX-License-Identifier: ISC */
/* Copies SQLite's write-ahead log to the database (a checkpoint), on a thread of its
 * own: an fsync of a large database takes longer than a mail should wait. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_CHECKPOINT_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_CHECKPOINT_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

struct journal_sqlite_checkpoint;

/* From now on does the checkpoints for the connection db, whose file is at path. The
 * caller frees *checkpoint_out with journal_sqlite_checkpoint_free() before it closes
 * db. */
bool journal_sqlite_checkpoint_new(sqlite3 *db, const char *path,
                                   struct journal_sqlite_checkpoint **checkpoint_out,
                                   struct error *err);

/* Call it after each commit, outside transactions. SQLite can start the log from its
 * beginning again only when the writer itself copies what was written meanwhile. */
void journal_sqlite_checkpoint_note(struct journal_sqlite_checkpoint *checkpoint);

/* Ends the thread, frees *checkpoint and sets it to NULL; does nothing when it is NULL
 * already. */
void journal_sqlite_checkpoint_free(struct journal_sqlite_checkpoint **checkpoint);

#endif
