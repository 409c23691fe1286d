/* SPDX-License-Identifier: ISC */
/* Domain names in the one form in which they are compared. */
#ifndef SMS_MILTER_BASE_DOMAIN_H
#define SMS_MILTER_BASE_DOMAIN_H

#include <stdbool.h>

#include "base/error.h"

/* A domain in text form with its NUL (RFC 1035 section 2.3.4: 255 octets on the wire,
 * 253 as text). */
enum { DOMAIN_SIZE = 254 };

/* Writes the A-label form of a domain, in lower case, into buffer_out: IDNA 2008
 * (RFC 5891, not transitional), so that U-label, A-label and any case of one domain
 * compare equal. Refuses an address literal, an empty label (hence a trailing dot), a
 * label over 63 octets, and characters that no IDNA or host name label has. */
bool domain_normalize(const char *domain, char buffer_out[DOMAIN_SIZE],
                      struct error *err);

#endif
