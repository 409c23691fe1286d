/* SPDX-License-Identifier: ISC */
/* What a customer's audit-log says: who did what, from where, proved how, with which
 * outcome. One line of JSON an event; sms-milter.conf(5) names its members. */
#ifndef SMS_MILTER_DELIVERY_AUDIT_H
#define SMS_MILTER_DELIVERY_AUDIT_H

#include <stdbool.h>

#include "config/config.h"

/* All borrowed. What is NULL, "" or 0 is left out. Any octets may stand in a text: what
 * is no UTF-8 becomes U+FFFD. The text of the mail is none of them. */
struct audit_event {
    /* "sms": one SMS and its outcome; "recipient-refused": at RCPT; "mail-refused": the
     * sender was not authenticated. */
    const char *event;
    const char *sender;
    const char *client; /* its address */
    const char *login;
    const char *proof;  /* the method of sender-auth that held */
    const char *rule;   /* why, where none held or something was refused */
    const char *number; /* E.164 */
    unsigned parts;
    const char *outcome; /* sent, refused, deferred, unknown, discarded */
    bool is_earlier;     /* an earlier try of the mail sent it */
    const char *status;  /* enhanced status code */
    const char *reason;
    const char *queue_id;
    const char *message_id; /* of the mail */
    const char *api_message_id;
};

/* A line in all, with its line feed. Texts that are longer than their share of it are
 * cut at a character. */
enum { AUDIT_LINE_MAX_BYTES = 4096 };

/* Appends the event to the customer's audit-log, if it has one; any thread. A line that
 * cannot be written is told in the log (audit_log.h) and stops no mail. */
void audit_write(const struct customer *customer, const struct audit_event *event);

#endif
