/* SPDX-License-Identifier: ISC */
#include "delivery/post.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "delivery/verdict.h"

static void fail_first(struct sending *sending, size_t count, const struct error *why)
{
    for (size_t i = 0; i < count; i++)
        verdict_fail(&sending->delivery->recipients[sending->places[i]], why);
}

/* ---- outcomes ---- */

static void take_outcome(struct sending *sending, size_t place,
                         const struct groupcall_outcome *outcome)
{
    struct delivery_recipient *recipient = &sending->delivery->recipients[place];

    if (!outcome->is_queued) {
        verdict_fail(recipient, &outcome->error);
        return;
    }
    recipient->state = RECIPIENT_SENT;
    snprintf(sending->sms[place].api_message_id,
             sizeof sending->sms[place].api_message_id, "%s", outcome->message_id);
    snprintf(recipient->api_warning, sizeof recipient->api_warning, "%s",
             outcome->warning);
}

static void take_outcomes(struct sending *sending, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        take_outcome(sending, sending->places[i], &sending->outcomes[i]);
}

/* ---- a POST ---- */

/* One POST, and perhaps a second one with the same deadline. */
struct posting {
    struct api_client *client;
    const struct sms_text *sms;
    const struct secret *key; /* a reference of its own */
    int64_t deadline_ms;
    size_t count;     /* it posts the first count SMS of the sending */
    long http_status; /* of the answer */
    bool has_proof;   /* an SMS of the mail was queued, so the key is right, and other
                         refusals are not because of the key */
};

/* Posts, and sets the outcomes of its SMS. Without an answer sets their state instead,
 * and returns false. */
static bool post(struct posting *posting, struct sending *sending)
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
        is_answered = api_client_post(posting->client, customer->api_url,
                                      customer->name, body, size, posting->deadline_ms,
                                      &sending->delivery->patience, &answer, &why);
    }
    groupcall_request_free(&request);
    if (!is_answered) {
        fail_first(sending, posting->count, &why);
        return false;
    }
    groupcall_read_answer(posting->key, answer.http_status, answer.body,
                          answer.size_bytes, sending->recipients, posting->count,
                          sending->outcomes);
    posting->http_status = answer.http_status;
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

/* Moves the SMS that may have been refused because of the key before all others, and
 * returns their number. */
static size_t put_refused_first(struct sending *sending)
{
    size_t refused = 0;

    for (size_t i = 0; i < sending->count; i++)
        if (sending->outcomes[i].is_key_refused)
            swap(sending, i, refused++);
    return refused;
}

/* Whether the customer now has another key than that of the posting. */
static bool has_new_key(const struct customer *customer, const struct posting *posting)
{
    struct error why;

    switch (api_key_renew(customer->api_key, posting->key, &why)) {
    case API_KEY_SAME:
        return false;
    case API_KEY_UNREADABLE:
        log_error(
            "customer=%s: the API refuses the key, and no other key could be read: %s",
            customer->name, why.text);
        return false;
    case API_KEY_RENEWED:
        log_info(
            "customer=%s: the API key was replaced; the new key was read from its file",
            customer->name);
        return true;
    case API_KEY_IS_ANOTHER:
        break;
    }
    return true;
}

/* If the first POST took more than half of the time, a second one might not end in the
 * rest, and nobody would know whether its SMS were sent. */
static bool has_time(const struct delivery *delivery, const struct posting *posting)
{
    int64_t timeout_ms = (int64_t)delivery->config->api.timeout_s * 1000;

    return posting->deadline_ms - clock_now_ms() >= timeout_ms / 2;
}

static void put_off(struct sending *sending, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        error_set(&sending->outcomes[i].error, ERROR_TEMPORARY, "4.7.0",
                  "the SMS service refused the API key, which has been replaced in the "
                  "meantime");
        sending->outcomes[i].is_key_refused = false; /* the replaced key was refused */
    }
}

/* Prepares a second POST for the refused SMS, if a new key may help. If there is none,
 * the outcomes stay, or become deferrals so that a retry can send the SMS. */
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

/* ---- a key that may be wrong ---- */

