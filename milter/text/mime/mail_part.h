/* SPDX-License-Identifier: ISC */
/* One part of a mail (MIME, RFC 2045): what it says that it is, and its text. Which
 * parts are the text of the mail is not decided here: message_parts.h. */
#ifndef SMS_MILTER_TEXT_MIME_MAIL_PART_H
#define SMS_MILTER_TEXT_MIME_MAIL_PART_H

#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>

/* Deeper nesting than this is nobody's mail; a walk through the parts calls itself. */
enum { MAIL_PART_MAX_DEPTH = 60 };

/* Whether a part is of a type, such as "text" and "html". */
bool mail_part_is(GMimeObject *part, const char *type, const char *subtype);

/* Whether its type is one of those that are read as plain text, as HTML, or as a
 * calendar. */
bool mail_part_is_plain(GMimeObject *part);
bool mail_part_is_html(GMimeObject *part);
bool mail_part_is_calendar(GMimeObject *part);

/* Whether it is text of one of these types, and no attachment. */
bool mail_part_is_text(GMimeObject *part);

bool mail_part_has_file_name(GMimeObject *part);

/* Whether a parameter of its Content-Type has this value, in any case. */
bool mail_part_has_parameter(GMimeObject *part, const char *name, const char *value);

/* The octets of a part, its transfer encoding undone. The caller unreferences them. */
GByteArray *mail_part_decode(GMimePart *part);

/* The text that these octets of a part are, as UTF-8 with LF as line ends. They may be
 * changed. The caller frees it; NULL without memory. */
char *mail_part_convert(GMimeObject *part, GByteArray *bytes, size_t *length_out);

/* The text of a whole part likewise. */
char *mail_part_read(GMimeObject *part, size_t *length_out);

/* Makes LF of each CR LF and CR. */
void mail_part_unify_line_ends(char *text);

/* Undoes base64, padded or not, into octets_out, which may be data itself and has room
 * for as many octets as data and this many more. Returns how many there are. */
enum { MAIL_PART_BASE64_SLACK = 4 };
size_t mail_part_decode_base64(const char *data, size_t length, char *octets_out);

#endif
