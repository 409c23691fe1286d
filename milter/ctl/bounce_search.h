/* SPDX-License-Identifier: ISC */
/* Finds the record of the journal that the bounce of a recipient is about. */
#ifndef SMS_MILTER_CTL_BOUNCE_SEARCH_H
#define SMS_MILTER_CTL_BOUNCE_SEARCH_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "ctl/bounce_text.h"
#include "envelope/number.h"

/* Reads the number of a recipient. A national number belongs to the country of the
 * sender's customer, or to the global default country if sender is NULL or no
 * customer's. */
bool bounce_search_number(const struct config *config, const char *sender,
                          const char *recipient, struct phone_number *number_out);

/* Finds the text for a recipient of the mail that has, or had, this queue id, from the
 * latest record. is_of_mail says that this is certainly the mail that bounces. Returns
 * false with err->text "" if there is no record, and with a reason in *err if the
 * journal cannot be read. */
bool bounce_search_mail(const struct config *config, const char *queue_id,
                        const char *recipient, bool is_of_mail,
                        struct bounce_text *text_out, struct error *err);

/* A mail whose queue id the journal does not know, because a mail server gives a mail a
 * new queue id when the mail is submitted again. Borrowed. */
struct bounce_mail {
    const char *sender;     /* MAIL FROM */
    const char *recipient;  /* as for bounce_search_mail() */
    const char *message_id; /* NULL: not known; "": the mail has none */
};

/* Finds the queue id that the mail had when the recipient was refused. It is that of
 * the latest record for this sender and number that left the recipient to the mail
 * server, within the last five days, which is how long mail servers keep a mail. A
 * record with another Message-ID belongs to another mail. *is_of_mail_out says whether
 * the Message-ID proves that it is this mail. The caller frees the result. NULL if
 * there is none, with err->text "", or if the journal cannot be read, with a reason in
 * *err. */
char *bounce_search_queue_id(const struct config *config,
                             const struct bounce_mail *mail, bool *is_of_mail_out,
                             struct error *err);

#endif
