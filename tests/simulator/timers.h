/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_TIMERS_H
#define SIMULATOR_TIMERS_H

#include <stdbool.h>

/* One thread that calls functions when they are due, so that no HTTP thread must
 * wait. */
struct timers;

/* Returns NULL if the thread cannot be started. The caller frees it with
 * timers_free(). */
struct timers *timers_new(void);

/* Calls fire(arg) on the timer thread in delay_ms. Does not wait for it. Returns false,
 * and does not call fire, after timers_stop() or without memory. */
bool timers_add(struct timers *timers, unsigned delay_ms, void (*fire)(void *arg),
                void *arg);

/* Calls all waiting functions at once, and ends the thread. */
void timers_stop(struct timers *timers);

/* Whether timers_stop() was called. */
bool timers_are_stopping(struct timers *timers);

/* Stops, frees and clears *timers. Does nothing if *timers is already NULL. */
void timers_free(struct timers **timers);

#endif
