/* SPDX-License-Identifier: ISC */
/* The journal's records on standard output. */
#ifndef SMS_MILTER_CTL_HISTORY_SHOW_H
#define SMS_MILTER_CTL_HISTORY_SHOW_H

#include <stdbool.h>

#include "journal/journal_record.h"

/* Each prints one line, which is in stdio's buffer when it returns; false, with errno,
 * if that fails. Numbers are masked unless has_full_numbers. */
bool history_show_heading(void);
bool history_show_row(const struct journal_record *record, bool has_full_numbers);
bool history_show_json(const struct journal_record *record, bool has_full_numbers);

#endif
