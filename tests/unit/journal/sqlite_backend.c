/* SPDX-License-Identifier: ISC */
#include "sqlite_backend.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "journal/journal_sqlite.h"

/* How long a connection of the tests waits for that of the store, and the other way
 * round. */
enum { BUSY_MS = 30000 };

sqlite3 *sqlite_connect(const char *name)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, BUSY_MS);
    return db;
}

void sqlite_exec(sqlite3 *db, const char *sql)
{
    char *text = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK)
        fail_msg("%s: %s", sql, text);
}

int sqlite_ask_number(const char *sql)
{
    sqlite3 *db = sqlite_connect(FILE_NAME);
    sqlite3_stmt *statement;
    int answer;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    answer = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

off_t size_of(const char *name)
{
    struct stat st;

    return stat(name, &st) == 0 ? st.st_size : -1;
}

void check_run_fails(const char *row, struct journal_store *store, const char *want,
                     bool is_broken)
{
    struct journal_sms sms = new_sms("+447700900199", 199);
    unsigned count;
    struct error err = {.text = ""};

    check_true(row, !try_run(store, JOB_CLAIM, &first_mail, &sms, MAIL_VERDICT_NONE,
                             1000, &err));
    check_error(row, &err, ERROR_TEMPORARY, "4.3.0", want);
    check_number(row, store->backend->is_broken(store), is_broken);
    /* What is being sent is not purged, so there may be nothing to write. */
    if (store->backend->purge(store, 2000, 10, &count, &err))
        check_number(row, count, 0);
    else
        check_error(row, &err, ERROR_TEMPORARY, "4.3.0", want);
}

/* ---- the backend ---- */

static void clear(void)
{
    static const char *const names[] = {FILE_NAME, FILE_NAME "-wal", FILE_NAME "-shm",
                                        FILE_NAME "-lock"};

    for (size_t i = 0; i < COUNT(names); i++)
        remove(names[i]);
}

static void take_away(void)
{
    assert_int_equal(rename(FILE_NAME, "moved.db"), 0);
}

static void change(const char *sql)
{
    sqlite3 *db = sqlite_connect(FILE_NAME);

    sqlite_exec(db, sql);
    sqlite3_close(db);
}

static const char *ask(const char *sql)
{
    static char answer[2048];
    sqlite3 *db = sqlite_connect(FILE_NAME);
    sqlite3_stmt *statement;

    *answer = '\0';
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    while (sqlite3_step(statement) == SQLITE_ROW) {
        size_t used = strlen(answer);

        snprintf(answer + used, sizeof answer - used, "%s%s", used > 0 ? " " : "",
                 (const char *)sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static void *hold(void)
{
    sqlite3 *db = sqlite_connect(FILE_NAME);

    sqlite_exec(db, "BEGIN IMMEDIATE");
    return db;
}

static void let_go(void *held)
{
    sqlite_exec(held, "COMMIT");
    sqlite3_close(held);
}

const struct tested_backend sqlite_backend = {
    .functions = &journal_sqlite,
    .place = "sqlite:" FILE_NAME,
    .unusable_place = "sqlite:missing/journal.db",
    .why_unusable = "No such file or directory",
    .clear = clear,
    .take_away = take_away,
    .why_taken_away = "its file was moved, removed or replaced",
    .change = change,
    .ask = ask,
    .refuse_sql = "CREATE TRIGGER stop BEFORE INSERT ON sms"
                  " WHEN substr(NEW.key, 1, 1) = x'02'"
                  " BEGIN SELECT RAISE(ABORT, 'stop'); END;"
                  "CREATE TRIGGER stop_too BEFORE UPDATE OF state ON sms"
                  " WHEN NEW.state = 'failed'"
                  " BEGIN SELECT RAISE(ABORT, 'stop'); END",
    .allow_outcomes_sql = "DROP TRIGGER stop_too",
    .hold = hold,
    .let_go = let_go,
};
