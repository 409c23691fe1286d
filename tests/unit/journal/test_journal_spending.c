/* SPDX-License-Identifier: ISC */
/* Rates and quotas as the journal keeps them: what each job charges and gives back, and
 * what many sessions at once may send. */
#include "store_test.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "journal/journal.h"

enum { RETENTION_DAYS = 90 };

/* The time that tests begin at: a midnight. */
enum { NOW_S = 20000 * DAY_S };

static struct spender_limits limits_of(unsigned rate, unsigned quota)
{
    return (struct spender_limits){.rate = {rate, rate > 0 ? 60 : 0},
                                   .quota = {quota, CALENDAR_DAY},
                                   .window_start_s = NOW_S,
                                   .window_end_s = NOW_S + DAY_S};
}

/* A mail of the school's head, by whose limits 0 is none. */
static struct journal_mail mail_of(unsigned rate, unsigned quota, unsigned sender_rate,
                                   unsigned sender_quota)
{
    return (struct journal_mail){
        .duplicate_window_s = 5 * DAY_S,
        .customer = "school",
        .sender = "head@school.example",
        .queue_id = "Q1",
        .message_id = "<1@school.example>",
        .on_unknown = ON_UNKNOWN_RESEND,
        .parts = 3,
        .limits = {.customer = limits_of(rate, quota),
                   .sender = limits_of(sender_rate, sender_quota)}};
}

/* The same on the next day. */
static struct journal_mail a_day_later(struct journal_mail mail)
{
    struct spender_limits *const limits[] = {&mail.limits.customer,
                                             &mail.limits.sender};

    for (size_t i = 0; i < COUNT(limits); i++) {
        limits[i]->window_start_s += DAY_S;
        limits[i]->window_end_s += DAY_S;
    }
    return mail;
}

static const char number[] = "+447700900123";

static struct journal_sms sms_of_key(unsigned char key)
{
    return (struct journal_sms){.number = number, .key = {.octets = {key, 0, 1}}};
}

static void set_outcome(struct journal_sms *sms, enum sms_state state)
{
    static const enum error_kind kinds[] = {[SMS_REFUSED] = ERROR_REFUSED,
                                            [SMS_UNKNOWN] = ERROR_UNCERTAIN,
                                            [SMS_FAILED] = ERROR_TEMPORARY};

    sms->state = state;
    if (state != SMS_SENT)
        error_set(&sms->error, kinds[state], "4.0.0", "why");
}

/* ---- the store ---- */

static bool try_some(struct journal_store *store, enum journal_job_kind kind,
                     const struct journal_mail *mail, struct journal_sms *sms,
                     size_t count, int64_t now_s)
{
    struct journal_job job = {.kind = kind,
                              .mail = mail,
                              .sms = sms,
                              .count = count,
                              .verdict = MAIL_VERDICT_DEFERRED};
    struct error err;

    return store->backend->run(store, &job, now_s, &err);
}

static void run_some(struct journal_store *store, enum journal_job_kind kind,
                     const struct journal_mail *mail, struct journal_sms *sms,
                     size_t count, int64_t now_s)
{
    if (!try_some(store, kind, mail, sms, count, now_s))
        fail_msg("a job failed");
}

static void claim_one(struct journal_store *store, const struct journal_mail *mail,
                      struct journal_sms *sms, int64_t now_s)
{
    run_some(store, JOB_CLAIM, mail, sms, 1, now_s);
}

static void settle_one(struct journal_store *store, const struct journal_mail *mail,
                       struct journal_sms *sms, enum sms_state state, int64_t now_s)
{
    set_outcome(sms, state);
    run_some(store, JOB_SETTLE, mail, sms, 1, now_s);
}

/* One SMS at one go. */
static enum claim try_once(struct journal_store *store, const struct journal_mail *mail,
                           unsigned char key, enum sms_state state, int64_t now_s)
{
    struct journal_sms sms = sms_of_key(key);

    claim_one(store, mail, &sms, now_s);
    settle_one(store, mail, &sms, sms.claim == CLAIM_SEND ? state : sms.state, now_s);
    return sms.claim;
}

/* ---- what is in it ---- */

