/* SPDX-License-Identifier: ISC */
/* The SQLite file: its schema, and how it is opened. Only journal_sqlite*.c use this.
 */
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

/* Prepares a statement that is kept as long as the connection. */
bool journal_db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement_out,
                        struct error *err);

/* Runs a statement that gives no rows, and resets it for its next use. */
bool journal_db_step(sqlite3 *db, sqlite3_stmt *statement, struct error *err);

/* Opens the file for the daemon. Makes it with mode 0600 if it is missing, migrates it
 * to this version's schema, and checks it. Its write-ahead log is on the disk after
 * each commit; checkpoints are the caller's task. The caller closes *db_out with
 * sqlite3_close(); on failure it is NULL. */
bool journal_db_open(const char *path, sqlite3 **db_out, struct error *err);

/* Opens the file for reading while the daemon uses it. */
bool journal_db_open_to_read(const char *path, sqlite3 **db_out, struct error *err);

/* Whether journal_db_open() could use this file, which exists; changes nothing.
 * is_thorough: checks also that it is whole. has_log: the files of its write-ahead log
 * exist too. */
bool journal_db_check(const char *path, bool has_log, bool is_thorough,
                      struct error *err);

/* Opens the file for a thread that checkpoints what another connection wrote. */
bool journal_db_open_to_checkpoint(const char *path, sqlite3 **db_out,
                                   struct error *err);

#endif
