/* SPDX-License-Identifier: ISC */
/* Reads what a mail's header says about who wrote the mail, to whom and when. The
 * methods dkim and dmarc, which concern the header and not the envelope, need it. */
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

struct sender_header {
    char *from; /* the address in From, as written */
    char from_domain[DOMAIN_SIZE];
    struct string_list to, cc; /* addresses */
    int64_t date_s;            /* Unix time */
    /* How often each field is present. */
    unsigned from_count, to_count, cc_count, date_count, subject_count;
    struct dkim_signatures signatures;
};

/* Reads the whole header of a mail. Fails with ERROR_REFUSED if From is not exactly one
 * field with one address that has a domain, or if one of the fields has a line break
 * that is not part of a fold. Also fails without memory. The caller frees *header_out
 * with sender_header_free(), also after a failure. */
bool sender_header_read(const struct mail_header *header,
                        struct sender_header *header_out, struct error *err);

void sender_header_free(struct sender_header *header);

#endif
