/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_STORE_H
#define SIMULATOR_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The latest entries, each a JSON text, in order of arrival. Their number and size are
 * limited; the oldest are dropped first. Any thread may call these functions. */
struct store;

/* Which entries to read. With all members NULL and 0: all entries. */
struct store_filter {
    uint64_t since; /* index of the first wanted entry, counted since the last clear */
    size_t latest;  /* at most this many, the newest ones; 0: no limit */
    const char *customer; /* only this customer; NULL: any */
    const char *number;
};

/* The entries that were read. The caller frees json. */
struct store_page {
    char *json; /* an array, NUL-terminated */
    size_t json_bytes;
    uint64_t generation; /* changes with each clear and each start */
    uint64_t next;       /* the index that the next entry will have */
};

/* Returns NULL without memory. The caller frees it with store_free(). */
struct store *store_new(size_t max_entries, size_t max_bytes);

/* Frees and clears *store. Does nothing if *store is already NULL. */
void store_free(struct store **store);

/* Copies all arguments; customer and number may be NULL. Returns false without
 * memory. */
bool store_append(struct store *store, const char *json, const char *customer,
                  const char *number);

/* Removes all entries. Indexes begin at 0 again. */
void store_clear(struct store *store);

/* Returns false without memory. */
bool store_read(struct store *store, const struct store_filter *filter,
                struct store_page *page_out);

#endif
