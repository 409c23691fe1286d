/* SPDX-License-Identifier: ISC */
#include "delivery/deliver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "api/groupcall.h"
#include "base/log.h"
#include "delivery/convert.h"
#include "text/cuts.h"
#include "text/sms_parts.h"

/* What the story has found out, for its log line. */
struct story {
    const char *proof;
    struct sms_parts size;
    struct cuts cuts;
    long api_ms; /* -1: the API was not asked */
};

static long ms_since(const struct timespec *start)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (now.tv_sec - start->tv_sec) * 1000 +
           (now.tv_nsec - start->tv_nsec) / 1000000;
}

static void fail_all(struct delivery *delivery, const struct error *why)
{
    for (size_t i = 0; i < delivery->recipient_count; i++) {
        delivery->recipients[i].state = RECIPIENT_FAILED;
        delivery->recipients[i].error = *why;
    }
}

static void discard_all(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->recipient_count; i++)
        delivery->recipients[i].state = RECIPIENT_DISCARDED;
}

/* ---- sending it ---- */

/* A number as logs show it: who may read them need not know whom a school texts. */
struct masked_number {
    char text[sizeof(struct phone_number)];
};

static struct masked_number mask_number(const struct phone_number *number)
{
    struct masked_number masked;
    size_t length = strlen(number->e164);

    memcpy(masked.text, number->e164, sizeof masked.text);
    for (size_t i = 3; i + 3 < length; i++)
        masked.text[i] = '*';
    return masked;
}

static void take_outcome(const struct delivery *delivery,
                         struct delivery_recipient *recipient,
                         const struct groupcall_outcome *outcome)
{
    struct masked_number number = mask_number(&recipient->number);

    if (!outcome->is_queued) {
        recipient->state = RECIPIENT_FAILED;
        recipient->error = outcome->error;
        log_info("%s: number=%s not-sent reason=%s", delivery->queue_id, number.text,
                 recipient->error.text);
        return;
    }
    recipient->state = RECIPIENT_SENT;
    log_info("%s: number=%s message_id=%s%s%s", delivery->queue_id, number.text,
             outcome->message_id, *outcome->warning ? " warning=" : "",
             outcome->warning);
}

static void read_answer(struct delivery *delivery, const struct api_answer *answer,
                        const struct groupcall_recipient *recipients)
{
    struct groupcall_outcome *outcomes =
        calloc(delivery->recipient_count, sizeof *outcomes);
    struct error why;

    if (!outcomes) {
        error_set(
            &why, ERROR_UNCERTAIN, "4.3.0",
            "no memory to read the SMS service's answer: the SMS may have been sent");
        fail_all(delivery, &why);
        return;
    }
    groupcall_read_answer(delivery->customer, answer->http_status, answer->body,
                          answer->size_bytes, recipients, delivery->recipient_count,
                          outcomes);
    for (size_t i = 0; i < delivery->recipient_count; i++)
        take_outcome(delivery, &delivery->recipients[i], &outcomes[i]);
    free(outcomes);
}

static struct groupcall_recipient *name_recipients(const struct delivery *delivery)
{
    struct groupcall_recipient *named =
        calloc(delivery->recipient_count, sizeof *named);

    for (size_t i = 0; i < delivery->recipient_count && named; i++) {
        named[i].number = delivery->recipients[i].number.e164;
        snprintf(named[i].client_ref, sizeof named[i].client_ref, "%.32s.%zu",
                 delivery->queue_id, i + 1);
    }
    return named;
}

/* One POST for all numbers. Sets the state of each recipient. */
static void send_sms(struct api_client *client, struct delivery *delivery,
                     const struct sms_text *sms, struct story *story)
{
    const struct customer *customer = delivery->customer;
    struct groupcall_recipient *recipients = name_recipients(delivery);
    struct groupcall_request *request = NULL;
    struct api_answer answer;
    struct timespec start;
    struct error why;
    const char *body;
    size_t size;

    clock_gettime(CLOCK_MONOTONIC, &start);
    if (!recipients) {
        error_set(&why, ERROR_TEMPORARY, "4.3.0", "no memory");
        fail_all(delivery, &why);
    } else if (!groupcall_request_new(customer, sms_text_utf8(sms), recipients,
                                      delivery->recipient_count, &request, &why)) {
        fail_all(delivery, &why);
    } else {
        body = groupcall_request_body(request, &size);
        if (api_client_post(client, customer->api_url, customer->name, body, size,
                            &answer, &why)) {
            read_answer(delivery, &answer, recipients);
            api_answer_free(&answer);
        } else {
            fail_all(delivery, &why);
        }
        story->api_ms = ms_since(&start);
    }
    groupcall_request_free(&request);
    free(recipients);
}

/* ---- the story ---- */

static void convert_and_send(struct api_client *client, struct delivery *delivery,
                             struct story *story)
{
    const struct conversion conversion = {
        .mail = delivery->mail,
        .size_bytes = delivery->mail_size_bytes,
        .is_mail_cut = delivery->is_mail_cut,
        .auto_replies = delivery->customer->auto_replies,
        .text = &delivery->customer->text,
    };
    struct sms_text *sms;
    struct error why;

