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

/* Whether a path is one by its grammar (RFC 5321 section 4.1.2, RFC 6531 section 3.3):
 * a Dot-string or a Quoted-string, "@", and a domain or an address literal, with angle
 * brackets or without, maybe behind a source route. "user" alone, of this machine, is
 * one too. Programs read what is none in different ways: in "<x@evil.example@host>" one
 * sees a user of evil.example, another one of host.
 *
 * Taken although the grammar has no room for it: "_" in a domain, "-" at the ends of
 * its labels, and parts of any length, as mail servers take them. */
bool address_is_well_formed(const char *path);

/* "user@host" in the one form that all spellings of it have: the domain as in address,
 * the local part without quotes and escapes that it does not need (RFC 5321 section
 * 4.1.2 asks for that). Its case stays. The caller frees it; NULL without memory. */
char *address_write(const struct address *address);

#endif
