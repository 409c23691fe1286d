/* SPDX-License-Identifier: ISC */
#include "base/hours.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DAYS = 7, MINUTES_A_DAY = 24 * 60, MINUTES_A_WEEK = DAYS * MINUTES_A_DAY };

/* One bit for each minute of the week, starting with Monday 00:00. */
struct hours {
    unsigned char open[MINUTES_A_WEEK / 8];
};

struct item {
    bool has_day[DAYS];
    unsigned from_minute, to_minute; /* of the day; to_minute may be of the next */
};

/* ---- reading ---- */

static bool read_day(const char **at, unsigned *day_out)
{
    static const char *const names[DAYS] = {"mon", "tue", "wed", "thu",
                                            "fri", "sat", "sun"};

    for (unsigned day = 0; day < DAYS; day++) {
        size_t length = strlen(names[day]);

        if (strncasecmp(*at, names[day], length) == 0) {
            *at += length;
            *day_out = day;
            return true;
        }
    }
    return false;
}

/* Reads "mon" or "fri-mon". */
static bool read_day_range(const char **at, struct item *item)
{
    unsigned day, last;

    if (!read_day(at, &day))
        return false;
    last = day;
    if (**at == '-') {
        (*at)++;
        if (!read_day(at, &last))
            return false;
    }
    for (; day != last; day = (day + 1) % DAYS)
        item->has_day[day] = true;
    item->has_day[last] = true;
    return true;
}

static size_t skip_blanks(const char **at)
{
    size_t length = strspn(*at, " \t");

    *at += length;
    return length;
}

/* Reads the days before a time. If there are none, the item is for every day. */
static bool read_days(const char **at, struct item *item)
{
    if (**at >= '0' && **at <= '9') {
        memset(item->has_day, true, sizeof item->has_day);
        return true;
    }
    for (;;) {
        if (!read_day_range(at, item))
            return false;
        if (**at != ',')
            return skip_blanks(at) > 0;
        (*at)++;
        skip_blanks(at);
    }
}

static bool read_two_digits(const char **at, unsigned *value_out)
{
    if (strspn(*at, "0123456789") != 2)
        return false;
    *value_out = (unsigned)((*at)[0] - '0') * 10 + (unsigned)((*at)[1] - '0');
    *at += 2;
    return true;
}

/* Reads "07:00". "24:00" is allowed too, as the end of a day. */
static bool read_time(const char **at, unsigned *minute_out)
{
    unsigned hour, minute;

    if (!read_two_digits(at, &hour) || **at != ':')
        return false;
    (*at)++;
    if (!read_two_digits(at, &minute) || minute > 59)
        return false;
    *minute_out = hour * 60 + minute;
    return *minute_out <= MINUTES_A_DAY;
}

static bool read_item(const char *text, struct item *item)
{
    *item = (struct item){.from_minute = 0};
    if (!read_days(&text, item) || !read_time(&text, &item->from_minute) ||
        item->from_minute == MINUTES_A_DAY || *text != '-')
        return false;
    text++;
    if (!read_time(&text, &item->to_minute) || *text != '\0')
        return false;
    if (item->to_minute == item->from_minute) /* could mean nothing or the whole day */
        return false;
    if (item->to_minute < item->from_minute)
        item->to_minute += MINUTES_A_DAY;
    return true;
}

bool hours_check(const char *item, struct error *err)
{
    struct item unused;

    return read_item(item, &unused) ||
           error_set(err, ERROR_REFUSED, NULL,
                     "is not a time such as \"mon-fri 07:00-18:00\"");
}

/* ---- the week ---- */

static bool is_open_in(const struct hours *hours, unsigned minute)
{
    return hours->open[minute / 8] & (1u << minute % 8);
}

static void open_item(struct hours *hours, const struct item *item)
{
    for (unsigned day = 0; day < DAYS; day++) {
        if (!item->has_day[day])
            continue;
        for (unsigned m = item->from_minute; m < item->to_minute; m++) {
            unsigned minute = (day * MINUTES_A_DAY + m) % MINUTES_A_WEEK;

            hours->open[minute / 8] |= (unsigned char)(1u << minute % 8);
        }
    }
}

bool hours_new(const char *const *items, size_t count, struct hours **hours_out,
               struct error *err)
{
    struct hours *hours = calloc(1, sizeof *hours);
    struct error why;

    *hours_out = NULL;
    if (!hours)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    for (size_t i = 0; i < count; i++) {
        struct item item;

        if (!hours_check(items[i], &why)) {
            hours_free(&hours);
            return error_set(err, why.kind, NULL, "item %zu %s", i + 1, why.text);
        }
        read_item(items[i], &item);
        open_item(hours, &item);
    }
    *hours_out = hours;
    return true;
}

void hours_free(struct hours **hours)
{
    free(*hours);
    *hours = NULL;
}

/* The number of minutes until the next open minute of the week; MINUTES_A_WEEK if there
 * is none. */
static unsigned minutes_until_open(const struct hours *hours, unsigned minute)
{
    unsigned passed = 0;

    while (passed < MINUTES_A_WEEK &&
           !is_open_in(hours, (minute + passed) % MINUTES_A_WEEK))
        passed++;
    return passed;
}

bool hours_are_open(const struct hours *hours, const struct time_zone *zone,
                    int64_t now_s)
{
    return is_open_in(hours, calendar_second_of_week(zone, now_s) / 60);
}

/* Goes from one change of the clock to the next, because after each change the hours
 * may open early, once more, or not at all. No zone changes its clock more than a few
 * times a year. */
int64_t hours_next_open_s(const struct hours *hours, const struct time_zone *zone,
                          int64_t now_s)
{
    enum { MAX_CHANGES = 100 };

    for (unsigned changes = 0; changes <= MAX_CHANGES; changes++) {
        unsigned second = calendar_second_of_week(zone, now_s);
        unsigned passed = minutes_until_open(hours, second / 60);
        int64_t open_s = now_s - second % 60 + passed * 60;

        if (passed == 0)
            return now_s;
        if (passed == MINUTES_A_WEEK)
            return -1;
        now_s = calendar_next_change_s(zone, now_s, open_s);
    }
    return -1;
}
