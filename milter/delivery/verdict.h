/* SPDX-License-Identifier: ISC */
/* What became of the SMS of a mail, and what the mail server is told. */
#ifndef SMS_MILTER_DELIVERY_VERDICT_H
#define SMS_MILTER_DELIVERY_VERDICT_H

#include "delivery/deliver.h"
#include "journal/journal_record.h"

/* How many of a mail's SMS ended how. */
struct tally {
    size_t sent, earlier; /* earlier: of those sent, by an earlier try */
    size_t discarded, refused, temporary, uncertain;
    size_t perhaps_sent; /* of those refused, by an earlier try */
};

/* Lets one SMS fail. */
void verdict_fail(struct delivery_recipient *recipient, const struct error *why);

/* Lets all SMS of a mail fail for one reason. */
void verdict_fail_all(struct delivery *delivery, const struct error *why);

/* The state of an SMS in the journal. One that is discarded never gets there. */
enum sms_state verdict_state(const struct delivery_recipient *recipient);

struct tally verdict_count(const struct delivery *delivery);

/* One temporary failure defers the mail: the retry sends what is missing. */
enum verdict verdict_decide(const struct delivery *delivery);

/* The same for the journal. */
enum mail_verdict verdict_for_journal(enum verdict verdict);

/* The first failure that decides the mail. An SMS that may have been sent decides
 * before other temporary failures, as the sender must hear of it, and these before a
 * refusal. NULL if there is none. */
const struct delivery_recipient *verdict_find_deciding(const struct delivery *delivery);

/* What became of one SMS, and of a mail, in the words of sms-milter(8), "Outcomes":
 * string constants. A mail's is the worst of its SMS, and the counts say the rest. */
const char *verdict_name_state(const struct delivery_recipient *recipient);
const char *verdict_name_outcome(const struct tally *tally);

#endif
