/* SPDX-License-Identifier: ISC */
/* Converts a complete mail into the SMS to send, or says why there is none. */
#ifndef SMS_MILTER_DELIVERY_CONVERT_H
#define SMS_MILTER_DELIVERY_CONVERT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "delivery/mail_key.h"
#include "envelope/sender_auth.h"
#include "text/cuts.h"
#include "text/mime/raw_mail.h"
#include "text/sms/sms_text.h"

/* The mail to convert, and how. Everything is borrowed. */
struct conversion {
    const struct raw_mail *mail;
    enum auto_replies auto_replies;
    const struct text_options *text;
    /* The other parts of the key. They are not read if no key is wanted. */
    const char *customer, *sender, *queue_id;
    struct reused_ids reused_ids;
    const struct sender_proof *proof;
};

enum conversion_result {
    CONVERSION_SMS,      /* *sms_out, which the caller frees, and *key_out are set */
    CONVERSION_DISCARD,  /* automatic mail that the administrator wants to drop */
    CONVERSION_UNPROVED, /* the proof of the sender does not cover what the mail says;
                          *err says why, for the log */
    CONVERSION_FAILED    /* *err says why */
};

/* Converts the mail. Adds to *cuts which parts of the mail are not in the SMS. *sms_out
 * is NULL if there is no SMS. key_out may be NULL. */
enum conversion_result convert_mail(const struct conversion *conversion,
                                    struct cuts *cuts, struct sms_text **sms_out,
                                    struct mail_key *key_out, struct error *err);

#endif
