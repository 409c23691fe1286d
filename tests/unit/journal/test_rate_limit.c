/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <limits.h>
#include <string.h>

#include "journal/rate_limit.h"

enum { HOUR_S = 3600, DAY_S = 24 * HOUR_S };

/* The time that tests begin at: a full hour. */
enum { NOW_S = 500000 * HOUR_S };

static struct spending_limits of_rate(unsigned count, unsigned period_s)
{
    return (struct spending_limits){.customer = {.rate = {count, period_s}}};
}

static struct spending_limits of_quota(unsigned count, int64_t window_s)
{
    return (struct spending_limits){.customer = {.quota = {count, CALENDAR_HOUR},
                                                 .window_start_s = window_s,
                                                 .window_end_s = window_s + HOUR_S}};
}

static bool charge(const struct spending_limits *limits, struct spending *spending)
{
    struct charge charge;
    struct error err;

    return rate_limit_charge(limits, 1, spending, &charge, &err);
}

/* How many SMS go at that time, one after the other. */
static unsigned send_all(const struct spending_limits *limits, int64_t now_s,
                         struct spending *spending)
{
    unsigned count = 0;

    rate_limit_begin(limits, now_s, spending);
    while (count < 10000 && charge(limits, spending))
        count++;
    return count;
}

/* ---- rates ---- */

