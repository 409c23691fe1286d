/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"

enum { A_MINUTE = 60, AN_HOUR = 3600, A_DAY = 86400 };

static const char *utc_text(int64_t time_s, char text[CALENDAR_TEXT_SIZE])
{
    time_t time = time_s;
    struct tm tm;

    strftime(text, CALENDAR_TEXT_SIZE, "%Y-%m-%d %H:%M:%S", gmtime_r(&time, &tm));
    return text;
}

static struct time_zone *zone_of(const char *name)
{
    struct time_zone *zone;
    struct error err;

    if (!time_zone_new(name, &zone, &err))
        fail_msg("%s %s", name, err.text);
    return zone;
}

#define HOUR CALENDAR_HOUR
#define DAY CALENDAR_DAY
#define WEEK CALENDAR_WEEK
#define MONTH CALENDAR_MONTH

static void a_unit_has_its_start_and_end(void **state)
{
    static const struct {
        const char *name, *zone;
        enum calendar_unit unit;
        const char *now, *start, *end;
    } rows[] = {
        {"an hour", "UTC", HOUR, "2026-11-25 07:15:03", "2026-11-25 07:00:00",
         "2026-11-25 08:00:00"},
        {"a day", "UTC", DAY, "2026-11-25 07:15:03", "2026-11-25 00:00:00",
         "2026-11-26 00:00:00"},
        {"a week begins on Monday", "UTC", WEEK, "2026-11-25 07:15:03",
         "2026-11-23 00:00:00", "2026-11-30 00:00:00"},
        {"a month", "UTC", MONTH, "2026-11-25 07:15:03", "2026-11-01 00:00:00",
         "2026-12-01 00:00:00"},
        {"the first second", "UTC", DAY, "2026-11-25 00:00:00", "2026-11-25 00:00:00",
         "2026-11-26 00:00:00"},
        {"the last second", "UTC", DAY, "2026-11-25 23:59:59", "2026-11-25 00:00:00",
         "2026-11-26 00:00:00"},
        {"Sunday is of the week before", "UTC", WEEK, "2026-11-29 23:59:59",
         "2026-11-23 00:00:00", "2026-11-30 00:00:00"},
        {"a week over New Year", "UTC", WEEK, "2027-01-01 12:00:00",
         "2026-12-28 00:00:00", "2027-01-04 00:00:00"},
        {"December", "UTC", MONTH, "2026-12-31 23:59:59", "2026-12-01 00:00:00",
         "2027-01-01 00:00:00"},
        {"February of a leap year", "UTC", MONTH, "2028-02-29 12:00:00",
         "2028-02-01 00:00:00", "2028-03-01 00:00:00"},
        {"2100 is no leap year", "UTC", MONTH, "2100-02-28 12:00:00",
         "2100-02-01 00:00:00", "2100-03-01 00:00:00"},
        {"the first second of 1970", "UTC", MONTH, "1970-01-01 00:00:00",
         "1970-01-01 00:00:00", "1970-02-01 00:00:00"},
        {"1970 began on a Thursday", "UTC", WEEK, "1970-01-01 00:00:00",
         "1969-12-29 00:00:00", "1970-01-05 00:00:00"},
        {"west of it that was still 1969", "America/New_York", MONTH,
         "1970-01-01 00:00:00", "1969-12-01 05:00:00", "1970-01-01 05:00:00"},
        {"an offset with seconds", "Africa/Monrovia", DAY, "1970-01-01 12:00:00",
         "1970-01-01 00:44:30", "1970-01-02 00:44:30"},
        {"an hour of an offset with seconds", "Africa/Monrovia", HOUR,
         "1970-01-01 12:00:00", "1970-01-01 11:44:30", "1970-01-01 12:44:30"},
        {"half an hour off", "Asia/Kolkata", DAY, "2026-11-25 18:30:00",
         "2026-11-25 18:30:00", "2026-11-26 18:30:00"},
        {"an hour of half an hour off", "Asia/Kolkata", HOUR, "2026-11-25 18:29:59",
         "2026-11-25 17:30:00", "2026-11-25 18:30:00"},
        {"three quarters off", "Asia/Kathmandu", HOUR, "2026-11-25 18:20:00",
         "2026-11-25 18:15:00", "2026-11-25 19:15:00"},
        {"a day of 23 hours", "Europe/London", DAY, "2026-03-29 12:00:00",
         "2026-03-29 00:00:00", "2026-03-29 23:00:00"},
        {"a day of 25 hours", "Europe/London", DAY, "2026-10-25 12:00:00",
         "2026-10-24 23:00:00", "2026-10-26 00:00:00"},
        {"a week less an hour", "Europe/London", WEEK, "2026-03-29 12:00:00",
         "2026-03-23 00:00:00", "2026-03-29 23:00:00"},
        {"a month more an hour", "Europe/London", MONTH, "2026-10-31 12:00:00",
         "2026-09-30 23:00:00", "2026-11-01 00:00:00"},
        {"a day of 25 hours in 2100", "Europe/London", DAY, "2100-10-31 12:00:00",
         "2100-10-30 23:00:00", "2100-11-01 00:00:00"},
        {"summer in 2100", "Europe/London", DAY, "2100-07-01 12:00:00",
         "2100-06-30 23:00:00", "2100-07-01 23:00:00"},
        {"the hour before the clock goes forward", "Europe/London", HOUR,
         "2026-03-29 00:59:59", "2026-03-29 00:00:00", "2026-03-29 01:00:00"},
        {"the hour behind it", "Europe/London", HOUR, "2026-03-29 01:00:00",
         "2026-03-29 01:00:00", "2026-03-29 02:00:00"},
        {"01:59:59 for the first time", "Europe/London", HOUR, "2026-10-25 00:59:59",
         "2026-10-25 00:00:00", "2026-10-25 01:00:00"},
        {"01:00 again", "Europe/London", HOUR, "2026-10-25 01:00:00",
         "2026-10-25 01:00:00", "2026-10-25 02:00:00"},
        {"an hour cut by half an hour back", "Australia/Lord_Howe", HOUR,
         "2026-04-04 15:00:00", "2026-04-04 15:00:00", "2026-04-04 15:30:00"},
        {"an hour cut by half an hour forward", "Australia/Lord_Howe", HOUR,
         "2026-10-03 15:45:00", "2026-10-03 15:30:00", "2026-10-03 16:00:00"},
        {"a day that begins at 01:00", "America/Santiago", DAY, "2026-09-06 04:00:00",
         "2026-09-06 04:00:00", "2026-09-07 03:00:00"},
        {"the day before that", "America/Santiago", DAY, "2026-09-06 03:59:59",
         "2026-09-05 04:00:00", "2026-09-06 04:00:00"},
        {"set back at midnight to 23:00", "America/Santiago", DAY,
         "2026-04-05 03:00:00", "2026-04-04 03:00:00", "2026-04-05 04:00:00"},
        {"a day that begins at 01:00 in Beirut", "Asia/Beirut", DAY,
         "2026-03-28 22:00:00", "2026-03-28 22:00:00", "2026-03-29 21:00:00"},
        {"set back at midnight to 23:00 in Beirut", "Asia/Beirut", DAY,
         "2026-10-24 21:30:00", "2026-10-23 21:00:00", "2026-10-24 22:00:00"},
        {"a month that begins at 01:00", "America/Asuncion", MONTH,
         "2017-10-01 04:00:00", "2017-10-01 04:00:00", "2017-11-01 03:00:00"},
        {"midnight is shown twice, the day begins once", "America/Havana", DAY,
         "2026-11-01 05:00:00", "2026-11-01 04:00:00", "2026-11-02 05:00:00"},
        {"set back behind midnight, before it", "America/St_Johns", DAY,
         "2010-11-07 02:30:30", "2010-11-07 02:30:00", "2010-11-08 03:30:00"},
        {"set back behind midnight, at 23:01 again", "America/St_Johns", DAY,
         "2010-11-07 02:31:00", "2010-11-07 02:30:00", "2010-11-08 03:30:00"},
        {"set back behind the week's beginning, too", "America/St_Johns", WEEK,
         "2010-11-07 02:31:00", "2010-11-01 02:30:00", "2010-11-08 03:30:00"},
        {"the minute before the clock is set back", "America/St_Johns", HOUR,
         "2010-11-07 02:30:30", "2010-11-07 02:30:00", "2010-11-07 02:31:00"},
        {"the 59 minutes behind it", "America/St_Johns", HOUR, "2010-11-07 03:00:00",
         "2010-11-07 02:31:00", "2010-11-07 03:30:00"},
        {"the day before one that was left out", "Pacific/Apia", DAY,
         "2011-12-30 09:59:59", "2011-12-29 10:00:00", "2011-12-30 10:00:00"},
        {"the day behind one that was left out", "Pacific/Apia", DAY,
         "2011-12-30 10:00:00", "2011-12-30 10:00:00", "2011-12-31 10:00:00"},
        {"another time, the same offset", "Europe/London", HOUR, "1971-10-31 02:30:00",
         "1971-10-31 02:00:00", "1971-10-31 03:00:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct time_zone *zone = zone_of(rows[i].zone);
        int64_t now_s = unit_utc(rows[i].now);
        char text[CALENDAR_TEXT_SIZE];

        check_text(rows[i].name,
                   utc_text(calendar_start_s(zone, rows[i].unit, now_s), text),
                   rows[i].start);
        check_text(rows[i].name,
                   utc_text(calendar_end_s(zone, rows[i].unit, now_s), text),
                   rows[i].end);
        time_zone_free(&zone);
    }
}

/* Zones with every kind of change, and in how many of them each year is checked. */
static const char *const zones[] = {
    "Europe/London",    "America/Santiago", "Australia/Lord_Howe", "Africa/Monrovia",
    "America/St_Johns", "Asia/Beirut",      "America/Havana",      "UTC",
    "America/New_York", "Asia/Kathmandu",   "Africa/Casablanca",   "Pacific/Chatham",
    "Antarctica/Troll", "Etc/GMT+12",
};

static const struct {
    const char *from;
    size_t zones;
} years[] = {
    {"1970-01-01 00:00:00", 4},
    {"2026-01-01 00:00:00", COUNT(zones)},
    {"2100-01-01 00:00:00", 3},
};

/* One unit seen at consecutive moments. */
struct watch {
    const struct time_zone *zone;
    enum calendar_unit unit;
    int64_t start_s, end_s;
};

static bool watch_is_right(struct watch *watch, int64_t now_s)
{
    int64_t start_s = calendar_start_s(watch->zone, watch->unit, now_s);
    int64_t end_s = calendar_end_s(watch->zone, watch->unit, now_s);
    bool is_same = now_s < watch->end_s;
    bool is_right = start_s <= now_s && now_s < end_s;

    if (is_same)
        is_right = is_right && start_s == watch->start_s && end_s == watch->end_s;
    else
        is_right = is_right && start_s >= watch->end_s &&
                   calendar_start_s(watch->zone, watch->unit, end_s) == end_s &&
                   calendar_start_s(watch->zone, watch->unit, end_s - 1) == start_s &&
                   calendar_end_s(watch->zone, watch->unit, start_s) == end_s;
    watch->start_s = start_s;
    watch->end_s = end_s;
    return is_right;
}

/* Looks at every hour of a year. */
static void watch_year(const char *name, enum calendar_unit unit, const char *year)
{
    struct time_zone *zone = zone_of(name);
    int64_t from_s = unit_utc(year), until_s = from_s + (int64_t)366 * A_DAY;
    struct watch watch = {.zone = zone, .unit = unit};
    char row[128], text[CALENDAR_TEXT_SIZE];

    watch.start_s = calendar_start_s(zone, unit, from_s - 1);
    watch.end_s = calendar_end_s(zone, unit, from_s - 1);
    for (int64_t now_s = from_s; now_s < until_s; now_s += AN_HOUR) {
        if (watch_is_right(&watch, now_s))
            continue;
        snprintf(row, sizeof row, "%s unit %d %s", name, (int)unit,
                 utc_text(now_s, text));
        check_true(row, false);
        break;
    }
    time_zone_free(&zone);
}

static void units_come_one_behind_the_other(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(years); k++)
        for (size_t i = 0; i < years[k].zones; i++)
            for (enum calendar_unit unit = HOUR; unit <= MONTH; unit++)
                watch_year(zones[i], unit, years[k].from);
}

