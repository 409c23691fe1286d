/* SPDX-License-Identifier: ISC */
/* Only this file and digest.c include GLib's header. This file needs its time zones and
 * dates. */
#include "base/calendar.h"

#include <assert.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECONDS_AN_HOUR = 3600, SECONDS_A_DAY = 86400, SECONDS_A_WEEK = 7 * 86400 };

/* GLib's Julian day number of 1 January 1970; its day 1 is 1 January of the year 1. */
enum { JULIAN_OF_1970 = 719163 };

/* Larger than any UTC offset since 1902 (they reach from UTC-12 to UTC+14). */
enum { MAX_OFFSET_S = 16 * SECONDS_AN_HOUR };

static const int64_t first_s = INT64_C(-2145916800); /* 1902-01-01 */
static const int64_t last_s = INT64_C(253370764799); /* 9998-12-31 */

struct time_zone {
    GTimeZone *zone;
};

/* ---- zones ---- */

/* GLib also accepts "+01:00", POSIX rules such as "EST5EDT", and paths that leave its
 * folder. These are more often mistakes than intended, so digits are accepted only
 * after a "/". */
static bool is_zone_name(const char *name)
{
    const char *slash = strchr(name, '/');
    size_t letters = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "_-/");

    if (letters < 2 || *name == '/' || strstr(name, "//"))
        return false;
    if (name[letters] == '\0')
        return true;
    return slash && slash < name + letters &&
           name[letters + strspn(name + letters, "0123456789+")] == '\0';
}

bool time_zone_new(const char *name, struct time_zone **zone_out, struct error *err)
{
    bool is_system = !name || *name == '\0';
    GTimeZone *found = NULL;

    *zone_out = NULL;
    if (is_system)
        found = g_time_zone_new_local();
    else if (is_zone_name(name))
        found = g_time_zone_new_identifier(name);
    if (!found)
        return error_set(err, ERROR_REFUSED, NULL,
                         "is not a time zone that this machine knows (an example is "
                         "\"Europe/London\")");
    *zone_out = malloc(sizeof **zone_out);
    if (!*zone_out) {
        g_time_zone_unref(found);
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    }
    (*zone_out)->zone = found;
    return true;
}

void time_zone_free(struct time_zone **zone)
{
    if (!*zone)
        return;
    g_time_zone_unref((*zone)->zone);
    free(*zone);
    *zone = NULL;
}

/* ---- times, and what the clock shows at them ("civil" below) ---- */

static int interval_at(const struct time_zone *zone, int64_t time_s)
{
    return g_time_zone_find_interval(zone->zone, G_TIME_TYPE_UNIVERSAL, time_s);
}

static int64_t offset_at(const struct time_zone *zone, int64_t time_s)
{
    return g_time_zone_get_offset(zone->zone, interval_at(zone, time_s));
}

static int64_t civil_at(const struct time_zone *zone, int64_t time_s)
{
    assert(time_s >= first_s && time_s <= last_s);
    return time_s + offset_at(zone, time_s);
}

static int64_t round_down(int64_t value, int64_t step)
{
    int64_t rest = value % step;

    return value - (rest < 0 ? rest + step : rest);
}

/* The time at which the clock changes, between two times with different offsets. */
static int64_t find_change(const struct time_zone *zone, int64_t before_s,
                           int64_t after_s)
{
    int64_t offset_s = offset_at(zone, before_s);

    while (after_s - before_s > 1) {
        int64_t middle_s = before_s + (after_s - before_s) / 2;

        if (offset_at(zone, middle_s) == offset_s)
            before_s = middle_s;
        else
            after_s = middle_s;
    }
    return after_s;
}

int64_t calendar_next_change_s(const struct time_zone *zone, int64_t from_s,
                               int64_t until_s)
{
    int64_t offset_s = offset_at(zone, from_s);

    while (from_s < until_s) {
        int64_t next_s = MIN(from_s + SECONDS_A_DAY, until_s);

        if (offset_at(zone, next_s) != offset_s)
            return find_change(zone, from_s, next_s);
        from_s = next_s;
    }
    return until_s;
}

/* The first time at which the clock shows civil_s or a later time. */
static int64_t first_showing(const struct time_zone *zone, int64_t civil_s)
{
    int64_t time_s = civil_s - MAX_OFFSET_S;
    int64_t offset_s = offset_at(zone, time_s);

    while (time_s + offset_s < civil_s) {
        time_s = calendar_next_change_s(zone, time_s, civil_s - offset_s);
        offset_s = offset_at(zone, time_s);
    }
    return time_s;
}

