/* SPDX-License-Identifier: ISC */
/* Finds the parts of a mail (MIME, RFC 2045 to 2049) that are its text. Only message.c,
 * message_parts.c and address_field.c use GMime. */
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

/* The text of all parts of a mail, attached or not and in whatever form. Only other
 * words change it: transfer encoding and charset are decoded, each run of white space
 * is one space, and boundaries and fields of the parts are not included. It is limited
 * to its beginning. That is enough, because an SMS has at most 918 characters, so this
 * contains what is sent and all that is cut before it. Also, if max-message-size (1
 * MiB, unless the administrator set less) cuts the end of a text, the beginning is the
 * same in each encoding, of which the longest takes three octets for one. The caller
 * frees the result; NULL without memory. */
enum { MESSAGE_PARTS_SAID_BYTES = 64 * 1024 };
char *message_parts_read_said(GMimeMessage *mime);

/* Decodes base64, padded or not, into octets_out, which may be data itself. octets_out
 * must have space for as many octets as data and this many more. Returns the number of
 * octets. */
enum { MESSAGE_PARTS_BASE64_SLACK = 4 };
size_t message_parts_decode_base64(const char *data, size_t length, char *octets_out);

#endif
