/* SPDX-License-Identifier: ISC */
/* Brings domain names into the one form in which they are compared. */
#ifndef SMS_MILTER_BASE_DOMAIN_H
#define SMS_MILTER_BASE_DOMAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* The size of a domain as text with its NUL (RFC 1035 section 2.3.4: 255 octets on the
 * wire, 253 as text). */
enum { DOMAIN_SIZE = 254 };

/* The domain of "user@domain": what follows the last "@" of these octets. A quoted
 * local part may contain others (RFC 5321 section 4.1.2). Borrowed from address; NULL
 * if there is no "@". */
const char *domain_find(const char *address, size_t length);

/* Writes the domain as A-labels in lower case into buffer_out (IDNA 2008, RFC 5891, not
 * transitional). So a domain compares equal whether it is written with U-labels or
 * A-labels and in whatever case. Refuses an address literal, an empty label (and so a
 * trailing dot), a label over 63 octets, and characters that neither IDNA nor host
 * names allow. */
bool domain_normalize(const char *domain, char buffer_out[DOMAIN_SIZE],
                      struct error *err);

#endif
