/* SPDX-License-Identifier: ISC */
/* One part of a mail (MIME, RFC 2045): its type, its parameters and its text.
 * message_parts.h decides which parts are the text of the mail. */
#ifndef SMS_MILTER_TEXT_MIME_MAIL_PART_H
#define SMS_MILTER_TEXT_MIME_MAIL_PART_H

#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>

/* No real mail is nested deeper than this. A walk through the parts is recursive. */
enum { MAIL_PART_MAX_DEPTH = 60 };

/* Whether a part is of a type, such as "text" and "html". */
bool mail_part_is(GMimeObject *part, const char *type, const char *subtype);

/* Whether its type is read as plain text, as HTML, or as a calendar. */
bool mail_part_is_plain(GMimeObject *part);
bool mail_part_is_html(GMimeObject *part);
bool mail_part_is_calendar(GMimeObject *part);

/* Whether it is text of one of these types, and not an attachment. */
bool mail_part_is_text(GMimeObject *part);

bool mail_part_has_file_name(GMimeObject *part);

/* Whether a parameter of its Content-Type has this value, in whatever case. */
bool mail_part_has_parameter(GMimeObject *part, const char *name, const char *value);

/* The octets of a part, with its transfer encoding decoded. The caller unreferences the
 * result. */
GByteArray *mail_part_decode(GMimePart *part);

/* Converts octets of a part to UTF-8 with LF as line ends. The octets may be changed.
 * The caller frees the result; NULL without memory. */
char *mail_part_convert(GMimeObject *part, GByteArray *bytes, size_t *length_out);

/* The same for a whole part. */
char *mail_part_read(GMimeObject *part, size_t *length_out);

/* Replaces each CR LF and CR with LF. */
void mail_part_unify_line_ends(char *text);

/* Decodes base64, padded or not, into octets_out, which may be data itself. octets_out
 * must have space for as many octets as data and this many more. Returns the number of
 * octets. */
enum { MAIL_PART_BASE64_SLACK = 4 };
size_t mail_part_decode_base64(const char *data, size_t length, char *octets_out);

#endif
