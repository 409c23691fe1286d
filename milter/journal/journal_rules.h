/* SPDX-License-Identifier: ISC */
/* What a try does with an SMS that the journal knows from an earlier one.
 *
 * Which records are of the same SMS:
 *
 * Message-ID. Those with its key that were last changed within duplicate-window. A
 * copy of a mail that is finished changes its record no more, so that a device that
 * gives all its mails one Message-ID and says the same each day is heard again after
 * the window; each retry of a mail that is deferred does, so that it is known until its
 * mail server gives up, and a thousandth longer, as the last try comes a little late.
 *
 * Content. Those with its key that no living session has in hand and that were last
 * changed within retry-window. When its mail is finished a record loses its key, so
 * that what is found belongs to a mail that was deferred, or whose verdict was never
 * written (the daemon died), or that a signed copy has finished before its retry came.
 * Each retry takes over one record: of ten identical alarms that were deferred each of
 * ten retries finds one, whichever, and ten that come at one moment find none and are
 * sent each. A record that still needs a request is taken before one that needs none.
 *
 * Signature. Those with its key as key or signed_key, that were last changed within the
 * longer one of duplicate-window and replay-window (and an hour for clocks that
 * differ). So a mail that was sent by login, without a signature, is known when it is
 * brought back with one. Of several the one that was sent decides.
 *
 * A refusal counts for all of them while the mail is deferred for another of its
 * numbers. When its sender has been told, and sends the mail again all the same,
 * something may have been mended; and the bounce that tells it may still be under way,
 * and needs the record as it is. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_RULES_H
#define SMS_MILTER_JOURNAL_JOURNAL_RULES_H

#include "journal/journal_mail.h"

/* What decides of a record. */
struct journal_row {
    int64_t id;      /* above 0 */
    bool is_in_hand; /* of a session that lives */
    enum sms_state state;
    enum mail_verdict verdict;
    int64_t updated_s;
    int64_t charged_s; /* 0: it is not */
    char api_message_id[JOURNAL_API_ID_SIZE];
    struct error error; /* its status and text */
};

/* Whether the mail is expected to come again. */
bool journal_verdict_is_open(enum mail_verdict verdict);

/* What a signed copy of the SMS is known by; NULL: nothing. Borrowed from sms. */
const struct digest *journal_signed_key(const struct journal_mail *mail,
                                        const struct journal_sms *sms);

/* Whether a record that was found by one of its keys is of this mail. */
bool journal_row_counts(const struct journal_row *row, const struct journal_mail *mail,
                        int64_t now_s);

/* Whether a record decides rather than the other, where both count. */
bool journal_row_is_better(const struct journal_row *row,
                           const struct journal_row *other,
                           const struct journal_mail *mail);

/* Sets what is to be done with the SMS, by a record that counts. */
void journal_decide(const struct journal_row *row, const struct journal_mail *mail,
                    struct journal_sms *sms);

/* The same for an SMS that the journal does not know. */
void journal_claim_new(struct journal_sms *sms);

/* Whether the claim has found that nothing is left to do, so that the record stays as
 * it is where its mail is finished. A limit that refuses is another story. */
bool journal_may_be_kept(const struct journal_sms *sms);

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
