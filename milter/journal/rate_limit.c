/* SPDX-License-Identifier: ISC */
#include "journal/rate_limit.h"

#include <string.h>

static bool is_limited(const struct spender_limits *limits)
{
    return limits->rate.count > 0 || limits->quota.count > 0;
}

bool rate_limit_is_set(const struct spending_limits *limits)
{
    return is_limited(&limits->customer) || is_limited(&limits->sender);
}

/* ---- rates ---- */

/* Less than 2^49: a count has 32 bits, and no period is longer than a day. */
static int64_t capacity_of(const struct rate *rate)
{
    return (int64_t)rate->count * rate->period_s;
}

static void add_level(struct bucket *bucket, int64_t level)
{
    int64_t capacity = capacity_of(&bucket->rate);

    /* Also correct if the level is above the capacity. */
    bucket->level = bucket->level < capacity - level ? bucket->level + level : capacity;
}

/* Changes the rate. Whole tokens are kept; a part of a token is lost. */
static void fit(struct bucket *bucket, const struct rate *rate)
{
    int64_t tokens = rate->count;

    if (bucket->rate.count > 0 && bucket->rate.period_s != rate->period_s) {
        if (bucket->level / bucket->rate.period_s < tokens)
            tokens = bucket->level / bucket->rate.period_s;
        bucket->level = tokens * rate->period_s;
    } else if (bucket->rate.count == 0) {
        bucket->level = capacity_of(rate);
    }
    bucket->rate = *rate;
    add_level(bucket, 0);
}

/* If the clock was set back, the seconds that come again add nothing. A bucket is full
 * after one period, so a clock that was set back by more than that need not be waited
 * for. */
static void fill(struct bucket *bucket, int64_t now_s)
{
    int64_t period_s = bucket->rate.period_s;
    int64_t passed_s = now_s - bucket->filled_s;

    if (passed_s > period_s)
        passed_s = period_s;
    if (passed_s > 0)
        add_level(bucket, passed_s * bucket->rate.count);
    if (passed_s > 0 || passed_s < -period_s)
        bucket->filled_s = now_s;
}

/* Rounded up, so that there is a token after that time. */
static int64_t wait_for_token_s(const struct bucket *bucket)
{
    int64_t missing = bucket->rate.period_s - bucket->level;

    return (missing + bucket->rate.count - 1) / bucket->rate.count;
}

/* "60/minute" as two texts, "60" and "minute". */
static void split_at_slash(char *text, char **behind_out)
{
    char *slash = strchr(text, '/');

    *behind_out = slash ? slash + 1 : text;
    if (slash)
        *slash = '\0';
}

static bool rate_has_room(const struct rate *rate, const struct bucket *bucket,
                          const char *whose, struct error *err)
{
    char text[LIMIT_TEXT_SIZE], *per;
    long long wait_s;

    if (rate->count == 0 || bucket->level >= rate->period_s)
        return true;
    rate_format(rate, text);
    split_at_slash(text, &per);
    wait_s = wait_for_token_s(bucket);
    return error_set(
        err, ERROR_TEMPORARY, "4.7.1",
        "the %s's rate limit of %s SMS per %s is reached; try again in %lld "
        "second%s",
        whose, text, per, wait_s, wait_s == 1 ? "" : "s");
}

/* ---- quotas ---- */

/* A window that begins before the latest one ends is not a new one: a session computed
 * it earlier, or the clock was set back, or the time zone has changed. But after a
 * clock that was far ahead the latest window may lie far in the future; then the
 * present window replaces it, and what is used is kept. */
static void enter(struct window *window, int64_t start_s, int64_t end_s)
{
    bool is_new = start_s >= window->end_s;
    bool is_far_ahead = window->start_s > end_s;

    if (end_s <= start_s || (!is_new && !is_far_ahead))
        return;
    window->start_s = start_s;
    window->end_s = end_s;
    if (is_new)
        window->sms = window->parts = 0;
}

static bool quota_has_room(const struct quota *quota, enum quota_unit unit,
                           const struct window *window, unsigned parts,
                           const char *whose, struct error *err)
{
    uint64_t used = unit == QUOTA_PARTS ? window->parts : window->sms;
    uint64_t wanted = unit == QUOTA_PARTS ? parts : 1;
    char text[LIMIT_TEXT_SIZE], *per;

    if (quota->count == 0 || (used <= quota->count && wanted <= quota->count - used))
        return true;
    quota_format(quota, text);
    split_at_slash(text, &per);
    return error_set(err, ERROR_REFUSED, "5.7.1",
                     "this SMS would exceed the %s's quota of %s SMS%s per %s", whose,
                     text, unit == QUOTA_PARTS ? " parts" : "", per);
}

/* ---- one who spends ---- */

static void begin(const struct spender_limits *limits, int64_t now_s,
                  struct spent *spent)
{
    if (limits->rate.count > 0) {
        fit(&spent->bucket, &limits->rate);
        fill(&spent->bucket, now_s);
    }
    if (limits->quota.count > 0)
        enter(&spent->window, limits->window_start_s, limits->window_end_s);
}

static void take(const struct spender_limits *limits, unsigned parts,
                 struct spent *spent)
{
    if (limits->rate.count > 0)
        spent->bucket.level -= limits->rate.period_s;
    if (limits->quota.count > 0) {
        spent->window.sms++;
        spent->window.parts += parts;
    }
}

/* Not below 0, whatever somebody has done to the file. */
static void subtract(uint64_t *from, uint64_t what)
{
    *from = *from > what ? *from - what : 0;
}

static void give_back(const struct spender_limits *limits, unsigned parts,
                      int64_t window_start_s, struct spent *spent)
{
    if (limits->rate.count > 0)
        add_level(&spent->bucket, spent->bucket.rate.period_s);
    if (limits->quota.count > 0 && spent->window.start_s == window_start_s) {
        subtract(&spent->window.sms, 1);
        subtract(&spent->window.parts, parts);
    }
}

/* ---- both ---- */

void rate_limit_begin(const struct spending_limits *limits, int64_t now_s,
                      struct spending *spending)
{
    begin(&limits->customer, now_s, &spending->customer);
    begin(&limits->sender, now_s, &spending->sender);
}

static bool has_room(const struct spending_limits *limits, unsigned parts,
                     const struct spending *spending, struct error *err)
{
    const struct spent *customer = &spending->customer, *sender = &spending->sender;

    return quota_has_room(&limits->customer.quota, limits->quota_unit,
                          &customer->window, parts, "customer", err) &&
           quota_has_room(&limits->sender.quota, limits->quota_unit, &sender->window,
                          parts, "sender", err) &&
           rate_has_room(&limits->customer.rate, &customer->bucket, "customer", err) &&
           rate_has_room(&limits->sender.rate, &sender->bucket, "sender", err);
}

bool rate_limit_charge(const struct spending_limits *limits, unsigned parts,
                       struct spending *spending, struct charge *charge_out,
                       struct error *err)
{
    *charge_out = (struct charge){.is_made = false};
    if (!has_room(limits, parts, spending, err))
        return false;
    take(&limits->customer, parts, &spending->customer);
    take(&limits->sender, parts, &spending->sender);
    *charge_out =
        (struct charge){.is_made = true,
                        .customer_window_s = spending->customer.window.start_s,
                        .sender_window_s = spending->sender.window.start_s};
    return true;
}

void rate_limit_give_back(const struct spending_limits *limits, unsigned parts,
                          const struct charge *charge, struct spending *spending)
{
    give_back(&limits->customer, parts, charge->customer_window_s, &spending->customer);
    give_back(&limits->sender, parts, charge->sender_window_s, &spending->sender);
}
