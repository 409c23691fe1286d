/* SPDX-License-Identifier: ISC */
/* SHA-256 (FIPS 180-4) of several texts. The length of each text is hashed too, so
 * "ab", "c" and "a", "bc" give different digests. */
#ifndef SMS_MILTER_BASE_DIGEST_H
#define SMS_MILTER_BASE_DIGEST_H

#include <stddef.h>

enum { DIGEST_BYTES = 32 };

struct digest {
    unsigned char octets[DIGEST_BYTES];
};

struct digest_input {
    const void *data;
    size_t size_bytes;
};

void digest_make(const struct digest_input *inputs, size_t count,
                 struct digest *digest_out);

#endif
