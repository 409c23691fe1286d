/* SPDX-License-Identifier: ISC */
/* Filters copy words of strangers, such as signer and sender, into their
 * Authentication-Results. Some filters do not quote them. A stranger can then write
 * results in the name of the filter, and no parser can tell the difference. */
#ifndef SMS_MILTER_ENVELOPE_INJECTION_H
#define SMS_MILTER_ENVELOPE_INJECTION_H

#include <stdbool.h>

#include "base/error.h"
#include "text/mime/mail_header.h"

/* Whether everything that filters are known to copy can only be a name: the signatures
 * of a header, the sender ("user@host"), and the client's name in HELO, which may be
 * "". If not, *err says which part, for the log. sender_header.h checks From. */
bool injection_is_ruled_out(const struct mail_header *header, const char *sender,
                            const char *helo, struct error *err);

#endif
