/* SPDX-License-Identifier: ISC */
/* What a start finds out about a SQLite file before it opens it. */
#include "../unit.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/journal_place.h"

static const char *place_of(const char *name)
{
    static char place[256];

    snprintf(place, sizeof place, "sqlite:%s/%s", unit_folder(), name);
    return place;
}

static void make_database(const char *name, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

static bool is_there(const char *name, const char *suffix)
{
    char path[256];

    snprintf(path, sizeof path, "%s%s", name, suffix);
    return access(path, F_OK) == 0;
}

static void check_journal(const char *name, const char *want)
{
    bool was_there = is_there(name, ""), had_log = is_there(name, "-wal");
    struct error err = {.text = ""};

    check_true(name,
               journal_place_check(place_of(name), true, &err) == (*want == '\0'));
    if (*want == '\0' ? *err.text != '\0' : !strstr(err.text, want))
        check_text(name, err.text, want);
    check_number(name, is_there(name, ""), was_there);
    check_number(name, is_there(name, "-wal"), had_log);
    check_true(name, !is_there(name, "-lock") || had_log);
}

static void what_is_there_is_looked_at(void **state)
{
    (void)state;
    check_journal("none yet", "");
    check_journal("none/journal", "none does not exist; create it: install -d -o ");
    unit_write_file("empty", "", 0600);
    check_journal("empty", "");
    unit_write_file("text", "This is no database, and it is long enough to be none.",
                    0600);
    check_journal("text", "text: file is not a database");
    make_database("foreign", "CREATE TABLE x (y)");
    check_journal("foreign", "foreign: it is the database of another program");
    make_database("newer", "PRAGMA application_id = 0x534D534D; CREATE TABLE x (y);"
                           "PRAGMA user_version = 99");
    check_journal("newer",
                  "newer: its schema has version 99, but this sms-milter knows only ");
    make_database("odd?mode=rw#%20", "CREATE TABLE x (y)");
    check_journal("odd?mode=rw#%20", "it is the database of another program");
    assert_int_equal(mkdir("folder", 0700), 0);
    check_journal("folder", "folder is not a regular file");
    assert_int_equal(mkfifo("fifo", 0600), 0);
    check_journal("fifo", "fifo is not a regular file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_is_there_is_looked_at),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
