/* SPDX-License-Identifier: ISC */
/* The opening hours of a week, as the clock on the wall shows them. */
#ifndef SMS_MILTER_BASE_HOURS_H
#define SMS_MILTER_BASE_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/calendar.h"
#include "base/error.h"

struct hours;

/* Reads items such as
 *   "mon-fri 07:00-18:00"   on these days
 *   "sat,sun 09:00-12:30"
 *   "fri-mon 08:00-20:00"   Friday, Saturday, Sunday and Monday
 *   "07:00-18:00"           every day
 *   "mon-fri 22:00-06:00"   until the next morning; the days are those it begins on
 *   "sun 00:00-24:00"       the whole of Sunday
 * The hours are open at a time if at least one item is. Without any item they are never
 * open. The caller frees *hours_out with hours_free(). On failure *hours_out is NULL
 * and *err says which item is wrong and why. */
bool hours_new(const char *const *items, size_t count, struct hours **hours_out,
               struct error *err);

/* Whether this is a valid item. If not, err->text says why, in words that can follow
 * the item. */
bool hours_check(const char *item, struct error *err);

/* Frees and clears *hours. Does nothing if *hours is already NULL. */
void hours_free(struct hours **hours);

/* Whether the hours are open at now_s. A minute of an item is open whenever the clock
 * shows it: twice if the clock is set back across it, and not at all if the clock is
 * set forward across it. So hours that begin in the skipped time open right after it,
 * and hours that lie wholly in the skipped time are not open that day. */
bool hours_are_open(const struct hours *hours, const struct time_zone *zone,
                    int64_t now_s);

/* The first moment, at or after now_s, at which the hours are open; -1 if they never
 * are. */
int64_t hours_next_open_s(const struct hours *hours, const struct time_zone *zone,
                          int64_t now_s);

#endif
