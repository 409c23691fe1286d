/* SPDX-License-Identifier: ISC */
#include "delivery/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "base/clock.h"
#include "delivery/post.h"
#include "delivery/verdict.h"

/* The end of a message must be answered within the minute after which clients hang up
 * and send the mail again. The steps before the API must leave it its timeout within
 * END_OF_MESSAGE_S. But the journal always gets at least CLAIM_LEAST_S before that. */
enum { END_OF_MESSAGE_S = 55, CLAIM_LEAST_S = 3 };

/* After the API has answered, the verdict is fixed; a slow disk does not change it. */
enum { OUTCOME_WAIT_S = 5 };

/* How long a mail may wait before the API is asked. */
static unsigned claim_wait_s(const struct config *config)
{
    unsigned left_s = END_OF_MESSAGE_S - config->api.timeout_s;

    return left_s > CLAIM_LEAST_S ? left_s : CLAIM_LEAST_S;
}

static int64_t claim_deadline_ms(const struct config *config)
{
    return clock_now_ms() + (int64_t)claim_wait_s(config) * 1000;
}

/* How much of that time a second copy of a mail may wait for the first. */
static unsigned duplicate_wait_s(const struct config *config)
{
    unsigned left_s = claim_wait_s(config) - CLAIM_LEAST_S;

    return config->duplicate_wait_s < left_s ? config->duplicate_wait_s : left_s;
}

/* ---- the journal ---- */

/* Writes the beginning of the key, which is enough to find the SMS and the same in
 * every try. */
static void name_reference(const struct digest *key, char text[GROUPCALL_REF_SIZE])
{
    enum { REFERENCE_OCTETS = 12 };

    for (size_t i = 0; i < REFERENCE_OCTETS; i++)
        snprintf(text + 2 * i, GROUPCALL_REF_SIZE - 2 * i, "%02x", key->octets[i]);
}

static struct spender_limits limits_of(const struct rate *rate,
                                       const struct quota *quota,
                                       const struct time_zone *zone)
{
    int64_t now_s = time(NULL);
    struct spender_limits limits = {.rate = *rate, .quota = *quota};

    if (quota->count > 0) {
        limits.window_start_s = calendar_start_s(zone, quota->per, now_s);
        limits.window_end_s = calendar_end_s(zone, quota->per, now_s);
    }
    return limits;
}

static struct spending_limits all_limits_of(const struct customer *customer)
{
    return (struct spending_limits){
        .customer = limits_of(&customer->rate, &customer->quota, customer->time_zone),
        .sender = limits_of(&customer->sender_rate, &customer->sender_quota,
                            customer->time_zone),
        .quota_unit = customer->quota_unit,
    };
}

/* Anyone may send a signed mail again while its Date is accepted, and clocks differ. */
static unsigned duplicate_window_s(const struct delivery *delivery,
                                   const struct mail_key *key)
{
    enum { CLOCK_SKEW_S = 3600 };
    unsigned window_s = delivery->config->duplicate_window_s;
    unsigned replay_s = delivery->customer->replay_window_s + CLOCK_SKEW_S;

    if (!key || key->identity != MAIL_IDENTITY_SIGNATURE || window_s > replay_s)
        return window_s;
    return replay_s;
}

static struct journal_mail describe_mail(struct delivery *delivery,
                                         const struct sms_text *sms,
                                         const struct mail_key *key)
{
    return (struct journal_mail){
        .customer = delivery->customer->name,
        .sender = delivery->sender,
        .queue_id = delivery->queue_id,
        .message_id = key ? key->message_id : "",
        .identity = key ? key->identity : MAIL_IDENTITY_MESSAGE_ID,
        .retry_window_s = delivery->config->retry_window_s,
        .duplicate_window_s = duplicate_window_s(delivery, key),
        .on_unknown = delivery->customer->on_unknown,
        .parts = sms ? sms_text_size(sms)->parts : 0,
        .limits = all_limits_of(delivery->customer),
        .patience = &delivery->patience,
    };
}

/* Applies what each claim says about its recipient, and collects the SMS to send. */
static void take_claims(struct sending *sending)
{
    struct delivery *delivery = sending->delivery;

    for (size_t i = 0; i < delivery->recipient_count; i++) {
        struct delivery_recipient *recipient = &delivery->recipients[i];
        const struct journal_sms *sms = &sending->sms[i];

        switch (sms->claim) {
        case CLAIM_SENT:
            recipient->state = RECIPIENT_SENT;
            recipient->is_earlier = true;
            break;
        case CLAIM_REFUSED:
            verdict_fail(recipient, &sms->error);
            recipient->is_perhaps_sent = sms->state == SMS_UNKNOWN;
            break;
        case CLAIM_SEND:
            sending->places[sending->count] = i;
            sending->recipients[sending->count].number = sms->number;
            name_reference(&sms->key, sending->recipients[sending->count].client_ref);
            sending->count++;
            break;
        }
    }
}

static void set_outcome(struct journal_sms *sms,
                        const struct delivery_recipient *recipient)
{
    sms->state = verdict_state(recipient);
    if (recipient->state == RECIPIENT_FAILED)
        sms->error = recipient->error;
}

