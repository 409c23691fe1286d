/* SPDX-License-Identifier: ISC */
#include "delivery/deliver.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/log.h"
#include "delivery/convert.h"
#include "delivery/send.h"
#include "delivery/verdict.h"
#include "text/cuts.h"
#include "text/sms_parts.h"

/* What the story has found out, for its log line. */
struct story {
    struct sender_proof proof;
    struct sms_parts size;
    struct cuts cuts;
    long api_ms; /* -1: the API was not asked */
};

/* ---- the story ---- */

static enum verdict refuse(const struct delivery_services *services,
                           struct delivery *delivery, const struct error *why)
{
    verdict_fail_all(delivery, why);
    return send_refusal(services, delivery);
}

static enum verdict discard(struct delivery *delivery)
{
    for (size_t i = 0; i < delivery->recipient_count; i++)
        delivery->recipients[i].state = RECIPIENT_DISCARDED;
    return verdict_decide(delivery);
}

static enum verdict convert_and_send(const struct delivery_services *services,
                                     struct delivery *delivery, struct story *story)
{
    const struct conversion conversion = {
        .mail = delivery->mail,
        .size_bytes = delivery->mail_size_bytes,
        .is_mail_cut = delivery->is_mail_cut,
        .auto_replies = delivery->customer->auto_replies,
        .text = &delivery->customer->text,
        .customer = delivery->customer->name,
        .sender = delivery->sender,
        .queue_id = delivery->queue_id,
    };
    enum verdict verdict = VERDICT_DEFER;
    struct sms_text *sms;
    struct mail_key key;
    struct error why;

    switch (convert_mail(&conversion, &story->cuts, &sms, &key, &why)) {
    case CONVERSION_SMS:
        story->size = *sms_text_size(sms);
        verdict = send_sms(services, delivery, sms, &key, &story->api_ms);
        break;
    case CONVERSION_DISCARD:
        verdict = discard(delivery);
        break;
    case CONVERSION_FAILED:
        verdict = refuse(services, delivery, &why);
        break;
    }
    sms_text_free(&sms);
    return verdict;
}

/* ---- its line in the log ---- */

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
    const struct delivery_recipient *deciding = verdict_find_deciding(delivery);
    char api[48] = "", cut[128] = "", earlier[48] = "", rule[SENDER_RULE_SIZE + 16] = "";

    if (tally->earlier > 0)
        snprintf(earlier, sizeof earlier, " earlier=%zu", tally->earlier);
    if (!story->proof.method)
        snprintf(rule, sizeof rule, " rule=\"%s\"", story->proof.rule);
    if (story->api_ms >= 0)
        snprintf(api, sizeof api, " api_ms=%ld", story->api_ms);
    name_cuts(&story->cuts, cut, sizeof cut);
    if (story->cuts.costly_pattern)
        log_warning("%s: customer=%s strip: %s takes too long, left out for this mail",
                    delivery->queue_id, delivery->customer->name,
                    story->cuts.costly_pattern);
    log_info(
        "%s: outcome=%s customer=%s proof=%s%s sms=%zu sent=%zu%s refused=%zu parts=%u"
        "%s%s%s%s%s%s",
        delivery->queue_id, verdict_name_outcome(tally, delivery->recipient_count),
        delivery->customer->name, story->proof.method ? story->proof.method : "missing", rule,
        delivery->recipient_count, tally->sent, earlier, tally->refused,
        story->size.parts, cut, api, deciding ? " status=" : "",
        deciding ? deciding->error.status : "", deciding ? " reason=" : "",
        deciding ? deciding->error.text : "");
}

/* ---- who sent it ---- */

/* Returns false without memory. */
static bool collect_evidence(const struct delivery *delivery,
                             struct sender_evidence *evidence_out)
{
    const char **numbers = calloc(delivery->recipient_count, sizeof *numbers);

    *evidence_out = delivery->evidence;
    evidence_out->mail = delivery->mail;
    evidence_out->mail_size_bytes = delivery->mail_size_bytes;
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
    struct tally tally;
    enum verdict verdict;

    *reason_out = (struct error){.text = ""};
    if (authenticate(delivery, &story, reason_out)) {
        verdict = convert_and_send(services, delivery, &story);
    } else {
        /* The whole mail, ordinary recipients or not: a bounce for the SMS alone would
         * go to the address that was forged. Nor does it get into the journal: a flood
         * of such mails must not fill it. */
        verdict_fail_all(delivery, reason_out);
        verdict = reason_out->kind == ERROR_REFUSED ? VERDICT_REJECT : VERDICT_DEFER;
    }
    if (verdict == VERDICT_DEFER)
        *reason_out = verdict_find_deciding(delivery)->error;
    tally = verdict_count(delivery);
    log_story(delivery, &story, &tally);
    return verdict;
}