/* The C library is the second opinion on what the clock shows. */
static const char *libc_text(int64_t time_s, char text[CALENDAR_TEXT_SIZE],
                             unsigned *second_of_week_out)
{
    time_t time = time_s;
    struct tm tm;

    localtime_r(&time, &tm);
    *second_of_week_out =
        (unsigned)(((tm.tm_wday + 6) % 7 * 24 + tm.tm_hour) * 60 + tm.tm_min) * 60 +
        (unsigned)tm.tm_sec;
    strftime(text, CALENDAR_TEXT_SIZE, "%Y-%m-%d %H:%M %Z", &tm);
    return text;
}

static void compare_year(const char *name, const char *year)
{
    struct time_zone *zone = zone_of(name);
    int64_t from_s = unit_utc(year), until_s = from_s + (int64_t)366 * A_DAY;

    setenv("TZ", name, 1);
    tzset();
    for (int64_t now_s = from_s; now_s < until_s; now_s += AN_HOUR) {
        char got[CALENDAR_TEXT_SIZE], want[CALENDAR_TEXT_SIZE];
        unsigned second;

        calendar_format(zone, now_s, got, sizeof got);
        libc_text(now_s, want, &second);
        if (strcmp(got, want) == 0 && calendar_second_of_week(zone, now_s) == second)
            continue;
        check_text(name, got, want);
        check_number(name, calendar_second_of_week(zone, now_s), second);
        break;
    }
    unsetenv("TZ");
    tzset();
    time_zone_free(&zone);
}

