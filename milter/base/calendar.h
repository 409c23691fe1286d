/* SPDX-License-Identifier: ISC */
/* Civil time (what a clock shows) in a named time zone, for daily quotas and opening
 * hours. Any thread may use a zone, because nothing is set in the environment as
 * localtime() would need.
 *
 * All times are Unix times in seconds, of the years 1902 to 9998. Future time zone
 * rules are those that the database has today. GLib 2.74 computes Europe/Dublin wrongly
 * from 2038 on, because the Irish rules treat winter time, not summer time, as the
 * exception. */
#ifndef SMS_MILTER_BASE_CALENDAR_H
#define SMS_MILTER_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct time_zone;

/* Weeks begin on Monday (ISO 8601). */
enum calendar_unit { CALENDAR_HOUR, CALENDAR_DAY, CALENDAR_WEEK, CALENDAR_MONTH };

/* Size of the buffer for text such as "2026-11-25 07:00 GMT", with space for a longer
 * abbreviation (POSIX: TZNAME_MAX). */
enum { CALENDAR_TEXT_SIZE = 64 };

/* Finds a zone by its name in this machine's IANA time zone database, such as
 * "Europe/London". NULL or "" means the system's zone (TZ, or /etc/localtime). The
 * caller frees *zone_out with time_zone_free(). On failure *zone_out is NULL, and
 * err->text says why in words that can follow the name. */
bool time_zone_new(const char *name, struct time_zone **zone_out, struct error *err);

/* Frees and clears *zone. Does nothing if *zone is already NULL. */
void time_zone_free(struct time_zone **zone);

/* The start of the hour, day, week or month that contains now_s, and the start of the
 * next one. Always start <= now < end, and the end of a unit is the start of the next
 * one. So every moment belongs to exactly one unit, whatever changes of the clock there
 * are:
 * - A day, week or month begins at the first moment at which the clock shows its date.
 *   It has begun for good then, even if the clock is set back across midnight. So a day
 *   may have 23 or 25 hours, begins at 01:00 if there is no midnight, and does not
 *   exist if the whole day is skipped (Samoa, 30 December 2011).
 * - An hour never has more than 60 minutes. It also ends when the clock is changed, so
 *   an hour that the clock shows twice counts as two hours. */
int64_t calendar_start_s(const struct time_zone *zone, enum calendar_unit unit,
                         int64_t now_s);
int64_t calendar_end_s(const struct time_zone *zone, enum calendar_unit unit,
                       int64_t now_s);

/* What the clock shows, in seconds since Monday 00:00 (0 to 604799). */
unsigned calendar_second_of_week(const struct time_zone *zone, int64_t now_s);

/* The first moment after from_s at which the clock is changed, or until_s if it is not
 * changed before that. The cost grows with the number of days between the two, so they
 * should be close. */
int64_t calendar_next_change_s(const struct time_zone *zone, int64_t from_s,
                               int64_t until_s);

/* Writes the time as text for people, such as "2026-11-25 07:00 GMT". */
void calendar_format(const struct time_zone *zone, int64_t time_s, char *text,
                     size_t size);

#endif
