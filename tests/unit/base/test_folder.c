/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

static void a_file_is_in_a_folder(void **state)
{
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"/a/b/c", "/a/b"}, {"/a", "/"},       {"/", "/"},   {"//a", "/"},
        {"/a//b", "/a"},    {"/a/b/", "/a/b"}, {"a/b", "a"}, {"a", "."},
        {"/a/./b", "/a/."}, {"", "."},
    };
    char folder[64];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_true(rows[i].path, folder_of(rows[i].path, folder, sizeof folder));
        check_text(rows[i].path, folder, rows[i].want);
    }
    check_true("no room", !folder_of("/abc/d", folder, 4));
    check_true("just room", folder_of("/abc/d", folder, 5));
}

static void check_folder(const char *row, const char *path, const char *group,
                         const char *want)
{
    const struct folder_plan plan = {.group = group, .mode = 02750};
    struct error err = {.text = ""};

    check_true(row, folder_check(path, &plan, &err) == (*want == '\0'));
    if (*want == '\0' ? *err.text != '\0' : !strstr(err.text, want))
        check_text(row, err.text, want);
}

static void what_is_missing_is_told_with_its_command(void **state)
{
    char path[256], want[1024], user[64];

    (void)state;
    unit_write_file("file", "", 0600);
    check_folder("there", "new", NULL, "");
    check_folder("the file is there", "file", NULL, "");
    snprintf(path, sizeof path, "%s/none/deep/new", unit_folder());
    snprintf(want, sizeof want,
             "the folder %s/none/deep does not exist; create it: install -d -o %s -g "
             "mail -m 2750 %s/none/deep",
             unit_folder(), folder_user(user, sizeof user), unit_folder());
    check_folder("missing", path, "mail", want);
    snprintf(path, sizeof path, "%s/file/new", unit_folder());
    snprintf(want, sizeof want, "%s/file is not a folder", unit_folder());
    check_folder("a file", path, NULL, want);
    snprintf(path, sizeof path, "%s/file/deep/new", unit_folder());
    check_folder("a file above", path, NULL, want);
    assert_int_equal(symlink("loop", "loop"), 0);
    check_folder("links without end", "loop/new", NULL, "the folder loop: ");
}

static void what_is_closed_is_told_with_its_command(void **state)
{
    (void)state;
    if (geteuid() == 0)
        skip(); /* to root nothing is closed: test_start_check.py */
    assert_int_equal(mkdir("closed", 0500), 0);
    check_folder("may not be written", "closed/new", NULL,
                 "cannot make files in the folder closed (of user ");
}

static void links_are_followed_to_their_end(void **state)
{
    static const struct {
        const char *path, *want;
    } rows[] = {
        {"nothing", "nothing"},      {"one", "./nothing"}, {"two", "./nothing"},
        {"away", "/nowhere/at/all"}, {".", "."},           {"none/x", "none/x"},
    };

    (void)state;
    check_number("one", symlink("nothing", "one"), 0);
    check_number("two", symlink("one", "two"), 0);
    check_number("away", symlink("/nowhere/at/all", "away"), 0);
    check_number("loop", symlink("loop", "loop"), 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *end = folder_follow_links(rows[i].path);

        check_text(rows[i].path, end, rows[i].want);
        free(end);
    }
    free(folder_follow_links("loop")); /* which has an end, too */
    unlink("one");
    unlink("two");
    unlink("away");
    unlink("loop");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_file_is_in_a_folder),
        UNIT_TEST(links_are_followed_to_their_end),
        UNIT_TEST(what_is_missing_is_told_with_its_command),
        UNIT_TEST(what_is_closed_is_told_with_its_command),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
