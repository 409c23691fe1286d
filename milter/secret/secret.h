/* SPDX-License-Identifier: ISC */
/* An API key: in memory of secret_memory.h's, counted by those who use it, and masked
 * wherever foreign words might give it back. */
#ifndef SMS_MILTER_SECRET_SECRET_H
#define SMS_MILTER_SECRET_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct secret;

/* No key of the vendor's is known to be longer; a file that is longer is no key file.
 */
enum { SECRET_MAX_BYTES = 1024 };

/* So many octets JSON takes at the most for one of a key's (RFC 8259 section 7). */
enum { SECRET_ESCAPED_BYTES = 6 };

/* Reads a key from the first line of a file of root's or of our own user's, that nobody
 * but its owner and group may read and only its owner may write. The rest of the file
 * must be empty. Of a symbolic link the file behind it is judged: secrets of Kubernetes
 * are links, in a folder that everybody may write. The caller has the one reference to
 * *secret_out. On failure *secret_out is NULL and *err says why, without a byte of the
 * file. */
bool secret_from_file(const char *path, const struct secret **secret_out,
                      struct error *err);

/* The same from text of the caller's, which it wipes itself. */
bool secret_from_text(const char *text, const struct secret **secret_out,
                      struct error *err);

/* Another reference to a secret that the caller has one to. Any thread. */
const struct secret *secret_acquire(const struct secret *secret);

/* Gives one reference back and clears the pointer; the last one wipes and frees. NULL
 * is allowed. Any thread. */
void secret_release(const struct secret **secret);

/* Whether both are the same key. */
bool secret_is_same(const struct secret *a, const struct secret *b);

/* A number that no other secret of this process ever had, not even one of the same key:
 * to know it again without keeping it. */
uint64_t secret_serial(const struct secret *secret);

/* The key, NUL-terminated printable ASCII; borrowed until secret_release(). */
const char *secret_text(const struct secret *secret);

/* Overwrites with asterisks every place where the key stands, in its own form or as
 * JSON writes it, and which begins in the first begins_within octets of text. */
void secret_mask(const struct secret *secret, char *text, size_t begins_within);

/* The same for every key of at least min_length octets that this process has, of
 * whatever customer, also those that were replaced and are still in use. Any thread. */
void secret_mask_known(char *text, size_t begins_within, size_t min_length);

/* Overwrites memory that held a secret; the compiler cannot leave it out. */
void secret_wipe(void *memory, size_t size_bytes);

#endif
