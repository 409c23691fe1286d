/* SPDX-License-Identifier: ISC */
#include "delivery/mail_record.h"

#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "delivery/audit.h"
#include "delivery/verdict.h"

/* ---- the log ---- */

/* Writes " cut=quote,signature", or "". */
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

/* Logs one line for each number, before the line of the mail. */
static void log_number(const char *queue_id, const struct delivery_recipient *recipient)
{
    struct masked_number number = number_mask(recipient->number.e164);
    const struct error *why = &recipient->error;
    const char *word = verdict_name_state(recipient);

    if (recipient->state == RECIPIENT_SENT)
        log_info("%s: number=%s state=%s%s api_message_id=%s%s%s", queue_id,
                 number.text, word, recipient->is_earlier ? " earlier=1" : "",
                 recipient->api_message_id, *recipient->api_warning ? " warning=" : "",
                 recipient->api_warning);
    else if (recipient->state == RECIPIENT_DISCARDED)
        log_info("%s: number=%s state=%s", queue_id, number.text, word);
    else
        log_info("%s: number=%s state=%s status=%s reason=%s%s%s", queue_id,
                 number.text, word, why->status, why->text, *why->detail ? ": " : "",
                 why->detail);
}

/* Anyone may send thousands of unauthenticated mails with hundreds of numbers each. So
 * the line of such a mail names only the first few numbers, and the numbers get no
 * lines of their own. */
enum { NAMED_NUMBERS = 3 };

static void name_numbers(const struct delivery *delivery, char *text, size_t size_bytes)
{
    size_t used = 0, count = delivery->recipient_count;

    for (size_t i = 0; i < count && i < NAMED_NUMBERS; i++) {
        struct masked_number number = number_mask(delivery->recipients[i].number.e164);

        used += (size_t)snprintf(text + used, size_bytes - used, "%s%s",
                                 used ? "," : " number=", number.text);
    }
    if (count > NAMED_NUMBERS)
        snprintf(text + used, size_bytes - used, ",...");
}

/* Writes " deferred=1 unknown=2", each only if there are any. */
static void name_open(const struct tally *tally, char *text, size_t size_bytes)
{
    size_t perhaps_sent = tally->uncertain + tally->perhaps_sent;
    char deferred[32] = "", unknown[32] = "";

    if (tally->temporary > 0)
        snprintf(deferred, sizeof deferred, " deferred=%zu", tally->temporary);
    if (perhaps_sent > 0)
        snprintf(unknown, sizeof unknown, " unknown=%zu", perhaps_sent);
    snprintf(text, size_bytes, "%s%s", deferred, unknown);
}

/* Further parts of the mail's line, each with a space before it, or "". */
struct words {
    char rule[SENDER_RULE_SIZE + 16];
    char earlier[48], open[64], cut[128], api[48];
    char client[NETWORK_PEER_SIZE + 16];
    char numbers[32 + (NAMED_NUMBERS + 1) * sizeof(struct masked_number)];
};

static void find_words(const struct delivery *delivery, const struct story *story,
                       const struct tally *tally, struct words *words)
{
    char client[NETWORK_PEER_SIZE];

    *words = (struct words){.rule = ""};
    network_name_peer(delivery->evidence.peer, client);
    if (*client)
        snprintf(words->client, sizeof words->client, " client=%s", client);
    if (tally->earlier > 0)
        snprintf(words->earlier, sizeof words->earlier, " earlier=%zu", tally->earlier);
    if (story->api_ms >= 0)
        snprintf(words->api, sizeof words->api, " api_ms=%ld", story->api_ms);
    name_open(tally, words->open, sizeof words->open);
    name_cuts(&story->cuts, words->cut, sizeof words->cut);
    if (story->proof.method)
        return;
    snprintf(words->rule, sizeof words->rule, " rule=\"%s\"", story->proof.rule);
    name_numbers(delivery, words->numbers, sizeof words->numbers);
}

static void log_mail(const struct delivery *delivery, const struct story *story)
{
    const struct tally tally = verdict_count(delivery);
    const struct delivery_recipient *deciding = verdict_find_deciding(delivery);
    struct words words;

    find_words(delivery, story, &tally, &words);
    log_info("%s: outcome=%s customer=%s proof=%s%s sms=%zu sent=%zu%s refused=%zu%s "
             "parts=%u%s%s%s%s%s%s%s%s",
             delivery->queue_id, verdict_name_outcome(&tally), delivery->customer->name,
             story->proof.method ? story->proof.method : "missing", words.rule,
             delivery->recipient_count, tally.sent, words.earlier,
             tally.refused - tally.perhaps_sent, words.open, story->size.parts,
             words.cut, words.api, words.client, words.numbers,
             deciding ? " status=" : "", deciding ? deciding->error.status : "",
             deciding ? " reason=" : "", deciding ? deciding->error.text : "");
}

static void write_log(const struct delivery *delivery, const struct story *story)
{
    if (story->cuts.costly_pattern)
        log_warning(
            "%s: customer=%s strip: %s takes too long and was skipped for this mail",
            delivery->queue_id, delivery->customer->name, story->cuts.costly_pattern);
    for (size_t i = 0; i < delivery->recipient_count && story->proof.method; i++)
        log_number(delivery->queue_id, &delivery->recipients[i]);
    log_mail(delivery, story);
}

/* ---- the audit log ---- */

/* The members that all events of the mail have in common. */
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
    event.outcome = verdict_name_state(recipient);
    event.is_earlier = recipient->state == RECIPIENT_SENT && recipient->is_earlier;
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
    event.outcome = verdict_name_state(&delivery->recipients[0]);
    event.status = delivery->recipients[0].error.status;
    audit_write(delivery->customer, &event);
}

void mail_record_write(const struct delivery *delivery, const struct story *story)
{
    write_log(delivery, story);
    write_audit(delivery, story);
}
