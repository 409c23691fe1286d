/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <time.h>

#include "ctl/since.h"

/* 2026-11-25T10:00:00Z. */
enum { NOW_S = 1795600800 };

/* London's clocks, without a need for the time zone's file. */
static void live_in_london(void)
{
    setenv("TZ", "GMT0BST,M3.5.0/1,M10.5.0", 1);
    tzset();
}

static void a_time_is_read(void **state)
{
    static const struct {
        const char *name, *text;
        long long want_s;
    } rows[] = {
        {"seconds", "45s", NOW_S - 45},
        {"minutes", "30m", NOW_S - 30 * 60},
        {"hours", "2h", NOW_S - 2 * 3600},
        {"days", "7d", NOW_S - 7 * 86400},
        {"weeks", "2w", NOW_S - 14 * 86400},
        {"no age at all", "0s", NOW_S},
        {"leading zeros", "007d", NOW_S - 7 * 86400},
        {"before 1970 is 0", "999999999w", 0},
        {"a day in winter", "2026-11-25", NOW_S - 10 * 3600},
        {"a day in summer begins an hour earlier", "2026-07-01", 1782860400},
        {"local time in winter", "2026-11-25T10:00", NOW_S},
        {"local time in summer", "2026-07-01T10:00", 1782896400},
        {"an hour that clocks leave out", "2026-03-29T01:30", 1774747800},
        {"a space for T", "2026-11-25 10:00", NOW_S},
        {"seconds of the minute", "2026-11-25 10:00:07", NOW_S + 7},
        {"a fraction of a second, as in a log", "2026-11-25T10:00:07.123456+00:00",
         NOW_S + 7},
        {"UTC", "2026-07-01T10:00:00Z", 1782900000},
        {"UTC without seconds", "2026-07-01T10:00Z", 1782900000},
        {"an offset", "2026-11-25T12:00:00+02:00", NOW_S},
        {"an offset without a colon", "2026-11-25T12:00:00+0200", NOW_S},
        {"an offset to the west, of half an hour", "2026-11-25 06:30-03:30", NOW_S},
        {"an offset into the day before", "2026-11-26T00:00+14:00", NOW_S},
        {"29 February", "2028-02-29T00:00Z", 1835395200},
        {"1969", "1969-12-31", 0},
        {"year 0", "0000-01-01", 0},
        {"year 9999", "9999-12-31T23:59:59Z", 253402300799},
    };

    (void)state;
    live_in_london();
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t since_s = -1;
        struct error err;

        if (since_parse(rows[i].text, NOW_S, &since_s, &err))
            check_number(rows[i].name, since_s, rows[i].want_s);
        else
            check_text(rows[i].name, err.text, "(a time)");
    }
}

static const char examples[] =
    "is neither a time such as 2026-11-25, 2026-11-25T10:00 or 2026-11-25T10:00:00Z "
    "nor an age such as 45s, 30m, 2h, 7d or 2w";

static void what_is_no_time_is_told(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"empty", ""},
        {"a word", "yesterday"},
        {"no unit", "30"},
        {"no number", "m"},
        {"a unit nobody knows", "3y"},
        {"a capital unit", "3D"},
        {"two units", "1h30m"},
        {"a space before the unit", "3 d"},
        {"a space before the number", " 3d"},
        {"less than nothing", "-3d"},
        {"a plus", "+3d"},
        {"half an hour", "0.5h"},
        {"more digits than fit", "1234567890s"},
        {"a month without a day", "2026-11"},
        {"a month of one digit", "2026-1-25"},
        {"a year of five digits", "12026-11-25"},
        {"no hyphens", "20261125"},
        {"slashes", "2026/11/25"},
        {"the day first", "25-11-2026"},
        {"month 13", "2026-13-01"},
        {"month 0", "2026-00-01"},
        {"day 0", "2026-11-00"},
        {"day 32", "2026-12-32"},
        {"30 February", "2026-02-30"},
        {"29 February of another year", "2026-02-29"},
        {"31 November", "2026-11-31T10:00Z"},
        {"T alone", "2026-11-25T"},
        {"an hour alone", "2026-11-25T10"},
        {"an hour of one digit", "2026-11-25T9:00"},
        {"hour 24", "2026-11-25T24:00"},
        {"minute 60", "2026-11-25T10:60"},
        {"second 60", "2026-11-25T10:00:60"},
        {"second 61", "2026-11-25T10:00:61"},
        {"seconds of one digit", "2026-11-25T10:00:5"},
        {"a colon alone", "2026-11-25T10:00:"},
        {"a point alone", "2026-11-25T10:00:00."},
        {"a fraction of a minute", "2026-11-25T10:00.5"},
        {"a small t", "2026-11-25t10:00"},
        {"two spaces", "2026-11-25  10:00"},
        {"a space before it", " 2026-11-25"},
        {"a space behind it", "2026-11-25 "},
        {"a line end behind it", "2026-11-25T10:00\n"},
        {"a day with Z", "2026-11-25Z"},
        {"a small z", "2026-11-25T10:00z"},
        {"a name for the offset", "2026-11-25T10:00 GMT"},
        {"a space before Z", "2026-11-25T10:00 Z"},
        {"Z and more", "2026-11-25T10:00ZZ"},
        {"a sign alone", "2026-11-25T10:00+"},
        {"an offset of hours alone", "2026-11-25T10:00+01"},
        {"an offset of three digits", "2026-11-25T10:00+100"},
        {"an offset with more behind it", "2026-11-25T10:00+01:00x"},
        {"an offset of 24 hours", "2026-11-25T10:00+24:00"},
        {"an offset of 60 minutes", "2026-11-25T10:00+0060"},
        {"an offset without its sign", "2026-11-25T10:00 01:00"},
    };

    (void)state;
    live_in_london();
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t since_s = -1;
        struct error err;
        if (since_parse(rows[i].text, NOW_S, &since_s, &err))
            check_number(rows[i].name, since_s, -1);
        else
            check_error(rows[i].name, &err, ERROR_REFUSED, "", examples);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        UNIT_TEST(a_time_is_read),
        UNIT_TEST(what_is_no_time_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
