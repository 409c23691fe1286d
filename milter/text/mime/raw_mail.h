/* SPDX-License-Identifier: ISC */
/* A mail as it arrived, with its header separate from its body, so that nothing added
 * to one can move the end of the other. */
#ifndef SMS_MILTER_TEXT_MIME_RAW_MAIL_H
#define SMS_MILTER_TEXT_MIME_RAW_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "text/mime/mail_header.h"

/* An all-zero structure is an empty mail. */
struct raw_mail {
    struct mail_header header;
    char *body; /* NULL: there is none */
    size_t body_size_bytes, body_room_bytes;
    bool is_body_cut; /* more of the body arrived than was kept */
};

/* Appends a piece of the body, of which at most limit_bytes are kept in all. Returns
 * false without memory. */
bool raw_mail_add_body(struct raw_mail *mail, const void *piece, size_t size_bytes,
                       size_t limit_bytes);

/* Reads a mail that is one text, as in a file. The header ends with an empty line, or
 * before the first line that is not a field; in the latter case has_end is false. A
 * first line with "From " and a sender is skipped. Returns false without memory. The
 * caller frees *mail_out with raw_mail_free(), also after a failure. */
bool raw_mail_read(const char *octets, size_t size_bytes, size_t body_limit_bytes,
                   struct raw_mail *mail_out);

/* The mail as one text for a parser: mail_header_write() and the body, with spaces
 * instead of NULs, and a NUL at the end that *length_out does not count. The caller
 * frees the result; NULL without memory. */
char *raw_mail_write(const struct raw_mail *mail, size_t *length_out);

/* Frees the contents and leaves the mail empty. */
void raw_mail_free(struct raw_mail *mail);

#endif
