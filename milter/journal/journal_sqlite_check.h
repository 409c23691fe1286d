/* SPDX-License-Identifier: ISC */
/* What would keep the daemon from using its SQLite file, found out before it tries. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_CHECK_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_CHECK_H

#include <stdbool.h>

#include "base/error.h"

/* See struct journal_backend, check. */
bool journal_sqlite_check(const char *place, bool is_thorough, struct error *err);

#endif
