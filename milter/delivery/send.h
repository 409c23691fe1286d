/* SPDX-License-Identifier: ISC */
/* The SMS of a mail -> what became of each: claimed in the journal, posted to the API,
 * and their outcome back in the journal. */
#ifndef SMS_MILTER_DELIVERY_SEND_H
#define SMS_MILTER_DELIVERY_SEND_H

#include "delivery/deliver.h"
#include "delivery/mail_key.h"
#include "text/sms/sms_text.h"

/* Sends the SMS to those numbers of the mail that no earlier try has sent it to. Sets
 * the state of each recipient, and *api_ms_out to how long the API took, -1 if it was
 * not asked. Returns the verdict, which is in the journal by then. */
enum verdict send_sms(const struct delivery_services *services,
                      struct delivery *delivery, const struct sms_text *sms,
                      const struct mail_key *key, long *api_ms_out);

/* Writes into the journal that a mail is refused before any of it was sent, under its
 * Message-ID, "" if it has none of its own. The errors of its recipients are set.
 * Returns the verdict; they are other errors where it could not be written and the mail
 * is deferred. */
enum verdict send_refusal(const struct delivery_services *services,
                          struct delivery *delivery, const char *message_id);

#endif
