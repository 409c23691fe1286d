/* SPDX-License-Identifier: ISC */
#include "delivery/deliver.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "delivery/convert.h"
#include "delivery/mail_record.h"
#include "delivery/send.h"
#include "delivery/verdict.h"

/* ---- the steps ---- */

static enum verdict refuse(const struct delivery_services *services,
                           struct delivery *delivery, const struct error *why)
{
    char message_id[MAIL_KEY_ID_SIZE];

    mail_key_read_id(&delivery->mail->header, delivery->queue_id, message_id);
    verdict_fail_all(delivery, why);
    return send_refusal(services, delivery, message_id);
}

/* Refuses the whole mail, even if it has ordinary recipients: a bounce for the SMS
 * alone would go to the forged address. The journal gets no record, so that a flood of
 * such mails cannot fill it. */
static enum verdict refuse_unproved(struct delivery *delivery, const struct error *why)
{
    verdict_fail_all(delivery, why);
    return why->kind == ERROR_REFUSED ? VERDICT_REJECT : VERDICT_DEFER;
}

static enum verdict discard(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->recipient_count; i++)
        delivery->recipients[i].state = RECIPIENT_DISCARDED;
    return verdict_decide(delivery);
}

static enum verdict convert_and_send(const struct delivery_services *services,
                                     struct delivery *delivery, struct story *story,
                                     struct error *reason_out)
{
    const struct conversion conversion = {
        .mail = delivery->mail,
        .auto_replies = delivery->customer->auto_replies,
        .text = &delivery->customer->text,
        .customer = delivery->customer->name,
        .sender = delivery->sender,
        .queue_id = delivery->queue_id,
        .reused_ids = {&delivery->config->reused_message_ids,
                       &delivery->customer->reused_message_ids},
        .proof = &story->proof,
    };
    enum verdict verdict = VERDICT_DEFER;
    struct sms_text *sms;
    struct mail_key key;
    struct error why;

    switch (convert_mail(&conversion, &story->cuts, &sms, &key, &why)) {
    case CONVERSION_SMS:
        story->size = *sms_text_size(sms);
        memcpy(story->message_id, key.message_id, sizeof story->message_id);
        verdict = send_sms(services, delivery, sms, &key, &story->api_ms);
        break;
    case CONVERSION_DISCARD:
        verdict = discard(delivery);
        break;
    case CONVERSION_UNPROVED:
        sender_auth_withdraw(&story->proof, &why, reason_out);
        verdict = refuse_unproved(delivery, reason_out);
        break;
    case CONVERSION_FAILED:
        verdict = refuse(services, delivery, &why);
        break;
    }
    sms_text_free(&sms);
    return verdict;
}

/* ---- who sent the mail ---- */

/* Returns false without memory. */
static bool collect_evidence(const struct delivery *delivery,
                             struct sender_evidence *evidence_out)
{
    const char **numbers = calloc(delivery->recipient_count, sizeof *numbers);

    *evidence_out = delivery->evidence;
    evidence_out->mail = delivery->mail;
    evidence_out->numbers = numbers;
    evidence_out->number_count = delivery->recipient_count;
    evidence_out->now_s = time(NULL);
    for (size_t i = 0; numbers && i < delivery->recipient_count; i++)
        numbers[i] = delivery->recipients[i].number.e164;
    return numbers != NULL;
}

static bool authenticate(const struct delivery *delivery, struct story *story,
                         struct error *err)
{
    struct sender_evidence evidence;
    bool is_proved;

    if (!collect_evidence(delivery, &evidence))
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    is_proved = sender_auth_check(delivery->config, delivery->customer, &evidence,
                                  &story->proof, err);
    free((void *)(uintptr_t)evidence.numbers);
    return is_proved;
}

enum verdict deliver_mail(const struct delivery_services *services,
                          struct delivery *delivery, struct error *reason_out)
{
    struct story story = {.api_ms = -1};
    enum verdict verdict;

    *reason_out = (struct error){.text = ""};
    if (authenticate(delivery, &story, reason_out)) {
        verdict = convert_and_send(services, delivery, &story, reason_out);
    } else {
        verdict = refuse_unproved(delivery, reason_out);
    }
    if (verdict == VERDICT_DEFER)
        *reason_out = verdict_find_deciding(delivery)->error;
    mail_record_write(delivery, &story);
    return verdict;
}
