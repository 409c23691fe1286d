/* SPDX-License-Identifier: ISC */
/* The path of MAIL FROM or RCPT TO (RFC 5321 section 4.1.2), taken apart. */
#ifndef SMS_MILTER_ENVELOPE_ADDRESS_H
#define SMS_MILTER_ENVELOPE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/domain.h"

/* Borrowed from the path it was parsed from; local is not NUL-terminated. */
struct address {
    const char *local; /* as typed, quotes and all */
    size_t local_length;
    bool has_route;           /* "<@relay:user@host>", obsolete since RFC 2821 */
    char domain[DOMAIN_SIZE]; /* A-label form; "" if it is none (an address literal, a
                               * trailing dot, a broken label) */
};

/* Takes "<user@host>" or "user@host" apart at its last "@". Returns false for the null
 * path "<>" and for a path without a domain. */
bool address_parse(const char *path, struct address *address_out);

/* Whether the path is "<>", the sender of bounces (RFC 5321 section 4.5.5). */
bool address_is_null(const char *path);

#endif
