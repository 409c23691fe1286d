/* SPDX-License-Identifier: ISC */
#include "delivery/send.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/groupcall.h"
#include "base/calendar.h"
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
    struct groupcall_outcome *outcomes;     /* what the API said of each of them */
    size_t count;
};

static void fail_recipient(struct delivery_recipient *recipient,
                           const struct error *why)
{
    recipient->state = RECIPIENT_FAILED;
    recipient->error = *why;
}

static void fail_first(struct sending *sending, size_t count, const struct error *why)
{
    for (size_t i = 0; i < count; i++)
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

static void take_outcomes(struct sending *sending, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        take_outcome(sending, sending->places[i], &sending->outcomes[i]);
}

/* One POST, and perhaps a second one, to the same deadline. */
struct posting {
    struct api_client *client;
    const struct sms_text *sms;
    const struct secret *key; /* a reference */
    int64_t deadline_ms;
    size_t count; /* of the SMS: the first so many of the sending's */
};

/* Sets the outcomes of its SMS; where there is none, their state, and returns false. */
static bool post(const struct posting *posting, struct sending *sending)
{
    const struct customer *customer = sending->delivery->customer;
    struct groupcall_request *request = NULL;
    struct api_answer answer;
    struct error why;
    const char *body;
    size_t size;
    bool is_answered = false;

    if (groupcall_request_new(customer, posting->key, sms_text_utf8(posting->sms),
                              sending->recipients, posting->count, &request, &why)) {
        body = groupcall_request_body(request, &size);
        is_answered =
            api_client_post(posting->client, customer->api_url, customer->name, body,
                            size, posting->deadline_ms, &answer, &why);
    }
    groupcall_request_free(&request);
    if (!is_answered) {
        fail_first(sending, posting->count, &why);
        return false;
    }
    groupcall_read_answer(posting->key, answer.http_status, answer.body,
                          answer.size_bytes, sending->recipients, posting->count,
                          sending->outcomes);
    api_answer_free(&answer);
    return true;
}

/* ---- a key that was replaced ---- */

static void swap(struct sending *sending, size_t a, size_t b)
{
    struct groupcall_recipient recipient = sending->recipients[a];
    struct groupcall_outcome outcome = sending->outcomes[a];
    size_t place = sending->places[a];

    sending->recipients[a] = sending->recipients[b];
    sending->outcomes[a] = sending->outcomes[b];
    sending->places[a] = sending->places[b];
    sending->recipients[b] = recipient;
    sending->outcomes[b] = outcome;
    sending->places[b] = place;
}

/* Moves the SMS that were refused perhaps because of the key before all others; how
 * many they are. */
static size_t put_refused_first(struct sending *sending)
{
    size_t refused = 0;

    for (size_t i = 0; i < sending->count; i++)
        if (sending->outcomes[i].is_key_refused)
            swap(sending, i, refused++);
    return refused;
}

/* Whether the customer has another key than the posting's now. */
static bool has_new_key(const struct customer *customer, const struct posting *posting)
{
    struct error why;

    switch (api_key_renew(customer->api_key, posting->key, &why)) {
    case API_KEY_SAME:
        return false;
    case API_KEY_UNREADABLE:
        log_error("customer=%s: the API refuses its key, and the old one stays: %s",
                  customer->name, why.text);
        return false;
    case API_KEY_RENEWED:
        log_info("customer=%s: the API key was replaced: taken from its file",
                 customer->name);
        return true;
    case API_KEY_IS_ANOTHER:
        break;
    }
    return true;
}

/* What took more than half of the time would not be done in what is left, and then
 * nobody knew whether it was sent. */
static bool has_time(const struct delivery *delivery, const struct posting *posting)
{
    int64_t timeout_ms = (int64_t)delivery->config->api.timeout_s * 1000;

    return posting->deadline_ms - clock_now_ms() >= timeout_ms / 2;
}

static void put_off(struct sending *sending, size_t count)
{
    for (size_t i = 0; i < count; i++)
        error_set(&sending->outcomes[i].error, ERROR_TEMPORARY, "4.7.0",
                  "the SMS service refused the API key, which has been replaced "
                  "meanwhile");
}

/* Prepares the posting for those that were refused, if a new key may change that. They
 * keep their outcomes otherwise, or get one that lets them come again. */
static bool prepare_again(struct posting *posting, struct sending *sending)
{
    const struct delivery *delivery = sending->delivery;

    posting->count = put_refused_first(sending);
    if (posting->count > 0 && has_new_key(delivery->customer, posting)) {
        if (has_time(delivery, posting)) {
            secret_release(&posting->key);
            posting->key = api_key_acquire(delivery->customer->api_key);
            return true;
        }
        put_off(sending, posting->count);
    }
    posting->count = 0;
    return false;
}

/* One POST for all of them, and where the key is refused that was replaced in its file,
 * a second one for those that were. */
static void post_all(struct api_client *client, struct sending *sending,
                     const struct sms_text *sms)
{
    const struct delivery *delivery = sending->delivery;
    struct posting posting = {client, sms, api_key_acquire(delivery->customer->api_key),
                              clock_now_ms() +
                                  (int64_t)delivery->config->api.timeout_s * 1000,
                              sending->count};

    if (post(&posting, sending)) {
        bool is_again = prepare_again(&posting, sending);

        take_outcomes(sending, posting.count, sending->count);
        if (is_again && post(&posting, sending))
            take_outcomes(sending, 0, posting.count);
    }
    secret_release(&posting.key);
}

/* ---- the journal ---- */

/* The beginning of the key: enough to find the SMS by, and the same at every try. */
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
        .limits = all_limits_of(delivery->customer),
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
        post_all(services->client, sending, sms);
        *api_ms_out = (long)(clock_now_ms() - start_ms);
    }
    for (size_t i = 0; i < sending->count; i++) {
        size_t place = sending->places[i];

        set_outcome(&sending->sms[place], &delivery->recipients[place]);
    }
    verdict = verdict_decide(delivery);
    journal_settle(services->journal, mail, sending->sms, delivery->recipient_count,
                   verdict_for_journal(verdict));
    for (size_t i = 0; i < delivery->recipient_count; i++)
        memcpy(delivery->recipients[i].api_message_id, sending->sms[i].api_message_id,
               JOURNAL_API_ID_SIZE);
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
