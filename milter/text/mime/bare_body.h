/* SPDX-License-Identifier: ISC */
/* What a body is by its own looks, for a mail of which no field of MIME is to be
 * trusted: a text, HTML, or a multipart, and how it is encoded. Mail servers that sign
 * do not sign Content-Type, so that somebody else may have written it; but nobody can
 * change the body that they signed. */
#ifndef SMS_MILTER_TEXT_MIME_BARE_BODY_H
#define SMS_MILTER_TEXT_MIME_BARE_BODY_H

#include <stddef.h>

/* RFC 2046 section 5.1.1 allows a boundary of 70 characters. */
enum { BARE_BODY_TYPE_SIZE = 128 };

struct bare_body {
    /* The values of fields that say it. No charset is named: the text tells it
     * (charset.h). A multipart is "alternative" where it has one plain text and besides
     * that nothing but other forms of it, else "mixed", which reads the same of what
     * mail has as the other kinds. */
    char type[BARE_BODY_TYPE_SIZE];
    const char *encoding; /* "7bit", "quoted-printable" or "base64": a constant */
};

/* body may be NULL where there is none. A multipart has a delimiter line "--X" with a
 * field or an empty line below it, and is closed by "--X--". Quoted-printable is one
 * only where all of the body is in it, its lines are short, and it hides nothing that
 * could stand there as it is, nor looks like values ("CPU=95%") all over; base64 where
 * what it hides is text. Takes time in proportion to the size. */
void bare_body_look(const char *body, size_t size_bytes, struct bare_body *bare_out);

/* The encoding alone, for a body whose type is known and no multipart. */
const char *bare_body_encoding(const char *body, size_t size_bytes);

#endif
