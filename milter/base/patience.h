/* SPDX-License-Identifier: ISC */
/* How long a thread may wait in all, and somebody who wants to hear that it still does:
 * a mail server hangs up on a filter that says nothing for too long. The thread that
 * waits tells it itself, between two parts of its wait. */
#ifndef SMS_MILTER_BASE_PATIENCE_H
#define SMS_MILTER_BASE_PATIENCE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* A time of clock_now_ms() that never comes. */
#define PATIENCE_FOREVER INT64_MAX

/* One thread's own. All times are those of clock_now_ms(). */
struct patience {
    int64_t deadline_ms; /* its owner sets it before each wait that obeys it */
    int64_t interval_ms; /* between two reports; 0: nobody wants to hear of it */
    int64_t due_ms;      /* when the next report is due */
    /* Reports that the thread still waits, without any lock. Returns false when nobody
     * hears it any more: it is not called again then. */
    bool (*report)(void *data);
    void *data;
};

/* Starts the time to the first report. */
void patience_begin(struct patience *patience, int64_t interval_ms,
                    bool (*report)(void *data), void *data);

/* Waits for the condition (of clock_init_condition()), until until_ms at most, and
 * reports when that is due. The lock is held, but not while it waits or reports: the
 * caller looks again whether it has what it waits for. False when the time has come.
 * patience may be NULL. */
bool patience_wait(struct patience *patience, pthread_cond_t *condition,
                   pthread_mutex_t *lock, int64_t until_ms);

/* When waiting ends, PATIENCE_FOREVER where patience is NULL. */
int64_t patience_deadline_ms(const struct patience *patience);

#endif
