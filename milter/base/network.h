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

/* "192.0.2.0/24", "2001:db8::/32", or one address. Refuses bits set below the prefix:
 * they are a sign of another network than the one meant. */
bool network_parse(const char *text, struct network *network_out, struct error *err);

/* Whether the address of an IPv4 or IPv6 peer is in one of the networks. An IPv4-mapped
 * IPv6 peer is its IPv4 self. False for any other family, and for NULL. */
bool network_contains(const struct network *networks, size_t count,
                      const struct sockaddr *peer);

/* The longest address as text, with its NUL (INET6_ADDRSTRLEN). */
enum { NETWORK_PEER_SIZE = 46 };

/* The peer's address as text, an IPv4-mapped one as IPv4; "" for any other family, and
 * for NULL. */
void network_name_peer(const struct sockaddr *peer, char text_out[NETWORK_PEER_SIZE]);

#endif
