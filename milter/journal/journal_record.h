/* SPDX-License-Identifier: ISC */
/* What the journal knows about one SMS, that is a mail and a number. It never knows the
 * text or an API key. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_RECORD_H
#define SMS_MILTER_JOURNAL_JOURNAL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum sms_state {
    SMS_SENDING, /* the request may have left; the outcome is not written yet */
    SMS_SENT,    /* the API has queued it */
    SMS_REFUSED, /* it will not be sent, and the sender is told so */
    SMS_FAILED,  /* certainly not sent; a retry may send it */
    SMS_UNKNOWN  /* perhaps sent: the answer was lost, or the daemon died while waiting
                  */
};

/* What the mail server was told about the mail at its latest try. */
enum mail_verdict {
    MAIL_VERDICT_NONE,     /* the daemon died before it wrote one; counts as deferred */
    MAIL_VERDICT_DEFERRED, /* 4xx: the mail server tries again */
    MAIL_VERDICT_ACCEPTED, /* the mail server bounces what was not sent */
    MAIL_VERDICT_REJECTED  /* 5xx */
};

/* The names that are written into the journal: string constants. That of
 * MAIL_VERDICT_NONE is "". People read the names of verdicts too. */
const char *sms_state_name(enum sms_state state);
const char *mail_verdict_name(enum mail_verdict verdict);

/* The word for people, as sms-milter(8), "Outcomes", has it: the state "failed" is
 * called "deferred" in the log, the audit log and the history. A string constant. */
const char *sms_state_word(enum sms_state state);

/* The state or verdict with this name; the first one if no other has it. */
enum sms_state sms_state_read(const char *name);
enum mail_verdict mail_verdict_read(const char *name);

/* All strings are borrowed, and none is NULL. */
struct journal_record {
    const char *customer;
    const char *sender;     /* MAIL FROM */
    const char *number;     /* E.164 */
    const char *queue_id;   /* of the latest try, "" if the mail server gave none */
    const char *message_id; /* of the mail; "" if it has none; a long one is cut */
    enum sms_state state;
    enum mail_verdict verdict;
    const char *api_message_id; /* "" until it is sent */
    const char *status;         /* enhanced status code (RFC 3463) of reason, or "" */
    const char *reason;         /* why it was not sent, or "" */
    unsigned parts;
    unsigned attempts; /* requests begun */
    unsigned unknowns; /* how many of these requests have an unknown outcome */
    int64_t created_s; /* Unix time: of the first try, and below of the latest change */
    int64_t updated_s;
};

/* Which records are wanted. A member that is NULL or 0 matches all records. */
struct journal_filter {
    const char *number; /* E.164 */
    const char *customer;
    const char *queue_id;
    const char *sender; /* case-insensitive in ASCII */
    const char *state;  /* sms_state_name() */
    int64_t since_s;    /* last changed at or after this Unix time */
};

#endif
