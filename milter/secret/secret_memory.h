/* SPDX-License-Identifier: ISC */
/* Memory for keys, and for what holds one for a moment: never swapped out as far as the
 * system allows, left out of core dumps, wiped when released. */
#ifndef SMS_MILTER_SECRET_SECRET_MEMORY_H
#define SMS_MILTER_SECRET_SECRET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Memory of any alignment that a block of malloc()'s has, not cleared; NULL without
 * memory. To be given back by secret_memory_free(). Any thread. */
void *secret_memory_alloc(size_t size_bytes);

/* Wipes and gives back what secret_memory_alloc() gave for the same size; does nothing
 * with NULL. Any thread. */
void secret_memory_free(void *memory, size_t size_bytes);

/* Overwrites what the C library leaves of the last copies that this thread made in the
 * registers that it copies with: a thread that waits then keeps it for hours, and it is
 * in a core dump. For the end of all work with a key. */
void secret_registers_wipe(void);

/* False from when some of the memory could not be locked, as RLIMIT_MEMLOCK is too low:
 * it may then be written to swap space. All else stays as above. */
bool secret_memory_is_locked(void);

#endif
