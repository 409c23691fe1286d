/* SPDX-License-Identifier: ISC */
#include "delivery/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/groupcall.h"
#include "base/clock.h"
#include "base/log.h"
#include "delivery/verdict.h"

/* The whole end of a message stays below the minute after which clients hang up and
 * send the mail again. */
enum { END_OF_MESSAGE_S = 55 };

/* What is on its way: those of the mail's SMS that are to be sent, under their claims.
 */
struct sending {
    struct delivery *delivery;
    struct journal_sms *sms;                /* one for each recipient of the delivery */
    struct groupcall_recipient *recipients; /* those that are to be sent */
    size_t *places;                         /* of which recipient each of them is */
    size_t count;
};

static void fail_recipient(struct delivery_recipient *recipient,
                           const struct error *why)
{
    recipient->state = RECIPIENT_FAILED;
    recipient->error = *why;
}

static void fail_sending(struct sending *sending, const struct error *why)
{
    for (size_t i = 0; i < sending->count; i++)
        fail_recipient(&sending->delivery->recipients[sending->places[i]], why);
}

/* ---- the API ---- */

static void take_outcome(struct sending *sending, size_t place,
                         const struct groupcall_outcome *outcome)
{
    struct delivery_recipient *recipient = &sending->delivery->recipients[place];
    struct masked_number number = number_mask(recipient->number.e164);
    const char *queue_id = sending->delivery->queue_id;

    if (!outcome->is_queued) {
        fail_recipient(recipient, &outcome->error);
        log_info("%s: number=%s not-sent reason=%s", queue_id, number.text,
                 recipient->error.text);
        return;
    }
    recipient->state = RECIPIENT_SENT;
    snprintf(sending->sms[place].api_message_id,
             sizeof sending->sms[place].api_message_id, "%s", outcome->message_id);
    log_info("%s: number=%s message_id=%s%s%s", queue_id, number.text,
             outcome->message_id, *outcome->warning ? " warning=" : "",
             outcome->warning);
}

static void read_answer(struct sending *sending, const struct api_answer *answer)
{
    struct groupcall_outcome *outcomes = calloc(sending->count, sizeof *outcomes);
    struct error why;

    if (!outcomes) {
        error_set(
            &why, ERROR_UNCERTAIN, "4.3.0",
            "no memory to read the SMS service's answer: the SMS may have been sent");
        fail_sending(sending, &why);
        return;
    }
    groupcall_read_answer(sending->delivery->customer, answer->http_status,
                          answer->body, answer->size_bytes, sending->recipients,
                          sending->count, outcomes);
    for (size_t i = 0; i < sending->count; i++)
        take_outcome(sending, sending->places[i], &outcomes[i]);
    free(outcomes);
}

/* One POST for all of them. */
static void post(struct api_client *client, struct sending *sending,
                 const struct sms_text *sms)
{
    const struct customer *customer = sending->delivery->customer;
    struct groupcall_request *request = NULL;
    struct api_answer answer;
    struct error why;
    const char *body;
    size_t size;

    if (!groupcall_request_new(customer, sms_text_utf8(sms), sending->recipients,
                               sending->count, &request, &why)) {
        fail_sending(sending, &why);
        return;
    }
    body = groupcall_request_body(request, &size);
    if (api_client_post(client, customer->api_url, customer->name, body, size, &answer,
                        &why)) {
        read_answer(sending, &answer);
        api_answer_free(&answer);
    } else {
        fail_sending(sending, &why);
    }
    groupcall_request_free(&request);
}

/* ---- the journal ---- */

/* The beginning of the key: enough to find the SMS by, and the same at every try. */
static void name_reference(const struct digest *key, char text[GROUPCALL_REF_SIZE])
{
    enum { REFERENCE_OCTETS = 12 };

    for (size_t i = 0; i < REFERENCE_OCTETS; i++)
        snprintf(text + 2 * i, GROUPCALL_REF_SIZE - 2 * i, "%02x", key->octets[i]);
}

