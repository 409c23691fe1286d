/* SPDX-License-Identifier: ISC */
/* Which files the SQLite backend opens and which it does not: migration, damage,
 * permissions and locks. */
#include "sqlite_backend.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/account.h"
#include "base/folder.h"
#include "journal/journal_place.h"
#include "journal/journal_sqlite.h"

static void what_is_no_journal_is_not_read(void **state)
{
    static const struct {
        const char *name, *sql, *want;
    } rows[] = {
        {"no file", NULL, "it cannot be read: No such file or directory"},
        {"somebody else's database", "CREATE TABLE x (y)",
         "it is the database of another program"},
        {"one that no daemon has filled yet", "PRAGMA user_version = 0",
         "it is empty: no daemon has used it yet"},
        {"one of an older version", "PRAGMA user_version = 1",
         "its schema has version 1; the daemon updates it to version 3 when it starts"},
        {"one of a newer version", "PRAGMA user_version = 99",
         "its schema has version 99, but this sms-milter knows only versions up to 3: "
         "install a newer one"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        sqlite_backend.clear();
        if (rows[i].sql)
            sqlite_backend.change(rows[i].sql);
        check_records(rows[i].name, rows[i].want);
    }
    sqlite_backend.clear();
    unit_write_file(FILE_NAME, "this is no database, whatever its name says", 0600);
    check_records("a text file", "file is not a database");
}

static void check_not_opened(const char *row, const char *where, const char *want)
{
    struct journal_store *store = (void *)&row;
    struct error err = {.text = ""};

    check_true(row, !journal_sqlite.open(where, true, &store, &err));
    check_true(row, store == NULL);
    check_error(row, &err, ERROR_TEMPORARY, "4.3.0", want);
    journal_store_close(&store);
}

static void what_cannot_be_a_journal_is_not_opened(void **state)
{
    char *text = unit_repeat("this is no database ", 500);
    char user[ACCOUNT_NAME_SIZE], want[200];

    (void)state;
    folder_user(user, sizeof user);
    snprintf(want, sizeof want,
             "cannot create its lock file missing/journal.db-lock: No such file or "
             "directory (does the folder exist, and does it belong to user %s?)",
             user);
    sqlite_backend.clear();
    unit_write_file(FILE_NAME, text, 0600);
    check_not_opened("a text file", sqlite_backend.place, "file is not a database");
    sqlite_backend.clear();
    assert_int_equal(mkdir(FILE_NAME, 0700), 0);
    check_not_opened("a folder", sqlite_backend.place,
                     "cannot open journal.db: Is a directory");
    assert_int_equal(rmdir(FILE_NAME), 0);
    check_not_opened("a folder that is missing", "sqlite:missing/journal.db", want);
    sqlite_backend.change("PRAGMA user_version = 4");
    check_not_opened(
        "a newer version", sqlite_backend.place,
        "its schema has version 4, but this sms-milter knows only versions up to 3: "
        "install a newer one");
    sqlite_backend.change("PRAGMA user_version = 2147483647");
    check_not_opened(
        "a much newer version", sqlite_backend.place,
        "its schema has version 2147483647, but this sms-milter knows only "
        "versions up to 3: install a newer one");
    free(text);
}

/* As version 1 of the schema left it, before there were limits. */
static const char older_file[] =
    "CREATE TABLE sms (id INTEGER PRIMARY KEY, key BLOB UNIQUE,"
    " customer TEXT NOT NULL, sender TEXT NOT NULL, number TEXT NOT NULL,"
    " queue_id TEXT NOT NULL, message_id TEXT NOT NULL, state TEXT NOT NULL"
    "  CHECK (state IN ('sending', 'sent', 'refused', 'failed', 'unknown')),"
    " verdict TEXT NOT NULL"
    "  CHECK (verdict IN ('', 'deferred', 'accepted', 'rejected')),"
    " api_message_id TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,"
    " parts INTEGER NOT NULL, attempts INTEGER NOT NULL, unknowns INTEGER NOT NULL,"
    " created INTEGER NOT NULL, updated INTEGER NOT NULL);"
    "CREATE INDEX sms_number ON sms (number);"
    "CREATE INDEX sms_queue_id ON sms (queue_id);"
    "CREATE INDEX sms_updated ON sms (updated);"
    "CREATE INDEX sms_sending ON sms (id) WHERE state = 'sending';"
    "PRAGMA application_id = 0x534D534D; PRAGMA user_version = 1;"
    "INSERT INTO sms VALUES (1, zeroblob(32), 'school', 'head@school.example',"
    " '+447700900123', 'Q1', '<1@school.example>', 'sent', 'accepted', 'api-1', '', '',"
    " 2, 1, 0, 900, 901);"
    "INSERT INTO sms VALUES (2, x'02000100000000000000000000000000"
    "00000000000000000000000000000000', 'school',"
    " 'head@school.example', '+447700900124', 'Q1', '<1@school.example>', 'failed',"
    " 'deferred', '', '4.4.1', 'no answer', 2, 1, 0, 900, 901)";

#define OLDER_SENT                   \
    RECORD_OF("Q1", "+447700900123") \
    "sent/accepted [api-1] [] [] parts=2 attempts=1 unknowns=0 900-901\n"

/* And version 2, of 0.1.0. */
static const char to_version_2[] =
    "ALTER TABLE sms ADD COLUMN charged INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sms ADD COLUMN charged_parts INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE bucket (id INTEGER PRIMARY KEY,"
    " customer TEXT NOT NULL, sender TEXT NOT NULL,"
    " rate_count INTEGER NOT NULL CHECK (rate_count BETWEEN 1 AND 4294967295),"
    " rate_period INTEGER NOT NULL CHECK (rate_period BETWEEN 1 AND 86400),"
    " level INTEGER NOT NULL CHECK (level >= 0),"
    " filled INTEGER NOT NULL CHECK (filled >= 0), updated INTEGER NOT NULL,"
    " UNIQUE (customer, sender));"
    "CREATE INDEX bucket_updated ON bucket (updated);"
    "CREATE TABLE quota_window (id INTEGER PRIMARY KEY,"
    " customer TEXT NOT NULL, sender TEXT NOT NULL,"
    " unit TEXT NOT NULL CHECK (unit IN ('hour', 'day', 'week', 'month')),"
    " window_start INTEGER NOT NULL, window_end INTEGER NOT NULL,"
    " sms INTEGER NOT NULL CHECK (sms >= 0), parts INTEGER NOT NULL CHECK (parts >= 0),"
    " updated INTEGER NOT NULL, UNIQUE (customer, sender, unit));"
    "CREATE INDEX quota_window_updated ON quota_window (updated);"
    "UPDATE sms SET charged = 900, charged_parts = 2 WHERE state = 'sent';"
    "INSERT INTO quota_window VALUES (1, 'school', '', 'day', 0, 86400, 1, 2, 901);"
    "PRAGMA user_version = 2";

/* A signed mail has its own key as the only one there. */
static void what_the_last_version_wrote_is_found(void **state)
{
    struct journal_mail signed_mail = mail_of_queue("Q2");
    struct journal_sms sent = new_sms("+447700900123", 0),
                       failed = new_sms("+447700900124", 2), copy = sent;
    struct journal_store *store;

    (void)state;
    sqlite_backend.clear();
    sqlite_backend.change(older_file);
    sqlite_backend.change(to_version_2);
    store = store_open(true);
    check_number("its charges", sqlite_ask_number("SELECT charged_parts FROM sms"), 2);
    check_number("its quotas", sqlite_ask_number("SELECT parts FROM quota_window"), 2);
    memset(&sent.key, 0, sizeof sent.key);
    memset(&copy.key, 0, sizeof copy.key);
    claim(store, &first_mail, &sent, 1000);
    check_number("by its key", sent.claim, CLAIM_SENT);
    settle(store, &first_mail, &sent, MAIL_VERDICT_ACCEPTED, 1000);
    signed_mail.identity = MAIL_IDENTITY_SIGNATURE;
    claim(store, &signed_mail, &copy, 1000);
    check_number("a signed one by its key", copy.claim, CLAIM_SENT);
    claim(store, &first_mail, &failed, 1000);
    check_number("what failed is sent again", failed.claim, CLAIM_SEND);
    check_number("in their own records", (long long)count_records(), 2);
    journal_store_close(&store);
}

static void an_older_file_is_brought_up_to_date(void **state)
{
    struct journal_store *store;
    struct journal_sms sms = new_sms("+447700900124", 2);

    (void)state;
    sqlite_backend.clear();
    sqlite_backend.change(older_file);
    store = store_open(true);
    check_records(
        "all is kept",
        OLDER_SENT RECORD_OF(
            "Q1", "+447700900124") "failed/deferred [] "
                                   "[4.4.1] [no answer] parts=2 attempts=1 unknowns=0 "
                                   "900-901\n");
    claim(store, &first_mail, &sms, 1000);
    set_sent(&sms, "api-2");
    settle(store, &first_mail, &sms, MAIL_VERDICT_ACCEPTED, 1001);
    check_records(
        "and goes on",
        OLDER_SENT RECORD_OF(
            "Q1", "+447700900124") "sent/accepted [api-2] "
                                   "[] [] parts=2 attempts=2 unknowns=0 900-1001\n");
    store = store_open_again(store, true);
    check_number("once only", (long long)count_records(), 2);
    journal_store_close(&store);
}

static void an_empty_file_becomes_a_journal(void **state)
{
    struct journal_store *store;
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    sqlite_backend.clear();
    unit_write_file(FILE_NAME, "", 0600);
    store = store_open(true);
    claim(store, &first_mail, &sms, 1000);
    check_number("records", (long long)count_records(), 1);
    journal_store_close(&store);
}

static void a_damaged_journal_is_not_opened(void **state)
{
    enum { PAGE_BYTES = 4096 };
    char junk[2 * PAGE_BYTES];
    struct journal_store *store = store_open_new();
    struct journal_store *none;
    struct error err;
    int file;

    (void)state;
    fill(store, 60);
    journal_store_close(&store);
    check_true("it has some pages", size_of(FILE_NAME) > 10 * PAGE_BYTES);
    memset(junk, 0xA5, sizeof junk);
    file = open(FILE_NAME, O_WRONLY | O_CLOEXEC);
    assert_true(pwrite(file, junk, sizeof junk,
                       size_of(FILE_NAME) / PAGE_BYTES / 2 * PAGE_BYTES) ==
                sizeof junk);
    close(file);
    check_true("it fails",
               !journal_sqlite.open(sqlite_backend.place, true, &none, &err));
    check_true(
        "and says what to do",
        strncmp(err.text, "it is damaged (", 15) == 0 &&
            strstr(err.text,
                   "): move it to another folder; a new journal is then created"));
    check_true(err.text, strchr(err.text, '\n') == NULL);
    assert_int_equal(rename(FILE_NAME, "damaged.db"), 0);
    store = store_open(true);
    check_number("a new one is made", (long long)count_records(), 0);
    journal_store_close(&store);
}

/* Cut off in the middle, as by a copy that ran out of room. */
static void a_journal_that_is_cut_off_is_not_opened(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_store *none;
    struct error err;

    (void)state;
    fill(store, 60);
    journal_store_close(&store);
    assert_int_equal(truncate(FILE_NAME, size_of(FILE_NAME) / 2 / 4096 * 4096), 0);
    check_true("it fails",
               !journal_sqlite.open(sqlite_backend.place, true, &none, &err));
    check_true(err.text, strstr(err.text, "move it to another folder") != NULL);
}

static void check_mode(const char *name, unsigned want)
{
    struct stat st;

    assert_int_equal(stat(name, &st), 0);
    check_number(name, st.st_mode & 07777, want);
}

static void nobody_else_may_read_it(void **state)
{
    mode_t old_mask = umask(0);
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    check_mode(FILE_NAME, 0600);
    check_mode(FILE_NAME "-wal", 0600);
    check_mode(FILE_NAME "-shm", 0600);
    check_mode(FILE_NAME "-lock", 0600);
    journal_store_close(&store);

    assert_int_equal(chmod(FILE_NAME, 0640), 0);
    store = store_open(true);
    claim(store, &first_mail, &sms, 1000);
    check_mode(FILE_NAME, 0640); /* the administrator's wish */
    check_mode(FILE_NAME "-wal", 0640);
    journal_store_close(&store);
    umask(old_mask);
}

static void one_daemon_at_a_time_has_it(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    int status;
    pid_t child;

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    check_not_opened("the second", sqlite_backend.place,
                     "another sms-milter process uses it");
    check_records("what the first one sends is not lost to the second",
                  RECORD_OF("Q1", "+447700900123") "sending/ [] [] [] parts=2 "
                                                   "attempts=1 unknowns=0 1000-1000\n");
    set_sent(&sms, "api-1");
    settle(store, &first_mail, &sms, MAIL_VERDICT_ACCEPTED, 1000);
    journal_store_close(&store);

    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct error err;

        sms = new_sms("+447700900124", 2);
        if (journal_sqlite.open(sqlite_backend.place, true, &store, &err) &&
            try_run(store, JOB_CLAIM, &first_mail, &sms, MAIL_VERDICT_NONE, 1000, &err))
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    check_true("the child died with it open", WIFSIGNALED(status));
    store = store_open(true);
    check_filtered(
        "its claim has survived it",
        &(struct journal_filter){.number = "+447700900124"},
        RECORD_OF("Q1", "+447700900124") "unknown/ [] " DIED
                                         " parts=2 attempts=1 unknowns=1 1000-1000\n");
    journal_store_close(&store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_is_no_journal_is_not_read),
        UNIT_TEST(what_cannot_be_a_journal_is_not_opened),
        UNIT_TEST(an_older_file_is_brought_up_to_date),
        UNIT_TEST(what_the_last_version_wrote_is_found),
        UNIT_TEST(an_empty_file_becomes_a_journal),
        UNIT_TEST(a_damaged_journal_is_not_opened),
        UNIT_TEST(a_journal_that_is_cut_off_is_not_opened),
        UNIT_TEST(nobody_else_may_read_it),
        UNIT_TEST(one_daemon_at_a_time_has_it),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
