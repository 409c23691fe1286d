/* SPDX-License-Identifier: ISC */
/* What customers and senders have used of their rates and quotas, in SQLite. It is read
 * once and written once for each mail. The rules are those of rate_limit.h. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_SQLITE_SPENDING_H
#define SMS_MILTER_JOURNAL_JOURNAL_SQLITE_SPENDING_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "journal/journal_mail.h"

/* The prepared statements. */
struct journal_spending;

/* The connection must live longer. On failure *spending_out is NULL. */
bool journal_spending_new(sqlite3 *db, struct journal_spending **spending_out,
                          struct error *err);

/* Frees *spending and sets it to NULL; does nothing when it is NULL already. */
void journal_spending_free(struct journal_spending **spending);

/* Reads what the mail's customer and sender have used of the limits that are set. All
 * other members of *read_out are zero. */
bool journal_spending_read(struct journal_spending *spending,
                           const struct journal_mail *mail, struct spending *read_out,
                           struct error *err);

/* Writes the same. */
bool journal_spending_write(struct journal_spending *spending,
                            const struct journal_mail *mail,
                            const struct spending *written, int64_t now_s,
                            struct error *err);

/* Deletes up to limit buckets and windows that were last changed before a time; windows
 * only if they had ended by then. Adds to *count_out how many they were. */
bool journal_spending_purge(struct journal_spending *spending, int64_t before_s,
                            unsigned limit, unsigned *count_out, struct error *err);

#endif
