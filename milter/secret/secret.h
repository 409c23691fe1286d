/* SPDX-License-Identifier: ISC */
/* API keys. Each key is kept in memory from secret_memory.h, has a reference count, and
 * is masked in text from elsewhere that might repeat it, such as an answer of the API.
 * This folder contains all that reads and protects keys. */
#ifndef SMS_MILTER_SECRET_SECRET_H
#define SMS_MILTER_SECRET_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct secret;

/* The vendor has no longer keys, as far as is known. A longer file is not a key
 * file. */
enum { SECRET_MAX_BYTES = 1024 };

/* JSON needs at most this many octets for one octet of a key (RFC 8259 section 7). */
enum { SECRET_ESCAPED_BYTES = 6 };

/* Reads a key from the first line of a file. The rest of the file must be empty. The
 * file must belong to root or to the daemon's own user; only owner and group may read
 * it and only the owner may write it. For a symbolic link the target is checked:
 * secrets of Kubernetes are links in a folder that everyone may write. The caller gets
 * the only reference to *secret_out. On failure *secret_out is NULL and *err says why,
 * without any part of the file. */
bool secret_from_file(const char *path, const struct secret **secret_out,
                      struct error *err);

/* Like secret_from_file(), with text that the caller must wipe. */
bool secret_from_text(const char *text, const struct secret **secret_out,
                      struct error *err);

/* Another reference to a secret to which the caller already has one. Any thread may
 * call this. */
const struct secret *secret_acquire(const struct secret *secret);

/* Gives one reference back and clears the pointer. The last one wipes and frees the
 * secret. NULL is allowed. Any thread may call this. */
void secret_release(const struct secret **secret);

/* Whether both are the same key. */
bool secret_is_same(const struct secret *a, const struct secret *b);

/* A number that no other secret of this process has or had, not even one with the same
 * key. It serves to recognise a secret later without keeping it. */
uint64_t secret_serial(const struct secret *secret);

/* The key as printable ASCII with a NUL. Borrowed until secret_release(). */
const char *secret_text(const struct secret *secret);

/* Overwrites with asterisks every occurrence of the key, in its own form or as JSON
 * writes it, that begins in the first begins_within octets of text. */
void secret_mask(const struct secret *secret, char *text, size_t begins_within);

/* Does the same for every key of this process, of all customers, that has at least
 * min_length octets, including replaced keys that are still in use. Any thread may call
 * this. */
void secret_mask_known(char *text, size_t begins_within, size_t min_length);

/* Overwrites memory that held a secret. The compiler cannot optimise this away. */
void secret_wipe(void *memory, size_t size_bytes);

#endif
