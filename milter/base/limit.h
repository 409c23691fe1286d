/* SPDX-License-Identifier: ISC */
/* Limits on how much may be sent in a time, in the form of the configuration:
 * "60/minute". */
#ifndef SMS_MILTER_BASE_LIMIT_H
#define SMS_MILTER_BASE_LIMIT_H

#include <stdbool.h>

#include "base/calendar.h"
#include "base/error.h"

/* At most count in any period of this length, wherever it begins. */
struct rate {
    unsigned count; /* 0: no limit, and then period_s is 0 too */
    unsigned period_s;
};

/* At most count from one midnight (or full hour, Monday, or first of a month) to the
 * next. */
struct quota {
    unsigned count; /* 0: no limit */
    enum calendar_unit per;
};

/* What a quota counts. */
enum quota_unit {
    QUOTA_SMS,
    QUOTA_PARTS /* billed parts: a long SMS has several */
};

/* Reads "60/minute": a whole number above 0, and second, minute, hour or day. On
 * failure *rate_out is no limit, and err->text says what is wrong, in words that can
 * follow the value: "is not a rate such as ...". */
bool rate_parse(const char *text, struct rate *rate_out, struct error *err);

/* Reads "5000/day": a whole number above 0, and hour, day, week or month. Fails like
 * rate_parse(). */
bool quota_parse(const char *text, struct quota *quota_out, struct error *err);

/* Size of the longest limit as text. */
enum { LIMIT_TEXT_SIZE = sizeof("4294967295/minute") };

/* The limit as the configuration writes it; "" if it is none. */
void rate_format(const struct rate *rate, char text[LIMIT_TEXT_SIZE]);
void quota_format(const struct quota *quota, char text[LIMIT_TEXT_SIZE]);

/* "hour", "day", "week" or "month": a string constant. */
const char *quota_per_name(enum calendar_unit per);

#endif
