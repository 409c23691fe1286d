/* SPDX-License-Identifier: ISC */
/* A mail as it came, its header apart from its body: nothing that is added to the one
 * moves the end of the other. */
#ifndef SMS_MILTER_TEXT_MIME_RAW_MAIL_H
#define SMS_MILTER_TEXT_MIME_RAW_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "text/mime/mail_header.h"

/* All of it zero is an empty mail. */
struct raw_mail {
    struct mail_header header;
    char *body; /* NULL: there is none */
    size_t body_size_bytes, body_room_bytes;
    bool is_body_cut; /* more of the body came than was kept */
};

/* Appends a piece of the body, which is kept up to limit_bytes in all. False without
 * memory. */
bool raw_mail_add_body(struct raw_mail *mail, const void *piece, size_t size_bytes,
                       size_t limit_bytes);

/* Reads a mail that is one text, as it lies in a file: the header ends with an empty
 * line, or before the first line that is no field; then it has no end. A first line of
 * "From " and a sender is left out. False without
 * memory. The caller frees *mail_out with raw_mail_free(), also after a failure. */
bool raw_mail_read(const char *octets, size_t size_bytes, size_t body_limit_bytes,
                   struct raw_mail *mail_out);

/* The mail as one text for a parser: mail_header_write() and the body, with spaces for
 * NULs and a NUL behind all of it, which *length_out does not count. The caller frees
 * it; NULL without memory. */
char *raw_mail_write(const struct raw_mail *mail, size_t *length_out);

/* Frees what it holds and leaves it empty. */
void raw_mail_free(struct raw_mail *mail);

#endif
