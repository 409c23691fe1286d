/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "secret/secret_memory.h"

enum { FLAGS_SIZE = 1024 };

/* The flags of the mapping that contains address, as /proc/PID/smaps writes them; ""
 * if there is none. */
static void read_flags(const void *address, char flags_out[FLAGS_SIZE])
{
    FILE *smaps = fopen("/proc/self/smaps", "r");
    uintptr_t wanted = (uintptr_t)address, begin, end;
    bool is_it = false;
    char line[FLAGS_SIZE];

    assert_non_null(smaps);
    *flags_out = '\0';
    while (fgets(line, sizeof line, smaps)) {
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " ", &begin, &end) == 2)
            is_it = begin <= wanted && wanted < end;
        if (is_it && strncmp(line, "VmFlags:", 8) == 0)
            strcpy(flags_out, line);
    }
    fclose(smaps);
}

/* AddressSanitizer takes mlock() away, and a container may. */
static bool can_lock;

static void find_out_about_locks(void)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *page =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char flags[FLAGS_SIZE];

    assert_true(page != MAP_FAILED);
    mlock(page, size);
    read_flags(page, flags);
    can_lock = strstr(flags, " lo") != NULL;
    munmap(page, size);
}

static void check_flags(const char *row, const void *address, bool is_secret)
{
    char flags[FLAGS_SIZE];

    read_flags(address, flags);
    check_true(row, *flags != '\0');
    check_true(row, (strstr(flags, " lo") != NULL) == (is_secret && can_lock));
    check_true(row, (strstr(flags, " dd") != NULL) == is_secret);
}

static const size_t sizes[] = {0, 1, 63, 64, 65, 1024, 8192, 8193, 100000};

static void it_is_locked_and_not_dumped(void **state)
{
    char *ordinary = malloc(64);

    (void)state;
    find_out_about_locks();
    check_flags("ordinary memory", ordinary, false);
    free(ordinary);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char *memory = secret_memory_alloc(sizes[i]);
        char row[32];

        snprintf(row, sizeof row, "%zu bytes", sizes[i]);
        assert_non_null(memory);
        memset(memory, 0xAA, sizes[i]);
        check_flags(row, memory, true);
        if (sizes[i] > 0)
            check_flags(row, memory + sizes[i] - 1, true);
        check_true(row, (uintptr_t)memory % _Alignof(max_align_t) == 0);
        secret_memory_free(memory, sizes[i]);
    }
    check_true("and says so", secret_memory_is_locked());
    secret_memory_free(NULL, 64);
}

/* Looks at what was given back: that is kept. Of what is large, its beginning says that
 * it is. */
static void it_is_wiped_when_freed(void **state)
{
    static const size_t freed_sizes[] = {200, 8192, 20000, 65600};

    (void)state;
    for (size_t i = 0; i < COUNT(freed_sizes); i++) {
        size_t size = freed_sizes[i], left = 0;
        unsigned char *memory = secret_memory_alloc(size);
        const volatile unsigned char *seen = memory;

        memset(memory, 0xAA, size);
        secret_memory_free(memory, size);
        for (size_t k = size > 8192 ? 16 : 0; k < size; k++)
            left += seen[k] != 0;
        check_number("left", (long long)left, 0);
    }
}

/* More than are kept go back to the system, and all are good for use. */
static void many_large_blocks_may_be_freed(void **state)
{
    unsigned char *blocks[100];

    (void)state;
    for (size_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < COUNT(blocks); i++) {
            blocks[i] = secret_memory_alloc(10000 + i * 500);
            assert_non_null(blocks[i]);
            memset(blocks[i], (int)i, 10000 + i * 500);
        }
        for (size_t i = 0; i < COUNT(blocks); i++) {
            check_true("first", blocks[i][0] == i);
            check_true("last", blocks[i][10000 + i * 500 - 1] == i);
            secret_memory_free(blocks[i], 10000 + i * 500);
        }
    }
}

enum { MANY = 10000 };

static size_t size_of(size_t i)
{
    return 1 + i * 37 % 300;
}

static void fill(unsigned char *memory, size_t i)
{
    memset(memory, (int)(i % 251), size_of(i));
}

static bool is_intact(const unsigned char *memory, size_t i)
{
    for (size_t k = 0; k < size_of(i); k++)
        if (memory[k] != (unsigned char)(i % 251))
            return false;
    return true;
}

/* As many as a large provider has customers, twice, as at a reload. */
static void many_blocks_do_not_overlap(void **state)
{
    unsigned char **blocks = calloc(2 * MANY, sizeof *blocks);

    (void)state;
    for (size_t i = 0; i < 2 * MANY; i++) {
        blocks[i] = secret_memory_alloc(size_of(i));
        assert_non_null(blocks[i]);
        fill(blocks[i], i);
    }
    for (size_t i = 0; i < MANY; i++) { /* leaves holes, and fills them again */
        secret_memory_free(blocks[2 * i], size_of(2 * i));
        blocks[2 * i] = NULL;
    }
    for (size_t i = 0; i < MANY; i++) {
        blocks[2 * i] = secret_memory_alloc(size_of(2 * i));
        assert_non_null(blocks[2 * i]);
        fill(blocks[2 * i], 2 * i);
    }
    for (size_t i = 0; i < 2 * MANY; i++) {
        check_true("intact", is_intact(blocks[i], i));
        secret_memory_free(blocks[i], size_of(i));
    }
    free(blocks);
}

/* What was given back is used again: no request costs a mapping. */
static void freed_memory_is_used_again(void **state)
{
    void *first = secret_memory_alloc(500), *second;

    (void)state;
    secret_memory_free(first, 500);
    second = secret_memory_alloc(500);
    check_true("the same", first == second);
    secret_memory_free(second, 500);
    first = secret_memory_alloc(50000);
    secret_memory_free(first, 50000);
    second = secret_memory_alloc(60000);
    check_true("the same, large", first == second);
    secret_memory_free(second, 60000);
    check_true("no such size", secret_memory_alloc(SIZE_MAX) == NULL);
}

/* The last one: what cannot be locked stays so. */
static void without_a_right_to_lock_it_works_and_is_told(void **state)
{
    const struct rlimit none = {0, 0};
    unsigned char *memory;
    char flags[FLAGS_SIZE];

    (void)state;
    assert_true(secret_memory_is_locked());
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
    if (geteuid() == 0)
        assert_int_equal(seteuid(4711), 0); /* CAP_IPC_LOCK is above every limit */
    memory = secret_memory_alloc(1000000);
    if (geteuid() == 4711)
        assert_int_equal(seteuid(0), 0);
    assert_non_null(memory);
    memset(memory, 0xAA, 1000000);
    read_flags(memory, flags);
    check_true("not locked", !strstr(flags, " lo"));
    check_true("but not dumped either", strstr(flags, " dd") != NULL);
    check_true("told", !can_lock || !secret_memory_is_locked());
    secret_memory_free(memory, 1000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(it_is_locked_and_not_dumped),
        UNIT_TEST(it_is_wiped_when_freed),
        UNIT_TEST(many_large_blocks_may_be_freed),
        UNIT_TEST(many_blocks_do_not_overlap),
        UNIT_TEST(freed_memory_is_used_again),
        UNIT_TEST(without_a_right_to_lock_it_works_and_is_told),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