static enum verdict send_claimed(const struct delivery_services *services,
                                 struct sending *sending, const struct sms_text *sms,
                                 const struct journal_mail *mail, long *api_ms_out)
{
    struct delivery *delivery = sending->delivery;
    int64_t start_ms = clock_now_ms();
    enum verdict verdict;

    take_claims(sending);
    if (sending->count > 0) {
        post_sms(services->client, sending, sms);
        *api_ms_out = (long)(clock_now_ms() - start_ms);
    }
    for (size_t i = 0; i < sending->count; i++) {
        size_t place = sending->places[i];

        set_outcome(&sending->sms[place], &delivery->recipients[place]);
    }
    verdict = verdict_decide(delivery);
    delivery->patience.deadline_ms = clock_now_ms() + (int64_t)OUTCOME_WAIT_S * 1000;
    journal_settle(services->journal, mail, sending->sms, delivery->recipient_count,
                   verdict_for_journal(verdict));
    for (size_t i = 0; i < delivery->recipient_count; i++)
        memcpy(delivery->recipients[i].api_message_id, sending->sms[i].api_message_id,
               JOURNAL_API_ID_SIZE);
    return verdict;
}

static enum verdict claim_and_send(const struct delivery_services *services,
                                   struct sending *sending, const struct sms_text *sms,
                                   const struct mail_key *key, long *api_ms_out)
{
    struct delivery *delivery = sending->delivery;
    const struct journal_mail mail = describe_mail(delivery, sms, key);
    struct error why;

    for (size_t i = 0; i < delivery->recipient_count; i++) {
        sending->sms[i].number = delivery->recipients[i].number.e164;
        mail_key_of_sms(&key->digest, sending->sms[i].number, &sending->sms[i].key);
        sending->sms[i].has_signed_key = key->has_signed_digest;
        if (key->has_signed_digest)
            mail_key_of_sms(&key->signed_digest, sending->sms[i].number,
                            &sending->sms[i].signed_key);
    }
    if (journal_claim(services->journal, &mail, sending->sms, delivery->recipient_count,
                      duplicate_wait_s(delivery->config), &why))
        return send_claimed(services, sending, sms, &mail, api_ms_out);
    verdict_fail_all(delivery, &why);
    return VERDICT_DEFER;
}

/* ---- journal and API together ---- */

static bool make_room(struct sending *sending)
{
    size_t count = sending->delivery->recipient_count;

    sending->sms = calloc(count, sizeof *sending->sms);
    sending->recipients = calloc(count, sizeof *sending->recipients);
    sending->places = calloc(count, sizeof *sending->places);
    sending->outcomes = calloc(count, sizeof *sending->outcomes);
    return sending->sms && sending->recipients && sending->places && sending->outcomes;
}

static void free_sending(struct sending *sending)
{
    free(sending->sms);
    free(sending->recipients);
    free(sending->places);
    free(sending->outcomes);
}

enum verdict send_sms(const struct delivery_services *services,
                      struct delivery *delivery, const struct sms_text *sms,
                      const struct mail_key *key, long *api_ms_out)
{
    struct sending sending = {.delivery = delivery};
    enum verdict verdict = VERDICT_DEFER;
    struct error why;

    *api_ms_out = -1;
    delivery->patience.deadline_ms = claim_deadline_ms(delivery->config);
    if (make_room(&sending)) {
        verdict = claim_and_send(services, &sending, sms, key, api_ms_out);
    } else {
        error_set(&why, ERROR_TEMPORARY, "4.3.0", "no memory");
        verdict_fail_all(delivery, &why);
    }
    free_sending(&sending);
    return verdict;
}

/* A bounce takes its reason from the record. A refusal of the whole mail gives the
 * reason itself. */
static enum verdict put_off_unwritten(struct delivery *delivery, enum verdict verdict)
{
    struct error why;

    if (verdict == VERDICT_REJECT)
        return verdict;
    error_set(&why, ERROR_TEMPORARY, "4.3.0",
              "the SMS gateway cannot write its journal now; nothing was sent");
    verdict_fail_all(delivery, &why);
    return VERDICT_DEFER;
}

enum verdict send_refusal(const struct delivery_services *services,
                          struct delivery *delivery, const char *message_id)
{
    struct journal_mail mail = describe_mail(delivery, NULL, NULL);
    enum verdict verdict = verdict_decide(delivery);
    struct journal_sms *sms;
    bool is_noted;

    mail.message_id = message_id;
    if (verdict == VERDICT_DEFER)
        return verdict; /* the mail comes again; none of it was sent */
    delivery->patience.deadline_ms = claim_deadline_ms(delivery->config);
    sms = calloc(delivery->recipient_count, sizeof *sms);
    if (!sms)
        return put_off_unwritten(delivery, verdict);
    for (size_t i = 0; i < delivery->recipient_count; i++) {
        sms[i].number = delivery->recipients[i].number.e164;
        set_outcome(&sms[i], &delivery->recipients[i]);
    }
    is_noted = journal_note(services->journal, &mail, sms, delivery->recipient_count,
                            verdict_for_journal(verdict));
    free(sms);
    return is_noted ? verdict : put_off_unwritten(delivery, verdict);
}
