/* SPDX-License-Identifier: ISC */
/* Splits the path of MAIL FROM or RCPT TO (RFC 5321 section 4.1.2) into its parts. */
#ifndef SMS_MILTER_ENVELOPE_ADDRESS_H
#define SMS_MILTER_ENVELOPE_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/domain.h"

/* Borrowed from the path that was parsed. local is not NUL-terminated. */
struct address {
    const char *local; /* as written, including quotes */
    size_t local_length;
    bool has_route;           /* "<@relay:user@host>", obsolete since RFC 2821 */
    char domain[DOMAIN_SIZE]; /* A-label form; "" if invalid (address literal, trailing
                                 dot, bad label) */
};

/* Splits "<user@host>" or "user@host" at its last "@". Returns false for the null path
 * "<>" and for a path without a domain. */
bool address_parse(const char *path, struct address *address_out);

/* Whether the path is "<>", the sender of bounces (RFC 5321 section 4.5.5). */
bool address_is_null(const char *path);

/* Whether a path has valid syntax (RFC 5321 section 4.1.2, RFC 6531 section 3.3): a
 * Dot-string or Quoted-string, "@", and a domain or address literal, with or without
 * angle brackets, optionally after a source route. A local name alone, such as "user",
 * is valid too. Programs disagree about invalid paths: in "<x@evil.example@host>" one
 * program sees a user of evil.example, another one a user of host.
 *
 * Accepted although the grammar does not allow them: "_" in a domain, "-" at the ends
 * of its labels, and parts of any length, because mail servers accept these. */
bool address_is_well_formed(const char *path);

/* Writes "user@host" in one form that is the same for all spellings of the address: the
 * domain as in struct address, the local part without unnecessary quotes and escapes,
 * as RFC 5321 section 4.1.2 requires. The case of the local part is kept. The caller
 * frees the result; NULL without memory. */
char *address_write(const struct address *address);

#endif
