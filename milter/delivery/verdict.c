/* SPDX-License-Identifier: ISC */
#include "delivery/verdict.h"

void verdict_fail(struct delivery_recipient *recipient, const struct error *why)
{
    recipient->state = RECIPIENT_FAILED;
    recipient->error = *why;
}

void verdict_fail_all(struct delivery *delivery, const struct error *why)
{
    for (size_t i = 0; i < delivery->recipient_count; i++)
        verdict_fail(&delivery->recipients[i], why);
}

enum sms_state verdict_state(const struct delivery_recipient *recipient)
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

struct tally verdict_count(const struct delivery *delivery)
{
    struct tally tally = {0};

    for (size_t i = 0; i < delivery->recipient_count; i++) {
        const struct delivery_recipient *recipient = &delivery->recipients[i];

        tally.sent += recipient->state == RECIPIENT_SENT;
        tally.earlier += recipient->state == RECIPIENT_SENT && recipient->is_earlier;
        tally.discarded += recipient->state == RECIPIENT_DISCARDED;
        if (recipient->state != RECIPIENT_FAILED)
            continue;
        tally.refused += recipient->error.kind == ERROR_REFUSED;
        tally.perhaps_sent += recipient->is_perhaps_sent;
        tally.temporary += recipient->error.kind == ERROR_TEMPORARY;
        tally.uncertain += recipient->error.kind == ERROR_UNCERTAIN;
    }
    return tally;
}

static const struct delivery_recipient *find_failure(const struct delivery *delivery,
                                                     enum error_kind kind)
{
    for (size_t i = 0; i < delivery->recipient_count; i++) {
        const struct delivery_recipient *recipient = &delivery->recipients[i];

        if (recipient->state == RECIPIENT_FAILED && recipient->error.kind == kind)
            return recipient;
    }
    return NULL;
}

const struct delivery_recipient *verdict_find_deciding(const struct delivery *delivery)
{
    static const enum error_kind kinds[] = {ERROR_UNCERTAIN, ERROR_TEMPORARY,
                                            ERROR_REFUSED};
    const struct delivery_recipient *deciding = NULL;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds && !deciding; i++)
        deciding = find_failure(delivery, kinds[i]);
    return deciding;
}

enum verdict verdict_decide(const struct delivery *delivery)
{
    const struct tally tally = verdict_count(delivery);
    size_t gone = tally.sent + tally.discarded;

    if (tally.temporary + tally.uncertain > 0)
        return VERDICT_DEFER;
    if (tally.refused == delivery->recipient_count &&
        delivery->ordinary_recipient_count == 0)
        return VERDICT_REJECT;
    if (gone == delivery->recipient_count && delivery->ordinary_recipient_count == 0)
        return VERDICT_DISCARD;
    return VERDICT_ACCEPT; /* the mail server bounces the refused recipients, which stay
                            */
}

enum mail_verdict verdict_for_journal(enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_ACCEPT:
    case VERDICT_DISCARD:
        return MAIL_VERDICT_ACCEPTED;
    case VERDICT_REJECT:
        return MAIL_VERDICT_REJECTED;
    case VERDICT_DEFER:
        break;
    }
    return MAIL_VERDICT_DEFERRED;
}

const char *verdict_name_state(const struct delivery_recipient *recipient)
{
    if (recipient->state == RECIPIENT_DISCARDED)
        return "discarded";
    if (recipient->is_perhaps_sent)
        return sms_state_word(SMS_UNKNOWN);
    return sms_state_word(verdict_state(recipient));
}

const char *verdict_name_outcome(const struct tally *tally)
{
    if (tally->uncertain + tally->perhaps_sent > 0)
        return "unknown";
    if (tally->temporary > 0)
        return "deferred";
    if (tally->refused > 0)
        return "refused";
    return tally->sent > 0 ? "sent" : "discarded";
}
