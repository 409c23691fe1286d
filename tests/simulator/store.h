/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_STORE_H
#define SIMULATOR_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The latest entries, each a JSON text, in order of arrival. Bounded in number and
 * in bytes: the oldest go first. Every function may be called by any thread. */
struct store;

/* Which entries to read. All NULL and 0: every one. */
struct store_filter {
    uint64_t since;       /* index of the first one wanted, counted since the clear */
    size_t latest;        /* at most so many, the newest; 0: no such limit */
    const char *customer; /* exactly this one; NULL: any */
    const char *number;
};

/* What was read. The caller frees json. */
struct store_page {
    char *json; /* an array, NUL-terminated */
    size_t json_bytes;
    uint64_t generation; /* another one after each clear and each start */
    uint64_t next;       /* the index that the next entry will have */
};

/* NULL when there is no memory. The caller frees it with store_free(). */
struct store *store_new(size_t max_entries, size_t max_bytes);

/* Frees *store and sets it to NULL; does nothing when it is NULL already. */
void store_free(struct store **store);

/* Copies all of its arguments; customer and number may be NULL. False when there is
 * no memory. */
bool store_append(struct store *store, const char *json, const char *customer,
                  const char *number);

/* Forgets every entry; indexes begin at 0 again. */
void store_clear(struct store *store);

/* False when there is no memory. */
bool store_read(struct store *store, const struct store_filter *filter,
                struct store_page *page_out);

#endif