static void a_rate_lets_through_what_it_says(void **state)
{
    static const struct {
        const char *name;
        unsigned count, period_s;
        int64_t passed_s; /* since all was taken */
        unsigned want;    /* SMS that go then */
    } rows[] = {
        {"nothing in the same second", 60, 60, 0, 0},
        {"one a second", 60, 60, 1, 1},
        {"all of a minute", 60, 60, 60, 60},
        {"no more after a year", 60, 60, 365 * DAY_S, 60},
        {"nothing before a whole one is there", 7, 60, 8, 0},
        {"a whole one", 7, 60, 9, 1},
        {"one short of a period", 7, 60, 59, 6},
        {"one a day, too early", 1, DAY_S, DAY_S - 1, 0},
        {"one a day", 1, DAY_S, DAY_S, 1},
        {"many in a second", 1000, 1, 1, 1000},
        {"a clock that went back", 60, 60, -1, 0},
        {"a clock that went far back", 60, 60, -1000 * DAY_S, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct spending_limits limits = of_rate(rows[i].count, rows[i].period_s);
        struct spending spending = {.customer = {.window = {.sms = 0}}};

        check_number("a new one is full", send_all(&limits, NOW_S, &spending),
                     rows[i].count);
        check_number(rows[i].name,
                     send_all(&limits, NOW_S + rows[i].passed_s, &spending),
                     rows[i].want);
    }
}

/* 60 seconds cannot be divided by 7: asked each second, for more than an hour. */
static void no_part_of_a_token_is_lost_or_won(void **state)
{
    struct spending_limits limits = of_rate(7, 60);
    struct spending spending = {.customer = {.window = {.sms = 0}}};
    unsigned sent = send_all(&limits, NOW_S, &spending);

    (void)state;
    for (int64_t passed_s = 1; passed_s <= 100 * 60; passed_s++)
        sent += send_all(&limits, NOW_S + passed_s, &spending);
    check_number("in 100 minutes", sent, 7 + 100 * 7);
}

static void the_greatest_rate_does_not_overflow(void **state)
{
    struct spending_limits limits = of_rate(UINT_MAX, DAY_S);
    struct spending spending = {.customer = {.window = {.sms = 0}}};

    (void)state;
    rate_limit_begin(&limits, NOW_S, &spending);
    check_number("full", spending.customer.bucket.level, (int64_t)UINT_MAX * DAY_S);
    check_true("one is taken", charge(&limits, &spending));
    rate_limit_begin(&limits, INT64_MAX, &spending);
    check_number("full again", spending.customer.bucket.level,
                 (int64_t)UINT_MAX * DAY_S);
}

static void a_clock_that_is_set_gives_and_takes_nothing_for_ever(void **state)
{
    struct spending_limits limits = of_rate(60, 60);
    struct spending spending = {.customer = {.window = {.sms = 0}}};
    unsigned sent = 0;

    (void)state;
    send_all(&limits, NOW_S, &spending);
    for (int i = 0; i < 100; i++)
        sent += send_all(&limits, NOW_S - i % 2, &spending);
    check_number("to and fro", sent, 0);
    check_number("seconds that come again", send_all(&limits, NOW_S + 1, &spending), 1);

    send_all(&limits, NOW_S + 1000 * DAY_S, &spending);
    check_number("it was far ahead", send_all(&limits, NOW_S + 10, &spending), 0);
    check_number("and is not waited for", send_all(&limits, NOW_S + 11, &spending), 1);
    check_number("at all", send_all(&limits, NOW_S + 71, &spending), 60);
}

static void another_rate_after_a_reload_takes_what_is_left(void **state)
{
    static const struct {
        const char *name;
        struct rate old, new;
        unsigned used, want;
    } rows[] = {
        {"the same", {60, 60}, {60, 60}, 10, 50},
        {"a lower one caps", {60, 60}, {20, 60}, 10, 20},
        {"a lower one, with less left", {60, 60}, {20, 60}, 55, 5},
        {"a higher one gives nothing", {60, 60}, {100, 60}, 10, 50},
        {"another period, tokens stay", {60, 60}, {60, 3600}, 10, 50},
        {"and the other way round", {60, 3600}, {60, 60}, 10, 50},
        {"a lower one of another period", {60, 3600}, {7, 1}, 10, 7},
        {"none before: it starts full", {0, 0}, {60, 60}, 0, 60},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct spending_limits limits =
            of_rate(rows[i].old.count, rows[i].old.period_s);
        struct spending spending = {.customer = {.window = {.sms = 0}}};

        rate_limit_begin(&limits, NOW_S, &spending);
        for (unsigned sms = 0; sms < rows[i].used; sms++)
            check_true(rows[i].name, charge(&limits, &spending));
        limits.customer.rate = rows[i].new;
        check_number(rows[i].name, send_all(&limits, NOW_S, &spending), rows[i].want);
    }
}

static void who_waits_as_long_as_is_said_finds_room(void **state)
{
    static const struct {
        unsigned count, period_s;
        int64_t passed_s;
        const char *want;
    } rows[] = {
        {60, 60, 0, "60 SMS per minute is reached; try again in 1 second"},
        {7, 60, 0, "7 SMS per minute is reached; try again in 9 seconds"},
        {7, 60, 8, "7 SMS per minute is reached; try again in 1 second"},
        {1, DAY_S, 0, "1 SMS per day is reached; try again in 86400 seconds"},
        {1, DAY_S, 86000, "1 SMS per day is reached; try again in 400 seconds"},
        {5, 1, 0, "5 SMS per second is reached; try again in 1 second"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct spending_limits limits = of_rate(rows[i].count, rows[i].period_s);
        struct spending spending = {.customer = {.window = {.sms = 0}}};
        struct charge charge;
        struct error err;
        char want[200] = "the customer's rate limit of ";

        strcat(want, rows[i].want);
        send_all(&limits, NOW_S, &spending);
        rate_limit_begin(&limits, NOW_S + rows[i].passed_s, &spending);
        check_true("no room", !rate_limit_charge(&limits, 1, &spending, &charge, &err));
        check_error(rows[i].want, &err, ERROR_TEMPORARY, "4.7.1", want);
    }
}

/* ---- quotas ---- */

static void each_window_has_its_quota(void **state)
{
    static const struct {
        const char *name;
        int64_t window_s; /* after the first one, of which 2 of 5 are used */
        unsigned want;
        int64_t want_window_s;
    } rows[] = {
        {"the same window", 0, 3, 0},
        {"the next", HOUR_S, 5, HOUR_S},
        {"a much later one", 1000 * HOUR_S, 5, 1000 * HOUR_S},
        {"the session came late", -HOUR_S, 3, 0},
        {"the zone is half an hour ahead", -HOUR_S / 2, 3, 0},
        {"the zone is half an hour behind", HOUR_S / 2, 3, 0},
        {"the clock was wrong", -1000 * HOUR_S, 3, -1000 * HOUR_S},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct spending_limits first = of_quota(5, NOW_S);
        struct spending_limits limits = of_quota(5, NOW_S + rows[i].window_s);
        struct spending spending = {.customer = {.window = {.sms = 0}}};

        rate_limit_begin(&first, NOW_S, &spending);
        check_true("one", charge(&first, &spending));
        check_true("two", charge(&first, &spending));
        check_number(rows[i].name, send_all(&limits, NOW_S, &spending), rows[i].want);
        check_number(rows[i].name, spending.customer.window.start_s - NOW_S,
                     rows[i].want_window_s);
    }
}

/* Without a quota nothing is counted or given back, whatever the window is. */
static void a_limit_of_none_is_none(void **state)
{
    static const struct spent before = {.bucket = {{0, 0}, 7, NOW_S},
                                        .window = {NOW_S, NOW_S + HOUR_S, 3, 4}};
    struct spending_limits limits = of_quota(0, NOW_S + HOUR_S);
    struct spending spending = {.customer = before};
    struct charge charge;
    struct error err;

    (void)state;
    limits.customer.rate.period_s = 60;
    rate_limit_begin(&limits, NOW_S + HOUR_S, &spending);
    check_number("no window begins", spending.customer.window.start_s, NOW_S);
    check_true("any number",
               rate_limit_charge(&limits, UINT_MAX, &spending, &charge, &err));
    check_number("no SMS is counted", (long long)spending.customer.window.sms, 3);
    check_number("nor a part", (long long)spending.customer.window.parts, 4);
    check_number("no token is taken", spending.customer.bucket.level, 7);
    charge.customer_window_s = NOW_S;
    rate_limit_give_back(&limits, 1, &charge, &spending);
    check_number("no SMS is given back", (long long)spending.customer.window.sms, 3);
    check_number("nor a part", (long long)spending.customer.window.parts, 4);
}

/* The lowest limit that there is. */
static void a_limit_of_one_is_one(void **state)
{
    struct spending_limits limits = of_quota(1, NOW_S);
    struct spending spending = {.customer = {.window = {.sms = 0}}};
    struct charge charge;
    struct error err;

    (void)state;
    check_number("one", send_all(&limits, NOW_S, &spending), 1);
    check_number("counted", (long long)spending.customer.window.sms, 1);
    charge = (struct charge){.is_made = true, .customer_window_s = NOW_S};
    rate_limit_give_back(&limits, 1, &charge, &spending);
    check_number("given back", (long long)spending.customer.window.sms, 0);
    check_number("one again", send_all(&limits, NOW_S, &spending), 1);

    limits = of_rate(1, 60);
    check_number("one token", send_all(&limits, NOW_S, &spending), 1);
    rate_limit_give_back(&limits, 1, &charge, &spending);
    check_true("one again", rate_limit_charge(&limits, 1, &spending, &charge, &err));
    check_number("none is left", spending.customer.bucket.level, 0);
}

static void a_window_that_is_none_renews_nothing(void **state)
{
    struct spending_limits limits = of_quota(5, NOW_S);
    struct spending spending = {.customer = {.window = {.sms = 0}}};

    (void)state;
    limits.customer.window_start_s = limits.customer.window_end_s = 0;
    check_number("at first", send_all(&limits, NOW_S, &spending), 5);
    check_number("again", send_all(&limits, NOW_S + DAY_S, &spending), 0);
    limits.customer.window_start_s = limits.customer.window_end_s = NOW_S;
    check_number("an empty one", send_all(&limits, NOW_S + DAY_S, &spending), 0);
}

static void parts_count_where_the_unit_is_parts(void **state)
{
    static const struct {
        const char *name;
        enum quota_unit unit;
        unsigned used_sms, used_parts, parts;
        bool want;
    } rows[] = {
        {"SMS", QUOTA_SMS, 9, 90, 3, true},
        {"no more SMS", QUOTA_SMS, 10, 10, 1, false},
        {"parts", QUOTA_PARTS, 3, 7, 3, true},
        {"one part too many", QUOTA_PARTS, 3, 8, 3, false},
        {"room for a shorter one", QUOTA_PARTS, 3, 8, 2, true},
        {"no more parts", QUOTA_PARTS, 4, 10, 1, false},
        {"already above, after a reload", QUOTA_PARTS, 9, 27, 1, false},
        {"more than there ever is", QUOTA_PARTS, 0, 0, 11, false},
        {"a number that wraps", QUOTA_PARTS, 1, 2, UINT_MAX, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct spending_limits limits = of_quota(10, NOW_S);
        struct spending spending = {
            .customer = {.window = {NOW_S, NOW_S + HOUR_S, rows[i].used_sms,
                                    rows[i].used_parts}}};
        struct charge charge;
        struct error err;
        bool is_taken;

        limits.quota_unit = rows[i].unit;
        is_taken = rate_limit_charge(&limits, rows[i].parts, &spending, &charge, &err);
        check_true(rows[i].name, is_taken == rows[i].want);
        check_true(rows[i].name, charge.is_made == rows[i].want);
        check_number(rows[i].name, (long long)spending.customer.window.sms,
                     rows[i].used_sms + rows[i].want);
        check_number(rows[i].name, (long long)spending.customer.window.parts,
                     rows[i].used_parts + (rows[i].want ? rows[i].parts : 0));
        if (!is_taken)
            check_error(
                rows[i].name, &err, ERROR_REFUSED, "5.7.1",
                rows[i].unit == QUOTA_SMS
                    ? "this SMS would exceed the customer's quota of 10 SMS per hour"
                    : "this SMS would exceed the customer's quota of 10 SMS parts "
                      "per hour");
    }
}

/* ---- all four ---- */

enum { PARTS = 2 };

/* The SMS that are left of each limit; -1: it is not set. */
struct room {
    int customer_rate, sender_rate, customer_quota, sender_quota;
};

static struct spender_limits limits_of(int rate, int quota)
{
    return (struct spender_limits){.rate = {rate < 0 ? 0 : 10, rate < 0 ? 0 : 60},
                                   .quota = {quota < 0 ? 0 : 10, CALENDAR_HOUR},
                                   .window_start_s = NOW_S,
                                   .window_end_s = NOW_S + HOUR_S};
}

static struct spent spent_of(int rate, int quota)
{
    return (struct spent){.bucket = {{10, 60}, (int64_t)rate * 60, NOW_S},
                          .window = {NOW_S, NOW_S + HOUR_S, 10U - (unsigned)quota,
                                     PARTS * (10U - (unsigned)quota)}};
}

static void check_spent(const char *row, const struct spent *got, int rate, int quota)
{
    struct spent want = spent_of(rate, quota);

    if (rate >= 0)
        check_number(row, got->bucket.level, want.bucket.level);
    if (quota >= 0) {
        check_number(row, (long long)got->window.sms, (long long)want.window.sms);
        check_number(row, (long long)got->window.parts, (long long)want.window.parts);
    }
}

static void an_sms_is_taken_from_all_limits_or_none(void **state)
{
    static const struct {
        const char *name;
        struct room room;
        const char *want; /* the beginning of what is said; NULL: it is taken */
    } rows[] = {
        {"all have room", {1, 1, 1, 1}, NULL},
        {"none is set", {-1, -1, -1, -1}, NULL},
        {"the customer's alone", {3, -1, 4, -1}, NULL},
        {"the sender's alone", {-1, 3, -1, 4}, NULL},
        {"customer's rate",
         {0, 5, 5, 5},
         "the customer's rate limit of 10 SMS per minute"},
        {"sender's rate", {5, 0, 5, 5}, "the sender's rate limit of 10 SMS per minute"},
        {"customer's quota",
         {5, 5, 0, 5},
         "this SMS would exceed the customer's quota of 10 SMS per hour"},
        {"sender's quota",
         {5, 5, 5, 0},
         "this SMS would exceed the sender's quota of 10 SMS per hour"},
        {"both rates", {0, 0, 5, 5}, "the customer's rate limit of 10 SMS per minute"},
        {"quota before rate",
         {0, 5, 0, 5},
         "this SMS would exceed the customer's quota of 10 SMS per hour"},
        {"sender's quota before customer's rate",
         {0, 0, 5, 0},
         "this SMS would exceed the sender's quota of 10 SMS per hour"},
        {"all",
         {0, 0, 0, 0},
         "this SMS would exceed the customer's quota of 10 SMS per hour"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct room room = rows[i].room;
        struct spending_limits limits = {
            .customer = limits_of(room.customer_rate, room.customer_quota),
            .sender = limits_of(room.sender_rate, room.sender_quota)};
        struct spending spending = {
            .customer = spent_of(room.customer_rate, room.customer_quota),
            .sender = spent_of(room.sender_rate, room.sender_quota)};
        int taken = rows[i].want ? 0 : 1;
        struct charge charge;
        struct error err = {.text = ""};

        check_true(rows[i].name, rate_limit_charge(&limits, PARTS, &spending, &charge,
                                                   &err) == !rows[i].want);
        check_true(rows[i].name, charge.is_made == !rows[i].want);
        if (rows[i].want)
            check_true(err.text,
                       strncmp(err.text, rows[i].want, strlen(rows[i].want)) == 0);
        check_spent(rows[i].name, &spending.customer, room.customer_rate - taken,
                    room.customer_quota - taken);
        check_spent(rows[i].name, &spending.sender, room.sender_rate - taken,
                    room.sender_quota - taken);
        if (rows[i].want)
            continue;
        rate_limit_give_back(&limits, PARTS, &charge, &spending);
        check_spent("given back", &spending.customer, room.customer_rate,
                    room.customer_quota);
        check_spent("given back", &spending.sender, room.sender_rate,
                    room.sender_quota);
    }
}

static void it_is_known_whether_there_is_a_limit(void **state)
{
    static const struct {
        struct spending_limits limits;
        bool want;
    } rows[] = {
        {{.quota_unit = QUOTA_PARTS}, false},
        {{.customer = {.window_start_s = 1, .window_end_s = 2}}, false},
        {{.customer = {.rate = {1, 1}}}, true},
        {{.customer = {.quota = {1, CALENDAR_DAY}}}, true},
        {{.sender = {.rate = {1, 1}}}, true},
        {{.sender = {.quota = {1, CALENDAR_DAY}}}, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number("limits", rate_limit_is_set(&rows[i].limits), rows[i].want);
}

/* ---- what is given back ---- */

static void a_bucket_takes_back_what_it_has_room_for(void **state)
{
    struct spending_limits limits = of_rate(2, 60), none = of_rate(0, 0);
    struct charge charges[2];
    struct spending spending = {.customer = {.window = {.sms = 0}}};
    struct error err;

    (void)state;
    rate_limit_begin(&limits, NOW_S, &spending);
    for (size_t i = 0; i < COUNT(charges); i++)
        check_true("charged",
                   rate_limit_charge(&limits, 1, &spending, &charges[i], &err));
    rate_limit_begin(&limits, NOW_S + 45, &spending);
    for (size_t i = 0; i < COUNT(charges); i++)
        rate_limit_give_back(&limits, 1, &charges[i], &spending);
    check_number("full, not more", spending.customer.bucket.level, 2 * 60);

    check_true("charged", rate_limit_charge(&limits, 1, &spending, &charges[0], &err));
    spending.customer.bucket = (struct bucket){{5, 3600}, 0, NOW_S};
    rate_limit_give_back(&limits, 1, &charges[0], &spending);
    check_number("one of another rate", spending.customer.bucket.level, 3600);
    rate_limit_give_back(&none, 1, &charges[0], &spending);
    check_number("none without a rate", spending.customer.bucket.level, 3600);

    spending.customer.bucket = (struct bucket){{0, 0}, 0, 0};
    rate_limit_give_back(&limits, 1, &charges[0], &spending);
    check_number("one that is gone is full already", spending.customer.bucket.level, 0);
}

static void a_later_window_takes_nothing_back(void **state)
{
    struct spending_limits limits = of_quota(5, NOW_S);
    struct spending_limits later = of_quota(5, NOW_S + HOUR_S);
    struct spending spending = {.customer = {.window = {.sms = 0}}};
    struct charge first, second, early;
    struct error err;

    (void)state;
    rate_limit_begin(&limits, NOW_S, &spending);
    check_true("first", rate_limit_charge(&limits, 3, &spending, &first, &err));
    rate_limit_begin(&later, NOW_S + HOUR_S, &spending);
    check_true("second", rate_limit_charge(&later, 2, &spending, &second, &err));
    /* Its session computed its window before the second came. */
    rate_limit_begin(&limits, NOW_S + HOUR_S, &spending);
    check_true("early", rate_limit_charge(&limits, 1, &spending, &early, &err));
    check_number("both", (long long)spending.customer.window.parts, 3);

    rate_limit_give_back(&limits, 3, &first, &spending);
    check_number("of the window before", (long long)spending.customer.window.sms, 2);
    rate_limit_give_back(&limits, 1, &early, &spending);
    check_number("of that it counts in", (long long)spending.customer.window.sms, 1);
    rate_limit_give_back(&later, 2, &second, &spending);
    check_number("all", (long long)spending.customer.window.sms, 0);
    check_number("and parts", (long long)spending.customer.window.parts, 0);
    rate_limit_give_back(&later, 2, &second, &spending);
    check_number("never below 0", (long long)spending.customer.window.sms, 0);
    check_number("nor parts", (long long)spending.customer.window.parts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_rate_lets_through_what_it_says),
        UNIT_TEST(no_part_of_a_token_is_lost_or_won),
        UNIT_TEST(the_greatest_rate_does_not_overflow),
        UNIT_TEST(a_clock_that_is_set_gives_and_takes_nothing_for_ever),
        UNIT_TEST(another_rate_after_a_reload_takes_what_is_left),
        UNIT_TEST(who_waits_as_long_as_is_said_finds_room),
        UNIT_TEST(each_window_has_its_quota),
        UNIT_TEST(a_limit_of_none_is_none),
        UNIT_TEST(a_limit_of_one_is_one),
        UNIT_TEST(a_window_that_is_none_renews_nothing),
        UNIT_TEST(parts_count_where_the_unit_is_parts),
        UNIT_TEST(an_sms_is_taken_from_all_limits_or_none),
        UNIT_TEST(it_is_known_whether_there_is_a_limit),
        UNIT_TEST(a_bucket_takes_back_what_it_has_room_for),
        UNIT_TEST(a_later_window_takes_nothing_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
