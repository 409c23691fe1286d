/* SPDX-License-Identifier: ISC */
/* A clock for tests that replaces base/clock.h. It stands still until the test moves
 * it, so no timeout, pause or cooldown depends on the speed of the machine. In a
 * program linked with $(STANDING_CLOCK) (tests/unit/unit.am) all of milter/ uses it.
 * libcurl has a clock of its own. Any thread may call these functions. */
#ifndef SMS_MILTER_TESTS_UNIT_STANDING_CLOCK_H
#define SMS_MILTER_TESTS_UNIT_STANDING_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* The time that clock_now_ms() returns. */
int64_t standing_clock_ms(void);

/* Moves the clock forward. Threads that wait for a time that is then reached
 * continue. */
void standing_clock_advance(int64_t ms);

/* Whether each wait moves the clock to its end at once. Off at first. */
void standing_clock_skip_waits(bool is_on);

#endif
