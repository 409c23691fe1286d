/* SPDX-License-Identifier: ISC */
/* Memory for keys, and for data that contains a key for a moment. It is not swapped out
 * if the system allows that, is left out of core dumps, and is wiped when it is
 * freed. */
#ifndef SMS_MILTER_SECRET_SECRET_MEMORY_H
#define SMS_MILTER_SECRET_SECRET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Allocates memory, aligned as by malloc() and not cleared. NULL without memory. The
 * caller gives it back with secret_memory_free(). Any thread may call this. */
void *secret_memory_alloc(size_t size_bytes);

/* Wipes and frees memory of secret_memory_alloc(); size_bytes must be the same as
 * there. Does nothing for NULL. Any thread may call this. */
void secret_memory_free(void *memory, size_t size_bytes);

/* Overwrites the processor registers that the C library uses for copying. Otherwise
 * they keep parts of the last copies while the thread waits, possibly for hours, and a
 * core dump would contain them. Call it at the end of all work with a key. */
void secret_registers_wipe(void);

/* False as soon as some memory could not be locked because RLIMIT_MEMLOCK is too low.
 * That memory may be written to swap space; everything else stays as described
 * above. */
bool secret_memory_is_locked(void);

#endif
