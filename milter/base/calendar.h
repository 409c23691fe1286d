/* SPDX-License-Identifier: ISC */
/* Civil time of a named time zone, for quotas by the day and for opening hours. Any
 * thread may use a zone: nothing is set in the environment, for localtime() or else.
 *
 * All times are Unix times in seconds, of the years 1902 to 9998. What the zones' laws
 * will be is as the database has it; from 2038 on GLib 2.74 has Europe/Dublin wrong,
 * whose winter is the exception in it and not its summer. */
#ifndef SMS_MILTER_BASE_CALENDAR_H
#define SMS_MILTER_BASE_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct time_zone;

/* Weeks begin on Monday (ISO 8601). */
enum calendar_unit { CALENDAR_HOUR, CALENDAR_DAY, CALENDAR_WEEK, CALENDAR_MONTH };

/* "2026-11-25 07:00 GMT" with room for a longer abbreviation (POSIX: TZNAME_MAX). */
enum { CALENDAR_TEXT_SIZE = 64 };

/* Finds a zone by its name in the IANA database of this machine, such as
 * "Europe/London"; NULL or "" is the system's (TZ, or /etc/localtime). The caller frees
 * *zone_out with time_zone_free(); on failure it is NULL and err->text says why, to
 * stand behind the name. */
bool time_zone_new(const char *name, struct time_zone **zone_out, struct error *err);

/* Frees and clears *zone; does nothing when it is NULL already. */
void time_zone_free(struct time_zone **zone);

/* When the hour, day, week or month of a moment began, and when the next begins: start
 * <= now < end, each end is the next start, and so every moment is in one unit and
 * units come one behind the other, whatever is done to the clocks:
 * - A day, week or month begins at the first moment at which the clock shows its date,
 *   and stays begun when the clock is set back behind midnight. So a day has 23 or 25
 *   hours, begins at 01:00 where there is no midnight, and is left out where the whole
 *   day is (Samoa, 30 December 2011).
 * - An hour never has more than 60 minutes. It also ends where the clock is changed, so
 *   that the one that is shown twice is two. */
int64_t calendar_start_s(const struct time_zone *zone, enum calendar_unit unit,
                         int64_t now_s);
int64_t calendar_end_s(const struct time_zone *zone, enum calendar_unit unit,
                       int64_t now_s);

/* What the clock shows, in seconds since Monday 00:00: 0 to 604799. */
unsigned calendar_second_of_week(const struct time_zone *zone, int64_t now_s);

/* The first moment behind from_s at which the clock is changed; until_s if there is
 * none before that. Its cost grows with the days between, so keep them few. */
int64_t calendar_next_change_s(const struct time_zone *zone, int64_t from_s,
                               int64_t until_s);

/* Writes "2026-11-25 07:00 GMT", for people. */
void calendar_format(const struct time_zone *zone, int64_t time_s, char *text,
                     size_t size);

#endif
