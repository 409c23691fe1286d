/* SPDX-License-Identifier: ISC */
/* The file of a journal in SQLite: its schema, and how it is opened. Of the files of
 * this backend (journal_sqlite*.c) alone, which own sqlite3.h. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_DB_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_DB_H

#include <sqlite3.h>
#include <stdbool.h>

#include "base/error.h"

/* The path in a place such as "sqlite:/path". */
const char *journal_db_path(const char *place);

/* Fills *err with what SQLite says and returns false. */
bool journal_db_fail(sqlite3 *db, struct error *err);

/* Fills *err with "WHAT PATH: strerror(errno)", and with what to look at where the
 * folder may be the cause. Returns false. */
bool journal_db_fail_file(const char *what, const char *path, struct error *err);

/* Runs SQL that gives no rows. */
bool journal_db_exec(sqlite3 *db, const char *sql, struct error *err);

/* Prepares a statement that is used as long as the connection lives. */
bool journal_db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement_out,
                        struct error *err);

/* Runs a statement that gives no row, and makes it ready for its next use. */
bool journal_db_step(sqlite3 *db, sqlite3_stmt *statement, struct error *err);

/* Opens the file for the daemon: made with mode 0600 if it is missing, brought to this
 * version's schema, checked, with a write-ahead log that is on the disk after each
 * commit. Checkpoints are left to the caller. The caller closes *db_out with
 * sqlite3_close(); on failure it is NULL. */
bool journal_db_open(const char *path, sqlite3 **db_out, struct error *err);

/* Opens the file to read it beside the daemon. */
bool journal_db_open_to_read(const char *path, sqlite3 **db_out, struct error *err);

/* Whether journal_db_open() could use a file that is there, without changing anything;
 * is_thorough: also that it is whole. has_log: the files of its write-ahead log are
 * beside it. */
bool journal_db_check(const char *path, bool has_log, bool is_thorough,
                      struct error *err);

/* Opens the file for a thread that checkpoints what another connection wrote. */
bool journal_db_open_to_checkpoint(const char *path, sqlite3 **db_out,
                                   struct error *err);

#endif
