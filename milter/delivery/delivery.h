/* SPDX-License-Identifier: ISC */
/* A complete mail: what is known of it, what became of its recipients, and what the
 * mail server is told. All files of this folder use it, so it stands below them. */
#ifndef SMS_MILTER_DELIVERY_DELIVERY_H
#define SMS_MILTER_DELIVERY_DELIVERY_H

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
    RECIPIENT_SENT,      /* the API queued the SMS, now or in an earlier try */
    RECIPIENT_DISCARDED, /* nothing was sent, as the administrator configured */
    RECIPIENT_FAILED,    /* error says why, and whether a retry may help */
};

/* One number of a mail. */
struct delivery_recipient {
    struct phone_number number;
    /* Set by deliver_mail(). */
    enum recipient_state state;
    bool is_earlier;      /* an earlier try of the mail sent it */
    bool is_perhaps_sent; /* an earlier try may have sent it; refused for that
                             (on-unknown) */
    char api_message_id[JOURNAL_API_ID_SIZE]; /* "" if not sent */
    char api_warning[256];                    /* the API's warning about a queued SMS */
    struct error error;
};

/* A complete mail. Everything is borrowed except what deliver_mail() sets. */
struct delivery {
    const struct config *config;
    const struct customer *customer;
    const char *sender;              /* MAIL FROM, not null */
    const char *queue_id;            /* "" if the mail server gave none */
    struct sender_evidence evidence; /* without mail, numbers and now_s */
    const struct raw_mail *mail;
    struct delivery_recipient *recipients; /* different numbers, at least one */
    size_t recipient_count;
    size_t ordinary_recipient_count; /* recipients of the mail that are not SMS */
    /* Gets reports that the mail is still waiting; all zero: no reports are wanted.
     * deliver_mail() sets its deadline. */
    struct patience patience;
};

/* What the mail server is told. */
enum verdict {
    VERDICT_ACCEPT,  /* the mail goes on without the recipients that were sent or
                        discarded */
    VERDICT_DISCARD, /* the mail has no recipients left */
    VERDICT_REJECT, /* 5xx; the reason is in *reason_out or in the recipients' errors */
    VERDICT_DEFER,  /* 4xx */
};

/* What all mails share. Borrowed; every thread may use it. */
struct delivery_services {
    struct api_client *client;
    struct journal *journal;
};

#endif
