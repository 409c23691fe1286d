/* SPDX-License-Identifier: ISC */
#include "delivery/journal_rules.h"

#include <stdlib.h>
#include <string.h>

bool journal_verdict_is_open(enum mail_verdict verdict)
{
    return verdict == MAIL_VERDICT_NONE || verdict == MAIL_VERDICT_DEFERRED;
}

bool journal_row_counts(const struct journal_row *row, const struct journal_mail *mail,
                        int64_t now_s)
{
    int64_t age_s = llabs(now_s - row->updated_s); /* the clock may have been set */

    if (row->state == SMS_REFUSED && !journal_verdict_is_open(row->verdict))
        return false;
    return mail->identity != MAIL_IDENTITY_CONTENT ||
           (journal_verdict_is_open(row->verdict) && age_s <= mail->retry_window_s);
}

void journal_claim_new(struct journal_sms *sms)
{
    sms->claim = CLAIM_SEND;
    sms->state = SMS_SENDING;
    sms->charge = (struct charge){.is_made = false};
    *sms->api_message_id = '\0';
    sms->error = (struct error){.text = ""};
}

static void keep(const struct journal_row *row, enum claim claim,
                 struct journal_sms *sms)
{
    sms->claim = claim;
    sms->state = row->state;
    sms->charge = (struct charge){.is_made = false};
    memcpy(sms->api_message_id, row->api_message_id, sizeof sms->api_message_id);
    sms->error = row->error;
    sms->error.kind = ERROR_REFUSED;
}

static void refuse_unknown(const struct journal_row *row, struct journal_sms *sms)
{
    keep(row, CLAIM_REFUSED, sms);
    sms->state = SMS_UNKNOWN;
    error_set(&sms->error, ERROR_REFUSED, "5.4.2",
              "an earlier try of this mail may have been sent as an SMS, so it is not "
              "sent again (on-unknown)");
}

/* No session has in hand what is "sending" here, and what a dead daemon left is
 * "unknown" since the start: its claim was reported as failed, or its outcome was lost
 * for want of memory, or an older copy of the journal was put in place. Nobody knows
 * which. */
void journal_decide(const struct journal_row *row, const struct journal_mail *mail,
                    struct journal_sms *sms)
{
    if (row->state == SMS_SENT)
        keep(row, CLAIM_SENT, sms);
    else if (row->state == SMS_REFUSED)
        keep(row, CLAIM_REFUSED, sms);
    else if ((row->state == SMS_UNKNOWN || row->state == SMS_SENDING) &&
             mail->on_unknown == ON_UNKNOWN_REFUSE)
        refuse_unknown(row, sms);
    else
        journal_claim_new(sms);
}

/* ---- limits ---- */

bool journal_is_to_charge(const struct journal_row *row,
                          const struct journal_mail *mail,
                          const struct journal_sms *sms)
{
    return sms->claim == CLAIM_SEND && row->charged_s == 0 &&
           rate_limit_is_set(&mail->limits);
}

void journal_charge(const struct journal_mail *mail, struct spending *spending,
                    struct journal_sms *sms)
{
    if (rate_limit_charge(&mail->limits, mail->parts, spending, &sms->charge,
                          &sms->error))
        return;
    sms->claim = CLAIM_REFUSED;
    sms->state = sms->error.kind == ERROR_TEMPORARY ? SMS_FAILED : SMS_REFUSED;
}

bool journal_is_to_give_back(const struct journal_sms *sms)
{
    return sms->charge.is_made &&
           (sms->state == SMS_FAILED || sms->state == SMS_REFUSED);
}