static struct journal_mail describe_mail(const struct delivery *delivery,
                                         const struct sms_text *sms,
                                         const struct mail_key *key)
{
    return (struct journal_mail){
        .customer = delivery->customer->name,
        .sender = delivery->sender,
        .queue_id = delivery->queue_id,
        .message_id = key ? key->message_id : "",
        .is_of_content = key && key->is_of_content,
        .retry_window_s = delivery->config->retry_window_s,
        .on_unknown = delivery->customer->on_unknown,
        .parts = sms ? sms_text_size(sms)->parts : 0,
    };
}

/* What each claim says of its recipient, and which are left to send. */
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
            fail_recipient(recipient, &sms->error);
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

static enum sms_state state_of(const struct delivery_recipient *recipient)
{
    if (recipient->state != RECIPIENT_FAILED)
        return SMS_SENT;
    switch (recipient->error.kind) {
    case ERROR_REFUSED:
        return SMS_REFUSED;
    case ERROR_UNCERTAIN:
        return SMS_UNKNOWN;
    case ERROR_TEMPORARY:
        break;
    }
    return SMS_FAILED;
}

static void set_outcome(struct journal_sms *sms,
                        const struct delivery_recipient *recipient)
{
    sms->state = state_of(recipient);
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
        post(services->client, sending, sms);
        *api_ms_out = (long)(clock_now_ms() - start_ms);
    }
    for (size_t i = 0; i < sending->count; i++) {
        size_t place = sending->places[i];

        set_outcome(&sending->sms[place], &delivery->recipients[place]);
    }
    verdict = verdict_decide(delivery);
    journal_settle(services->journal, mail, sending->sms, delivery->recipient_count,
                   verdict_for_journal(verdict));
    return verdict;
}

/* How long a second copy of a mail may wait for the first: the API's time-out comes
 * after it. */
static unsigned duplicate_wait_s(const struct config *config)
{
    unsigned left_s = END_OF_MESSAGE_S - config->api.timeout_s;

    return config->duplicate_wait_s < left_s ? config->duplicate_wait_s : left_s;
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
        mail_key_of_sms(key, sending->sms[i].number, &sending->sms[i].key);
    }
    if (journal_claim(services->journal, &mail, sending->sms, delivery->recipient_count,
                      duplicate_wait_s(delivery->config), &why))
        return send_claimed(services, sending, sms, &mail, api_ms_out);
    verdict_fail_all(delivery, &why);
    return VERDICT_DEFER;
}

/* ---- both ---- */

static bool make_room(struct sending *sending)
{
    size_t count = sending->delivery->recipient_count;

    sending->sms = calloc(count, sizeof *sending->sms);
    sending->recipients = calloc(count, sizeof *sending->recipients);
    sending->places = calloc(count, sizeof *sending->places);
    return sending->sms && sending->recipients && sending->places;
}

static void free_sending(struct sending *sending)
{
    free(sending->sms);
    free(sending->recipients);
    free(sending->places);
}

enum verdict send_sms(const struct delivery_services *services,
                      struct delivery *delivery, const struct sms_text *sms,
                      const struct mail_key *key, long *api_ms_out)
{
    struct sending sending = {.delivery = delivery};
    enum verdict verdict = VERDICT_DEFER;
    struct error why;

    *api_ms_out = -1;
    if (make_room(&sending)) {
        verdict = claim_and_send(services, &sending, sms, key, api_ms_out);
    } else {
        error_set(&why, ERROR_TEMPORARY, "4.3.0", "no memory");
        verdict_fail_all(delivery, &why);
    }
    free_sending(&sending);
    return verdict;
}

/* A bounce needs the record for its reason; a refusal of the whole mail tells it
 * itself.
 */
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
                          struct delivery *delivery)
{
    const struct journal_mail mail = describe_mail(delivery, NULL, NULL);
    enum verdict verdict = verdict_decide(delivery);
    struct journal_sms *sms;
    bool is_noted;

    if (verdict == VERDICT_DEFER)
        return verdict; /* it comes again, and nothing of it was sent */
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
