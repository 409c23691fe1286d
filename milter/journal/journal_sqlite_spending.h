/* SPDX-License-Identifier: ISC */
/* What customers and senders have spent, in SQLite: read once and written once for each
 * mail. Of this backend alone; the rules are rate_limit.h's. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_SPENDING_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_SPENDING_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_mail.h"

/* The statements. */
struct journal_spending;

/* The connection must outlive it. On failure *spending_out is NULL. */
bool journal_spending_new(sqlite3 *db, struct journal_spending **spending_out,
                          struct error *err);

/* Frees and clears *spending; does nothing when it is NULL already. */
void journal_spending_free(struct journal_spending **spending);

/* Reads what the mail's customer and sender have spent, of those limits that are set;
 * all else in *read_out is zero. */
bool journal_spending_read(struct journal_spending *spending,
                           const struct journal_mail *mail, struct spending *read_out,
                           struct error *err);

/* Writes the same. */
bool journal_spending_write(struct journal_spending *spending,
                            const struct journal_mail *mail,
                            const struct spending *written, int64_t now_s,
                            struct error *err);

/* Forgets up to limit of what was last changed before a time, and of windows only those
 * that had ended then. Adds to *count_out how many that were. */
bool journal_spending_purge(struct journal_spending *spending, int64_t before_s,
                            unsigned limit, unsigned *count_out, struct error *err);

#endif
