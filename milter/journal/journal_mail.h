/* SPDX-License-Identifier: ISC */
/* A mail and its SMS, as a session tells the journal of them and as the journal
 * answers. The journal, its rules and its backends all speak of these. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_MAIL_H
#define SMS_MILTER_JOURNAL_JOURNAL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/patience.h"
#include "config/config.h"
#include "journal/journal_record.h"
#include "journal/mail_identity.h"
#include "journal/rate_limit.h"

/* Octets for the API's id of an SMS, with the NUL. The API client cuts a longer id in
 * the same way. */
enum { JOURNAL_API_ID_SIZE = 128 };

/* What all SMS of a mail have in common. All pointers are borrowed. */
struct journal_mail {
    const char *customer;        /* its name */
    const char *sender;          /* MAIL FROM */
    const char *queue_id;        /* "" if the mail server gave none */
    const char *message_id;      /* "" if it has none of its own */
    enum mail_identity identity; /* decides, with the windows, which records belong to
                                    this mail: see journal_rules.h */
    unsigned retry_window_s;
    unsigned duplicate_window_s; /* at least as long as a signed mail may be replayed */
    enum on_unknown on_unknown;
    unsigned parts;                /* of each of its SMS */
    struct spending_limits limits; /* each SMS is charged to these when it is claimed */
    /* How long the session waits until its job is on the disk, and who is told
     * meanwhile that it still waits. NULL: it waits without limit. */
    struct patience *patience;
};

/* What is to be done with an SMS. */
enum claim {
    CLAIM_SEND,   /* this session sends it, and no other one does */
    CLAIM_SENT,   /* an earlier try has sent it */
    CLAIM_REFUSED /* it is not sent: an earlier try was refused or may have sent it, or
                     a rate or quota is used up; error says which */
};

/* One SMS of a mail. */
struct journal_sms {
    const char *number; /* E.164, borrowed */
    struct digest key;
    struct digest signed_key; /* the key by which a signed copy of the mail finds it */
    bool has_signed_key;
    enum claim claim;     /* set by a claim */
    struct charge charge; /* set by a claim; for the journal alone */
    enum sms_state state; /* set by a claim, then by the session that sends it */
    char api_message_id[JOURNAL_API_ID_SIZE]; /* set like state; "" unless it is sent */
    struct error error;                       /* set like state; "" if it is sent */
    /* Which record it has, set by a claim; for the journal alone. */
    int64_t record_id; /* 0: it has no record yet */
    int64_t claim_id;  /* a random number: a record with the same id in another file has
                          another one */
};

#endif