/* Of all that spend, the customer first: SMS/parts. */
static void check_windows(const char *row, const char *want)
{
    check_text(row,
               tested->ask("SELECT sms || '/' || parts FROM quota_window"
                           " ORDER BY customer, sender, unit"),
               want);
}

/* Likewise: tokens. */
static void check_buckets(const char *row, const char *want)
{
    check_text(
        row,
        tested->ask("SELECT level / rate_period FROM bucket ORDER BY customer, sender"),
        want);
}

static void check_rows(const char *row, const char *want)
{
    check_text(
        row,
        tested->ask("SELECT state || ',' || attempts || ',' || unknowns || ',' ||"
                    " (CASE WHEN charged > 0 THEN 1 ELSE 0 END) || ',' || "
                    "charged_parts FROM sms ORDER BY id"),
        want);
}

/* ---- claims ---- */

static void each_sms_is_charged_to_all_its_limits(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(60, 100, 10, 20);
    struct journal_sms sms[] = {sms_of_key(1), sms_of_key(2), sms_of_key(3)};

    (void)state;
    run_some(store, JOB_CLAIM, &mail, sms, COUNT(sms), NOW_S + 7);
    check_windows("SMS and their parts", "3/9 3/9");
    check_buckets("tokens", "57 7");
    check_rows("records", "sending,1,0,1,3 sending,1,0,1,3 sending,1,0,1,3");
    check_text("when", tested->ask("SELECT DISTINCT charged FROM sms"), "1728000007");
    check_text(
        "who",
        tested->ask("SELECT customer || ':' || sender FROM bucket ORDER BY sender"),
        "school: school:head@school.example");
    for (size_t i = 0; i < COUNT(sms); i++)
        set_outcome(&sms[i], SMS_SENT);
    run_some(store, JOB_SETTLE, &mail, sms, COUNT(sms), NOW_S + 8);
    check_windows("sent", "3/9 3/9");
    check_buckets("sent", "57 7");

    journal_store_close(&store);
    store = store_open(true);
    check_number("after a restart", try_once(store, &mail, 4, SMS_SENT, NOW_S + 7),
                 CLAIM_SEND);
    check_windows("nothing is forgotten", "4/12 4/12");
    check_buckets("nothing is forgotten", "56 6");
    journal_store_close(&store);
}

static void without_limits_nothing_is_counted(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(0, 0, 0, 0);

    (void)state;
    try_once(store, &mail, 1, SMS_SENT, NOW_S);
    try_once(store, &mail, 2, SMS_FAILED, NOW_S);
    check_windows("none", "");
    check_buckets("none", "");
    check_rows("records", "sent,1,0,0,0 failed,1,0,0,0");
    journal_store_close(&store);
}

static void each_sender_has_limits_of_its_own(void **state)
{
    static const struct {
        const char *name, *customer, *sender;
        enum claim want;
    } rows[] = {
        {"the first", "school", "head@school.example", CLAIM_SEND},
        {"again", "school", "head@school.example", CLAIM_REFUSED},
        {"in other case", "school", "HEAD@School.Example", CLAIM_REFUSED},
        {"another", "school", "office@school.example", CLAIM_SEND},
        {"of another customer", "college", "head@school.example", CLAIM_SEND},
        {"the customer has no more", "school", "third@school.example", CLAIM_REFUSED},
    };
    struct journal_mail mails[] = {mail_of(0, 2, 0, 1), mail_of(2, 0, 1, 0)};

    (void)state;
    for (size_t k = 0; k < COUNT(mails); k++) {
        struct journal_store *store = store_open_new();

        for (unsigned char i = 0; i < COUNT(rows); i++) {
            mails[k].customer = rows[i].customer;
            mails[k].sender = rows[i].sender;
            check_number(rows[i].name, try_once(store, &mails[k], i, SMS_SENT, NOW_S),
                         rows[i].want);
        }
        journal_store_close(&store);
    }
}

