/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <string.h>

#include "base/limit.h"

#define NO_RATE                                                                  \
    "is not a rate such as \"60/minute\": a number from 1, and second, minute, " \
    "hour or day"
#define NO_QUOTA                                                                 \
    "is not a quota such as \"5000/day\": a number from 1, and hour, day, week " \
    "or month"

static void a_rate_is_read_and_written(void **state)
{
    static const struct {
        const char *text;
        unsigned count, period_s; /* 0 for what is none */
    } rows[] = {
        {"1/second", 1, 1},
        {"60/minute", 60, 60},
        {"5/hour", 5, 3600},
        {"1000/day", 1000, 86400},
        {"4294967295/minute", 4294967295U, 60},
        {"4294967296/minute", 0, 0},
        {"18446744073709551617/minute", 0, 0},
        {"99999999999999999999999/minute", 0, 0},
        {"0/minute", 0, 0},
        {"-1/minute", 0, 0},
        {"+1/minute", 0, 0},
        {" 1/minute", 0, 0},
        {"1 /minute", 0, 0},
        {"1/ minute", 0, 0},
        {"1/minute ", 0, 0},
        {"1/minutes", 0, 0},
        {"1/Minute", 0, 0},
        {"1/min", 0, 0},
        {"1/week", 0, 0},
        {"1/month", 0, 0},
        {"1/", 0, 0},
        {"1", 0, 0},
        {"1.5/minute", 0, 0},
        {"0x10/minute", 0, 0},
        {"/minute", 0, 0},
        {"minute", 0, 0},
        {"1/1/minute", 0, 0},
        {"", 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rate rate = {7, 7};
        char text[LIMIT_TEXT_SIZE];
        struct error err = {.text = ""};
        bool is_good = rate_parse(rows[i].text, &rate, &err);

        check_true(rows[i].text, is_good == (rows[i].count > 0));
        check_number(rows[i].text, rate.count, rows[i].count);
        check_number(rows[i].text, rate.period_s, rows[i].period_s);
        check_text(rows[i].text, err.text, is_good ? "" : NO_RATE);
        rate_format(&rate, text);
        check_text("and written", text, is_good ? rows[i].text : "");
    }
}

static void a_quota_is_read_and_written(void **state)
{
    static const struct {
        const char *text;
        unsigned count; /* 0 for what is none */
        enum calendar_unit per;
    } rows[] = {
        {"1/hour", 1, CALENDAR_HOUR},
        {"5000/day", 5000, CALENDAR_DAY},
        {"7/week", 7, CALENDAR_WEEK},
        {"4294967295/month", 4294967295U, CALENDAR_MONTH},
        {"4294967296/month", 0, CALENDAR_HOUR},
        {"0/day", 0, CALENDAR_HOUR},
        {"-5/day", 0, CALENDAR_HOUR},
        {"5/second", 0, CALENDAR_HOUR},
        {"5/minute", 0, CALENDAR_HOUR},
        {"5/year", 0, CALENDAR_HOUR},
        {"5/days", 0, CALENDAR_HOUR},
        {"5 per day", 0, CALENDAR_HOUR},
        {"day", 0, CALENDAR_HOUR},
        {"", 0, CALENDAR_HOUR},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct quota quota = {7, CALENDAR_WEEK};
        char text[LIMIT_TEXT_SIZE];
        struct error err = {.text = ""};
        bool is_good = quota_parse(rows[i].text, &quota, &err);

        check_true(rows[i].text, is_good == (rows[i].count > 0));
        check_number(rows[i].text, quota.count, rows[i].count);
        check_number(rows[i].text, quota.per, rows[i].per);
        check_text(rows[i].text, err.text, is_good ? "" : NO_QUOTA);
        quota_format(&quota, text);
        check_text("and written", text, is_good ? rows[i].text : "");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_rate_is_read_and_written),
        UNIT_TEST(a_quota_is_read_and_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
