/* SPDX-License-Identifier: ISC */
/* The parts of a mail (MIME, RFC 2045 to 2049): which of them are its text. Only
 * message.c and message_parts.c know GMime. */
#ifndef SMS_MILTER_TEXT_MIME_MESSAGE_PARTS_H
#define SMS_MILTER_TEXT_MIME_MESSAGE_PARTS_H

#include <gmime/gmime.h>
#include <stddef.h>

#include "config/config.h"
#include "text/marked_text.h"

/* Parses a mail that has a header with a field and an end, and no NUL: these end a text
 * for GMime, and what is behind them is what somebody hides. The caller unreferences
 * what it returns; NULL if GMime gives up on it. */
GMimeMessage *message_parts_parse(const char *text, size_t length);

/* Appends the text of a mail. Returns why nothing of it can be sent, a string constant,
 * or NULL. out->is_lost is set without memory. */
const char *message_parts_read(GMimeMessage *mime, const struct text_options *options,
                               struct marked_text *out);

/* What all texts of a mail say, attached or not and of whatever form, so that nothing
 * changes it but other words: transfer encoding and charset are undone, each piece of
 * white space is one space, and boundaries and fields of the parts are not in it. Its
 * beginning only: an SMS has at most 918 characters, so that this holds what is sent
 * with all that is cut before it; and a text of which max-message-size (1 MiB, unless
 * the administrator wants less) cuts the end has the same beginning in each encoding,
 * the longest of which takes three octets for one. The caller frees it; NULL without
 * memory. */
enum { MESSAGE_PARTS_SAID_BYTES = 64 * 1024 };
char *message_parts_read_said(GMimeMessage *mime);

/* Undoes base64, padded or not, into octets_out, which may be data itself and has room
 * for as many octets as data and this many more. Returns how many there are. */
enum { MESSAGE_PARTS_BASE64_SLACK = 4 };
size_t message_parts_decode_base64(const char *data, size_t length, char *octets_out);

#endif
