/* SPDX-License-Identifier: ISC */
#include "journal/journal_rules.h"

#include <stdlib.h>
#include <string.h>

bool journal_verdict_is_open(enum mail_verdict verdict)
{
    return verdict == MAIL_VERDICT_NONE || verdict == MAIL_VERDICT_DEFERRED;
}

const struct digest *journal_signed_key(const struct journal_mail *mail,
                                        const struct journal_sms *sms)
{
    if (sms->has_signed_key)
        return &sms->signed_key;
    return mail->identity == MAIL_IDENTITY_SIGNATURE ? &sms->key : NULL;
}

/* The last try of a mail comes a little after the time at which its mail server gives
 * up, and times are cut to seconds. */
static int64_t duplicate_window_s(const struct journal_mail *mail,
                                  const struct journal_row *row)
{
    int64_t window_s = mail->duplicate_window_s;

    return journal_verdict_is_open(row->verdict) ? window_s + window_s / 1000
                                                 : window_s;
}

/* The clock may have been set back. A record that lies in the future then still counts,
 * so that nothing is sent again; but not for a mail that only its content identifies,
 * because another alarm could be lost. */
bool journal_row_counts(const struct journal_row *row, const struct journal_mail *mail,
                        int64_t now_s)
{
    int64_t age_s = now_s - row->updated_s;

    if (row->state == SMS_REFUSED && !journal_verdict_is_open(row->verdict))
        return false;
    if (mail->identity == MAIL_IDENTITY_CONTENT)
        return !row->is_in_hand && llabs(age_s) <= mail->retry_window_s;
    return age_s <= duplicate_window_s(mail, row);
}

/* The record with the lowest rank decides. */
static int rank(const struct journal_row *row, const struct journal_mail *mail)
{
    static const int by_need[] = {[SMS_FAILED] = 0,
                                  [SMS_SENDING] = 1,
                                  [SMS_UNKNOWN] = 1,
                                  [SMS_SENT] = 2,
                                  [SMS_REFUSED] = 3};
    static const int by_success[] = {[SMS_SENT] = 0,
                                     [SMS_SENDING] = 1,
                                     [SMS_UNKNOWN] = 1,
                                     [SMS_FAILED] = 2,
                                     [SMS_REFUSED] = 3};

    return mail->identity == MAIL_IDENTITY_CONTENT ? by_need[row->state]
                                                   : by_success[row->state];
}

/* For mails identified by content the oldest record is better, so that all numbers of a
 * mail take over the records of one earlier mail. */
bool journal_row_is_better(const struct journal_row *row,
                           const struct journal_row *other,
                           const struct journal_mail *mail)
{
    int difference = rank(row, mail) - rank(other, mail);

    if (difference != 0)
        return difference < 0;
    return mail->identity == MAIL_IDENTITY_CONTENT ? row->id < other->id
                                                   : row->id > other->id;
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
    error_set(
        &sms->error, ERROR_REFUSED, "5.4.2",
        "this SMS may have been sent by an earlier try of this mail, so it is not "
        "sent again (on-unknown)");
}

/* A record that is still "sending" here is in no session's hand, and what a dead daemon
 * left became "unknown" at the start. So either its claim was reported as failed, or
 * its outcome was lost because there was no memory, or somebody restored an older copy
 * of the journal. It cannot be known which. */
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

bool journal_may_be_kept(const struct journal_sms *sms)
{
    return sms->claim == CLAIM_SENT ||
           (sms->claim == CLAIM_REFUSED && sms->state == SMS_UNKNOWN);
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
