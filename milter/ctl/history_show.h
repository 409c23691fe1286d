/* SPDX-License-Identifier: ISC */
/* Writes the journal's records to standard output. */
#ifndef SMS_MILTER_CTL_HISTORY_SHOW_H
#define SMS_MILTER_CTL_HISTORY_SHOW_H

#include <stdbool.h>

#include "journal/journal_record.h"

/* Each function prints one line into stdio's buffer. Returns false, with errno set, on
 * failure. Numbers are masked unless has_full_numbers is set. */
bool history_show_heading(void);
bool history_show_row(const struct journal_record *record, bool has_full_numbers);
bool history_show_json(const struct journal_record *record, bool has_full_numbers);

#endif
