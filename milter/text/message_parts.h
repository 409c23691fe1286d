/* SPDX-License-Identifier: ISC */
/* The parts of a mail (MIME, RFC 2045 to 2049): which of them are its text. Only
 * message.c and message_parts.c know GMime. */
#ifndef SMS_MILTER_TEXT_MESSAGE_PARTS_H
#define SMS_MILTER_TEXT_MESSAGE_PARTS_H

#include <gmime/gmime.h>
#include <stddef.h>

#include "base/config.h"
#include "text/marked_text.h"

/* Parses a mail with something put before and behind it. The caller unreferences what
 * it returns; NULL if GMime gives up on it, or without memory. */
GMimeMessage *message_parts_parse(const char *mail, size_t size_bytes,
                                  const char *prefix, const char *suffix);

/* Appends the text of a mail. Returns why nothing of it can be sent, a string constant,
 * or NULL. out->is_lost is set without memory. */
const char *message_parts_read(GMimeMessage *mime, const struct text_options *options,
                               struct marked_text *out);

/* Undoes base64, padded or not, into octets_out, which may be data itself and has room
 * for as many octets as data and this many more. Returns how many there are. */
enum { MESSAGE_PARTS_BASE64_SLACK = 4 };
size_t message_parts_decode_base64(const char *data, size_t length, char *octets_out);

#endif
