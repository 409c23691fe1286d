/* SPDX-License-Identifier: ISC */
/* Which record of the journal the bounce of a recipient is about. */
#ifndef SMS_MILTER_CTL_BOUNCE_SEARCH_H
#define SMS_MILTER_CTL_BOUNCE_SEARCH_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "ctl/bounce_text.h"
#include "envelope/number.h"

/* The number of a recipient; a national one is of the country of the sender's customer,
 * or of that of all where sender is NULL or nobody's. */
bool bounce_search_number(const struct config *config, const char *sender,
                          const char *recipient, struct phone_number *number_out);

/* What is found for a recipient of the mail that has, or had, this queue id, by the
 * latest record. is_of_mail: that mail is certainly the one that bounces. False where
 * there is none, or with *err, whose text is "" else, where the journal cannot be read.
 */
bool bounce_search_mail(const struct config *config, const char *queue_id,
                        const char *recipient, bool is_of_mail,
                        struct bounce_text *text_out, struct error *err);

/* A mail whose queue id the journal does not know: a mail server gives it another one
 * when it is handed in again. Borrowed. */
struct bounce_mail {
    const char *sender;     /* MAIL FROM */
    const char *recipient;  /* as for bounce_search_mail() */
    const char *message_id; /* NULL: it is not known; "": it has none */
};

/* The queue id under which the mail was when the recipient was refused: that of the
 * latest record of sender and number that left the recipient to the mail server, in the
 * last five days, as long as mail servers keep a mail. One of another Message-ID is of
 * another mail. *is_of_mail_out: it certainly is of this one, as its Message-ID says.
 * The caller frees it; NULL where there is none, or with *err likewise. */
char *bounce_search_queue_id(const struct config *config,
                             const struct bounce_mail *mail, bool *is_of_mail_out,
                             struct error *err);

#endif
