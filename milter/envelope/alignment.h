/* SPDX-License-Identifier: ISC */
/* Identifier alignment (RFC 7489 section 3.1): do two domains belong together? */
#ifndef SMS_MILTER_ENVELOPE_ALIGNMENT_H
#define SMS_MILTER_ENVELOPE_ALIGNMENT_H

#include <stdbool.h>

#include "config/config.h"

/* Strict: they are the same. Relaxed: they have the same organisational domain, one
 * label below a public suffix (publicsuffix.org, as the system has it or as libpsl was
 * built with). Both in A-label form. A public suffix is aligned with nothing but
 * itself. Any thread. */
bool alignment_holds(enum alignment alignment, const char *one, const char *other);

#endif
