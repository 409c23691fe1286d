/* SPDX-License-Identifier: ISC */
#include "base/network.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0,    0,
                                                0, 0, 0, 0, 0xFF, 0xFF};

enum { MAPPED_BITS = 96, ADDRESS_BITS = 128 };

/* Reads an IPv4 or IPv6 address. *width_out is the number of bits that such an address
 * has. */
static bool parse_address(const char *text, unsigned char address_out[16],
                          unsigned *width_out)
{
    if (inet_pton(AF_INET6, text, address_out) == 1) {
        *width_out = ADDRESS_BITS;
        return true;
    }
    memcpy(address_out, mapped_prefix, sizeof mapped_prefix);
    *width_out = ADDRESS_BITS - MAPPED_BITS;
    return inet_pton(AF_INET, text, address_out + sizeof mapped_prefix) == 1;
}

static bool parse_prefix(const char *text, unsigned width, unsigned *bits_out)
{
    unsigned value = 0;

    if (*text == '\0' || strlen(text) > 3)
        return false;
    for (; *text; text++) {
        if (*text < '0' || *text > '9')
            return false;
        value = value * 10 + (unsigned)(*text - '0');
    }
    *bits_out = value;
    return value <= width;
}

static bool bit_is_set(const unsigned char address[16], unsigned bit)
{
    return address[bit / 8] & (0x80u >> bit % 8);
}

static bool has_bits_below(const struct network *network)
{
    for (unsigned bit = network->prefix_bits; bit < ADDRESS_BITS; bit++)
        if (bit_is_set(network->address, bit))
            return true;
    return false;
}

bool network_parse(const char *text, struct network *network_out, struct error *err)
{
    const char *slash = strchr(text, '/');
    size_t length = slash ? (size_t)(slash - text) : strlen(text);
    char address[INET6_ADDRSTRLEN];
    unsigned width, bits;

    if (length >= sizeof address)
        return error_set(err, ERROR_REFUSED, NULL, "is not a network");
    memcpy(address, text, length);
    address[length] = '\0';
    if (!parse_address(address, network_out->address, &width))
        return error_set(err, ERROR_REFUSED, NULL,
                         "is not a network such as 192.0.2.0/24 or 2001:db8::/32");
    bits = width;
    if (slash && !parse_prefix(slash + 1, width, &bits))
        return error_set(err, ERROR_REFUSED, NULL, "needs a prefix length from 0 to %u",
                         width);
    network_out->prefix_bits = ADDRESS_BITS - width + bits;
    if (has_bits_below(network_out))
        return error_set(err, ERROR_REFUSED, NULL,
                         "has bits set beyond its prefix length /%u", bits);
    return true;
}

static bool peer_address(const struct sockaddr *peer, unsigned char address_out[16])
{
    if (!peer)
        return false;
    if (peer->sa_family == AF_INET6) {
        const struct sockaddr_in6 *in6 =
            (const struct sockaddr_in6 *)(const void *)peer;

        memcpy(address_out, &in6->sin6_addr, 16);
        return true;
    }
    if (peer->sa_family == AF_INET) {
        const struct sockaddr_in *in4 = (const struct sockaddr_in *)(const void *)peer;

        memcpy(address_out, mapped_prefix, sizeof mapped_prefix);
        memcpy(address_out + sizeof mapped_prefix, &in4->sin_addr, 4);
        return true;
    }
    return false;
}

/* An IPv6 network, however wide, contains no IPv4 address. */
static bool matches(const struct network *network, const unsigned char address[16])
{
    bool is_mapped = memcmp(address, mapped_prefix, sizeof mapped_prefix) == 0;

    if (is_mapped && network->prefix_bits < MAPPED_BITS)
        return false;
    for (unsigned bit = 0; bit < network->prefix_bits; bit++)
        if (bit_is_set(network->address, bit) != bit_is_set(address, bit))
            return false;
    return true;
}

bool network_contains(const struct network *networks, size_t count,
                      const struct sockaddr *peer)
{
    unsigned char address[16];

    if (!peer_address(peer, address))
        return false;
    for (size_t i = 0; i < count; i++)
        if (matches(&networks[i], address))
            return true;
    return false;
}

void network_name_peer(const struct sockaddr *peer, char text_out[NETWORK_PEER_SIZE])
{
    unsigned char address[16];
    bool is_mapped;

    *text_out = '\0';
    if (!peer_address(peer, address))
        return;
    is_mapped = memcmp(address, mapped_prefix, sizeof mapped_prefix) == 0;
    inet_ntop(is_mapped ? AF_INET : AF_INET6,
              address + (is_mapped ? sizeof mapped_prefix : 0), text_out,
              NETWORK_PEER_SIZE);
}
