/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/hours.h"

enum { A_MINUTE = 60, A_DAY = 86400, MAX_ITEMS = 4 };

static const char *utc_text(int64_t time_s, char text[CALENDAR_TEXT_SIZE])
{
    time_t time = time_s;
    struct tm tm;

    if (time_s == -1)
        return "never";
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

static struct hours *hours_of(const char *const items[MAX_ITEMS])
{
    struct hours *hours;
    struct error err;
    size_t count = 0;

    while (count < MAX_ITEMS && items[count])
        count++;
    if (!hours_new(items, count, &hours, &err))
        fail_msg("%s", err.text);
    return hours;
}

/* The letters of the days on which an item is open at noon, and of those at 03:00. */
static void days_are_read(void **state)
{
    static const struct {
        const char *item, *noon, *night;
    } rows[] = {
        {"mon-fri 07:00-18:00", "MTWTF--", "-------"},
        {"sat,sun 09:00-12:30", "-----SS", "-------"},
        {"fri-mon 08:00-20:00", "M---FSS", "-------"},
        {"07:00-18:00", "MTWTFSS", "-------"},
        {"mon-fri 22:00-06:00", "-------", "-TWTFS-"},
        {"sun 22:00-06:00", "-------", "M------"},
        {"sun 00:00-24:00", "------S", "------S"},
        {"22:00-06:00", "-------", "MTWTFSS"},
        {"wed 12:00-12:01", "--W----", "-------"},
        {"wed 11:59-12:00", "-------", "-------"},
        {"wed 13:00-12:01", "---T---", "---T---"},
        {"tue,thu-sat,mon 03:00-12:01", "MT-TFS-", "MT-TFS-"},
        {"tue-tue 12:00-13:00", "-T-----", "-------"},
        {"mon-sun 00:00-24:00", "MTWTFSS", "MTWTFSS"},
        {"tue-mon 00:00-24:00", "MTWTFSS", "MTWTFSS"},
        {"MON-Fri 07:00-18:00", "MTWTF--", "-------"},
        {"mon, wed \t 07:00-18:00", "M-W----", "-------"},
        {"mon,mon 07:00-18:00", "M------", "-------"},
    };
    struct time_zone *zone = zone_of("UTC");
    int64_t monday_s = unit_utc("2026-11-23 00:00:00");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct hours *hours =
            hours_of((const char *const[MAX_ITEMS]){rows[i].item, NULL});
        char noon[] = "MTWTFSS", night[] = "MTWTFSS";

        for (int day = 0; day < 7; day++) {
            int64_t day_s = monday_s + day * A_DAY;

            if (!hours_are_open(hours, zone, day_s + 12 * 60 * A_MINUTE))
                noon[day] = '-';
            if (!hours_are_open(hours, zone, day_s + 3 * 60 * A_MINUTE))
                night[day] = '-';
        }
        check_text(rows[i].item, noon, rows[i].noon);
        check_text(rows[i].item, night, rows[i].night);
        hours_free(&hours);
        check_true("cleared", !hours);
        hours_free(&hours);
    }
    time_zone_free(&zone);
}

