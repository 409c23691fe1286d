/* SPDX-License-Identifier: ISC */
/* Forgets old records in steps so small that no mail notices. A run of such steps ends
 * where nothing old is left. Times are those of clock.h unless they say otherwise. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_PURGE_H
#define SMS_MILTER_JOURNAL_JOURNAL_PURGE_H

#include <stdbool.h>
#include <stdint.h>

#include "journal/journal_backend.h"

struct journal_purge {
    int64_t due_ms;
    unsigned limit;   /* of records in a step */
    uint64_t count;   /* of records that it has forgotten; its owner makes it 0 again */
    int64_t before_s; /* Unix time: they were last changed before it */
    bool has_ended;   /* the run has */
};

/* The first step is due at once. */
void journal_purge_begin(struct journal_purge *purge, int64_t now_ms);

/* When the next step is due. */
int64_t journal_purge_due_ms(const struct journal_purge *purge);

/* Takes a step: forgets some of what was last changed before before_s (Unix time).
 * Afterwards count, before_s and has_ended tell of the run. */
bool journal_purge_step(struct journal_purge *purge, struct journal_store *store,
                        int64_t before_s, struct error *err);

#endif
