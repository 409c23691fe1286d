/* SPDX-License-Identifier: ISC */
#include "ctl/since.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

static const char digits[] = "0123456789";

enum { MINUTE_S = 60, HOUR_S = 60 * MINUTE_S, DAY_S = 24 * HOUR_S };

/* 999999999 weeks in seconds are within 64 bits. */
enum { MAX_AGE_DIGITS = 9 };

/* ---- ages ---- */

/* 0 if there is no such unit. */
static int64_t unit_seconds(const char *unit)
{
    static const struct {
        const char *name;
        int64_t seconds;
    } units[] = {
        {"s", 1}, {"m", MINUTE_S}, {"h", HOUR_S}, {"d", DAY_S}, {"w", 7 * DAY_S}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].name, unit) == 0)
            return units[i].seconds;
    return 0;
}

static bool read_age(const char *text, int64_t *age_s_out)
{
    size_t length = strspn(text, digits);
    int64_t seconds = unit_seconds(text + length), count = 0;

    if (length == 0 || length > MAX_AGE_DIGITS || seconds == 0)
        return false;
    for (size_t i = 0; i < length; i++)
        count = count * 10 + (text[i] - '0');
    *age_s_out = count * seconds;
    return true;
}

/* ---- dates ---- */

/* Whether the text begins with this shape, where 0 stands for any digit. strptime(3)
 * would also accept spaces and fewer digits. */
static bool has_shape(const char *text, const char *shape)
{
    for (; *shape; text++, shape++)
        if (*shape == '0' ? *text == '\0' || !strchr(digits, *text) : *text != *shape)
            return false;
    return true;
}

/* Returns the text after the time; NULL if there is no time. A fraction of a second, as
 * in mail logs, is skipped. */
static const char *read_clock(const char *text, struct tm *tm)
{
    const char *rest;

    if (!has_shape(text, "00:00"))
        return NULL;
    if (!has_shape(text + 5, ":00"))
        return strptime(text, "%H:%M", tm);
    rest = strptime(text, "%H:%M:%S", tm);
    if (rest && *rest == '.' && strspn(rest + 1, digits) > 0)
        rest += 1 + strspn(rest + 1, digits);
    return rest;
}

/* Reads "Z", "+01:00" or "+0100". */
static bool read_offset(const char *text, int64_t *offset_s_out)
{
    bool has_colon = has_shape(text + (*text != '\0'), "00:00");
    const char *minutes = text + (has_colon ? 4 : 3);
    int hours_count, minutes_count;

    *offset_s_out = 0;
    if (strcmp(text, "Z") == 0)
        return true;
    if ((*text != '+' && *text != '-') ||
        (!has_colon && !has_shape(text + 1, "0000")) || minutes[2] != '\0')
        return false;
    hours_count = (text[1] - '0') * 10 + text[2] - '0';
    minutes_count = (minutes[0] - '0') * 10 + minutes[1] - '0';
    *offset_s_out = hours_count * HOUR_S + minutes_count * MINUTE_S;
    if (*text == '-')
        *offset_s_out = -*offset_s_out;
    return hours_count < 24 && minutes_count < 60;
}

/* Refuses for example 30 February and second 60, which timegm(3) would silently
 * change. */
static bool is_in_calendar(const struct tm *tm)
{
    struct tm copy = *tm;

    timegm(&copy);
    return copy.tm_mon == tm->tm_mon && copy.tm_mday == tm->tm_mday &&
           copy.tm_hour == tm->tm_hour && copy.tm_min == tm->tm_min;
}

static bool read_date(const char *text, int64_t *time_s_out)
{
    struct tm tm = {.tm_isdst = -1}; /* daylight saving time as on that day */
    const char *rest = has_shape(text, "0000-00-00") ? strptime(text, "%F", &tm) : NULL;
    int64_t offset_s;

    if (rest && (*rest == 'T' || *rest == ' '))
        rest = read_clock(rest + 1, &tm);
    else if (rest && *rest != '\0')
        return false;
    if (!rest || !is_in_calendar(&tm))
        return false;
    if (*rest == '\0') {
        *time_s_out = mktime(&tm);
        return true;
    }
    if (!read_offset(rest, &offset_s))
        return false;
    *time_s_out = timegm(&tm) - offset_s;
    return true;
}

bool since_parse(const char *text, int64_t now_s, int64_t *since_s_out,
                 struct error *err)
{
    int64_t age_s, time_s;

    if (read_age(text, &age_s))
        time_s = now_s - age_s;
    else if (!read_date(text, &time_s))
        return error_set(
            err, ERROR_REFUSED, NULL,
            "is neither a time such as 2026-11-25, 2026-11-25T10:00 or "
            "2026-11-25T10:00:00Z nor an age such as 45s, 30m, 2h, 7d or 2w");
    *since_s_out = time_s > 0 ? time_s : 0;
    return true;
}
