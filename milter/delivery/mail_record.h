/* SPDX-License-Identifier: ISC */
/* Writes what happened to a mail: one line for the mail in the log, after one line for
 * each of its numbers; and one line for each SMS in the customer's audit log.
 * sms-milter(8), "Diagnostics", explains the words. */
#ifndef SMS_MILTER_DELIVERY_MAIL_RECORD_H
#define SMS_MILTER_DELIVERY_MAIL_RECORD_H

#include "delivery/delivery.h"
#include "delivery/mail_key.h"
#include "envelope/sender_auth.h"
#include "text/cuts.h"
#include "text/sms/sms_parts.h"

/* What was found out about a mail, apart from the outcome of each recipient. */
struct story {
    struct sender_proof proof;
    struct sms_parts size;
    struct cuts cuts;
    long api_ms;                       /* -1: the API was not asked */
    char message_id[MAIL_KEY_ID_SIZE]; /* "" if it has none, or was not read */
};

/* Writes both logs. Call it as the very last step. */
void mail_record_write(const struct delivery *delivery, const struct story *story);

#endif
