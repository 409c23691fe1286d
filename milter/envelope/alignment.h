/* SPDX-License-Identifier: ISC */
/* Identifier alignment (RFC 7489 section 3.1): whether two domains belong together. */
#ifndef SMS_MILTER_ENVELOPE_ALIGNMENT_H
#define SMS_MILTER_ENVELOPE_ALIGNMENT_H

#include <stdbool.h>

#include "config/config.h"

/* Strict: the domains are the same. Relaxed: they have the same organisational domain,
 * which is one label below a public suffix (publicsuffix.org; the system's list, or the
 * one that libpsl was built with). Both domains are in A-label form. A public suffix is
 * aligned only with itself. Any thread may call this. */
bool alignment_holds(enum alignment alignment, const char *one, const char *other);

#endif
