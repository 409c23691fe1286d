/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "delivery/journal_rules.h"

enum { WINDOW_S = 3600, TRIED_S = 1000000 };

#define REASON "the words of the earlier try"
#define NOT_AGAIN                                                                  \
    "an earlier try of this mail may have been sent as an SMS, so it is not sent " \
    "again (on-unknown)"

static struct journal_row make_row(enum sms_state state, enum mail_verdict verdict)
{
    return (struct journal_row){
        .id = 1,
        .state = state,
        .verdict = verdict,
        .updated_s = TRIED_S,
        .api_message_id = "api-1",
        .error = {.kind = ERROR_TEMPORARY, .status = "5.1.1", .text = REASON},
    };
}

/* What a claim must set, it sets. */
static void spoil(struct journal_sms *sms)
{
    memset(sms, 0xA5, sizeof *sms);
}

static void check_decision(const char *row, const struct journal_sms *sms,
                           enum claim want, enum sms_state state)
{
    check_number(row, sms->claim, want);
    switch (want) {
    case CLAIM_SEND:
        check_number(row, sms->state, SMS_SENDING);
        check_text(row, sms->api_message_id, "");
        check_text(row, sms->error.status, "");
        check_text(row, sms->error.text, "");
        break;
    case CLAIM_SENT:
        check_number(row, sms->state, SMS_SENT);
        check_text(row, sms->api_message_id, "api-1");
        break;
    case CLAIM_REFUSED:
        check_number(row, sms->state, state);
        if (state == SMS_UNKNOWN)
            check_error(row, &sms->error, ERROR_REFUSED, "5.4.2", NOT_AGAIN);
        else
            check_error(row, &sms->error, ERROR_REFUSED, "5.1.1", REASON);
        break;
    }
}

/* Each row with both values of on-unknown. */
/* As the store does it. */
static void decide(const struct journal_row *row, const struct journal_mail *mail,
                   struct journal_sms *sms)
{
    if (journal_row_counts(row, mail, TRIED_S))
        journal_decide(row, mail, sms);
    else
        journal_claim_new(sms);
}

