/* SPDX-License-Identifier: ISC */
/* Reads a SQLite file as sms-milterctl does: first it finds which records match, then
 * it reads some of them at a time. Between two times nothing is locked: the reader may
 * wait for a pager that somebody left open, and SQLite's log could not be shortened
 * meanwhile.
 */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_READ_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_READ_H

#include <stdbool.h>

#include "base/error.h"
#include "journal/journal_record.h"

/* See struct journal_backend, read. */
bool journal_sqlite_read(const char *place, const struct journal_filter *filter,
                         bool (*on_record)(const struct journal_record *record,
                                           void *data),
                         void *data, struct error *err);

#endif
