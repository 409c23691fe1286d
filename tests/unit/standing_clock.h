/* SPDX-License-Identifier: ISC */
/* The clock of base/clock.h as a test has it: it stands until the test moves it, so
 * that no time-out, pause or cooldown depends on how fast the machine is. A program
 * that is linked with $(STANDING_CLOCK) (tests/unit/unit.am) has this one in all of
 * milter/. libcurl has its own. Any thread. */
#ifndef SMS_MILTER_TESTS_UNIT_STANDING_CLOCK_H
#define SMS_MILTER_TESTS_UNIT_STANDING_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* The time that clock_now_ms() gives. */
int64_t standing_clock_ms(void);

/* Moves it on. Who waits for a time that has come then goes on. */
void standing_clock_advance(int64_t ms);

/* Whether it is moved by who waits: to the end of his time, at once. Not at first. */
void standing_clock_skip_waits(bool is_on);

#endif
