/* SPDX-License-Identifier: ISC */
/* An API key, and any other bytes that must not outlive their use. */
#ifndef SMS_MILTER_BASE_SECRET_H
#define SMS_MILTER_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct secret;

/* No key of the vendor's is known to be longer; a file that is longer is no key file.
 */
enum { SECRET_MAX_BYTES = 1024 };

/* Reads a key from the first line of a file that nobody but its owner and group may
 * read and only its owner may write. The rest of the file must be empty. The caller
 * frees *secret_out with secret_free(). On failure *secret_out is NULL and *err says
 * why, without a byte of the file. */
bool secret_from_file(const char *path, struct secret **secret_out, struct error *err);

/* The same from text of the caller's, which it wipes itself. */
bool secret_from_text(const char *text, struct secret **secret_out, struct error *err);

/* Wipes, frees and clears *secret; does nothing when it is NULL already. */
void secret_free(struct secret **secret);

/* The key, NUL-terminated printable ASCII; borrowed until secret_free(). */
const char *secret_text(const struct secret *secret);

/* Overwrites every place in text where the key stands, in its own form or as JSON
 * writes it, with asterisks. */
void secret_mask(const struct secret *secret, char *text);

/* Overwrites memory that held a secret; the compiler cannot leave it out. */
void secret_wipe(void *memory, size_t size_bytes);

#endif
