/* SPDX-License-Identifier: ISC */
/* What a mail says. Two copies of one mail say the same, so this is part of the key
 * that identifies it (mail_key.h). */
#ifndef SMS_MILTER_TEXT_MIME_MESSAGE_SAID_H
#define SMS_MILTER_TEXT_MIME_MESSAGE_SAID_H

#include <gmime/gmime.h>

/* The text of all parts of a mail, attached or not and in whatever form. Only other
 * words change it: transfer encoding and charset are decoded, each run of white space
 * is one space, and boundaries and fields of the parts are not included. It is limited
 * to its beginning. That is enough, because an SMS has at most 918 characters, so this
 * contains what is sent and all that is cut before it. Also, if max-message-size (1
 * MiB, unless the administrator set less) cuts the end of a text, the beginning is the
 * same in each encoding, of which the longest takes three octets for one. The caller
 * frees the result; NULL without memory. */
enum { MESSAGE_SAID_BYTES = 64 * 1024 };
char *message_said_read(GMimeMessage *mime);

#endif