static void what_has_room_is_sent_and_the_retry_sends_the_rest(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(3, 0, 0, 0);
    struct journal_sms sms[5];

    (void)state;
    for (unsigned char i = 0; i < COUNT(sms); i++)
        sms[i] = sms_of_key(i);
    run_some(store, JOB_CLAIM, &mail, sms, COUNT(sms), NOW_S);
    for (size_t i = 0; i < 3; i++) {
        check_number("there is room for", sms[i].claim, CLAIM_SEND);
        set_outcome(&sms[i], SMS_SENT);
    }
    for (size_t i = 3; i < COUNT(sms); i++) {
        check_number("there is none for", sms[i].claim, CLAIM_REFUSED);
        check_number("it may be tried again", sms[i].state, SMS_FAILED);
        check_error("why", &sms[i].error, ERROR_TEMPORARY, "4.7.1",
                    "the customer's rate limit of 3 SMS per minute is reached; try "
                    "again in 20 seconds");
    }
    run_some(store, JOB_SETTLE, &mail, sms, COUNT(sms), NOW_S);
    check_rows("no request was begun for those",
               "sent,1,0,1,3 sent,1,0,1,3 sent,1,0,1,3 failed,0,0,0,0 "
               "failed,0,0,0,0");

    for (unsigned char i = 0; i < COUNT(sms); i++)
        sms[i] = sms_of_key(i);
    run_some(store, JOB_CLAIM, &mail, sms, COUNT(sms), NOW_S + 20);
    for (size_t i = 0; i < COUNT(sms); i++)
        check_number("the retry", sms[i].claim,
                     i < 3    ? CLAIM_SENT
                     : i == 3 ? CLAIM_SEND
                              : CLAIM_REFUSED);
    set_outcome(&sms[3], SMS_SENT);
    run_some(store, JOB_SETTLE, &mail, sms, COUNT(sms), NOW_S + 21);
    check_rows("what is sent is charged once",
               "sent,1,0,1,3 sent,1,0,1,3 sent,1,0,1,3 sent,1,0,1,3 "
               "failed,0,0,0,0");
    check_buckets("all of it", "0");
    journal_store_close(&store);
}

static void a_quota_that_is_used_up_refuses(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_mail mail = mail_of(60, 0, 60, 1);
    struct journal_sms sms = sms_of_key(2);

    (void)state;
    check_number("the first", try_once(store, &mail, 1, SMS_SENT, NOW_S), CLAIM_SEND);
    claim_one(store, &mail, &sms, NOW_S);
    check_number("the second", sms.claim, CLAIM_REFUSED);
    check_number("its state", sms.state, SMS_REFUSED);
    check_error("why", &sms.error, ERROR_REFUSED, "5.7.1",
                "this SMS would exceed the sender's quota of 1 SMS per day");
    run_some(store, JOB_SETTLE, &mail, &sms, 1, NOW_S);
    check_rows("no request was begun", "sent,1,0,1,3 refused,0,0,0,0");
    check_buckets("no other limit was charged", "59 59");

    mail.limits.quota_unit = QUOTA_PARTS;
    mail.limits.sender.quota.count = 5;
    sms = sms_of_key(3);
    claim_one(store, &mail, &sms, NOW_S);
    check_error("in parts, at once", &sms.error, ERROR_REFUSED, "5.7.1",
                "this SMS would exceed the sender's quota of 5 SMS parts per day");
    mail = a_day_later(mail);
    check_number("a day later", try_once(store, &mail, 4, SMS_SENT, NOW_S + DAY_S),
                 CLAIM_SEND);
    check_windows("a new window", "1/3");
    journal_store_close(&store);
}

static void a_bucket_is_known_again_when_the_clock_was_wrong(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(1, 0, 0, 0);

    (void)state;
    try_once(store, &mail, 1, SMS_SENT, NOW_S + 1000 * DAY_S);
    check_number("far back", try_once(store, &mail, 2, SMS_SENT, NOW_S), CLAIM_REFUSED);
    check_number("a minute later", try_once(store, &mail, 3, SMS_SENT, NOW_S + 60),
                 CLAIM_SEND);
    journal_store_close(&store);
}

/* ---- charged once ---- */

