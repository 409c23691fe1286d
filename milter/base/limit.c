/* SPDX-License-Identifier: ISC */
#include "base/limit.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct period {
    const char *name;
    unsigned length_s;
} periods[] = {{"second", 1}, {"minute", 60}, {"hour", 3600}, {"day", 86400}};

static const char *const calendar_units[] = {
    [CALENDAR_HOUR] = "hour",
    [CALENDAR_DAY] = "day",
    [CALENDAR_WEEK] = "week",
    [CALENDAR_MONTH] = "month",
};

enum {
    PERIODS = sizeof periods / sizeof *periods,
    CALENDAR_UNITS = sizeof calendar_units / sizeof *calendar_units
};

/* Reads the number before the slash and returns the unit after it. Returns NULL if
 * there is no number above 0. strtoull() alone would also accept spaces and signs. */
static const char *read_count(const char *text, unsigned *count_out)
{
    unsigned long long number;
    char *end;

    if (*text < '0' || *text > '9')
        return NULL;
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno != 0 || *end != '/' || number < 1 || number > UINT_MAX)
        return NULL;
    *count_out = (unsigned)number;
    return end + 1;
}

bool rate_parse(const char *text, struct rate *rate_out, struct error *err)
{
    unsigned count;
    const char *unit = read_count(text, &count);

    *rate_out = (struct rate){.count = 0};
    for (size_t i = 0; unit && i < PERIODS; i++) {
        if (strcmp(unit, periods[i].name) != 0)
            continue;
        *rate_out = (struct rate){count, periods[i].length_s};
        return true;
    }
    return error_set(
        err, ERROR_REFUSED, NULL,
        "is not a rate such as \"60/minute\": a number from 1, and second, "
        "minute, hour or day");
}

bool quota_parse(const char *text, struct quota *quota_out, struct error *err)
{
    unsigned count;
    const char *unit = read_count(text, &count);

    *quota_out = (struct quota){.count = 0};
    for (int i = 0; unit && i < CALENDAR_UNITS; i++) {
        if (strcmp(unit, calendar_units[i]) != 0)
            continue;
        *quota_out = (struct quota){count, (enum calendar_unit)i};
        return true;
    }
    return error_set(err, ERROR_REFUSED, NULL,
                     "is not a quota such as \"5000/day\": a number from 1, and hour, "
                     "day, week or month");
}

void rate_format(const struct rate *rate, char text[LIMIT_TEXT_SIZE])
{
    *text = '\0';
    for (size_t i = 0; rate->count > 0 && i < PERIODS; i++)
        if (periods[i].length_s == rate->period_s)
            snprintf(text, LIMIT_TEXT_SIZE, "%u/%s", rate->count, periods[i].name);
}

void quota_format(const struct quota *quota, char text[LIMIT_TEXT_SIZE])
{
    *text = '\0';
    if (quota->count > 0)
        snprintf(text, LIMIT_TEXT_SIZE, "%u/%s", quota->count,
                 quota_per_name(quota->per));
}

const char *quota_per_name(enum calendar_unit per)
{
    return calendar_units[per];
}
