/* SPDX-License-Identifier: ISC */
/* Filters write what strangers say into their Authentication-Results: who signed, who
 * sent. Not all of them quote it, and then a stranger writes results of his own in the
 * filter's name, which no parser can tell from the filter's. */
#ifndef SMS_MILTER_ENVELOPE_INJECTION_H
#define SMS_MILTER_ENVELOPE_INJECTION_H

#include <stdbool.h>

#include "base/error.h"
#include "text/mime/mail_header.h"

/* Whether nothing of what filters are known to repeat can be more than a name: the
 * signatures of a header, the sender ("user@host"), and the client's name in HELO,
 * which may be "". *err says what can, for the log. The fields From are
 * sender_header.h's. */
bool injection_is_ruled_out(const struct mail_header *header, const char *sender,
                            const char *helo, struct error *err);

#endif