static void what_may_have_been_sent_stays_charged(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(2, 1, 2, 1);
    struct journal_sms sms = sms_of_key(1);

    (void)state;
    check_number("lost", try_once(store, &mail, 1, SMS_UNKNOWN, NOW_S), CLAIM_SEND);
    check_windows("charged", "1/3 1/3");
    check_number("resent", try_once(store, &mail, 1, SMS_UNKNOWN, NOW_S), CLAIM_SEND);
    check_windows("not again", "1/3 1/3");
    check_buckets("not again", "1 1");
    check_number("failed", try_once(store, &mail, 1, SMS_FAILED, NOW_S), CLAIM_SEND);
    check_windows("not given back", "1/3 1/3");
    check_rows("unknown it is", "unknown,3,2,1,3");

    claim_one(store, &mail, &sms, NOW_S);
    check_number("the daemon is killed now", sms.claim, CLAIM_SEND);
    journal_store_close(&store);
    store = store_open(true);
    check_rows("the next one finds it", "unknown,4,3,1,3");
    check_number("refused", try_once(store, &mail, 1, SMS_REFUSED, NOW_S), CLAIM_SEND);
    check_windows("it may have been sent before", "1/3 1/3");
    check_rows("it stays charged", "refused,5,3,1,3");
    journal_store_close(&store);
}

static void a_claim_that_a_dead_daemon_left_stays_charged(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(2, 1, 0, 0);
    struct journal_sms sms = sms_of_key(1), orphan = sms_of_key(1);

    (void)state;
    claim_one(store, &mail, &sms, NOW_S);
    journal_store_close(&store);
    store = store_open(true);
    check_number("resent", try_once(store, &mail, 1, SMS_FAILED, NOW_S), CLAIM_SEND);
    check_windows("charged once, and kept", "1/3");
    check_buckets("charged once, and kept", "1");

    /* A commit that failed, as far as its session knows. */
    store = (journal_store_close(&store), store_open_new());
    claim_one(store, &mail, &sms, NOW_S);
    claim_one(store, &mail, &orphan, NOW_S);
    check_number("found as it was left", orphan.claim, CLAIM_SEND);
    settle_one(store, &mail, &orphan, SMS_FAILED, NOW_S);
    check_windows("charged once, and kept", "1/3");
    check_rows("nobody knows", "unknown,2,1,1,3");
    journal_store_close(&store);
}

/* If a reload adds limits, an SMS from before was not charged. */
static void a_limit_may_refuse_what_may_have_been_sent(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail before = mail_of(0, 0, 0, 0);
    const struct journal_mail mail = mail_of(1, 0, 0, 0);
    struct journal_sms sms = sms_of_key(3);

    (void)state;
    try_once(store, &before, 1, SMS_UNKNOWN, NOW_S);
    check_number("it takes the room", try_once(store, &mail, 2, SMS_SENT, NOW_S),
                 CLAIM_SEND);
    check_number("no room", try_once(store, &mail, 1, SMS_SENT, NOW_S), CLAIM_REFUSED);
    check_rows("it stays unknown", "unknown,1,1,0,0 sent,1,0,1,3");

    claim_one(store, &before, &sms, NOW_S);
    sms = sms_of_key(3);
    claim_one(store, &mail, &sms, NOW_S);
    check_number("nor for one that was left", sms.claim, CLAIM_REFUSED);
    store = (journal_store_close(&store), store_open(true));
    check_rows("counted once", "unknown,1,1,0,0 sent,1,0,1,3 unknown,1,1,0,0");
    run_some(store, JOB_SETTLE, &mail, &sms, 1, NOW_S);
    check_rows("unknown, too", "unknown,1,1,0,0 sent,1,0,1,3 unknown,1,1,0,0");

    check_number("a minute later", try_once(store, &mail, 1, SMS_FAILED, NOW_S + 60),
                 CLAIM_SEND);
    check_rows("charged, and not given back",
               "unknown,2,1,1,3 sent,1,0,1,3 unknown,1,1,0,0");
    check_buckets("nor its token", "0");
    journal_store_close(&store);
}

/* ---- given back ---- */

static void what_is_certainly_not_sent_is_given_back(void **state)
{
    static const enum sms_state states[] = {SMS_FAILED, SMS_REFUSED};
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(2, 2, 2, 2);

    (void)state;
    try_once(store, &mail, 1, SMS_SENT, NOW_S);
    for (size_t i = 0; i < COUNT(states); i++) {
        struct journal_sms sms = sms_of_key(2);

        claim_one(store, &mail, &sms, NOW_S);
        check_windows("charged again", "2/6 2/6");
        check_buckets("charged again", "0 0");
        settle_one(store, &mail, &sms, states[i], NOW_S);
        check_windows("given back", "1/3 1/3");
        check_buckets("given back", "1 1");
        run_some(store, JOB_SETTLE, &mail, &sms, 1, NOW_S);
        check_windows("once, whatever is written again", "1/3 1/3");
        check_buckets("once, whatever is written again", "1 1");
    }
    check_rows("records", "sent,1,0,1,3 refused,2,0,0,0");
    journal_store_close(&store);
}