static void the_clock_shows_what_libc_says(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT(years); k++)
        for (size_t i = 0; i < years[k].zones; i++)
            compare_year(zones[i], years[k].from);
}

/* Minute by minute, as the clock shows it: a day begins when a later date than ever
 * before is shown for the first time. */
static void watch_dates(const char *name, const char *from, int days)
{
    struct time_zone *zone = zone_of(name);
    int64_t from_s = unit_utc(from), start_s = 0;
    char latest[sizeof "2026-11-25"] = "", text[CALENDAR_TEXT_SIZE];

    for (int64_t now_s = from_s; now_s < from_s + days * A_DAY; now_s += A_MINUTE) {
        bool is_known = start_s > 0;

        calendar_format(zone, now_s, text, sizeof text);
        text[sizeof latest - 1] = '\0';
        if (strcmp(text, latest) > 0) {
            start_s = *latest ? now_s : 0;
            memcpy(latest, text, sizeof latest);
        }
        if (is_known && calendar_start_s(zone, DAY, now_s) != start_s) {
            check_text(name, utc_text(now_s, text), "a day that began otherwise");
            break;
        }
    }
    time_zone_free(&zone);
}

static void a_day_begins_when_its_date_is_first_shown(void **state)
{
    static const struct {
        const char *zone, *from;
    } rows[] = {
        {"Europe/London", "2026-03-26 00:00:00"},
        {"Europe/London", "2026-10-22 00:00:00"},
        {"America/Santiago", "2026-04-02 00:00:00"},
        {"America/Santiago", "2026-09-03 00:00:00"},
        {"Asia/Beirut", "2026-03-26 00:00:00"},
        {"Asia/Beirut", "2026-10-22 00:00:00"},
        {"America/Havana", "2026-03-05 00:00:00"},
        {"America/Havana", "2026-10-29 00:00:00"},
        {"America/St_Johns", "2010-03-11 00:00:00"},
        {"America/St_Johns", "2010-11-04 00:00:00"},
        {"Australia/Lord_Howe", "2026-04-02 00:00:00"},
        {"Pacific/Apia", "2011-12-27 00:00:00"},
        {"Pacific/Kwajalein", "1993-08-18 00:00:00"},
        {"Antarctica/Troll", "2026-03-26 00:00:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        watch_dates(rows[i].zone, rows[i].from, 7);
}

static void the_clock_is_changed_at(void **state)
{
    static const struct {
        const char *name, *zone, *from, *until, *want;
    } rows[] = {
        {"no change", "UTC", "2026-01-01 00:00:00", "2026-12-31 00:00:00",
         "2026-12-31 00:00:00"},
        {"forward", "Europe/London", "2026-03-25 12:34:56", "2026-04-02 00:00:00",
         "2026-03-29 01:00:00"},
        {"back", "Europe/London", "2026-10-20 12:34:56", "2026-11-02 00:00:00",
         "2026-10-25 01:00:00"},
        {"the second before", "Europe/London", "2026-03-29 00:59:59",
         "2026-03-29 01:00:01", "2026-03-29 01:00:00"},
        {"just behind it", "Europe/London", "2026-03-29 01:00:00",
         "2026-03-31 00:00:00", "2026-03-31 00:00:00"},
        {"until just before it", "Europe/London", "2026-03-28 00:00:00",
         "2026-03-29 00:59:59", "2026-03-29 00:59:59"},
        {"two of them", "Europe/London", "2026-03-01 00:00:00", "2026-12-01 00:00:00",
         "2026-03-29 01:00:00"},
        {"nothing to look at", "Europe/London", "2026-03-29 00:59:59",
         "2026-03-29 00:59:59", "2026-03-29 00:59:59"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct time_zone *zone = zone_of(rows[i].zone);
        int64_t change_s = calendar_next_change_s(zone, unit_utc(rows[i].from),
                                                  unit_utc(rows[i].until));
        char text[CALENDAR_TEXT_SIZE];

        check_text(rows[i].name, utc_text(change_s, text), rows[i].want);
        time_zone_free(&zone);
    }
}

static void a_time_is_written_for_people(void **state)
{
    static const struct {
        const char *zone, *now, *want;
    } rows[] = {
        {"Europe/London", "2026-11-25 07:00:59", "2026-11-25 07:00 GMT"},
        {"Europe/London", "2026-07-01 23:05:00", "2026-07-02 00:05 BST"},
        {"Europe/London", "2026-10-25 00:59:00", "2026-10-25 01:59 BST"},
        {"Europe/London", "2026-10-25 01:59:00", "2026-10-25 01:59 GMT"},
        {"America/Sao_Paulo", "2027-01-01 02:59:00", "2026-12-31 23:59 -03"},
        {"UTC", "1970-01-01 00:00:00", "1970-01-01 00:00 UTC"},
        {"UTC", "2100-02-28 23:59:00", "2100-02-28 23:59 UTC"},
        {"Etc/GMT+5", "2026-01-01 12:00:00", "2026-01-01 07:00 -05"},
    };
    char text[8];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct time_zone *zone = zone_of(rows[i].zone);
        char got[CALENDAR_TEXT_SIZE];

        calendar_format(zone, unit_utc(rows[i].now), got, sizeof got);
        check_text(rows[i].now, got, rows[i].want);
        calendar_format(zone, unit_utc(rows[i].now), text, sizeof text);
        check_number("cut to its room", (long long)strlen(text), sizeof text - 1);
        time_zone_free(&zone);
        check_true("cleared", !zone);
        time_zone_free(&zone);
    }
}

static void what_is_no_zone_is_refused(void **state)
{
    static const char *const names[] = {
        "Europe/Atlantis",
        "Europe",
        "Europe/",
        "/Europe/London",
        "europe/london",
        "Europe//London",
        "Europe/London ",
        "Europe/London\n",
        " ",
        "Z",
        "+01:00",
        "+1",
        "01:00",
        "GMT0BST,M3.5.0/1,M10.5.0",
        "EST5EDT",
        "XYZ5",
        "EST5",
        "../zoneinfo/Europe/London",
        "./UTC",
        "/etc/localtime",
        "Etc/GMT+99",
        "Etc/GMT+",
        "Europe/L\xC3\xB6ndon",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct time_zone *zone = (struct time_zone *)&state;
        struct error err = {.text = "no error"};

        check_true(names[i], !time_zone_new(names[i], &zone, &err));
        check_true(names[i], !zone);
        check_error(names[i], &err, ERROR_REFUSED, "",
                    "is not a time zone that this machine knows (an example is "
                    "\"Europe/London\")");
    }
}

static void no_name_is_the_zone_of_the_system(void **state)
{
    static const char *const names[] = {NULL, ""};
    static const char *const systems[] = {"Asia/Tokyo", "Asia/Kolkata"};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        for (size_t k = 0; k < COUNT(systems); k++) {
            struct time_zone *zone, *same = zone_of(systems[k]);
            char got[CALENDAR_TEXT_SIZE], want[CALENDAR_TEXT_SIZE];

            setenv("TZ", systems[k], 1);
            zone = zone_of(names[i]);
            unsetenv("TZ");
            calendar_format(zone, unit_utc("2026-11-25 12:00:00"), got, sizeof got);
            calendar_format(same, unit_utc("2026-11-25 12:00:00"), want, sizeof want);
            check_text(systems[k], got, want);
            time_zone_free(&zone);
            time_zone_free(&same);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_unit_has_its_start_and_end),
        UNIT_TEST(units_come_one_behind_the_other),
        UNIT_TEST(the_clock_shows_what_libc_says),
        UNIT_TEST(a_day_begins_when_its_date_is_first_shown),
        UNIT_TEST(the_clock_is_changed_at),
        UNIT_TEST(a_time_is_written_for_people),
        UNIT_TEST(what_is_no_zone_is_refused),
        UNIT_TEST(no_name_is_the_zone_of_the_system),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
