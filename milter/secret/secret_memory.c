/* SPDX-License-Identifier: ISC */
#include "secret/secret_memory.h"

#include <pthread.h>
#include <sodium.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Each allocation of libsodium has its own pages with guard pages around them. It takes
 * five of the 65,530 mappings that a process may have (vm.max_map_count) and a page of
 * the 8 MiB that it may lock. With one allocation for each key, some thousand customers
 * would exhaust this, so keys share slabs of eight pages. libsodium's canary takes the
 * first octets of a slab. */
enum { UNIT_BYTES = 64, SLAB_UNITS = 511 };

/* Larger blocks get memory of their own, in multiples of STEP_BYTES. Getting it from
 * the kernel takes longer than the rest of a request, so some blocks are kept for
 * reuse. */
enum { MAX_SHARED_BYTES = 8192, STEP_BYTES = 16 * 1024, MAX_SPARES = 32 };

/* Stands at the beginning of a kept block, which has been wiped. */
struct spare {
    struct spare *next;
    size_t size_bytes;
};

/* Slabs are never freed; there are as many as were once needed at the same time. */
struct slab {
    struct slab *next;
    unsigned char *memory;
    size_t used_units;
    bool is_used[SLAB_UNITS];
};

static pthread_once_t sodium_once = PTHREAD_ONCE_INIT;
static bool has_sodium;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards everything below */
static struct slab *slabs;
static struct spare *spares;
static unsigned spare_count;
static bool has_unlocked;

static void init_sodium(void)
{
    has_sodium = sodium_init() >= 0; /* 1: it was already initialised */
}

/* libsodium locks the memory too, but does not say whether that succeeded. */
static void *alloc_locked(size_t size_bytes, bool *is_locked_out)
{
    void *memory;

    pthread_once(&sodium_once, init_sodium);
    memory = has_sodium ? sodium_malloc(size_bytes) : NULL;
    if (memory)
        *is_locked_out = sodium_mlock(memory, size_bytes) == 0;
    return memory;
}

static size_t units_of(size_t size_bytes)
{
    return size_bytes ? (size_bytes + UNIT_BYTES - 1) / UNIT_BYTES : 1;
}

static struct slab *add_slab(void)
{
    struct slab *slab = calloc(1, sizeof *slab);
    bool is_locked;

    if (!slab)
        return NULL;
    slab->memory = alloc_locked((size_t)SLAB_UNITS * UNIT_BYTES, &is_locked);
    if (!slab->memory) {
        free(slab);
        return NULL;
    }
    has_unlocked = has_unlocked || !is_locked;
    slab->next = slabs;
    slabs = slab;
    return slab;
}

/* The first run of this many free units in a row; SLAB_UNITS if there is none. */
static size_t find_free(const struct slab *slab, size_t units)
{
    size_t in_row = 0;

    if (slab->used_units + units > SLAB_UNITS)
        return SLAB_UNITS;
    for (size_t i = 0; i < SLAB_UNITS; i++) {
        in_row = slab->is_used[i] ? 0 : in_row + 1;
        if (in_row == units)
            return i + 1 - units;
    }
    return SLAB_UNITS;
}

static void mark(struct slab *slab, size_t first, size_t units, bool is_used)
{
    memset(slab->is_used + first, is_used, units);
    if (is_used)
        slab->used_units += units;
    else
        slab->used_units -= units;
}

static void *alloc_shared(size_t units)
{
    struct slab *slab = slabs;
    size_t first = SLAB_UNITS;

    while (slab && (first = find_free(slab, units)) == SLAB_UNITS)
        slab = slab->next;
    if (!slab) {
        slab = add_slab();
        first = 0;
    }
    if (!slab)
        return NULL;
    mark(slab, first, units, true);
    return slab->memory + first * UNIT_BYTES;
}

/* Rounds up to whole steps, so that a kept block can often be reused. Returns 0 if the
 * size is too large. */
static size_t large_size(size_t size_bytes)
{
    if (size_bytes > SIZE_MAX - STEP_BYTES)
        return 0;
    return (size_bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
}

static void *take_spare(size_t size_bytes)
{
    struct spare **link = &spares;
    struct spare *found;

    while (*link && (*link)->size_bytes != size_bytes)
        link = &(*link)->next;
    found = *link;
    if (found) {
        *link = found->next;
        spare_count--;
    }
    return found;
}

static void *alloc_large(size_t size_bytes)
{
    bool is_locked = true;
    void *memory;

    pthread_mutex_lock(&lock);
    memory = take_spare(size_bytes);
    pthread_mutex_unlock(&lock);
    if (memory || size_bytes == 0)
        return memory;
    memory = alloc_locked(size_bytes, &is_locked);
    pthread_mutex_lock(&lock);
    has_unlocked = has_unlocked || !is_locked;
    pthread_mutex_unlock(&lock);
    return memory;
}

void *secret_memory_alloc(size_t size_bytes)
{
    void *memory;

    if (size_bytes > MAX_SHARED_BYTES)
        return alloc_large(large_size(size_bytes));
    pthread_mutex_lock(&lock);
    memory = alloc_shared(units_of(size_bytes));
    pthread_mutex_unlock(&lock);
    return memory;
}

static void free_shared(unsigned char *memory, size_t units)
{
    struct slab *slab = slabs;

    while (slab && (memory < slab->memory ||
                    memory >= slab->memory + (size_t)SLAB_UNITS * UNIT_BYTES))
        slab = slab->next;
    if (slab)
        mark(slab, (size_t)(memory - slab->memory) / UNIT_BYTES, units, false);
}

/* Takes the spare block that has been unused for longest; NULL if there are not too
 * many. */
static struct spare *take_surplus(void)
{
    struct spare **link = &spares;
    struct spare *last;

    if (spare_count <= MAX_SPARES)
        return NULL;
    while ((*link)->next)
        link = &(*link)->next;
    last = *link;
    *link = NULL;
    spare_count--;
    return last;
}

static void free_large(void *memory, size_t size_bytes)
{
    struct spare *spare = memory, *surplus;

    sodium_memzero(memory, size_bytes);
    pthread_mutex_lock(&lock);
    *spare = (struct spare){spares, size_bytes};
    spares = spare;
    spare_count++;
    surplus = take_surplus();
    pthread_mutex_unlock(&lock);
    sodium_free(surplus);
}

void secret_memory_free(void *memory, size_t size_bytes)
{
    if (!memory)
        return;
    if (size_bytes > MAX_SHARED_BYTES) {
        free_large(memory, large_size(size_bytes));
        secret_registers_wipe();
        return;
    }
    sodium_memzero(memory, units_of(size_bytes) * UNIT_BYTES);
    pthread_mutex_lock(&lock);
    free_shared(memory, units_of(size_bytes));
    pthread_mutex_unlock(&lock);
    secret_registers_wipe();
}

/* memmove() copies in a different way for each range of sizes, and from some KiB on
 * without these registers. Calling it through a volatile pointer keeps the compiler
 * from replacing it. */
void secret_registers_wipe(void)
{
    static void *(*const volatile copy)(void *, const void *, size_t) = memmove;
    static const char zeros[1024];
    char sink[sizeof zeros];

    for (size_t size = 8; size <= sizeof sink; size *= 2)
        copy(sink, zeros, size);
}

bool secret_memory_is_locked(void)
{
    bool is_locked;

    pthread_mutex_lock(&lock);
    is_locked = !has_unlocked;
    pthread_mutex_unlock(&lock);
    return is_locked;
}
