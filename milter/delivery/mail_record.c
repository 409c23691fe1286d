/* SPDX-License-Identifier: ISC */
#include "delivery/mail_record.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "delivery/audit.h"
#include "delivery/verdict.h"

/* ---- the log ---- */

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

static void write_log(const struct delivery *delivery, const struct story *story)
{
    const struct tally tally = verdict_count(delivery);
    const struct delivery_recipient *deciding = verdict_find_deciding(delivery);
    char api[48] = "", cut[128] = "", earlier[48] = "",
         rule[SENDER_RULE_SIZE + 16] = "";

    if (tally.earlier > 0)
        snprintf(earlier, sizeof earlier, " earlier=%zu", tally.earlier);
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
        delivery->queue_id, verdict_name_outcome(&tally, delivery->recipient_count),
        delivery->customer->name, story->proof.method ? story->proof.method : "missing",
        rule, delivery->recipient_count, tally.sent, earlier, tally.refused,
        story->size.parts, cut, api, deciding ? " status=" : "",
        deciding ? deciding->error.status : "", deciding ? " reason=" : "",
        deciding ? deciding->error.text : "");
}

/* ---- the audit log ---- */

static const char *name_outcome(const struct delivery_recipient *recipient)
{
    if (recipient->state == RECIPIENT_DISCARDED)
        return "discarded";
    if (recipient->state == RECIPIENT_SENT && recipient->is_earlier)
        return "sent-earlier";
    return sms_state_name(verdict_state(recipient));
}

/* What all events of the mail have in common. */
static struct audit_event describe_mail(const struct delivery *delivery,
                                        const struct story *story,
                                        char client[NETWORK_PEER_SIZE])
{
    network_name_peer(delivery->evidence.peer, client);
    return (struct audit_event){
        .sender = delivery->sender,
        .client = client,
        .login = delivery->evidence.login,
        .proof = story->proof.method,
        .rule = story->proof.rule,
        .queue_id = delivery->queue_id,
        .message_id = story->message_id,
    };
}

static void audit_recipient(const struct delivery *delivery,
                            const struct delivery_recipient *recipient,
                            struct audit_event event, unsigned parts)
{
    event.event = "sms";
    event.number = recipient->number.e164;
    event.parts = parts;
    event.outcome = name_outcome(recipient);
    event.api_message_id = recipient->api_message_id;
    if (recipient->state == RECIPIENT_FAILED) {
        event.status = recipient->error.status;
        event.reason = recipient->error.text;
    }
    audit_write(delivery->customer, &event);
}

static void write_audit(const struct delivery *delivery, const struct story *story)
{
    char client[NETWORK_PEER_SIZE];
    struct audit_event event = describe_mail(delivery, story, client);

    for (size_t i = 0; i < delivery->recipient_count && story->proof.method; i++)
        audit_recipient(delivery, &delivery->recipients[i], event, story->size.parts);
    if (story->proof.method)
        return;
    event.event = "mail-refused";
    event.outcome = name_outcome(&delivery->recipients[0]);
    event.status = delivery->recipients[0].error.status;
    audit_write(delivery->customer, &event);
}

void mail_record_write(const struct delivery *delivery, const struct story *story)
{
    write_log(delivery, story);
    write_audit(delivery, story);
}
