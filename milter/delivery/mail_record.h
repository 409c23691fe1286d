/* SPDX-License-Identifier: ISC */
/* What the log says of a mail, in one line, and of each of its numbers, in one line
 * before it; and the customer's audit log, in one for each SMS. sms-milter(8),
 * "Diagnostics", has the words. */
#ifndef SMS_MILTER_DELIVERY_MAIL_RECORD_H
#define SMS_MILTER_DELIVERY_MAIL_RECORD_H

#include "delivery/deliver.h"
#include "delivery/mail_key.h"
#include "envelope/sender_auth.h"
#include "text/cuts.h"
#include "text/sms/sms_parts.h"

/* What the story of a mail has found out besides what became of its recipients. */
struct story {
    struct sender_proof proof;
    struct sms_parts size;
    struct cuts cuts;
    long api_ms;                       /* -1: the API was not asked */
    char message_id[MAIL_KEY_ID_SIZE]; /* "" if it has none, or was not read */
};

/* Writes both, at the very end. */
void mail_record_write(const struct delivery *delivery, const struct story *story);

#endif
