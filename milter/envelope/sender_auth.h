/* SPDX-License-Identifier: ISC */
/* Is the sender who MAIL FROM says? Anybody can write an address; only what the mail
 * server itself found out counts, and only if it points to the same customer. */
#ifndef SMS_MILTER_ENVELOPE_SENDER_AUTH_H
#define SMS_MILTER_ENVELOPE_SENDER_AUTH_H

#include <stdbool.h>
#include <sys/socket.h>

#include "base/config.h"

/* What is known about who handed the mail in. Borrowed. */
struct sender_evidence {
    const struct sockaddr *peer; /* NULL: not an Internet address */
    const char *login;           /* {auth_authen}; NULL: did not log in */
};

/* Returns true when one of the customer's sender-auth methods holds, and its name in
 * *method_out, a string constant. Fails with 5.7.1 and a text that says to the sender
 * what to do, the same for every reason. */
bool sender_auth_check(const struct config *config, const struct customer *customer,
                       const struct sender_evidence *evidence, const char **method_out,
                       struct error *err);

#endif
