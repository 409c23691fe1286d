/* SPDX-License-Identifier: ISC */
/* What a try does with an SMS that the journal knows from an earlier one. */
#ifndef SMS_MILTER_DELIVERY_JOURNAL_RULES_H
#define SMS_MILTER_DELIVERY_JOURNAL_RULES_H

#include "delivery/journal.h"

/* What decides of a record. */
struct journal_row {
    int64_t id; /* above 0 */
    enum sms_state state;
    enum mail_verdict verdict;
    int64_t updated_s;
    int64_t charged_s; /* 0: it is not */
    char api_message_id[JOURNAL_API_ID_SIZE];
    struct error error; /* its status and text */
};

/* Whether the mail is expected to come again. */
bool journal_verdict_is_open(enum mail_verdict verdict);

/* Whether the record is of this mail. A mail that only its content identifies is a
 * retry while the earlier one was put off, and not too long ago; otherwise somebody
 * says the same again.
 *
 * A refusal counts while the mail is put off for another of its numbers. When its
 * sender has been told, and sends the mail again all the same, something may have been
 * mended; and the bounce that tells it may still be under way, and needs the record as
 * it is. */
bool journal_row_counts(const struct journal_row *row, const struct journal_mail *mail,
                        int64_t now_s);

/* Sets what is to be done with the SMS, by a record that counts. */
void journal_decide(const struct journal_row *row, const struct journal_mail *mail,
                    struct journal_sms *sms);

/* The same for an SMS that the journal does not know. */
void journal_claim_new(struct journal_sms *sms);

/* Whether this SMS, of which all else is decided, is to be charged now. One whose
 * earlier try nobody knows the outcome of has been. */
bool journal_is_to_charge(const struct journal_row *row,
                          const struct journal_mail *mail,
                          const struct journal_sms *sms);

/* Charges an SMS, or says that it is not to be sent as a limit has no room for it. */
void journal_charge(const struct journal_mail *mail, struct spending *spending,
                    struct journal_sms *sms);

/* Whether what this try has charged for the SMS is to be given back, if no earlier one
 * may have sent it. */
bool journal_is_to_give_back(const struct journal_sms *sms);

#endif