/* Logs what the problem is and what to do about it. */
static void log_refused_key(const struct customer *customer, const char *words)
{
    const struct api_key *key = customer->api_key;

    log_warning(
        "customer=%s customer-id=%s: the API refuses the SMS of this customer as it "
        "would with a wrong key (%s): check customer-id and the key of %s, which is "
        "read again at %s; until the API accepts one, the SMS that it refuses in this "
        "way are deferred",
        customer->name, customer->customer_id, words, api_key_source(key),
        api_key_is_renewable(key) ? "the next refusal" : "the next start");
}

static void log_news(const struct customer *customer, enum account_news news,
                     const char *words)
{
    switch (news) {
    case ACCOUNT_REFUSED:
        log_refused_key(customer, words);
        break;
    case ACCOUNT_TAKEN_AGAIN:
        log_info("customer=%s customer-id=%s: the API accepts the account again",
                 customer->name, customer->customer_id);
        break;
    case ACCOUNT_NOTHING_NEW:
        break;
    }
}

/* Whether the refusal used the words that can mean a wrong key or something else. */
static bool is_refused_ambiguously(const struct groupcall_outcome *outcome)
{
    return outcome->is_key_refused && outcome->error.kind == ERROR_REFUSED;
}

static void defer_refused(struct groupcall_outcome *outcome)
{
    const struct error why = outcome->error;

    error_set(&outcome->error, ERROR_TEMPORARY, "4.7.0",
              "the SMS service accepts no SMS from this customer now: %s", why.text);
}

/* What the outcomes from first up to end say about the account with the key of their
 * request. *words_out is the reason why the key may be wrong, borrowed from one of
 * them. */
static struct account_answer count_answer(const struct posting *posting,
                                          const struct sending *sending,
                                          const struct secret *key, size_t first,
                                          size_t end, const char **words_out)
{
    struct account_answer answer = {
        .customer = sending->delivery->customer, .key = key, .now_ms = clock_now_ms()};

    *words_out = "";
    for (size_t i = first; i < end; i++) {
        const struct groupcall_outcome *outcome = &sending->outcomes[i];

        answer.queued += outcome->is_queued;
        if (!outcome->is_key_refused)
            continue;
        *words_out = outcome->error.text;
        if (is_refused_ambiguously(outcome))
            answer.refused++;
        else
            answer.http_status = posting->http_status;
    }
    if (posting->has_proof)
        answer.refused = 0; /* the refusals say nothing about this key */
    return answer;
}

/* Judges the account by the latest answer to a request with this key, whose outcomes
 * are those from first up to end. */
static void judge_account(struct posting *posting, struct sending *sending,
                          const struct secret *key, size_t first, size_t end)
{
    const struct customer *customer = sending->delivery->customer;
    const char *words;
    struct account_answer answer =
        count_answer(posting, sending, key, first, end, &words);
    struct account_opinion opinion =
        account_states_judge(api_client_accounts(posting->client), &answer);

    log_news(customer, opinion.news, words);
    posting->has_proof = posting->has_proof || answer.queued > 0;
    if (posting->has_proof || opinion.is_key_right)
        return;
    for (size_t i = first; i < end; i++)
        if (is_refused_ambiguously(&sending->outcomes[i]))
            defer_refused(&sending->outcomes[i]);
}

/* ---- the whole step ---- */

static void post_and_judge(struct posting *posting, struct sending *sending)
{
    const struct secret *first_key;
    bool is_again;

    if (!post(posting, sending))
        return;
    first_key = secret_acquire(posting->key);
    is_again = prepare_again(posting, sending);
    judge_account(posting, sending, first_key, posting->count, sending->count);
    take_outcomes(sending, posting->count, sending->count);
    secret_release(&first_key);
    if (!is_again || !post(posting, sending))
        return;
    judge_account(posting, sending, posting->key, 0, posting->count);
    take_outcomes(sending, 0, posting->count);
}

void post_sms(struct api_client *client, struct sending *sending,
              const struct sms_text *sms)
{
    const struct delivery *delivery = sending->delivery;
    struct posting posting = {
        .client = client,
        .sms = sms,
        .key = api_key_acquire(delivery->customer->api_key),
        .deadline_ms = clock_now_ms() + (int64_t)delivery->config->api.timeout_s * 1000,
        .count = sending->count,
    };

    post_and_judge(&posting, sending);
    secret_release(&posting.key);
}