static void the_next_opening_is_found(void **state)
{
    static const struct {
        const char *name;
        const char *items[MAX_ITEMS];
        const char *zone, *now, *want;
    } rows[] = {
        {"open", {"mon-fri 07:00-18:00"}, "UTC", "2026-11-25 12:34:56", NULL},
        {"its first second",
         {"mon-fri 07:00-18:00"},
         "UTC",
         "2026-11-25 07:00:00",
         NULL},
        {"the second before",
         {"mon-fri 07:00-18:00"},
         "UTC",
         "2026-11-25 06:59:59",
         "2026-11-25 07:00:00"},
        {"its last second",
         {"mon-fri 07:00-18:00"},
         "UTC",
         "2026-11-25 17:59:59",
         NULL},
        {"the second behind",
         {"mon-fri 07:00-18:00"},
         "UTC",
         "2026-11-25 18:00:00",
         "2026-11-26 07:00:00"},
        {"over the week-end",
         {"mon-fri 07:00-18:00"},
         "UTC",
         "2026-11-27 18:00:01",
         "2026-11-30 07:00:00"},
        {"just missed, a week",
         {"wed 12:00-12:01"},
         "UTC",
         "2026-11-25 12:01:00",
         "2026-12-02 12:00:00"},
        {"the earlier of two",
         {"mon-fri 14:00-18:00", "mon-fri 09:00-12:00"},
         "UTC",
         "2026-11-25 06:00:00",
         "2026-11-25 09:00:00"},
        {"between two",
         {"mon-fri 14:00-18:00", "mon-fri 09:00-12:00"},
         "UTC",
         "2026-11-25 13:00:00",
         "2026-11-25 14:00:00"},
        {"after the end of the week",
         {"mon 00:00-01:00"},
         "UTC",
         "2026-11-29 23:59:59",
         "2026-11-30 00:00:00"},
        {"the night into the next week",
         {"sun 22:00-06:00"},
         "UTC",
         "2026-11-30 05:59:59",
         NULL},
        {"never", {NULL}, "UTC", "2026-11-25 12:00:00", "never"},
        {"in the zone's time",
         {"mon-fri 07:00-18:00"},
         "Europe/London",
         "2026-07-01 06:00:00",
         NULL},
        {"before it in the zone's time",
         {"mon-fri 07:00-18:00"},
         "Europe/London",
         "2026-11-25 06:00:00",
         "2026-11-25 07:00:00"},
        {"tomorrow is an hour nearer",
         {"07:00-18:00"},
         "Europe/London",
         "2026-03-28 20:00:00",
         "2026-03-29 06:00:00"},
        {"tomorrow is an hour further",
         {"07:00-18:00"},
         "Europe/London",
         "2026-10-24 20:00:00",
         "2026-10-25 07:00:00"},
        {"opens at a time that does not exist",
         {"01:30-06:00"},
         "Europe/London",
         "2026-03-29 00:59:59",
         "2026-03-29 01:00:00"},
        {"closed on the day without its hour",
         {"01:15-01:45"},
         "Europe/London",
         "2026-03-29 00:30:00",
         "2026-03-30 00:15:00"},
        {"closed in the week without its hour",
         {"sun 01:15-01:45"},
         "Europe/London",
         "2026-03-28 00:30:00",
         "2026-04-05 00:15:00"},
        {"open for the first time",
         {"01:00-01:30"},
         "Europe/London",
         "2026-10-25 00:29:59",
         NULL},
        {"open a second time",
         {"01:00-01:30"},
         "Europe/London",
         "2026-10-25 00:30:00",
         "2026-10-25 01:00:00"},
        {"open a second time in its middle",
         {"01:30-02:00"},
         "Europe/London",
         "2026-10-25 01:00:00",
         "2026-10-25 01:30:00"},
        {"no midnight",
         {"sun 00:00-06:00"},
         "America/Santiago",
         "2026-09-06 03:59:59",
         "2026-09-06 04:00:00"},
        {"Saturday's last hour again",
         {"sat 23:00-24:00"},
         "America/Santiago",
         "2026-04-05 03:00:00",
         NULL},
        {"a Friday that was left out",
         {"fri 07:00-18:00"},
         "Pacific/Apia",
         "2011-12-30 00:00:00",
         "2012-01-05 17:00:00"},
        {"the night behind it",
         {"fri 22:00-06:00"},
         "Pacific/Apia",
         "2011-12-30 09:59:59",
         "2011-12-30 10:00:00"},
        {"an offset with seconds",
         {"12:00-13:00"},
         "Africa/Monrovia",
         "1970-01-01 12:00:00",
         "1970-01-01 12:44:30"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct time_zone *zone = zone_of(rows[i].zone);
        struct hours *hours = hours_of(rows[i].items);
        int64_t now_s = unit_utc(rows[i].now);
        char text[CALENDAR_TEXT_SIZE];

        check_true(rows[i].name, hours_are_open(hours, zone, now_s) == !rows[i].want);
        check_text(rows[i].name, utc_text(hours_next_open_s(hours, zone, now_s), text),
                   rows[i].want ? rows[i].want : rows[i].now);
        hours_free(&hours);
        time_zone_free(&zone);
    }
}

/* Minute by minute, backwards: the next opening is now, or that of the next minute. */
static void watch_openings(const char *row, const char *item, const char *zone_name,
                           const char *until, int days)
{
    struct time_zone *zone = zone_of(zone_name);
    struct hours *hours = hours_of((const char *const[MAX_ITEMS]){item, NULL});
    int64_t now_s = unit_utc(until), from_s = now_s - days * A_DAY;
    int64_t next_s = hours_next_open_s(hours, zone, now_s);
    char text[CALENDAR_TEXT_SIZE];

    while (now_s > from_s && !hours_are_open(hours, zone, now_s))
        now_s -= A_MINUTE;
    for (; now_s > from_s; now_s -= A_MINUTE) {
        if (hours_are_open(hours, zone, now_s))
            next_s = now_s;
        if (hours_next_open_s(hours, zone, now_s) == next_s)
            continue;
        check_text(row, utc_text(now_s, text), "another next opening");
        break;
    }
    hours_free(&hours);
    time_zone_free(&zone);
}

static void each_next_opening_is_the_next(void **state)
{
    static const char *const items[] = {
        "01:15-01:45",     "02:00-02:20", "mon-fri 07:00-18:00", "sat,sun 23:30-00:30",
        "sun 00:00-24:00", "22:00-06:00", "mon 00:00-00:01",     "sat-mon 00:00-00:30",
    };
    static const struct {
        const char *zone, *until;
    } changes[] = {
        {"Europe/London", "2026-04-01 00:00:00"},
        {"Europe/London", "2026-10-28 00:00:00"},
        {"America/Santiago", "2026-04-08 00:00:00"},
        {"America/Santiago", "2026-09-09 00:00:00"},
        {"Australia/Lord_Howe", "2026-04-07 00:00:00"},
        {"Australia/Lord_Howe", "2026-10-06 00:00:00"},
        {"America/St_Johns", "2010-11-10 00:00:00"},
        {"Pacific/Apia", "2012-01-02 00:00:00"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(items); i++)
        for (size_t k = 0; k < COUNT(changes); k++)
            watch_openings(items[i], items[i], changes[k].zone, changes[k].until, 5);
}

#define NO_TIME "is not a time such as \"mon-fri 07:00-18:00\""

static void what_is_no_time_is_refused(void **state)
{
    static const char *const items[] = {
        "",
        " ",
        "mon",
        "mon-fri",
        "mon-fri ",
        "mon-fri 07:00",
        "mon-fri 07:00-",
        "mon-fri 07:00-07:00",
        "mon-fri 00:00-00:00",
        "mon-fri 25:00-26:00",
        "mon-fri 07:00-25:00",
        "mon-fri 07:00-24:01",
        "mon-fri 24:00-06:00",
        "mon-fri 24:00-24:00",
        "mon-fri 07:60-18:00",
        "mon-fri 07:00-18:60",
        "mon-fri 7:00-18:00",
        "mon-fri 07:0-18:00",
        "mon-fri 007:00-18:00",
        "mon-fri 07:000-18:00",
        "mon-fri 07.00-18.00",
        "mon-fri 0700-1800",
        "mon-fri 07:00 - 18:00",
        "mon-fri 07:00-18:00 ",
        "mon-fri 07:00-18:00,19:00-20:00",
        "mon-fri 07:00-18:00-20:00",
        "mon-fri 07:00am-06:00pm",
        "mon-fri07:00-18:00",
        "mon-fri,07:00-18:00",
        "mon-fri, 07:00-18:00",
        " mon-fri 07:00-18:00",
        "-fri 07:00-18:00",
        "mon- 07:00-18:00",
        "mon-wed-fri 07:00-18:00",
        "mon fri 07:00-18:00",
        ",mon 07:00-18:00",
        "mon,,fri 07:00-18:00",
        "monday 07:00-18:00",
        "mo-fr 07:00-18:00",
        "abc 07:00-18:00",
        "lun-ven 07:00-18:00",
        "mon +7:00-18:00",
        "mon -1:00-18:00",
        "mon 07:00-18:00\n",
        "07:00\xE2\x80\x93"
        "18:00",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(items); i++) {
        struct error err = {.text = "no error"};

        check_true(items[i], !hours_check(items[i], &err));
        check_error(items[i], &err, ERROR_REFUSED, "", NO_TIME);
    }
}

static void one_wrong_item_spoils_the_list(void **state)
{
    static const char *const items[] = {"mon-fri 07:00-18:00", "never", "sat"};
    struct hours *hours = (struct hours *)&state;
    struct error err;

    (void)state;
    check_true("the first", hours_check(items[0], &err));
    assert_false(hours_new(items, COUNT(items), &hours, &err));
    check_true("nothing is made", !hours);
    check_error("the wrong one", &err, ERROR_REFUSED, "", "item 2 " NO_TIME);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(days_are_read),
        UNIT_TEST(the_next_opening_is_found),
        UNIT_TEST(each_next_opening_is_the_next),
        UNIT_TEST(what_is_no_time_is_refused),
        UNIT_TEST(one_wrong_item_spoils_the_list),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
