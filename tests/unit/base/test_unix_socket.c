/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/unix_socket.h"

static int listen_on(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 1), 0);
    return fd;
}

static void check_clear(const char *row, const char *path, const char *want)
{
    struct error err = {.text = ""};

    check_true(row, unix_socket_clear(path, &err) == (*want == '\0'));
    check_text(row, err.text, want);
}

static void room_is_made_for_a_socket_only(void **state)
{
    int fd;

    (void)state;
    check_clear("nothing there", "sock", "");
    fd = listen_on("sock");
    check_clear("somebody listens", "sock", "another program already listens on sock");
    check_true("and keeps its socket", access("sock", F_OK) == 0);
    close(fd);
    check_clear("a socket left behind", "sock", "");
    check_true("goes", access("sock", F_OK) != 0);
    unit_write_file("file", "precious", 0600);
    check_clear("a file", "file", "file exists and is not a socket");
    check_true("stays", access("file", F_OK) == 0);
    fd = listen_on("target");
    close(fd);
    assert_int_equal(symlink("target", "link"), 0);
    check_clear("a link to a socket is none", "link",
                "link exists and is not a socket");
    check_true("its target stays", access("target", F_OK) == 0);
    assert_int_equal(mkdir("folder", 0700), 0);
    check_clear("a directory", "folder", "folder exists and is not a socket");
    check_clear("below a file", "file/sock", "file/sock: Not a directory");
}

static void a_path_has_a_greatest_length(void **state)
{
    struct sockaddr_un address;
    char *longest = unit_repeat("x", sizeof address.sun_path - 2); /* to libmilter */
    char *longer = unit_repeat("x", sizeof address.sun_path - 1);
    struct error err;

    (void)state;
    check_clear("the longest", longest, "");
    check_true("one more", !unix_socket_clear(longer, &err));
    check_true("one more", strncmp(err.text, "the path is too long: x", 23) == 0);
    free(longest);
    free(longer);
}

/* A look changes nothing. */
static void check_look(const char *row, const char *path, bool is_in_use,
                       const char *want)
{
    const struct folder_plan plan = {.mode = 02750};
    struct error err = {.text = ""};
    bool got_in_use;
    bool was_there = access(path, F_OK) == 0;

    check_true(row,
               unix_socket_check(path, &plan, &got_in_use, &err) == (*want == '\0'));
    check_number(row, got_in_use, is_in_use);
    if (*want == '\0' ? *err.text != '\0' : !strstr(err.text, want))
        check_text(row, err.text, want);
    check_number(row, access(path, F_OK) == 0, was_there);
}

static void a_place_is_looked_at(void **state)
{
    char *longer = unit_repeat("x", sizeof((struct sockaddr_un *)NULL)->sun_path - 1);
    int fd;

    (void)state;
    check_look("nothing there", "look", false, "");
    fd = listen_on("look");
    check_look("somebody listens", "look", true, "");
    close(fd);
    check_look("a socket left behind", "look", false, "");
    unit_write_file("look-file", "", 0600);
    check_look("a file", "look-file", false, "look-file exists and is not a socket");
    check_look("a folder that is missing", "none/look", false,
               "the folder none does not exist; create it: install -d -o ");
    check_look("too long", longer, false,
               "(the path of a socket has at most 106 bytes)");
    free(longer);
}

static void a_group_is_looked_for(void **state)
{
    struct error err = {.text = ""};

    (void)state;
    check_true("unknown", !unix_socket_check_group("look", "no-such-group", &err));
    check_text("unknown", err.text, "group no-such-group does not exist");
    assert_int_equal(mkdir("setgid", 0700), 0);
    assert_int_equal(chmod("setgid", 02700), 0);
    check_true("of the folder", unix_socket_check_group("setgid/look", "0", &err) ==
                                    (getegid() == 0 || geteuid() == 0));
}

static void a_group_must_be_there(void **state)
{
    struct error err = {.text = ""};

    (void)state;
    check_true("unknown", !unix_socket_set_group("file", "no-such-group", &err));
    check_text("unknown", err.text, "group no-such-group does not exist");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(room_is_made_for_a_socket_only),
        UNIT_TEST(a_path_has_a_greatest_length),
        UNIT_TEST(a_place_is_looked_at),
        UNIT_TEST(a_group_is_looked_for),
        UNIT_TEST(a_group_must_be_there),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
