/* SPDX-License-Identifier: ISC */
/* A limit on how long a thread may wait in all, with regular reports that it is still
 * waiting. The reports are needed because a mail server closes the connection to a
 * filter that is silent for too long. The waiting thread itself sends them, between two
 * parts of its wait. */
#ifndef SMS_MILTER_BASE_PATIENCE_H
#define SMS_MILTER_BASE_PATIENCE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* A time of clock_now_ms() that never comes. */
#define PATIENCE_FOREVER INT64_MAX

/* Belongs to one thread. All times are those of clock_now_ms(). */
struct patience {
    int64_t deadline_ms; /* the owner sets it before each wait that it limits */
    int64_t interval_ms; /* between two reports; 0: no reports are wanted */
    int64_t due_ms;      /* when the next report is due */
    /* Reports that the thread is still waiting. Called without any lock held. Returns
     * false when the receiver is gone; it is not called again then. */
    bool (*report)(void *data);
    void *data;
};

/* Starts the time until the first report. */
void patience_begin(struct patience *patience, int64_t interval_ms,
                    bool (*report)(void *data), void *data);

/* Waits for the condition (made with clock_init_condition()), at most until until_ms,
 * and reports when a report is due. The caller holds the lock; it is released during
 * waits and reports, so the caller must check again for what it waits for. Returns
 * false when until_ms is reached. patience may be NULL. */
bool patience_wait(struct patience *patience, pthread_cond_t *condition,
                   pthread_mutex_t *lock, int64_t until_ms);

/* When waiting must end; PATIENCE_FOREVER if patience is NULL. */
int64_t patience_deadline_ms(const struct patience *patience);

#endif