static void each_sms_of_a_mail_is_given_back_by_itself(void **state)
{
    static const enum sms_state outcomes[] = {SMS_SENT, SMS_REFUSED, SMS_UNKNOWN,
                                              SMS_FAILED, SMS_FAILED};
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(10, 10, 0, 0);
    struct journal_sms sms[COUNT(outcomes)];

    (void)state;
    for (unsigned char i = 0; i < COUNT(sms); i++)
        sms[i] = sms_of_key(i);
    run_some(store, JOB_CLAIM, &mail, sms, COUNT(sms), NOW_S);
    check_windows("all", "5/15");
    for (size_t i = 0; i < COUNT(sms); i++)
        set_outcome(&sms[i], outcomes[i]);
    run_some(store, JOB_SETTLE, &mail, sms, COUNT(sms), NOW_S);
    check_windows("two", "2/6");
    check_buckets("two", "8");
    check_rows("those", "sent,1,0,1,3 refused,1,0,0,0 unknown,1,1,1,3 "
                        "failed,1,0,0,0 failed,1,0,0,0");
    journal_store_close(&store);
}

/* An outcome may be written late, after a full disk. */
static void a_later_window_takes_nothing_back(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(5, 5, 0, 0);
    const struct journal_mail next = a_day_later(mail);
    struct journal_sms sms = sms_of_key(1), early = sms_of_key(3);

    (void)state;
    claim_one(store, &mail, &sms, NOW_S);
    try_once(store, &next, 2, SMS_SENT, NOW_S + DAY_S);
    claim_one(store, &mail, &early, NOW_S + DAY_S); /* computed before midnight */
    check_windows("of the next day", "2/6");
    settle_one(store, &mail, &sms, SMS_FAILED, NOW_S + DAY_S);
    check_windows("the first is of the day before", "2/6");
    check_buckets("its token is one", "4");
    settle_one(store, &mail, &early, SMS_FAILED, NOW_S + DAY_S);
    check_windows("the other one counts in it", "1/3");
    check_buckets("full, but one", "5");
    check_rows("both", "failed,1,0,0,0 sent,1,0,1,3 failed,1,0,0,0");
    journal_store_close(&store);
}

static void what_is_gone_takes_nothing_back(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(2, 2, 2, 2);
    struct journal_sms sms = sms_of_key(1);

    (void)state;
    claim_one(store, &mail, &sms, NOW_S);
    tested->change("DELETE FROM bucket; DELETE FROM quota_window");
    settle_one(store, &mail, &sms, SMS_FAILED, NOW_S);
    check_rows("settled all the same", "failed,1,0,0,0");
    check_number("and begun again", try_once(store, &mail, 1, SMS_SENT, NOW_S),
                 CLAIM_SEND);
    check_windows("and begun again", "1/3 1/3");
    check_buckets("and begun again", "1 1");
    journal_store_close(&store);
}

static void a_store_that_is_taken_away_begins_again(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(2, 2, 0, 0);
    struct journal_sms sms = sms_of_key(1);

    (void)state;
    claim_one(store, &mail, &sms, NOW_S);
    tested->take_away();
    journal_store_close(&store);
    store = store_open(false);
    try_once(store, &mail, 2, SMS_SENT, NOW_S);
    settle_one(store, &mail, &sms, SMS_FAILED, NOW_S);
    check_windows("what another store has charged", "1/3");
    check_buckets("is none of this one's", "1");
    check_rows("settled", "sent,1,0,1,3 failed,1,0,0,0");
    journal_store_close(&store);
}

