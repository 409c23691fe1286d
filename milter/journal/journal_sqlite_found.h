/* SPDX-License-Identifier: ISC */
/* What a journal in SQLite has in it when it is opened, and the time that it keeps. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_FOUND_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_FOUND_H

#include <sqlite3.h>

#include "journal/journal_backend.h"

/* Looks before anything is changed. */
bool journal_sqlite_find(sqlite3 *db, struct journal_found *found_out,
                         struct error *err);

/* Keeps the time, within a transaction. */
bool journal_sqlite_keep_clock(sqlite3 *db, const struct journal_clock_record *record,
                               struct error *err);

#endif
