/* SPDX-License-Identifier: ISC */
#include "journal_test.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "journal/journal_place.h"

const struct journal_mail session_mail = {
    .customer = "school",
    .sender = "head@school.example",
    .queue_id = "Q1",
    .message_id = "<1@school.example>",
    .retry_window_s = 3600,
    .duplicate_window_s = 5 * DAY_S,
    .on_unknown = ON_UNKNOWN_RESEND,
    .parts = 1,
};

unsigned claims_in_vain;

int begin_test(void **state)
{
    (void)state;
    tested->clear();
    return unit_log_begin() ? 0 : -1;
}

int end_test(void **state)
{
    unit_log_end();
    return unit_end_test(state);
}

static void pause_a_little(void)
{
    const struct timespec ms = {.tv_nsec = 1000000};

    nanosleep(&ms, NULL);
}

int64_t clock_ms(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void wait_for(const char *what, bool (*is_so)(const void *data), const void *data)
{
    int64_t deadline_ms = clock_ms(CLOCK_MONOTONIC) + unit_patience_ms();

    while (!is_so(data)) {
        if (clock_ms(CLOCK_MONOTONIC) > deadline_ms)
            fail_msg("in vain: %s", what);
        pause_a_little();
    }
}

struct journal *new_journal(const char *where)
{
    struct journal *journal;
    struct error err;

    if (!journal_new(where, RETENTION_DAYS, &journal, &err))
        fail_msg("%s", err.text);
    return journal;
}

struct journal_sms sms_of_key(const char *number, unsigned key)
{
    struct journal_sms sms = {.number = number};

    memcpy(sms.key.octets, &key, sizeof key);
    return sms;
}

void set_sms_sent(struct journal_sms *sms)
{
    sms->state = SMS_SENT;
    snprintf(sms->api_message_id, sizeof sms->api_message_id, "api-1");
}

void claim_sms(struct journal *journal, struct journal_sms *sms, enum claim want)
{
    struct error err;

    if (!journal_claim(journal, &session_mail, sms, 1, WAIT_S, &err))
        fail_msg("%s", err.text);
    check_number("claim", sms->claim, want);
}

void settle_sms(struct journal *journal, struct journal_sms *sms)
{
    journal_settle(journal, &session_mail, sms, 1, MAIL_VERDICT_DEFERRED);
}

void claim_when_it_works(struct journal *journal, struct journal_sms *sms)
{
    int64_t deadline_ms = clock_ms(CLOCK_MONOTONIC) + unit_patience_ms();
    struct error err;

    while (!journal_claim(journal, &session_mail, sms, 1, WAIT_S, &err)) {
        claims_in_vain++;
        check_error("not yet", &err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
        if (clock_ms(CLOCK_MONOTONIC) > deadline_ms)
            fail_msg("it never works again: %s", unit_log_read());
        pause_a_little();
    }
}

void check_claim_fails(struct journal *journal, struct journal_sms *sms)
{
    struct error err;

    claims_in_vain++;
    check_true("it cannot be claimed",
               !journal_claim(journal, &session_mail, sms, 1, WAIT_S, &err));
    check_error("why", &err, ERROR_TEMPORARY, "4.3.0", CANNOT_WRITE);
}

/* ---- what is in it ---- */

static bool count_one(const struct journal_record *record, void *data)
{
    struct tally *tally = data;

    tally->records++;
    tally->by_state[record->state]++;
    return true;
}

struct tally count_at(const char *where)
{
    struct tally tally = {.records = 0};
    struct error err;

    if (!journal_place_read(where, &(struct journal_filter){.since_s = 0}, count_one,
                            &tally, &err))
        return (struct tally){.records = 0};
    return tally;
}

void check_states(const char *row, size_t sending, size_t sent, size_t refused)
{
    struct tally tally = count_at(tested->place);

    check_number(row, (long long)tally.by_state[SMS_SENDING], (long long)sending);
    check_number(row, (long long)tally.by_state[SMS_SENT], (long long)sent);
    check_number(row, (long long)tally.by_state[SMS_REFUSED], (long long)refused);
    check_number(row, (long long)tally.records, (long long)(sending + sent + refused));
}