static void what_is_rolled_back_is_neither_charged_nor_given_back(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(5, 5, 5, 5);
    struct journal_sms sms[] = {sms_of_key(1), sms_of_key(2)};

    (void)state;
    try_once(store, &mail, 3, SMS_SENT, NOW_S);
    tested->change(tested->refuse_sql);
    check_true("the second fails",
               !try_some(store, JOB_CLAIM, &mail, sms, COUNT(sms), NOW_S));
    check_windows("so that none is charged", "1/3 1/3");
    check_buckets("so that none is charged", "4 4");

    journal_store_close(&store);
    store = store_open(false);
    claim_one(store, &mail, &sms[0], NOW_S);
    set_outcome(&sms[0], SMS_FAILED);
    check_true("its outcome cannot be written",
               !try_some(store, JOB_SETTLE, &mail, sms, 1, NOW_S));
    check_windows("nothing is given back", "2/6 2/6");
    journal_store_close(&store);
    tested->change(tested->allow_outcomes_sql);
    store = store_open(false);
    run_some(store, JOB_SETTLE, &mail, sms, 1, NOW_S + DAY_S);
    check_windows("until it can be written", "1/3 1/3");
    journal_store_close(&store);
}

static void a_note_is_not_charged(void **state)
{
    struct journal_store *store = store_open_new();
    const struct journal_mail mail = mail_of(5, 5, 5, 5);
    struct journal_sms sms = sms_of_key(1);

    (void)state;
    set_outcome(&sms, SMS_REFUSED);
    run_some(store, JOB_NOTE, &mail, &sms, 1, NOW_S);
    check_windows("nothing", "");
    check_rows("a refusal", "refused,0,0,0,0");
    journal_store_close(&store);
}

/* ---- purge ---- */

static void check_purge(const char *row, struct journal_store *store, int64_t before_s,
                        unsigned limit, unsigned want)
{
    struct error err;
    unsigned count;

    if (!store->backend->purge(store, before_s, limit, &count, &err))
        fail_msg("%s", err.text);
    check_number(row, count, want);
}

static void who_spends_no_more_is_forgotten(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_mail mail = mail_of(5, 5, 0, 0);

    (void)state;
    mail.limits.customer.window_end_s = NOW_S + 31 * DAY_S;
    mail.customer = "a";
    try_once(store, &mail, 1, SMS_SENT, NOW_S);
    mail.customer = "b";
    try_once(store, &mail, 2, SMS_SENT, NOW_S + DAY_S);
    check_purge("not yet", store, NOW_S, 10, 0);
    check_purge("an SMS and a bucket", store, NOW_S + DAY_S, 10, 2);
    check_text("the other one's is left", tested->ask("SELECT customer FROM bucket"),
               "b");
    check_windows("a month that is not over is left", "1/3 1/3");
    check_purge("one at a time", store, NOW_S + 31 * DAY_S + 1, 1, 1);
    check_purge("one at a time", store, NOW_S + 31 * DAY_S + 1, 1, 1);
    check_text("no bucket is left", tested->ask("SELECT customer FROM bucket"), "");
    check_purge("both months", store, NOW_S + 31 * DAY_S + 1, 10, 2);
    check_windows("no month is left", "");
    check_purge("nothing", store, NOW_S + 31 * DAY_S + 1, 10, 0);
    journal_store_close(&store);
}

/* ---- a session whose outcome cannot be written ---- */

enum { WAIT_S = 30 };

/* Somebody else writes meanwhile, for longer than the journal waits. */
static void what_could_not_be_written_is_given_back_later(void **state)
{
    const struct journal_mail mail = mail_of(5, 5, 5, 5);
    struct journal_sms sms = sms_of_key(1), next = sms_of_key(2);
    struct journal *journal;
    struct error err;
    void *held;

    (void)state;
    tested->clear();
    assert_true(journal_new(tested->place, RETENTION_DAYS, &journal, &err));
    assert_true(journal_claim(journal, &mail, &sms, 1, WAIT_S, &err));
    held = tested->hold();
    set_outcome(&sms, SMS_FAILED);
    journal_settle(journal, &mail, &sms, 1, MAIL_VERDICT_DEFERRED);
    check_windows("it cannot be written", "1/3 1/3");
    tested->let_go(held);
    assert_true(journal_claim(journal, &mail, &next, 1, WAIT_S, &err));
    check_windows("before the next claim", "1/3 1/3");
    check_rows("each is charged as it is", "failed,1,0,0,0 sending,1,0,1,3");
    set_outcome(&next, SMS_SENT);
    journal_settle(journal, &mail, &next, 1, MAIL_VERDICT_ACCEPTED);
    journal_free(&journal);
}

