/* SPDX-License-Identifier: ISC */
/* A mail that has been read -> its SMS. */
#ifndef SMS_MILTER_TEXT_COMPOSE_H
#define SMS_MILTER_TEXT_COMPOSE_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "text/cuts.h"
#include "text/mime/message.h"
#include "text/sms/sms_text.h"

/* What the SMS says before it is cut to length: the template filled with the subject,
 * what the sender wrote of the body, and the sender. A subject that the body begins
 * with is not said twice. Adds to *cuts what was left out. Returns tidy, valid UTF-8
 * that the caller frees, "" if subject and body have nothing to say; NULL without
 * memory. */
char *compose_text(const struct message *message, const struct text_options *options,
                   struct cuts *cuts);

/* Makes the SMS of a mail; the caller frees *sms_out with sms_text_free(). Refuses with
 * 5.6.0 a mail that says nothing or cannot be read, and as sms_text_new() does. */
bool compose_sms(const struct message *message, const struct text_options *options,
                 struct cuts *cuts, struct sms_text **sms_out, struct error *err);

#endif
