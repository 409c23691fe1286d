/* SPDX-License-Identifier: ISC */
/* The file of the SQLite backend, for the tests that are about SQLite alone. Their
 * names begin with test_journal_sqlite. */
#ifndef SMS_MILTER_TESTS_UNIT_JOURNAL_SQLITE_BACKEND_H
#define SMS_MILTER_TESTS_UNIT_JOURNAL_SQLITE_BACKEND_H

#include "store_test.h"

#include <sqlite3.h>
#include <sys/types.h>

#define FILE_NAME "journal.db"

/* A connection of the test's own, as an administrator has one. */
sqlite3 *sqlite_connect(const char *name);

/* Runs SQL that gives no rows; fails the test if it cannot. */
void sqlite_exec(sqlite3 *db, const char *sql);

/* The first value of a query. */
int sqlite_ask_number(const char *sql);

/* Of a file, in octets; -1: there is none. */
off_t size_of(const char *name);

/* A claim fails with this error, and says whether the store is broken now. */
void check_run_fails(const char *row, struct journal_store *store, const char *want,
                     bool is_broken);

#endif