/* ---- many sessions ---- */

enum { THREADS = 100, MAILS = 8, NUMBERS = 3 };

/* Fewer than the sessions want. Full periods, and windows, are longer than the test. */
enum { QUOTA = 400, RATE = 450, SENDER_QUOTA = 90, SENDERS = 5 };

struct session {
    pthread_t thread;
    struct journal *journal;
    struct journal_mail mail;
    unsigned number;
    uint32_t random;
};

/* SMS that are on their way or may have arrived, in all and of each sender; and what
 * was seen of them. */
static atomic_int in_use, in_use_of[SENDERS], most_in_use, most_of_one, refusals,
    failed_claims;

static const char *const senders[SENDERS] = {"a@school.example", "b@school.example",
                                             "c@school.example", "d@school.example",
                                             "E@School.example"};

static void raise_to(atomic_int *most, int now)
{
    int seen = *most;

    while (now > seen && !atomic_compare_exchange_weak(most, &seen, now))
        ;
}

static void use(unsigned sender)
{
    raise_to(&most_in_use, ++in_use);
    raise_to(&most_of_one, ++in_use_of[sender]);
}

static unsigned draw(struct session *session, unsigned below)
{
    session->random = session->random * 1664525U + 1013904223U;
    return (session->random >> 16) % below;
}

/* Half of them are sent, and some have an unknown outcome. What may have been sent
 * once is charged. */
static void answer(struct session *session, struct journal_sms *sms, bool *may_be_sent)
{
    static const enum sms_state states[] = {SMS_SENT,   SMS_SENT,    SMS_SENT,
                                            SMS_FAILED, SMS_REFUSED, SMS_UNKNOWN};
    unsigned sender = session->number % SENDERS;

    if (!*may_be_sent)
        use(sender);
    set_outcome(sms, states[draw(session, COUNT(states))]);
    *may_be_sent = *may_be_sent || sms->state == SMS_SENT || sms->state == SMS_UNKNOWN;
    if (!*may_be_sent) {
        in_use--;
        in_use_of[sender]--;
    }
}

/* Mails that are tried three times each. */
static void try_mail(struct session *session, unsigned id, bool *may_be_sent)
{
    struct journal_sms sms[NUMBERS];
    struct error err;

    for (unsigned i = 0; i < NUMBERS; i++) {
        const unsigned key[] = {session->number, id, i};

        sms[i] = (struct journal_sms){.number = number};
        memcpy(sms[i].key.octets, key, sizeof key);
    }
    if (!journal_claim(session->journal, &session->mail, sms, NUMBERS, WAIT_S, &err)) {
        failed_claims++;
        return;
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        if (sms[i].claim == CLAIM_SEND)
            answer(session, &sms[i], &may_be_sent[i]);
        else
            refusals += sms[i].claim == CLAIM_REFUSED;
    }
    journal_settle(session->journal, &session->mail, sms, NUMBERS,
                   MAIL_VERDICT_DEFERRED);
}

static void *run_session(void *data)
{
    struct session *session = data;

    for (unsigned id = 0; id < MAILS; id++) {
        bool may_be_sent[NUMBERS] = {false};

        for (int tries = 0; tries < 3; tries++)
            try_mail(session, id, may_be_sent);
    }
    return NULL;
}

/* The sum over all rows of a query, which has one row only. */
static long long sum_of(const char *sql)
{
    return atoll(tested->ask(sql));
}

static struct journal_mail mail_of_many(unsigned sender, unsigned rate)
{
    struct journal_mail mail = mail_of(0, QUOTA, 0, SENDER_QUOTA);

    mail.sender = senders[sender];
    mail.limits.customer.rate = (struct rate){rate, rate > 0 ? DAY_S : 0};
    mail.limits.quota_unit = QUOTA_SMS;
    return mail;
}

