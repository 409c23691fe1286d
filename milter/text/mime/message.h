/* SPDX-License-Identifier: ISC */
/* A mail (RFC 5322, MIME) -> the fields and the text that an SMS can be made of. */
#ifndef SMS_MILTER_TEXT_MIME_MESSAGE_H
#define SMS_MILTER_TEXT_MIME_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"
#include "text/marked_text.h"
#include "text/mime/raw_mail.h"

/* All of it valid UTF-8, no string NULL. */
struct message {
    char *subject;                 /* decoded (RFC 2047), "" if there is none */
    char *from_name;               /* display name of the first From mailbox, or "" */
    char *from_address;            /* its address, or "" */
    struct string_list recipients; /* addresses of To and Cc, groups left out */
    struct marked_text body;       /* what the mail says as text */
    /* All that its parts say, whatever the options: see message_parts_read_said(). */
    char *said;
    char *message_id;      /* as it stands in its field, "" if there is none */
    char *date;            /* likewise */
    bool is_date_below_id; /* the one field stands below the other */
    /* Why no SMS can be made of it, a string constant: it is encrypted. Or NULL. */
    const char *refusal;
    /* The field that shows that no person wrote this mail: a string constant, or NULL.
     */
    const char *automatic_sign;
    bool is_report; /* and that it is a bounce or a receipt: see automatic_mail.h */
};

/* Call once before, and once after all other calls. */
void message_init(void);
void message_shutdown(void);

/* Reads a whole mail, or as much of it as was collected. Malformed mail is read as well
 * as it can be; one that would take time or stack without bound is refused with 5.6.0.
 * Of several forms of the text the plain one is taken, unless it is empty or only says
 * that there is HTML. Of the options links and end_marker count. The caller frees
 * *message_out with message_free(); on failure it is NULL. */
bool message_parse(const struct raw_mail *mail, const struct text_options *options,
                   struct message **message_out, struct error *err);

/* Frees and clears *message; does nothing when it is NULL already. */
void message_free(struct message **message);

#endif
