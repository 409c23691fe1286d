/* SPDX-License-Identifier: ISC */
#include "base/digest.h"

#include <glib.h>
#include <stdint.h>

void digest_make(const struct digest_input *inputs, size_t count,
                 struct digest *digest_out)
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = sizeof digest_out->octets;

    for (size_t i = 0; i < count; i++) {
        uint64_t length = inputs[i].size_bytes;
        unsigned char octets[sizeof length];

        for (size_t k = 0; k < sizeof octets; k++) /* one byte order everywhere */
            octets[k] = (unsigned char)(length >> (8 * k));
        g_checksum_update(checksum, octets, sizeof octets);
        g_checksum_update(checksum, inputs[i].data, (gssize)inputs[i].size_bytes);
    }
    g_checksum_get_digest(checksum, digest_out->octets, &size);
    g_checksum_free(checksum);
}
