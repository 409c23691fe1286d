/* SPDX-License-Identifier: ISC */
/* Makes the SMS from a mail that has been read. This folder contains all that turns a
 * mail into text: the MIME parts, HTML, the sender's own words, and the SMS
 * alphabet. */
#ifndef SMS_MILTER_TEXT_COMPOSE_H
#define SMS_MILTER_TEXT_COMPOSE_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "text/cuts.h"
#include "text/mime/message.h"
#include "text/sms/sms_text.h"

/* The text of the SMS before it is cut to its length: the template filled with the
 * subject, the sender's own words in the body, and the sender. If the body begins with
 * the subject, the subject is not repeated. Adds to *cuts what was left out. Returns
 * tidy, valid UTF-8, which the caller frees: "" if subject and body contain no text,
 * NULL without memory. */
char *compose_text(const struct message *message, const struct text_options *options,
                   struct cuts *cuts);

/* Makes the SMS of a mail. The caller frees *sms_out with sms_text_free(). Refuses with
 * 5.6.0 a mail that has no text or cannot be read, and otherwise as sms_text_new()
 * does. */
bool compose_sms(const struct message *message, const struct text_options *options,
                 struct cuts *cuts, struct sms_text **sms_out, struct error *err);

#endif
