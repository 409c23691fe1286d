/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>
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
        {"one larger", "larger", "larger is larger than 5 bytes", 0},
        {"none", "missing", "missing: No such file or directory", 0},
        {"a folder", ".", ". is not a regular file", 0},
        {"a FIFO that nobody writes to", "fifo", "fifo is not a regular file", 0},
        {"a device", "/dev/null", "/dev/null is not a regular file", 0},
    };

    (void)state;
    unit_write_file("file", "abc", 0600);
    unit_write_file("empty", "", 0600);
    unit_write_file("largest", "abcde", 0600);
    unit_write_file("larger", "abcdef", 0600);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = ""};
        struct stat st = {.st_size = 0};
        int fd = regular_file_open(rows[i].path, MAX_BYTES, &st, &err);

        check_text(rows[i].name, fd >= 0 ? NULL : err.text, rows[i].want);
        if (fd >= 0) {
            check_number(rows[i].name, (long long)st.st_size, (long long)rows[i].size);
            close(fd);
        } else {
            check_error(rows[i].name, &err, ERROR_REFUSED, "", NULL);
        }
    }
}

static void a_file_is_read_to_its_end_or_to_that_of_the_buffer(void **state)
{
    static const struct {
        const char *name;
        size_t size;
        const char *want;
    } rows[] = {
        {"all of it", 5, "abc"},
        {"as much as there is room for", 2, "ab"},
        {"exactly all", 3, "abc"},
        {"nothing", 0, ""},
    };

    (void)state;
    unit_write_file("file", "abc", 0600);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[8] = "";
        size_t length = 99;
        struct error err;
        struct stat st;
        int fd = regular_file_open("file", MAX_BYTES, &st, &err);

        assert_true(regular_file_read(fd, "file", got, rows[i].size, &length, &err));
        check_text(rows[i].name, got, rows[i].want);
        check_number(rows[i].name, (long long)length, (long long)strlen(rows[i].want));
        close(fd);
    }
}

/* This is not the end of the file: the rest of the text would still count. */
static void a_file_that_cannot_be_read_is_an_error(void **state)
{
    struct error err = {.text = ""};
    char got[8];
    size_t length;

    (void)state;
    assert_false(regular_file_read(-1, "file", got, sizeof got, &length, &err));
    check_error("no file", &err, ERROR_REFUSED, "", "file: Bad file descriptor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_file_is_read_to_its_end_or_to_that_of_the_buffer),
        UNIT_TEST(a_file_that_cannot_be_read_is_an_error),
        UNIT_TEST(only_a_regular_file_of_its_size_is_opened),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
