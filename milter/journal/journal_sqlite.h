/* SPDX-License-Identifier: ISC */
/* The journal in a SQLite file. The files journal_sqlite*.c are this backend, and no
 * others include sqlite3.h. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_H

#include "journal/journal_backend.h"

/* Places are "sqlite:/path". */
extern const struct journal_backend journal_sqlite;

#endif
