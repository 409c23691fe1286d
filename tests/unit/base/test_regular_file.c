/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/regular_file.h"

enum { MAX_BYTES = 5 };

static void only_a_regular_file_of_its_size_is_opened(void **state)
{
    static const struct {
        const char *name, *path, *want; /* NULL: it is opened */
        size_t size;
    } rows[] = {
        {"a file", "file", NULL, 3},
        {"an empty one", "empty", NULL, 0},
        {"the largest", "largest", NULL, MAX_BYTES},
        {"one larger", "larger", "larger: is larger than 5 bytes", 0},
        {"none", "missing", "missing: No such file or directory", 0},
        {"a folder", ".", ".: is not a regular file", 0},
        {"a FIFO that nobody writes to", "fifo", "fifo: is not a regular file", 0},
        {"a device", "/dev/null", "/dev/null: is not a regular file", 0},
    };

    (void)state;
    unit_write_file("file", "abc", 0600);
    unit_write_file("empty", "", 0600);
    unit_write_file("largest", "abcde", 0600);
    unit_write_file("larger", "abcdef", 0600);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = ""};
        size_t size = 0;
        int fd = regular_file_open(rows[i].path, MAX_BYTES, &size, &err);

        check_text(rows[i].name, fd >= 0 ? NULL : err.text, rows[i].want);
        check_number(rows[i].name, (long long)size, (long long)rows[i].size);
        if (fd >= 0)
            close(fd);
        else
            check_error(rows[i].name, &err, ERROR_REFUSED, "", NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(only_a_regular_file_of_its_size_is_opened),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
