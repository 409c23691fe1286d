/* SPDX-License-Identifier: ISC */
/* Reads a mail (RFC 5322, MIME) into the fields and the text from which an SMS is made.
 * This folder contains all that reads the MIME structure of a mail. */
#ifndef SMS_MILTER_TEXT_MIME_MESSAGE_H
#define SMS_MILTER_TEXT_MIME_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "text/marked_text.h"
#include "text/mime/raw_mail.h"

/* All text is valid UTF-8, and no string is NULL. */
struct message {
    char *subject;                 /* decoded (RFC 2047); "" if there is none */
    char *from_name;               /* display name of the first From mailbox, or "" */
    char *from_address;            /* its address, or "" */
    struct string_list recipients; /* addresses in To and Cc, without groups */
    struct marked_text body;       /* the text of the mail */
    /* The text of all its parts, whatever the options are: see
     * message_said_read(). */
    char *said;
    char *message_id;      /* as in its field; "" if there is none */
    char *date;            /* likewise */
    bool is_date_below_id; /* the Date field is below the Message-ID field */
    /* Why no SMS can be made of it (it is encrypted), a string constant; or NULL. */
    const char *refusal;
    /* The field that shows that no person wrote this mail, a string constant; or
     * NULL. */
    const char *automatic_sign;
    bool is_report; /* and it is a bounce or a receipt: see automatic_mail.h */
};

/* Call the first before, and the second after, all other calls; each once. */
void message_init(void);
void message_shutdown(void);

/* Reads a mail, or as much of it as was kept. Malformed mail is read as well as
 * possible. A mail that would need unbounded time or stack is refused with 5.6.0. If
 * the text exists in several forms, the plain one is used, unless it is empty or only
 * says that there is HTML. Only the options links and end_marker are used. The caller
 * frees *message_out with message_free(). On failure *message_out is NULL. */
bool message_parse(const struct raw_mail *mail, const struct text_options *options,
                   struct message **message_out, struct error *err);

/* Frees and clears *message. Does nothing if *message is already NULL. */
void message_free(struct message **message);

#endif
