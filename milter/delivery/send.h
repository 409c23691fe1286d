/* SPDX-License-Identifier: ISC */
/* Sends the SMS of a mail: claims each in the journal, posts them to the API, and
 * writes their outcomes to the journal. */
#ifndef SMS_MILTER_DELIVERY_SEND_H
#define SMS_MILTER_DELIVERY_SEND_H

#include "delivery/delivery.h"
#include "delivery/mail_key.h"
#include "text/sms/sms_text.h"

/* Sends the SMS to those numbers of the mail to which no earlier try has sent it. Sets
 * the state of each recipient, and *api_ms_out to the time that the API took; -1 if it
 * was not asked. Returns the verdict, which is in the journal by then. */
enum verdict send_sms(const struct delivery_services *services,
                      struct delivery *delivery, const struct sms_text *sms,
                      const struct mail_key *key, long *api_ms_out);

/* Records in the journal, under the mail's Message-ID ("" if it has none of its own),
 * that the mail is refused before any of it was sent. The caller has set the errors of
 * the recipients. Returns the verdict. If the record could not be written, the mail is
 * deferred and the recipients get other errors. */
enum verdict send_refusal(const struct delivery_services *services,
                          struct delivery *delivery, const char *message_id);

#endif
