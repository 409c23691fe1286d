/* SPDX-License-Identifier: ISC */
#include "delivery/journal_rules.h"

#include <string.h>

bool journal_verdict_is_open(enum mail_verdict verdict)
{
    return verdict == MAIL_VERDICT_NONE || verdict == MAIL_VERDICT_DEFERRED;
}

bool journal_row_counts(const struct journal_row *row, const struct journal_mail *mail,
                        int64_t now_s)
{
    return !mail->is_of_content || (journal_verdict_is_open(row->verdict) &&
                                    now_s - row->updated_s <= mail->retry_window_s);
}

void journal_claim_new(struct journal_sms *sms)
{
    sms->claim = CLAIM_SEND;
    sms->state = SMS_SENDING;
    *sms->api_message_id = '\0';
    sms->error = (struct error){.text = ""};
}

static void keep(const struct journal_row *row, enum claim claim,
                 struct journal_sms *sms)
{
    sms->claim = claim;
    sms->state = row->state;
    memcpy(sms->api_message_id, row->api_message_id, sizeof sms->api_message_id);
    sms->error = row->error;
    sms->error.kind = ERROR_REFUSED;
}

static void refuse_unknown(const struct journal_row *row, struct journal_sms *sms)
{
    keep(row, CLAIM_REFUSED, sms);
    error_set(&sms->error, ERROR_REFUSED, "5.4.2",
              "an earlier try of this mail may have been sent as an SMS, so it is not "
              "sent again (on-unknown)");
}

/* A refusal stands while the mail is put off for another of its numbers. When its
 * sender has been told, and sends it again all the same, something may have been
 * mended.
 *
 * "sending" is what a claim left whose commit was reported as failed, and nothing was
 * sent for it: no other session has the SMS in hand, and what a dead daemon left is
 * "unknown" since the start of this one. */
void journal_decide(const struct journal_row *row, const struct journal_mail *mail,
                    struct journal_sms *sms)
{
    if (row->state == SMS_SENT)
        keep(row, CLAIM_SENT, sms);
    else if (row->state == SMS_REFUSED && journal_verdict_is_open(row->verdict))
        keep(row, CLAIM_REFUSED, sms);
    else if (row->state == SMS_UNKNOWN && mail->on_unknown == ON_UNKNOWN_REFUSE)
        refuse_unknown(row, sms);
    else
        journal_claim_new(sms);
}