static void run_sessions(struct journal *journal, unsigned rate)
{
    static struct session sessions[THREADS];

    in_use = most_in_use = most_of_one = refusals = failed_claims = 0;
    memset(in_use_of, 0, sizeof in_use_of);
    for (unsigned i = 0; i < THREADS; i++) {
        sessions[i] = (struct session){.journal = journal,
                                       .mail = mail_of_many(i % SENDERS, rate),
                                       .number = i,
                                       .random = i};
        assert_int_equal(
            pthread_create(&sessions[i].thread, NULL, run_session, &sessions[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++)
        pthread_join(sessions[i].thread, NULL);
}

/* Whatever is left is sent now, to the last one. */
static void use_up(struct journal *journal, unsigned rate)
{
    for (unsigned i = 0; i < SENDERS * (SENDER_QUOTA + 1); i++) {
        const struct journal_mail mail = mail_of_many(i % SENDERS, rate);
        struct journal_sms sms = {.number = number, .key = {.octets = {1, 1, 1, 1}}};
        struct error err;

        memcpy(sms.key.octets + 4, &i, sizeof i);
        assert_true(journal_claim(journal, &mail, &sms, 1, WAIT_S, &err));
        if (sms.claim == CLAIM_SEND) {
            use(i % SENDERS);
            set_outcome(&sms, SMS_SENT);
        }
        journal_settle(journal, &mail, &sms, 1, MAIL_VERDICT_DEFERRED);
    }
}

#define USED "FROM sms WHERE state IN ('sent', 'unknown') OR unknowns > 0"

static void check_all_is_counted(const char *row)
{
    long long used = sum_of("SELECT count(*) " USED);

    check_number(row, used, in_use);
    check_number("the customer's counter",
                 sum_of("SELECT sms FROM quota_window WHERE sender = ''"), used);
    check_number("its parts",
                 sum_of("SELECT parts FROM quota_window WHERE sender = ''"), 3 * used);
    check_number("the senders' counters",
                 sum_of("SELECT sum(sms) FROM quota_window WHERE sender <> ''"), used);
    check_number("those that are charged",
                 sum_of("SELECT count(*) FROM sms WHERE charged > 0"), used);
}

static void no_limit_is_exceeded_by_even_one(void **state)
{
    static const struct {
        const char *name;
        unsigned rate;
        int want; /* SMS in all */
    } rows[] = {
        {"a quota", 0, QUOTA},
        {"a rate that is lower", QUOTA / 2, QUOTA / 2},
        {"a rate that is higher", RATE, QUOTA},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal *journal;
        struct error err;

        tested->clear();
        assert_true(journal_new(tested->place, RETENTION_DAYS, &journal, &err));
        run_sessions(journal, rows[i].rate);
        check_number("no claim failed", failed_claims, 0);
        check_true("some were refused", refusals > 0);
        check_all_is_counted("with what was given back");
        use_up(journal, rows[i].rate);
        journal_free(&journal);
        check_all_is_counted("at the end");
        /* A bucket that is empty gets the next token after minutes. */
        check_number(rows[i].name, in_use, rows[i].want);
        check_true("never more", most_in_use <= rows[i].want);
        check_true("nor of one sender", most_of_one <= SENDER_QUOTA);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_sms_is_charged_to_all_its_limits),
        UNIT_TEST(without_limits_nothing_is_counted),
        UNIT_TEST(each_sender_has_limits_of_its_own),
        UNIT_TEST(what_has_room_is_sent_and_the_retry_sends_the_rest),
        UNIT_TEST(a_quota_that_is_used_up_refuses),
        UNIT_TEST(a_bucket_is_known_again_when_the_clock_was_wrong),
        UNIT_TEST(what_may_have_been_sent_stays_charged),
        UNIT_TEST(a_claim_that_a_dead_daemon_left_stays_charged),
        UNIT_TEST(a_limit_may_refuse_what_may_have_been_sent),
        UNIT_TEST(what_is_certainly_not_sent_is_given_back),
        UNIT_TEST(each_sms_of_a_mail_is_given_back_by_itself),
        UNIT_TEST(a_later_window_takes_nothing_back),
        UNIT_TEST(what_is_gone_takes_nothing_back),
        UNIT_TEST(a_store_that_is_taken_away_begins_again),
        UNIT_TEST(what_is_rolled_back_is_neither_charged_nor_given_back),
        UNIT_TEST(a_note_is_not_charged),
        UNIT_TEST(who_spends_no_more_is_forgotten),
        UNIT_TEST(what_could_not_be_written_is_given_back_later),
        UNIT_TEST(no_limit_is_exceeded_by_even_one),
    };

    unit_enter_folder();
    log_open("test");
    return STORE_TEST_RUN(tests);
}
