/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_TIMERS_H
#define SIMULATOR_TIMERS_H

#include <stdbool.h>

/* One thread that calls functions when their time has come, so that no HTTP thread
 * has to wait. */
struct timers;

/* NULL when the thread cannot be started. The caller frees it with timers_free(). */
struct timers *timers_new(void);

/* Calls fire(arg) on the timer thread in delay_ms. Never blocks on it. False when
 * timers_stop() was called or there is no memory: fire is then not called. */
bool timers_add(struct timers *timers, unsigned delay_ms, void (*fire)(void *arg),
                void *arg);

/* Calls what is still waiting at once, and ends the thread. */
void timers_stop(struct timers *timers);

/* Whether timers_stop() was called. */
bool timers_are_stopping(struct timers *timers);

/* Stops and frees *timers and sets it to NULL; does nothing when it is NULL. */
void timers_free(struct timers **timers);

#endif
