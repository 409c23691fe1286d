/* SPDX-License-Identifier: ISC */
/* What a try does with an SMS that the journal knows from an earlier try.
 *
 * Which records belong to the same SMS depends on what identifies the mail:
 *
 * Message-ID. Records with the same key that were last changed within duplicate-window.
 * A copy of a finished mail does not change the record: a device that gives all its
 * mails one Message-ID and sends the same content each day can send an SMS again after
 * the window. A retry of a deferred mail does change it: such a mail is recognised
 * until its mail server gives up. The window of a deferred mail is longer by a
 * thousandth, because the last try comes a little late.
 *
 * Content. Records with the same key that no living session has in hand and that were
 * last changed within retry-window. A record loses its key when its mail is finished.
 * So a record that is found belongs to a mail that was deferred, or whose verdict was
 * never written because the daemon died, or that a signed copy has finished before the
 * retry came. Each retry takes over one record. If ten identical alarms were deferred,
 * each of ten retries finds one record, no matter which; if ten alarms come at one
 * moment, they find no record, and all are sent. A record that still needs a request is
 * taken before one that needs none.
 *
 * Signature. Records whose key or signed_key is the same and that were last changed
 * within duplicate-window or within replay-window, whichever is longer, plus an hour
 * for differences between clocks. So a mail that was sent with a login and without a
 * signature is recognised when somebody sends it again with a signature. If there are
 * several records, one that was sent decides.
 *
 * A refusal counts for all three as long as the mail is deferred because of another of
 * its numbers. If the sender has been told of the refusal and sends the mail again, the
 * cause may have been repaired, so the refusal does not count; and its record stays as
 * it is, because the bounce that needs it may still be under way. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_RULES_H
#define SMS_MILTER_JOURNAL_JOURNAL_RULES_H

#include "journal/journal_mail.h"

/* The members of a record that the rules need. */
struct journal_row {
    int64_t id;      /* above 0 */
    bool is_in_hand; /* of a living session */
    enum sms_state state;
    enum mail_verdict verdict;
    int64_t updated_s;
    int64_t charged_s; /* Unix time; 0: it was not charged */
    char api_message_id[JOURNAL_API_ID_SIZE];
    struct error error; /* status and text only */
};

/* Whether the mail server is expected to try the mail again. */
bool journal_verdict_is_open(enum mail_verdict verdict);

/* The key under which a signed copy of the SMS is found; NULL: none. Borrowed from sms.
 */
const struct digest *journal_signed_key(const struct journal_mail *mail,
                                        const struct journal_sms *sms);

/* Whether a record that was found by one of its keys belongs to this mail. */
bool journal_row_counts(const struct journal_row *row, const struct journal_mail *mail,
                        int64_t now_s);

/* Whether a record decides, and not the other one, if both belong to the mail. */
bool journal_row_is_better(const struct journal_row *row,
                           const struct journal_row *other,
                           const struct journal_mail *mail);

/* Sets what is to be done with the SMS, by a record that belongs to its mail. */
void journal_decide(const struct journal_row *row, const struct journal_mail *mail,
                    struct journal_sms *sms);

/* The same for an SMS that has no record. */
void journal_claim_new(struct journal_sms *sms);

/* Whether the claim has found that nothing is left to do. Then the record of a finished
 * mail stays as it is. That does not hold for a refusal by a rate or quota. */
bool journal_may_be_kept(const struct journal_sms *sms);

/* Whether this SMS is to be charged now; all else about it is decided before. An SMS
 * whose earlier try has an unknown outcome was charged for that try. */
bool journal_is_to_charge(const struct journal_row *row,
                          const struct journal_mail *mail,
                          const struct journal_sms *sms);

/* Charges an SMS, or marks it as not to be sent because it would exceed a limit. */
void journal_charge(const struct journal_mail *mail, struct spending *spending,
                    struct journal_sms *sms);

/* Whether what this try has charged for the SMS is to be given back, provided that no
 * earlier try may have sent it. */
bool journal_is_to_give_back(const struct journal_sms *sms);

#endif
