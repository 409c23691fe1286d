/* SPDX-License-Identifier: ISC */
/* Writes a customer's audit-log: who did what, from where, how the sender was
 * authenticated, and with which outcome. Each event is one line of JSON;
 * sms-milter.conf(5) names its members. */
#ifndef SMS_MILTER_DELIVERY_AUDIT_H
#define SMS_MILTER_DELIVERY_AUDIT_H

#include <stdbool.h>

#include "config/config.h"

/* Everything is borrowed. Members that are NULL, "" or 0 are left out. A text may
 * contain any octets; those that are not UTF-8 become U+FFFD. The text of the mail is
 * never part of an event. */
struct audit_event {
    /* "sms": one SMS and its outcome. "recipient-refused": refused at RCPT.
     * "mail-refused": the sender was not authenticated. */
    const char *event;
    const char *sender;
    const char *client; /* the IP address of the client */
    const char *login;
    const char *proof;  /* the sender-auth method that held */
    const char *rule;   /* the reason, if no method held or something was refused */
    const char *number; /* E.164 */
    unsigned parts;
    const char *outcome; /* sent, refused, deferred, unknown, discarded */
    bool is_earlier;     /* an earlier try of the mail already sent it */
    const char *status;  /* enhanced status code */
    const char *reason;
    const char *queue_id;
    const char *message_id; /* of the mail */
    const char *api_message_id;
};

/* The size of a line with its line feed. A text longer than its share of the line is
 * cut between two characters. */
enum { AUDIT_LINE_MAX_BYTES = 4096 };

/* Appends the event to the customer's audit log, if it has one. Any thread may call
 * this. If the line cannot be written, the daemon's log says so (audit_log.h); this
 * stops no mail. */
void audit_write(const struct customer *customer, const struct audit_event *event);

#endif
