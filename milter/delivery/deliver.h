/* SPDX-License-Identifier: ISC */
/* The end of a message, told as a story: may it be sent, what does it say, send it, and
 * what does its sender get to hear. */
#ifndef SMS_MILTER_DELIVERY_DELIVER_H
#define SMS_MILTER_DELIVERY_DELIVER_H

#include <stdbool.h>
#include <stddef.h>

#include "api/api_client.h"
#include "base/error.h"
#include "base/patience.h"
#include "config/config.h"
#include "envelope/number.h"
#include "envelope/sender_auth.h"
#include "journal/journal.h"
#include "text/mime/raw_mail.h"

enum recipient_state {
    RECIPIENT_SENT,      /* the API queued the SMS, now or at an earlier try */
    RECIPIENT_DISCARDED, /* nothing was sent, as the administrator wishes */
    RECIPIENT_FAILED,    /* error says why, and whether a retry may help */
};

/* One number of a mail. */
struct delivery_recipient {
    struct phone_number number;
    /* Set by deliver_mail(). */
    enum recipient_state state;
    bool is_earlier;      /* an earlier try of the mail sent it */
    bool is_perhaps_sent; /* by an earlier try, and refused for that (on-unknown) */
    char api_message_id[JOURNAL_API_ID_SIZE]; /* "" unless it is sent */
    char api_warning[256];                    /* the API's remark on one it queued */
    struct error error;
};

/* A mail at its end of message. All borrowed but what deliver_mail() sets. */
struct delivery {
    const struct config *config;
    const struct customer *customer;
    const char *sender;              /* MAIL FROM, not null */
    const char *queue_id;            /* "" if the mail server gave none */
    struct sender_evidence evidence; /* without mail, numbers and now_s */
    const struct raw_mail *mail;
    struct delivery_recipient *recipients; /* different numbers, at least one */
    size_t recipient_count;
    size_t ordinary_recipient_count; /* those of the mail that are not ours */
    /* Who hears that the mail still waits; all zero: nobody wants to. Its deadline is
     * set by deliver_mail(). */
    struct patience patience;
};

/* What the mail server is told. */
enum verdict {
    VERDICT_ACCEPT,  /* the mail goes on, without the recipients sent or discarded */
    VERDICT_DISCARD, /* nobody is left for the mail to go to */
    VERDICT_REJECT,  /* 5xx; *reason_out says why, or the recipients' errors do */
    VERDICT_DEFER,   /* 4xx */
};

/* What all mails share: borrowed, and safe for every thread. */
struct delivery_services {
    struct api_client *client;
    struct journal *journal;
};

/* Sends those of a mail's SMS that no earlier try has sent, waits for the outcome, and
 * logs it in one line. Sets the state of each recipient. *reason_out is the error of
 * VERDICT_REJECT and VERDICT_DEFER that stands for the whole mail, "" for text where
 * the recipients have reasons of their own. */
enum verdict deliver_mail(const struct delivery_services *services,
                          struct delivery *delivery, struct error *reason_out);

#endif
