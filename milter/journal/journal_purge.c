/* SPDX-License-Identifier: ISC */
#include "journal/journal_purge.h"

#include "base/clock.h"

/* After a step that took longer than STEP_MS the next one is smaller; after one that
 * took less than half of it the next one is larger. Mails are served between two steps.
 *
 * Mails notice more than the step itself. A record changes about three pages anywhere
 * in the file, and the disk is busy long after the step when many pages are copied from
 * the log to the database. A million records take 11 minutes or more. */
enum { STEP_MS = 10, PAUSE_MS = 40 };
enum { LEAST_RECORDS = 1, FIRST_RECORDS = 16, MOST_RECORDS = 64 };

/* The pause between two runs. */
enum { REST_MS = 10 * 60 * 1000 };

void journal_purge_begin(struct journal_purge *purge, int64_t now_ms)
{
    *purge = (struct journal_purge){.due_ms = now_ms, .limit = FIRST_RECORDS};
}

int64_t journal_purge_due_ms(const struct journal_purge *purge)
{
    return purge->due_ms;
}

static void adapt(struct journal_purge *purge, int64_t took_ms)
{
    if (took_ms > STEP_MS && purge->limit / 2 >= LEAST_RECORDS)
        purge->limit /= 2;
    else if (took_ms < STEP_MS / 2 && purge->limit < MOST_RECORDS)
        purge->limit *= 2;
}

bool journal_purge_step(struct journal_purge *purge, struct journal_store *store,
                        int64_t before_s, struct error *err)
{
    int64_t start_ms = clock_now_ms(), end_ms;
    unsigned limit = purge->limit, count = 0;
    bool is_good;

    is_good = store->backend->purge(store, before_s, limit, &count, err);
    end_ms = clock_now_ms();
    adapt(purge, end_ms - start_ms);
    if (is_good)
        purge->count += count;
    purge->before_s = before_s;
    purge->has_ended = !is_good || count < limit;
    purge->due_ms = end_ms + (purge->has_ended ? REST_MS : PAUSE_MS);
    return is_good;
}
