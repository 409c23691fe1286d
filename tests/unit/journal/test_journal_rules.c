/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "journal/journal_rules.h"

enum { WINDOW_S = 3600, TRIED_S = 1000000 };

#define REASON "the words of the earlier try"
#define NOT_AGAIN                                                                    \
    "this SMS may have been sent by an earlier try of this mail, so it is not sent " \
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

/* What is found by the key of content and has another verdict than an open one was
 * finished by a signed copy: its retry is still to come. */
static void a_retry_of_content_takes_over_what_nobody_has_in_hand(void **state)
{
    static const struct {
        const char *name;
        int64_t later_s;
        bool want;
    } rows[] = {
        {"at once", 0, true},
        {"within the window", WINDOW_S - 1, true},
        {"at its end", WINDOW_S, true},
        {"behind it", WINDOW_S + 1, false},
        {"a day later", 24 * 3600, false},
        {"the clock was set back", -5, true},
        {"the clock was set back by a day", -24 * 3600, false},
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
            struct journal_row row = make_row(SMS_SENT, verdicts[k].verdict);
            const struct journal_mail mail = {.identity = MAIL_IDENTITY_CONTENT,
                                              .retry_window_s = WINDOW_S};

            check_number(rows[i].name,
                         journal_row_counts(&row, &mail, TRIED_S + rows[i].later_s),
                         rows[i].want);
            row.is_in_hand = true;
            check_true("not while a session has it in hand",
                       !journal_row_counts(&row, &mail, TRIED_S + rows[i].later_s));
        }
    }
}

static void other_mail_is_known_for_the_duplicate_window(void **state)
{
    enum { LONG_S = 5 * 24 * 3600 };
    static const struct {
        const char *name;
        int64_t later_s;
        bool open, closed; /* whether a row of such a verdict counts */
    } rows[] = {
        {"at once", 0, true, true},
        {"at the end of the window", LONG_S, true, true},
        {"a mail server gives up a little later", LONG_S + 60, true, false},
        {"behind it", LONG_S + LONG_S / 1000 + 1, false, false},
        {"months later", 80 * 24 * 3600, false, false},
        {"the clock was a year ahead", -365 * 24 * 3600, true, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        for (int k = 0; k < 4; k++) {
            const struct journal_row row = make_row(
                SMS_SENT, k % 2 ? MAIL_VERDICT_DEFERRED : MAIL_VERDICT_ACCEPTED);
            const struct journal_mail mail = {
                .identity = k < 2 ? MAIL_IDENTITY_MESSAGE_ID : MAIL_IDENTITY_SIGNATURE,
                .duplicate_window_s = LONG_S};

            check_number(rows[i].name,
                         journal_row_counts(&row, &mail, TRIED_S + rows[i].later_s),
                         k % 2 ? rows[i].open : rows[i].closed);
        }
}

static void of_several_records_one_decides(void **state)
{
    static const struct {
        const char *name;
        enum mail_identity identity;
        enum sms_state state, other;
        bool want; /* with the lower id, and with the higher one */
        bool want_later;
    } rows[] = {
        {"alarms: what failed before what was sent", MAIL_IDENTITY_CONTENT, SMS_FAILED,
         SMS_SENT, true, true},
        {"alarms: what failed before what may be sent", MAIL_IDENTITY_CONTENT,
         SMS_FAILED, SMS_UNKNOWN, true, true},
        {"alarms: what may be sent before what was", MAIL_IDENTITY_CONTENT, SMS_SENDING,
         SMS_SENT, true, true},
        {"alarms: what was sent before what was refused", MAIL_IDENTITY_CONTENT,
         SMS_SENT, SMS_REFUSED, true, true},
        {"alarms: the oldest", MAIL_IDENTITY_CONTENT, SMS_FAILED, SMS_FAILED, true,
         false},
        {"a copy: what was sent before what failed", MAIL_IDENTITY_SIGNATURE, SMS_SENT,
         SMS_FAILED, true, true},
        {"a copy: what may be sent before what failed", MAIL_IDENTITY_SIGNATURE,
         SMS_UNKNOWN, SMS_FAILED, true, true},
        {"a copy: the latest", MAIL_IDENTITY_SIGNATURE, SMS_SENT, SMS_SENT, false,
         true},
        {"a Message-ID: the latest", MAIL_IDENTITY_MESSAGE_ID, SMS_FAILED, SMS_FAILED,
         false, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_mail mail = {.identity = rows[i].identity};
        struct journal_row row = make_row(rows[i].state, MAIL_VERDICT_DEFERRED);
        struct journal_row other = make_row(rows[i].other, MAIL_VERDICT_DEFERRED);

        other.id = 2;
        check_number(rows[i].name, journal_row_is_better(&row, &other, &mail),
                     rows[i].want);
        row.id = 3;
        check_number(rows[i].name, journal_row_is_better(&row, &other, &mail),
                     rows[i].want_later);
    }
}

static void a_signed_copy_has_a_key(void **state)
{
    struct journal_mail mail = {.identity = MAIL_IDENTITY_CONTENT};
    struct journal_sms sms = {.has_signed_key = false};

    (void)state;
    check_true("none", journal_signed_key(&mail, &sms) == NULL);
    mail.identity = MAIL_IDENTITY_SIGNATURE;
    check_true("a signed mail's own", journal_signed_key(&mail, &sms) == &sms.key);
    sms.has_signed_key = true;
    check_true("its", journal_signed_key(&mail, &sms) == &sms.signed_key);
    mail.identity = MAIL_IDENTITY_MESSAGE_ID;
    check_true("of another", journal_signed_key(&mail, &sms) == &sms.signed_key);
}

static void a_copy_of_what_was_sent_changes_nothing(void **state)
{
    static const struct {
        enum claim claim;
        enum sms_state state;
        bool want;
    } rows[] = {
        {CLAIM_SENT, SMS_SENT, true},        {CLAIM_SEND, SMS_SENT, false},
        {CLAIM_REFUSED, SMS_UNKNOWN, true},  {CLAIM_SEND, SMS_UNKNOWN, false},
        {CLAIM_REFUSED, SMS_FAILED, false},  /* by a rate */
        {CLAIM_REFUSED, SMS_REFUSED, false}, /* by a quota */
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_sms sms = {.claim = rows[i].claim, .state = rows[i].state};

        check_number(sms_state_name(rows[i].state), journal_may_be_kept(&sms),
                     rows[i].want);
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
        UNIT_TEST(a_retry_of_content_takes_over_what_nobody_has_in_hand),
        UNIT_TEST(other_mail_is_known_for_the_duplicate_window),
        UNIT_TEST(of_several_records_one_decides),
        UNIT_TEST(a_signed_copy_has_a_key),
        UNIT_TEST(a_copy_of_what_was_sent_changes_nothing),
        UNIT_TEST(a_window_of_nothing_is_the_same_second),
        UNIT_TEST(each_sms_is_charged_once),
        UNIT_TEST(what_has_no_room_is_not_sent),
        UNIT_TEST(what_is_certainly_not_sent_is_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
