/* SPDX-License-Identifier: ISC */
/* The clock that deadlines are of: it never jumps, whoever sets the time of day. */
#ifndef SMS_MILTER_BASE_CLOCK_H
#define SMS_MILTER_BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* CLOCK_MONOTONIC in milliseconds. */
int64_t clock_now_ms(void);

/* The same with the time that the machine slept (CLOCK_BOOTTIME): how much time has
 * really passed between two calls. */
int64_t clock_passed_ms(void);

/* Makes a condition for clock_wait(). */
void clock_init_condition(pthread_cond_t *condition);

/* Waits for the condition, until until_ms at the most; the lock is held. False when the
 * time has come. */
bool clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_ms);

#endif
