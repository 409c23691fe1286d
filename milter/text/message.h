/* SPDX-License-Identifier: ISC */
/* A mail (RFC 5322, MIME) -> the fields and the plain text that an SMS can be made of.
 */
#ifndef SMS_MILTER_TEXT_MESSAGE_H
#define SMS_MILTER_TEXT_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* All of it valid UTF-8, none of it NULL, line ends as LF. */
struct message {
    char *subject;      /* decoded (RFC 2047), "" if there is none */
    char *from_name;    /* display name of the first From mailbox, or "" */
    char *from_address; /* its address, or "" */
    char *text;         /* what the mail says, "" if it says nothing as text */
    /* The field that shows that no person wrote this mail: a string constant, or NULL.
     */
    const char *automatic_sign;
};

/* Call once before, and once after all other calls. */
void message_init(void);
void message_shutdown(void);

/* Reads a whole mail, or as much of it as was collected. Malformed mail is read as well
 * as it can be. The caller frees *message_out with message_free(); on failure it is
 * NULL. */
bool message_parse(const char *mail, size_t size_bytes, struct message **message_out,
                   struct error *err);

/* Frees and clears *message; does nothing when it is NULL already. */
void message_free(struct message **message);

#endif
