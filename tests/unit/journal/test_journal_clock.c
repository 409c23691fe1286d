/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "journal/journal_clock.h"

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };

/* A day after the one on which the program was written. */
#define NOW_S INT64_C(1800000000)

#define YEAR_1970_S 300

/* What happens: so much time passes, and then the system's clock shows that. */
struct step {
    int64_t passed_s, shown_s;
    enum journal_clock_news news;
    int64_t purge_s; /* by which records are old then */
};

#define AS_BEFORE JOURNAL_CLOCK_AS_BEFORE
#define DOUBTED JOURNAL_CLOCK_DOUBTED
#define BELIEVED JOURNAL_CLOCK_BELIEVED

static void no_more_is_old_than_the_time_that_passed(void **state)
{
    static const struct {
        const char *name;
        struct step steps[5];
    } rows[] = {
        {"a clock that goes as time does",
         {{600, NOW_S + 600, AS_BEFORE, NOW_S + 600},
          {DAY_S, NOW_S + 600 + DAY_S, AS_BEFORE, NOW_S + 600 + DAY_S}}},
        {"one that is set by a minute",
         {{600, NOW_S + 660, AS_BEFORE, NOW_S + 660},
          {600, NOW_S + 1100, AS_BEFORE, NOW_S + 1100}}},
        {"one that jumps 400 days ahead and comes back",
         {{600, NOW_S + 400 * DAY_S, DOUBTED, NOW_S + 600},
          {600, NOW_S + 400 * DAY_S + 600, AS_BEFORE, NOW_S + 1200},
          {600, NOW_S + 1800, BELIEVED, NOW_S + 1800},
          {600, NOW_S + 2400, AS_BEFORE, NOW_S + 2400}}},
        {"one that jumps two hours ahead",
         {{600, NOW_S + 2 * HOUR_S + 600, DOUBTED, NOW_S + 600},
          {600, NOW_S + 2 * HOUR_S + 1200, AS_BEFORE, NOW_S + 1200}}},
        {"one that jumps again and again",
         {{600, NOW_S + 10 * DAY_S, DOUBTED, NOW_S + 600},
          {6 * DAY_S, NOW_S + 16 * DAY_S, AS_BEFORE, NOW_S + 600 + 6 * DAY_S},
          {6 * DAY_S, NOW_S + 90 * DAY_S, DOUBTED, NOW_S + 600 + 12 * DAY_S},
          {6 * DAY_S, NOW_S + 96 * DAY_S, AS_BEFORE, NOW_S + 600 + 18 * DAY_S}}},
        {"one that is right after all is believed after a week",
         {{600, NOW_S + 40 * DAY_S, DOUBTED, NOW_S + 600},
          {6 * DAY_S, NOW_S + 46 * DAY_S, AS_BEFORE, NOW_S + 600 + 6 * DAY_S},
          {DAY_S, NOW_S + 47 * DAY_S, BELIEVED, NOW_S + 47 * DAY_S},
          {DAY_S, NOW_S + 48 * DAY_S, AS_BEFORE, NOW_S + 48 * DAY_S}}},
        {"one that jumps back makes nothing old, and nothing when it comes back",
         {{600, NOW_S - 30 * DAY_S, DOUBTED, NOW_S - 30 * DAY_S},
          {600, NOW_S - 30 * DAY_S + 600, AS_BEFORE, NOW_S - 30 * DAY_S + 600},
          {600, NOW_S + 1800, BELIEVED, NOW_S + 1800}}},
        {"one that stays back is believed after a week",
         {{600, NOW_S - 30 * DAY_S, DOUBTED, NOW_S - 30 * DAY_S},
          {7 * DAY_S, NOW_S - 23 * DAY_S, BELIEVED, NOW_S - 23 * DAY_S},
          {600, NOW_S, DOUBTED, NOW_S - 23 * DAY_S + 600}}},
        {"a machine that slept is not one whose clock jumped",
         {{90 * DAY_S, NOW_S + 90 * DAY_S, AS_BEFORE, NOW_S + 90 * DAY_S}}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_clock_record none = {.known_s = 0};
        struct journal_clock clock;
        int64_t passed_s = 77;

        check_number(rows[i].name, journal_clock_begin(&clock, &none, NOW_S, 77000),
                     AS_BEFORE);
        for (size_t k = 0; rows[i].steps[k].shown_s != 0; k++) {
            const struct step *step = &rows[i].steps[k];

            passed_s += step->passed_s;
            check_number(rows[i].name,
                         journal_clock_look(&clock, step->shown_s, passed_s * 1000),
                         step->news);
            check_number(rows[i].name, journal_clock_purge_s(&clock), step->purge_s);
        }
    }
}

static void a_start_goes_on_where_the_last_daemon_ended(void **state)
{
    static const struct {
        const char *name;
        struct journal_clock_record record;
        int64_t shown_s;
        enum journal_clock_news news;
        int64_t purge_s, doubted_s;
    } rows[] = {
        {"a new journal", {0, 0, 0}, NOW_S, AS_BEFORE, NOW_S, 0},
        {"off for a minute", {NOW_S, NOW_S, 0}, NOW_S + 60, AS_BEFORE, NOW_S + 60, 0},
        {"off for a night",
         {NOW_S, NOW_S, 0},
         NOW_S + 16 * HOUR_S,
         AS_BEFORE,
         NOW_S + 16 * HOUR_S,
         0},
        {"off for two days, or not",
         {NOW_S, NOW_S, 0},
         NOW_S + 2 * DAY_S,
         DOUBTED,
         NOW_S,
         0},
        {"400 days ahead", {NOW_S, NOW_S, 0}, NOW_S + 400 * DAY_S, DOUBTED, NOW_S, 0},
        {"at 1970", {NOW_S, NOW_S, 0}, YEAR_1970_S, DOUBTED, YEAR_1970_S, 0},
        {"a little back", {NOW_S, NOW_S, 0}, NOW_S - 60, AS_BEFORE, NOW_S - 60, 0},
        {"still ahead, after a minute",
         {NOW_S, NOW_S + 400 * DAY_S, 3 * DAY_S},
         NOW_S + 400 * DAY_S + 60,
         DOUBTED,
         NOW_S + 60,
         3 * DAY_S},
        {"ahead and back",
         {NOW_S, NOW_S + 400 * DAY_S, 3 * DAY_S},
         NOW_S + 60,
         AS_BEFORE,
         NOW_S + 60,
         0},
        {"further ahead",
         {NOW_S, NOW_S + 400 * DAY_S, 3 * DAY_S},
         NOW_S + 500 * DAY_S,
         DOUBTED,
         NOW_S,
         0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal_clock clock;
        enum journal_clock_news news =
            journal_clock_begin(&clock, &rows[i].record, rows[i].shown_s, 5000);
        struct journal_clock_record kept = journal_clock_record(&clock);

        check_number(rows[i].name, news, rows[i].news);
        check_number(rows[i].name, journal_clock_purge_s(&clock), rows[i].purge_s);
        check_number(rows[i].name, kept.shown_s, rows[i].shown_s);
        check_number(rows[i].name, kept.doubted_s, rows[i].doubted_s);
    }
}

static void a_week_of_doubt_may_have_nights(void **state)
{
    struct journal_clock_record record = {NOW_S, NOW_S, 0};
    int64_t shown_s = NOW_S + 60 * DAY_S;
    struct journal_clock clock;
    int days = 0;

    (void)state;
    do {
        journal_clock_begin(&clock, &record, shown_s, 0);
        check_true("in doubt", clock.is_doubted);
        days++;
        if (journal_clock_look(&clock, shown_s + 8 * HOUR_S, 8 * HOUR_S * 1000) ==
            BELIEVED)
            break;
        record = journal_clock_record(&clock);
        shown_s += DAY_S;
    } while (days < 100);
    check_number("of 8 hours each", days, 21);
    check_number("believed", journal_clock_purge_s(&clock), shown_s + 8 * HOUR_S);
}

static void records_get_a_time_that_may_be_right(void **state)
{
    static const struct {
        const char *name;
        int64_t known_s, shown_s, want_s;
    } rows[] = {
        {"as shown", NOW_S, NOW_S + 60, NOW_S + 60},
        {"ahead, which may be right", NOW_S, NOW_S + 400 * DAY_S, NOW_S + 400 * DAY_S},
        {"back, which may be right", NOW_S + 400 * DAY_S, NOW_S, NOW_S},
        {"no machine runs in 1970", NOW_S, YEAR_1970_S, NOW_S},
        {"unless that is all that is known", 0, YEAR_1970_S, YEAR_1970_S},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_clock_record record = {rows[i].known_s, rows[i].known_s,
                                                    0};
        struct journal_clock clock;

        journal_clock_begin(&clock, &record, rows[i].shown_s, 0);
        check_number(rows[i].name, journal_clock_now_s(&clock), rows[i].want_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(no_more_is_old_than_the_time_that_passed),
        UNIT_TEST(a_start_goes_on_where_the_last_daemon_ended),
        UNIT_TEST(a_week_of_doubt_may_have_nights),
        UNIT_TEST(records_get_a_time_that_may_be_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
