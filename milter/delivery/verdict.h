/* SPDX-License-Identifier: ISC */
/* Summarises the outcomes of a mail's SMS, and decides what the mail server is told. */
#ifndef SMS_MILTER_DELIVERY_VERDICT_H
#define SMS_MILTER_DELIVERY_VERDICT_H

#include "delivery/delivery.h"
#include "journal/journal_record.h"

/* How many SMS of a mail had each outcome. */
struct tally {
    size_t sent, earlier; /* earlier: part of sent, by an earlier try */
    size_t discarded, refused, temporary, uncertain;
    size_t perhaps_sent; /* part of refused: an earlier try may have sent them */
};

/* Marks one SMS as failed. */
void verdict_fail(struct delivery_recipient *recipient, const struct error *why);

/* Marks all SMS of a mail as failed for one reason. */
void verdict_fail_all(struct delivery *delivery, const struct error *why);

/* The state of an SMS in the journal. A discarded SMS is never in the journal. */
enum sms_state verdict_state(const struct delivery_recipient *recipient);

struct tally verdict_count(const struct delivery *delivery);

/* One temporary failure defers the mail; the retry sends what is missing. */
enum verdict verdict_decide(const struct delivery *delivery);

/* The verdict in the form of the journal. */
enum mail_verdict verdict_for_journal(enum verdict verdict);

/* The first failure that decides about the mail. An SMS that may have been sent comes
 * before other temporary failures, because the sender must learn of it, and these come
 * before a refusal. NULL if there is no failure. */
const struct delivery_recipient *verdict_find_deciding(const struct delivery *delivery);

/* The outcome of one SMS, and of a mail, in the words of sms-milter(8), "Outcomes":
 * string constants. A mail has the worst outcome of its SMS; the counts say the
 * rest. */
const char *verdict_name_state(const struct delivery_recipient *recipient);
const char *verdict_name_outcome(const struct tally *tally);

#endif
