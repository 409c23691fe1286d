/* SPDX-License-Identifier: ISC */
/* What a mail's header says of who wrote it, to whom and when, for the proofs that are
 * of the header and not of the envelope: dkim and dmarc. */
#ifndef SMS_MILTER_ENVELOPE_SENDER_HEADER_H
#define SMS_MILTER_ENVELOPE_SENDER_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/domain.h"
#include "base/error.h"
#include "config/config.h"
#include "envelope/dkim_signature.h"
#include "text/mime/mail_header.h"

/* A mail has one or two signatures, on its way some more are added. */
enum { SENDER_HEADER_MAX_SIGNATURES = 32 };

struct sender_header {
    char *from; /* the address of From, as it stands there */
    char from_domain[DOMAIN_SIZE];
    struct string_list to, cc; /* addresses */
    int64_t date_s;            /* Unix time */
    /* How often the field is there. */
    unsigned from_count, to_count, cc_count, date_count, subject_count;
    struct dkim_signature signatures[SENDER_HEADER_MAX_SIGNATURES];
    size_t signature_count;
    bool has_odd_signature; /* one that cannot be read, or too many of them */
};

/* Reads it from the whole header of a mail. Fails where From is not one field with one
 * address that has a domain, where one of the fields read has a line break that folds
 * nothing (ERROR_REFUSED both), and without memory. The caller frees
 * *header_out with sender_header_free(), also after a failure. */
bool sender_header_read(const struct mail_header *header,
                        struct sender_header *header_out, struct error *err);

void sender_header_free(struct sender_header *header);

#endif
