/* SPDX-License-Identifier: ISC */
/* The clock for deadlines and waits. It never jumps when somebody sets the time of
 * day. */
#ifndef SMS_MILTER_BASE_CLOCK_H
#define SMS_MILTER_BASE_CLOCK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* CLOCK_MONOTONIC in milliseconds. */
int64_t clock_now_ms(void);

/* Like clock_now_ms(), but also counts the time during which the machine was suspended
 * (CLOCK_BOOTTIME). The difference of two calls is the real time between them. */
int64_t clock_passed_ms(void);

/* Initialises a condition for use with clock_wait(). */
void clock_init_condition(pthread_cond_t *condition);

/* Waits for the condition, at most until until_ms (of clock_now_ms()). The caller holds
 * the lock. Returns false when until_ms is reached. */
bool clock_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until_ms);

#endif