static void a_retry_sends_what_is_missing(void **state)
{
    enum { SEND = CLAIM_SEND, SENT = CLAIM_SENT, REFUSED = CLAIM_REFUSED };
    static const struct {
        enum sms_state state;
        enum mail_verdict verdict;
        int resend, refuse; /* claims, by on-unknown */
    } rows[] = {
        /* Nobody has it in hand: nobody knows. */
        {SMS_SENDING, MAIL_VERDICT_NONE, SEND, REFUSED},
        {SMS_SENDING, MAIL_VERDICT_DEFERRED, SEND, REFUSED},
        {SMS_SENDING, MAIL_VERDICT_ACCEPTED, SEND, REFUSED},
        {SMS_SENDING, MAIL_VERDICT_REJECTED, SEND, REFUSED},
        {SMS_SENT, MAIL_VERDICT_NONE, SENT, SENT},
        {SMS_SENT, MAIL_VERDICT_DEFERRED, SENT, SENT},
        {SMS_SENT, MAIL_VERDICT_ACCEPTED, SENT, SENT},
        {SMS_SENT, MAIL_VERDICT_REJECTED, SENT, SENT},
        /* A refusal stands until the sender has heard of it. */
        {SMS_REFUSED, MAIL_VERDICT_NONE, REFUSED, REFUSED},
        {SMS_REFUSED, MAIL_VERDICT_DEFERRED, REFUSED, REFUSED},
        {SMS_REFUSED, MAIL_VERDICT_ACCEPTED, SEND, SEND},
        {SMS_REFUSED, MAIL_VERDICT_REJECTED, SEND, SEND},
        {SMS_FAILED, MAIL_VERDICT_NONE, SEND, SEND},
        {SMS_FAILED, MAIL_VERDICT_DEFERRED, SEND, SEND},
        {SMS_FAILED, MAIL_VERDICT_ACCEPTED, SEND, SEND},
        {SMS_FAILED, MAIL_VERDICT_REJECTED, SEND, SEND},
        {SMS_UNKNOWN, MAIL_VERDICT_NONE, SEND, REFUSED},
        {SMS_UNKNOWN, MAIL_VERDICT_DEFERRED, SEND, REFUSED},
        {SMS_UNKNOWN, MAIL_VERDICT_ACCEPTED, SEND, REFUSED},
        {SMS_UNKNOWN, MAIL_VERDICT_REJECTED, SEND, REFUSED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_row row = make_row(rows[i].state, rows[i].verdict);
        struct journal_mail mail = {.on_unknown = ON_UNKNOWN_RESEND};
        struct journal_sms sms;
        char name[64];

        snprintf(name, sizeof name, "%s/%s", sms_state_name(rows[i].state),
                 mail_verdict_name(rows[i].verdict));
        spoil(&sms);
        decide(&row, &mail, &sms);
        check_decision(name, &sms, (enum claim)rows[i].resend, rows[i].state);
        mail.on_unknown = ON_UNKNOWN_REFUSE;
        spoil(&sms);
        decide(&row, &mail, &sms);
        check_decision(name, &sms, (enum claim)rows[i].refuse,
                       rows[i].refuse == REFUSED && rows[i].state == SMS_SENDING
                           ? SMS_UNKNOWN
                           : rows[i].state);
    }
}

static void what_is_new_is_sent(void **state)
{
    struct journal_sms sms;

    (void)state;
    spoil(&sms);
    journal_claim_new(&sms);
    check_decision("new", &sms, CLAIM_SEND, SMS_SENDING);
}

static void content_identifies_a_mail_that_was_put_off(void **state)
{
    static const struct {
        const char *name;
        int64_t later_s;
        bool open, closed; /* whether a row of such a verdict counts */
    } rows[] = {
        {"at once", 0, true, false},
        {"within the window", WINDOW_S - 1, true, false},
        {"at its end", WINDOW_S, true, false},
        {"behind it", WINDOW_S + 1, false, false},
        {"a day later", 24 * 3600, false, false},
        {"the clock was set back", -5, true, false},
        {"the clock was set back by a day", -24 * 3600, false, false},
    };
    static const struct {
        const char *name;
        enum mail_verdict verdict;
        bool is_open;
    } verdicts[] = {
        {"none", MAIL_VERDICT_NONE, true},
        {"deferred", MAIL_VERDICT_DEFERRED, true},
        {"accepted", MAIL_VERDICT_ACCEPTED, false},
        {"rejected", MAIL_VERDICT_REJECTED, false},
    };

    (void)state;
    for (size_t k = 0; k < COUNT(verdicts); k++) {
        check_number(verdicts[k].name, journal_verdict_is_open(verdicts[k].verdict),
                     verdicts[k].is_open);
        for (size_t i = 0; i < COUNT(rows); i++) {
            const struct journal_row row = make_row(SMS_SENT, verdicts[k].verdict);
            struct journal_mail mail = {.identity = MAIL_IDENTITY_CONTENT,
                                        .retry_window_s = WINDOW_S};

            check_number(rows[i].name,
                         journal_row_counts(&row, &mail, TRIED_S + rows[i].later_s),
                         verdicts[k].is_open ? rows[i].open : rows[i].closed);
            mail.identity = MAIL_IDENTITY_MESSAGE_ID;
            check_true("its Message-ID identifies it for ever",
                       journal_row_counts(&row, &mail, TRIED_S + rows[i].later_s));
        }
    }
}

static void a_window_of_nothing_is_the_same_second(void **state)
{
    const struct journal_row row = make_row(SMS_SENT, MAIL_VERDICT_DEFERRED);
    const struct journal_mail mail = {.identity = MAIL_IDENTITY_CONTENT,
                                      .retry_window_s = 0};

    (void)state;
    check_true("the same second", journal_row_counts(&row, &mail, TRIED_S));
    check_true("the next", !journal_row_counts(&row, &mail, TRIED_S + 1));
}

/* ---- limits ---- */

static void each_sms_is_charged_once(void **state)
{
    static const struct {
        const char *name;
        enum claim claim;
        int64_t charged_s;
        unsigned rate;
        bool want;
    } rows[] = {
        {"one that is to be sent", CLAIM_SEND, 0, 60, true},
        {"charged by an earlier try", CLAIM_SEND, TRIED_S, 60, false},
        {"sent", CLAIM_SENT, 0, 60, false},
        {"refused", CLAIM_REFUSED, 0, 60, false},
        {"no limits", CLAIM_SEND, 0, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_row row = {.charged_s = rows[i].charged_s};
        const struct journal_mail mail = {
            .limits = {.customer = {.rate = {rows[i].rate, 60}}}};
        const struct journal_sms sms = {.claim = rows[i].claim};

        check_number(rows[i].name, journal_is_to_charge(&row, &mail, &sms),
                     rows[i].want);
    }
}

static void what_has_no_room_is_not_sent(void **state)
{
    struct journal_mail mail = {
        .parts = 2,
        .limits = {.customer = {.rate = {1, 60}, .quota = {3, CALENDAR_DAY}},
                   .quota_unit = QUOTA_PARTS}};
    struct spending spending = {.customer = {.bucket = {{1, 60}, 60, 0}}};
    struct journal_sms sms;

    (void)state;
    journal_claim_new(&sms);
    check_true("not charged yet", !sms.charge.is_made);
    journal_charge(&mail, &spending, &sms);
    check_true("charged", sms.charge.is_made);
    check_decision("room", &sms, CLAIM_SEND, SMS_SENDING);
    check_number("its parts", (long long)spending.customer.window.parts, 2);
    check_number("its token", spending.customer.bucket.level, 0);

    journal_charge(&mail, &spending, &sms);
    check_true("not charged", !sms.charge.is_made);
    check_number("no quota: never", sms.state, SMS_REFUSED);
    check_number("no quota", sms.claim, CLAIM_REFUSED);
    check_error("no quota", &sms.error, ERROR_REFUSED, "5.7.1", NULL);
    mail.parts = 1;
    journal_claim_new(&sms);
    journal_charge(&mail, &spending, &sms);
    check_number("no token: later", sms.state, SMS_FAILED);
    check_number("no token", sms.claim, CLAIM_REFUSED);
    check_error("no token", &sms.error, ERROR_TEMPORARY, "4.7.1", NULL);
}

static void what_is_certainly_not_sent_is_given_back(void **state)
{
    static const struct {
        enum sms_state state;
        bool want;
    } rows[] = {{SMS_SENDING, false},
                {SMS_SENT, false},
                {SMS_REFUSED, true},
                {SMS_FAILED, true},
                {SMS_UNKNOWN, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal_sms sms = {.state = rows[i].state, .charge = {.is_made = true}};

        check_number(sms_state_name(rows[i].state), journal_is_to_give_back(&sms),
                     rows[i].want);
        sms.charge.is_made = false;
        check_true("only what this try has charged", !journal_is_to_give_back(&sms));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_retry_sends_what_is_missing),
        UNIT_TEST(what_is_new_is_sent),
        UNIT_TEST(content_identifies_a_mail_that_was_put_off),
        UNIT_TEST(a_window_of_nothing_is_the_same_second),
        UNIT_TEST(each_sms_is_charged_once),
        UNIT_TEST(what_has_no_room_is_not_sent),
        UNIT_TEST(what_is_certainly_not_sent_is_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