unsigned calendar_second_of_week(const struct time_zone *zone, int64_t now_s)
{
    const int64_t monday_s = 4 * SECONDS_A_DAY; /* 5 January 1970 */
    int64_t since_s = civil_at(zone, now_s) - monday_s;

    return (unsigned)(since_s - round_down(since_s, SECONDS_A_WEEK));
}

/* ---- dates ---- */

static GDate date_of(int64_t civil_s)
{
    int64_t days = round_down(civil_s, SECONDS_A_DAY) / SECONDS_A_DAY;
    GDate date;

    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)(JULIAN_OF_1970 + days));
    return date;
}

static int64_t midnight_of(const GDate *date)
{
    return ((int64_t)g_date_get_julian(date) - JULIAN_OF_1970) * SECONDS_A_DAY;
}

static int64_t civil_start(enum calendar_unit unit, int64_t civil_s)
{
    GDate date = date_of(civil_s);

    if (unit == CALENDAR_WEEK)
        g_date_subtract_days(&date, g_date_get_weekday(&date) - G_DATE_MONDAY);
    if (unit == CALENDAR_MONTH)
        g_date_set_day(&date, 1);
    return midnight_of(&date);
}

static int64_t civil_next(enum calendar_unit unit, int64_t start_s)
{
    GDate date = date_of(start_s);

    if (unit == CALENDAR_MONTH)
        g_date_add_months(&date, 1);
    else
        g_date_add_days(&date, unit == CALENDAR_WEEK ? 7 : 1);
    return midnight_of(&date);
}

/* ---- units ---- */

static int64_t hour_start(const struct time_zone *zone, int64_t now_s)
{
    int64_t offset_s = offset_at(zone, now_s);
    int64_t start_s = round_down(civil_at(zone, now_s), SECONDS_AN_HOUR) - offset_s;

    while (offset_at(zone, start_s) != offset_s)
        start_s = calendar_next_change_s(zone, start_s, now_s);
    return start_s;
}

static int64_t hour_end(const struct time_zone *zone, int64_t now_s)
{
    int64_t civil_s = civil_at(zone, now_s);
    int64_t left_s = round_down(civil_s, SECONDS_AN_HOUR) + SECONDS_AN_HOUR - civil_s;

    return calendar_next_change_s(zone, now_s, now_s + left_s);
}

/* The start of the unit that began last. If the clock was set back across midnight, the
 * clock shows the unit before. *end_out is when the next unit begins. */
static int64_t unit_start(const struct time_zone *zone, enum calendar_unit unit,
                          int64_t now_s, int64_t *end_out)
{
    int64_t civil_s = civil_start(unit, civil_at(zone, now_s));
    int64_t start_s = first_showing(zone, civil_s);

    for (;;) {
        civil_s = civil_next(unit, civil_s);
        *end_out = first_showing(zone, civil_s);
        if (*end_out > now_s)
            return start_s;
        start_s = *end_out;
    }
}

int64_t calendar_start_s(const struct time_zone *zone, enum calendar_unit unit,
                         int64_t now_s)
{
    int64_t end_s;

    return unit == CALENDAR_HOUR ? hour_start(zone, now_s)
                                 : unit_start(zone, unit, now_s, &end_s);
}

int64_t calendar_end_s(const struct time_zone *zone, enum calendar_unit unit,
                       int64_t now_s)
{
    int64_t end_s;

    if (unit == CALENDAR_HOUR)
        return hour_end(zone, now_s);
    unit_start(zone, unit, now_s, &end_s);
    return end_s;
}

void calendar_format(const struct time_zone *zone, int64_t time_s, char *text,
                     size_t size)
{
    int64_t civil_s = civil_at(zone, time_s);
    int64_t minutes = (civil_s - round_down(civil_s, SECONDS_A_DAY)) / 60;
    GDate date = date_of(civil_s);

    snprintf(text, size, "%04d-%02d-%02d %02d:%02d %s", g_date_get_year(&date),
             g_date_get_month(&date), g_date_get_day(&date), (int)(minutes / 60),
             (int)(minutes % 60),
             g_time_zone_get_abbreviation(zone->zone, interval_at(zone, time_s)));
}
