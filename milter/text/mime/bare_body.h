/* SPDX-License-Identifier: ISC */
/* Finds out what a body is by its content only, for a mail whose MIME fields cannot be
 * trusted: text, HTML or a multipart, and its encoding. Mail servers that sign mail
 * often do not sign Content-Type, so somebody else may have written it. But nobody can
 * change the body that they signed. */
#ifndef SMS_MILTER_TEXT_MIME_BARE_BODY_H
#define SMS_MILTER_TEXT_MIME_BARE_BODY_H

#include <stddef.h>

/* Enough for a boundary of 70 characters (RFC 2046 section 5.1.1). */
enum { BARE_BODY_TYPE_SIZE = 128 };

struct bare_body {
    /* The values of fields that describe the body. No charset is named, because the
     * text shows it (charset.h). A multipart is "alternative" if it has one plain text
     * and otherwise only other forms of it. Otherwise it is "mixed", which gives the
     * same text for the other kinds in use. */
    char type[BARE_BODY_TYPE_SIZE];
    const char *encoding; /* "7bit", "quoted-printable" or "base64": a constant */
};

/* Examines a body; body may be NULL if there is none. A multipart has a delimiter line
 * "--X" with a field or an empty line after it, and is closed by "--X--". It is
 * quoted-printable only if the whole body is valid in it, its lines are short, it
 * escapes nothing without need, and its escapes do not all look like values
 * ("CPU=95%"). It is base64 if the decoded data is text. The time is proportional to
 * the size. */
void bare_body_look(const char *body, size_t size_bytes, struct bare_body *bare_out);

/* The encoding only, for a body whose type is known and is not a multipart. */
const char *bare_body_encoding(const char *body, size_t size_bytes);

#endif
