/* SPDX-License-Identifier: ISC */
/* Finds the parts of a mail (MIME, RFC 2045 to 2049) that are its text. Only this
 * folder uses GMime. */
#ifndef SMS_MILTER_TEXT_MIME_MESSAGE_PARTS_H
#define SMS_MILTER_TEXT_MIME_MESSAGE_PARTS_H

#include <gmime/gmime.h>
#include <stddef.h>

#include "config/config.h"
#include "text/marked_text.h"

/* Parses a mail. It must have a header with at least one field and an end, and no NUL,
 * because GMime ends a text there and does not see what is hidden after it. The caller
 * unreferences the result; NULL if GMime cannot parse the mail. */
GMimeMessage *message_parts_parse(const char *text, size_t length);

/* Appends the text of a mail. Returns the reason why none of it can be sent, a string
 * constant, or NULL. Sets out->is_lost without memory. */
const char *message_parts_read(GMimeMessage *mime, const struct text_options *options,
                               struct marked_text *out);

#endif
