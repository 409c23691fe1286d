/* SPDX-License-Identifier: ISC */
/* A mail at its end -> the SMS to send, or why there is none. */
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

/* What is to be converted, and how. All borrowed. */
struct conversion {
    const struct raw_mail *mail;
    enum auto_replies auto_replies;
    const struct text_options *text;
    /* What the key is made of besides; not read where none is wanted. */
    const char *customer, *sender, *queue_id;
    struct reused_ids reused_ids;
    const struct sender_proof *proof;
};

enum conversion_result {
    CONVERSION_SMS,      /* *sms_out is there, which the caller frees, and *key_out */
    CONVERSION_DISCARD,  /* automatic mail that the administrator wants dropped */
    CONVERSION_UNPROVED, /* what proves the sender does not stand for what the mail
                          * says; *err says why, for the log */
    CONVERSION_FAILED    /* *err says why */
};

/* Adds to *cuts what of the mail is not in the SMS. *sms_out is NULL where there is
 * none. key_out may be NULL. */
enum conversion_result convert_mail(const struct conversion *conversion,
                                    struct cuts *cuts, struct sms_text **sms_out,
                                    struct mail_key *key_out, struct error *err);

#endif
