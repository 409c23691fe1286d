/* SPDX-License-Identifier: ISC */
/* What is in a SQLite file when it is opened, and the known time that it keeps. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_FOUND_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_FOUND_H

#include <sqlite3.h>

#include "journal/journal_backend.h"

/* Call it before anything is changed. */
bool journal_sqlite_find(sqlite3 *db, struct journal_found *found_out,
                         struct error *err);

/* Keeps the time, within a transaction of the caller. */
bool journal_sqlite_keep_clock(sqlite3 *db, const struct journal_clock_record *record,
                               struct error *err);

#endif