    switch (convert_mail(&conversion, &story->cuts, &sms, &why)) {
    case CONVERSION_SMS:
        story->size = *sms_text_size(sms);
        send_sms(client, delivery, sms, story);
        break;
    case CONVERSION_DISCARD:
        discard_all(delivery);
        break;
    case CONVERSION_FAILED:
        fail_all(delivery, &why);
        break;
    }
    sms_text_free(&sms);
}

/* ---- what its sender gets to hear ---- */

struct tally {
    size_t sent, discarded, refused, temporary, uncertain;
};

static struct tally count_states(const struct delivery *delivery)
{
    struct tally tally = {0};

    for (size_t i = 0; i < delivery->recipient_count; i++) {
        const struct delivery_recipient *recipient = &delivery->recipients[i];

        tally.sent += recipient->state == RECIPIENT_SENT;
        tally.discarded += recipient->state == RECIPIENT_DISCARDED;
        if (recipient->state != RECIPIENT_FAILED)
            continue;
        tally.refused += recipient->error.kind == ERROR_REFUSED;
        tally.temporary += recipient->error.kind == ERROR_TEMPORARY;
        tally.uncertain += recipient->error.kind == ERROR_UNCERTAIN;
    }
    return tally;
}

/* The first failure that decides the mail: a temporary one before a refusal. */
static const struct delivery_recipient *find_deciding(const struct delivery *delivery)
{
    const struct delivery_recipient *refused = NULL;

    for (size_t i = 0; i < delivery->recipient_count; i++) {
        const struct delivery_recipient *recipient = &delivery->recipients[i];

        if (recipient->state != RECIPIENT_FAILED)
            continue;
        if (recipient->error.kind != ERROR_REFUSED)
            return recipient;
        if (!refused)
            refused = recipient;
    }
    return refused;
}

static enum verdict decide(const struct delivery *delivery, const struct tally *tally)
{
    size_t gone = tally->sent + tally->discarded;

    if (tally->temporary + tally->uncertain > 0)
        return VERDICT_DEFER;
    if (tally->refused == delivery->recipient_count &&
        delivery->ordinary_recipient_count == 0)
        return VERDICT_REJECT;
    if (gone == delivery->recipient_count && delivery->ordinary_recipient_count == 0)
        return VERDICT_DISCARD;
    return VERDICT_ACCEPT; /* refused recipients stay, for the mail server to bounce */
}

static const char *name_outcome(const struct tally *tally, size_t count)
{
    if (tally->uncertain > 0)
        return "unknown";
    if (tally->temporary > 0)
        return "deferred";
    if (tally->refused == count)
        return "refused";
    if (tally->discarded == count)
        return "discarded";
    return tally->refused > 0 ? "partly-sent" : "sent";
}

/* " cut=quote,signature", or "". */
static void name_cuts(const struct cuts *cuts, char *text, size_t size_bytes)
{
    size_t used = 0;

    for (int i = 0; i < CUT_REASONS; i++) {
        if (cuts->by_reason[i].size_bytes == 0)
            continue;
        snprintf(text + used, size_bytes - used, "%s%s",
                 used ? "," : " cut=", cuts_name((enum cut_reason)i));
        used = strlen(text);
    }
}

static void log_story(const struct delivery *delivery, const struct story *story,
                      const struct tally *tally)
{
    const struct delivery_recipient *deciding = find_deciding(delivery);
    char api[48] = "", cut[128] = "";

    if (story->api_ms >= 0)
        snprintf(api, sizeof api, " api_ms=%ld", story->api_ms);
    name_cuts(&story->cuts, cut, sizeof cut);
    if (story->cuts.costly_pattern)
        log_warning("%s: customer=%s strip: %s takes too long, left out for this mail",
                    delivery->queue_id, delivery->customer->name,
                    story->cuts.costly_pattern);
    log_info(
        "%s: outcome=%s customer=%s proof=%s sms=%zu sent=%zu refused=%zu parts=%u%s%s"
        "%s%s%s%s",
        delivery->queue_id, name_outcome(tally, delivery->recipient_count),
        delivery->customer->name, story->proof ? story->proof : "missing",
        delivery->recipient_count, tally->sent, tally->refused, story->size.parts, cut,
        api, deciding ? " status=" : "", deciding ? deciding->error.status : "",
        deciding ? " reason=" : "", deciding ? deciding->error.text : "");
}

enum verdict deliver_mail(struct api_client *client, struct delivery *delivery,
                          struct error *reason_out)
{
    struct story story = {.api_ms = -1};
    struct tally tally;
    enum verdict verdict;

    *reason_out = (struct error){.text = ""};
    if (sender_auth_check(delivery->config, delivery->customer, &delivery->evidence,
                          &story.proof, reason_out)) {
        convert_and_send(client, delivery, &story);
        tally = count_states(delivery);
        verdict = decide(delivery, &tally);
    } else {
        /* The whole mail, ordinary recipients or not: a bounce for the SMS alone would
         * go to the address that was forged. */
        fail_all(delivery, reason_out);
        tally = count_states(delivery);
        verdict = VERDICT_REJECT;
    }
    if (verdict == VERDICT_DEFER)
        *reason_out = find_deciding(delivery)->error;
    log_story(delivery, &story, &tally);
    return verdict;
}
