/* SPDX-License-Identifier: ISC */
/* Opening hours of a week, as the clock on the wall shows them. */
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
 * of which one is enough to be open. No items at all are never open. The caller frees
 * *hours_out with hours_free(); on failure it is NULL and *err says which item is wrong
 * and why. */
bool hours_new(const char *const *items, size_t count, struct hours **hours_out,
               struct error *err);

/* Whether this is an item; otherwise err->text says why not, to stand behind it. */
bool hours_check(const char *item, struct error *err);

/* Frees and clears *hours; does nothing when it is NULL already. */
void hours_free(struct hours **hours);

/* Each minute of an item is open whenever the clock shows it: twice when the clock is
 * set back over it, not at all when it is set forward over it. So hours that begin at a
 * time that does not exist open with the first one that does, and hours that lie in the
 * gap are not open that day. */
bool hours_are_open(const struct hours *hours, const struct time_zone *zone,
                    int64_t now_s);

/* The first moment from now_s on at which they are open: now_s itself when they are,
 * and -1 if they never are. */
int64_t hours_next_open_s(const struct hours *hours, const struct time_zone *zone,
                          int64_t now_s);

#endif
