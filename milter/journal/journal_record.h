/* SPDX-License-Identifier: ISC */
/* What the journal knows of one SMS: a mail and a number. Never its text, never a key.
 */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_RECORD_H
#define SMS_MILTER_JOURNAL_JOURNAL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum sms_state {
    SMS_SENDING, /* the request may have left, its outcome is not written yet */
    SMS_SENT,    /* the API queued it */
    SMS_REFUSED, /* it will not be sent, and its sender is told */
    SMS_FAILED,  /* certainly not sent; a retry may send it */
    SMS_UNKNOWN  /* perhaps sent: the answer was lost, or the daemon died waiting */
};

/* What the mail server was told about the mail at its latest try. */
enum mail_verdict {
    MAIL_VERDICT_NONE,     /* not written: the daemon died before; counts as deferred */
    MAIL_VERDICT_DEFERRED, /* 4xx: the mail comes again */
    MAIL_VERDICT_ACCEPTED, /* what was not sent is left for the mail server to bounce */
    MAIL_VERDICT_REJECTED  /* 5xx */
};

/* As the journal's file spells them: string constants. The names of verdicts, which
 * people read too, are "" for NONE. */
const char *sms_state_name(enum sms_state state);
const char *mail_verdict_name(enum mail_verdict verdict);

/* As people read it, in the words of sms-milter(8), "Outcomes": what the file calls
 * "failed" is "deferred" in the log, the audit log and the history. A string constant.
 */
const char *sms_state_word(enum sms_state state);

/* The other way round, of the file's names; of a name that is none the first. */
enum sms_state sms_state_read(const char *name);
enum mail_verdict mail_verdict_read(const char *name);

/* All strings are borrowed, and none is NULL. */
struct journal_record {
    const char *customer;
    const char *sender;     /* MAIL FROM */
    const char *number;     /* E.164 */
    const char *queue_id;   /* of the latest try, "" if the mail server gave none */
    const char *message_id; /* of the mail, "" if it has none; a long one is cut */
    enum sms_state state;
    enum mail_verdict verdict;
    const char *api_message_id; /* "" until it is sent */
    const char *status;         /* enhanced status code (RFC 3463) of reason, or "" */
    const char *reason;         /* why it was not sent, or "" */
    unsigned parts;
    unsigned attempts; /* requests begun */
    unsigned unknowns; /* how many of them nobody knows the outcome of */
    int64_t created_s; /* Unix time of the first try, and of the latest change */
    int64_t updated_s;
};

/* Which records are wanted: NULL and 0 are for all. */
struct journal_filter {
    const char *number; /* E.164 */
    const char *customer;
    const char *queue_id;
    const char *sender; /* upper and lower case of ASCII are one */
    const char *state;  /* sms_state_name() */
    int64_t since_s;    /* updated at or after that Unix time */
};

#endif
