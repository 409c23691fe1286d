/* SPDX-License-Identifier: ISC */
/* Networks in CIDR notation (RFC 4632, RFC 4291), and whether an address is in one. */
#ifndef SMS_MILTER_BASE_NETWORK_H
#define SMS_MILTER_BASE_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/error.h"

struct network {
    unsigned char address[16]; /* IPv6, or IPv4 mapped into it (RFC 4291, 2.5.5.2) */
    unsigned prefix_bits;      /* of the 128 */
};

/* Reads "192.0.2.0/24", "2001:db8::/32", or a single address. Refuses an address with
 * bits set after the prefix, because another network may have been meant. */
bool network_parse(const char *text, struct network *network_out, struct error *err);

/* Whether the address of an IPv4 or IPv6 peer is in one of the networks. An IPv4-mapped
 * IPv6 address counts as its IPv4 address. False for any other address family, and for
 * NULL. */
bool network_contains(const struct network *networks, size_t count,
                      const struct sockaddr *peer);

/* Size of the longest address as text, with its NUL (INET6_ADDRSTRLEN). */
enum { NETWORK_PEER_SIZE = 46 };

/* Writes the peer's address as text; an IPv4-mapped address is written as IPv4. Writes
 * "" for any other address family, and for NULL. */
void network_name_peer(const struct sockaddr *peer, char text_out[NETWORK_PEER_SIZE]);

#endif
