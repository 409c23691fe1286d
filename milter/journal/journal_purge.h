/* SPDX-License-Identifier: ISC */
/* Deletes old records in steps so small that no mail is delayed. A run is a series of
 * such steps until no old record is left. Times are of clock_now_ms() unless another is
 * named.
 */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_PURGE_H
#define SMS_MILTER_JOURNAL_JOURNAL_PURGE_H

#include <stdbool.h>
#include <stdint.h>

#include "journal/journal_backend.h"

struct journal_purge {
    int64_t due_ms;
    unsigned limit;   /* at most this many records in a step */
    uint64_t count;   /* records deleted; the owner sets it to 0 */
    int64_t before_s; /* Unix time: they were last changed before this */
    bool has_ended;   /* the latest run has ended */
};

/* The first step is due at once. */
void journal_purge_begin(struct journal_purge *purge, int64_t now_ms);

/* When the next step is due. */
int64_t journal_purge_due_ms(const struct journal_purge *purge);

/* Takes a step: deletes some records that were last changed before before_s (Unix
 * time). Afterwards count, before_s and has_ended describe the run. */
bool journal_purge_step(struct journal_purge *purge, struct journal_store *store,
                        int64_t before_s, struct error *err);

#endif
