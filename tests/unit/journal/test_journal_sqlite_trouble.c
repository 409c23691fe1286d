/* SPDX-License-Identifier: ISC */
/* The SQLite backend while it is open: files that are taken away, disks that fail, too
 * little memory, and what its statements and its write-ahead log cost. */
#include "sqlite_backend.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "journal/journal_place.h"
#include "journal/journal_sqlite.h"

/* A pager that is left open in the middle of a history. */
struct pager {
    struct journal_store *store;
    size_t records;
};

static bool on_record_for_pager(const struct journal_record *record, void *data)
{
    struct pager *pager = data;
    struct journal_sms sms = new_sms("+447700900123", 250);
    int log_pages = -1, carried_over = -1;
    sqlite3 *db;

    (void)record;
    if (++pager->records != 250)
        return true;
    set_failed(&sms, SMS_REFUSED, "5.6.0", "no text");
    run(pager->store, JOB_NOTE, &first_mail, &sms, MAIL_VERDICT_REJECTED, 2000);
    db = sqlite_connect(FILE_NAME);
    sqlite_exec(db, "SELECT 1 FROM sms"); /* before that it does not know of the log */
    check_number("the log can be emptied",
                 sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                           &log_pages, &carried_over),
                 SQLITE_OK);
    check_number("and is empty", log_pages, 0);
    sqlite3_close(db);
    sqlite_backend.change("DELETE FROM sms WHERE id > 300");
    return true;
}

static void who_reads_does_not_keep_the_log_from_shortening(void **state)
{
    struct pager pager = {.store = store_open_new()};
    struct error err;

    (void)state;
    for (unsigned i = 0; i < 400; i++) {
        struct journal_sms sms = new_sms("+447700900123", 0);

        set_failed(&sms, SMS_REFUSED, "5.6.0", "no text");
        run(pager.store, JOB_NOTE, &first_mail, &sms, MAIL_VERDICT_REJECTED, 1000);
    }
    check_true("reads", journal_place_read(sqlite_backend.place,
                                           &(struct journal_filter){.since_s = 0},
                                           on_record_for_pager, &pager, &err));
    check_number("what is purged meanwhile is left out", (long long)pager.records, 300);
    journal_store_close(&pager.store);
}

/* ---- what fails while it is open ---- */

static void what_sqlite_refuses_is_told(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_mail bad_mail = first_mail;
    struct journal_sms sms = new_sms("+447700900124", 2);
    struct error err;

    (void)state;
    bad_mail.customer = NULL; /* as where SQLite has no memory to bind it */
    check_true("fails", !try_run(store, JOB_CLAIM, &bad_mail, &sms, MAIL_VERDICT_NONE,
                                 1000, &err));
    check_error("its error", &err, ERROR_TEMPORARY, "4.3.0",
                "NOT NULL constraint failed: sms.customer");
    journal_store_close(&store);
}

static void a_file_that_is_moved_away_is_noticed(void **state)
{
    static const char *const names[] = {"moved", "removed"};
    struct reading moved = {.text = ""};
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct journal_store *store = store_open_new();
        struct journal_sms sms = new_sms("+447700900123", 1);

        claim(store, &first_mail, &sms, 1000);
        check_true(names[i], !store->backend->is_broken(store));
        assert_int_equal(i == 0 ? rename(FILE_NAME, "moved.db") : unlink(FILE_NAME), 0);
        check_run_fails(names[i], store, "its file was moved, removed or replaced",
                        true);
        store = store_open_again(store, false);
        check_records("the new one is empty", "");
        if (i == 0)
            check_true("the old one has what was still in its log",
                       journal_place_read("sqlite:moved.db",
                                          &(struct journal_filter){.queue_id = "Q1"},
                                          on_record, &moved, &err) &&
                           moved.records == 1);

        set_failed(&sms, SMS_UNKNOWN, "4.4.2", "lost");
        settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1010);
        check_records("what was claimed in the old one is settled in the new one",
                      UNKNOWN_RECORD("deferred", "[4.4.2] [lost]",
                                     "attempts=1 unknowns=1 1010-1010\n"));
        claim(store, &first_mail, &sms, 1020);
        check_records(
            "and found by its key",
            RECORD_OF("Q1", "+447700900123") "sending/ [] [] [] parts=2 "
                                             "attempts=2 unknowns=1 1010-1020\n");
        journal_store_close(&store);
    }
}

/* An administrator restores a backup, but the log beside it belongs to the old file.
 * */
static void a_file_that_is_replaced_is_left_whole(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    fill(store, 3);
    journal_store_close(&store);
    assert_int_equal(rename(FILE_NAME, "backup.db"), 0);
    store = store_open_new();
    fill(store, 40);
    assert_int_equal(rename("backup.db", FILE_NAME), 0);
    check_run_fails("replaced", store, "its file was moved, removed or replaced", true);
    store = store_open_again(store, false);
    check_number("the backup's records", (long long)count_records(), 3);
    claim(store, &first_mail, &sms, 1000);
    check_number("and the next", (long long)count_records(), 4);
    journal_store_close(&store);
}

static void somebody_else_may_hold_it_for_a_while(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    sqlite3 *db = sqlite_connect(FILE_NAME);

    (void)state;
    sqlite_exec(db, "BEGIN IMMEDIATE");
    check_run_fails("held", store, "database is locked: another program writes to it",
                    false);
    check_records("it can be read meanwhile", "");
    sqlite_exec(db, "COMMIT");
    claim(store, &first_mail, &sms, 1000);
    check_number("it works again", (long long)count_records(), 1);
    sqlite3_close(db);
    journal_store_close(&store);
}

/* The log is on a disk that fails. Everything else is SQLite's own file system. */
static int log_fault; /* of SQLite's codes; 0: none */
static sqlite3_vfs *real_vfs;
static const sqlite3_io_methods *real_log;
static sqlite3_io_methods our_log;

static int write_log(sqlite3_file *file, const void *data, int size,
                     sqlite3_int64 offset)
{
    return log_fault == SQLITE_FULL ? SQLITE_FULL
                                    : real_log->xWrite(file, data, size, offset);
}

static int sync_log(sqlite3_file *file, int flags)
{
    return log_fault == SQLITE_IOERR_FSYNC ? SQLITE_IOERR_FSYNC
                                           : real_log->xSync(file, flags);
}

static int open_vfs_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file,
                         int flags, int *flags_out)
{
    int status = real_vfs->xOpen(real_vfs, name, file, flags, flags_out);

    (void)vfs;
    if (status != SQLITE_OK || !(flags & SQLITE_OPEN_WAL))
        return status;
    if (!real_log) {
        real_log = file->pMethods;
        our_log = *real_log;
        our_log.xWrite = write_log;
        our_log.xSync = sync_log;
    }
    file->pMethods = &our_log;
    return status;
}

static void take_over_files(void)
{
    static sqlite3_vfs ours;

    real_vfs = sqlite3_vfs_find(NULL);
    ours = *real_vfs;
    ours.zName = "failing";
    ours.xOpen = open_vfs_file;
    sqlite3_vfs_register(&ours, true);
}

static void a_full_disk_is_waited_for(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    log_fault = SQLITE_FULL;
    check_run_fails("full", store, "database or disk is full: free some space", false);
    log_fault = 0;
    check_records("nothing is lost, and nothing half there",
                  RECORD_OF("Q1", "+447700900123") "sending/ [] [] [] parts=2 "
                                                   "attempts=1 unknowns=0 1000-1000\n");
    set_sent(&sms, "api-1");
    settle(store, &first_mail, &sms, MAIL_VERDICT_ACCEPTED, 1001);
    check_records(
        "it works again",
        RECORD_OF("Q1", "+447700900123") "sent/accepted [api-1] [] [] "
                                         "parts=2 attempts=1 unknowns=0 1000-1001\n");
    journal_store_close(&store);
}

/* What may not be on the disk counts as not written, and is written once in the end.
 * */
static void a_disk_that_does_not_say_that_it_has_written(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    struct journal_mail mail = first_mail;
    struct error err;

    (void)state;
    mail.identity = MAIL_IDENTITY_CONTENT;
    claim(store, &mail, &sms, 1000);
    set_failed(&sms, SMS_UNKNOWN, "4.4.2", "lost");
    log_fault = SQLITE_IOERR_FSYNC;
    check_true("fails", !try_run(store, JOB_SETTLE, &mail, &sms, MAIL_VERDICT_ACCEPTED,
                                 1001, &err));
    check_text("why", err.text, "disk I/O error");
    check_true("broken", store->backend->is_broken(store));
    log_fault = 0;
    store = store_open_again(store, false);
    settle(store, &mail, &sms, MAIL_VERDICT_ACCEPTED, 1002);
    check_records("once", UNKNOWN_RECORD("accepted", "[4.4.2] [lost]",
                                         "attempts=1 unknowns=1 1000-1002\n"));
    journal_store_close(&store);
}

static void a_claim_that_is_there_all_the_same_is_undone(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), other = new_sms("+4477", 2);
    struct journal_mail mail = first_mail;
    struct error err;

    (void)state;
    mail.identity = MAIL_IDENTITY_CONTENT;
    claim(store, &mail, &sms, 1000);
    set_sent(&sms, "api-1");
    settle(store, &mail, &sms, MAIL_VERDICT_DEFERRED, 1001);
    log_fault = SQLITE_IOERR_FSYNC;
    check_true("fails",
               !try_run(store, JOB_CLAIM, &mail, &sms, MAIL_VERDICT_NONE, 1002, &err));
    journal_store_close(&store); /* nor can it tidy up */
    log_fault = 0;
    store = store_open(false);
    run(store, JOB_UNDO, &mail, &sms, MAIL_VERDICT_DEFERRED, 1003);
    run(store, JOB_UNDO, &mail, &other, MAIL_VERDICT_DEFERRED, 1003);
    check_records(
        "what had no record has none",
        RECORD_OF("Q1", "+447700900123") "sent/deferred [api-1] [] [] parts=2 "
                                         "attempts=1 unknowns=0 1000-1003\n");
    claim(store, &mail, &sms, 1004);
    check_number("the retry finds it", sms.claim, CLAIM_SENT);
    journal_store_close(&store);
}

/* Here the operating system refuses with EFBIG, for which SQLite has no code. */
static void a_file_that_cannot_grow_loses_nothing(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    struct rlimit old, limit;

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    limit = old;
    limit.rlim_cur = (rlim_t)size_of(FILE_NAME "-wal");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    check_run_fails("it cannot grow", store, "disk I/O error", true);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    check_records("nothing is lost, and nothing half there",
                  RECORD_OF("Q1", "+447700900123") "sending/ [] [] [] parts=2 "
                                                   "attempts=1 unknowns=0 1000-1000\n");
    store = store_open_again(store, false);
    set_sent(&sms, "api-1");
    settle(store, &first_mail, &sms, MAIL_VERDICT_ACCEPTED, 1001);
    check_records(
        "it works again",
        RECORD_OF("Q1", "+447700900123") "sent/accepted [api-1] [] [] "
                                         "parts=2 attempts=1 unknowns=0 1000-1001\n");
    journal_store_close(&store);
}

static sqlite3_mem_methods memory;
static int bad_allocation; /* the how-manyth from now fails; 0: none */

static bool is_bad_allocation(void)
{
    return bad_allocation > 0 && --bad_allocation == 0;
}

static void *allocate(int size)
{
    return is_bad_allocation() ? NULL : memory.xMalloc(size);
}

static void *reallocate(void *old, int size)
{
    return is_bad_allocation() ? NULL : memory.xRealloc(old, size);
}

/* Before SQLite is used. */
static void take_over_memory(void)
{
    sqlite3_mem_methods ours;

    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
    ours = memory;
    ours.xMalloc = allocate;
    ours.xRealloc = reallocate;
    sqlite3_config(SQLITE_CONFIG_MALLOC, &ours);
    sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0); /* else most is in there */
}

/* Runs in each of which another allocation fails, until none is left. */
static struct journal_mail limited_mail(void)
{
    const struct spender_limits limits = {
        .rate = {60, 60}, .quota = {100, CALENDAR_DAY}, .window_end_s = DAY_S};
    struct journal_mail mail = first_mail;

    mail.limits = (struct spending_limits){.customer = limits, .sender = limits};
    return mail;
}

/* By all four limits. */
static void check_charged(const char *row, int want)
{
    sqlite3 *db = sqlite_connect(FILE_NAME);
    sqlite3_stmt *statement;

    assert_int_equal(
        sqlite3_prepare_v2(db,
                           "SELECT (SELECT coalesce(sum(sms), 0) FROM quota_window) +"
                           " (SELECT coalesce(sum(60 - level / 60), 0) FROM bucket)",
                           -1, &statement, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    check_number(row, sqlite3_column_int(statement, 0), 4LL * want);
    sqlite3_finalize(statement);
    sqlite3_close(db);
}

static void without_memory_nothing_is_half_done(void **state)
{
    enum { NUMBERS = 3, MOST_ALLOCATIONS = 10000 };
    const struct journal_mail mail = limited_mail();
    struct journal_sms known = new_sms("+447700900123", 1), sms[NUMBERS];
    struct journal_job job = {
        .kind = JOB_CLAIM, .mail = &mail, .sms = sms, .count = COUNT(sms)};
    struct journal_store *store = store_open_new();
    char *reason = unit_repeat("r", ERROR_TEXT_SIZE - 1);
    int failures = 0, left = 0;

    (void)state;
    claim(store, &mail, &known, 1000);
    set_failed(&known, SMS_REFUSED, "5.1.1", reason);
    settle(store, &mail, &known, MAIL_VERDICT_DEFERRED, 1000);
    for (int i = 1; left == 0 && i < MOST_ALLOCATIONS; i++) {
        struct error err;
        bool is_good;

        for (unsigned char k = 0; k < COUNT(sms); k++)
            sms[k] = new_sms("+447700900123", k + 1);
        bad_allocation = i;
        is_good = store->backend->run(store, &job, 1000, &err);
        left = bad_allocation;
        bad_allocation = 0;
        if (is_good) {
            check_number("what it knew is known", sms[0].claim, CLAIM_REFUSED);
            check_text("to the last letter", sms[0].error.text, reason);
            check_number("all is written", (long long)count_records(), NUMBERS);
            check_charged("and charged", NUMBERS - 1);
            sqlite_backend.change(
                "DELETE FROM sms WHERE id > 1; DELETE FROM quota_window;"
                " DELETE FROM bucket");
        } else {
            failures++;
            check_error("it fails", &err, ERROR_TEMPORARY, "4.3.0", "out of memory");
            check_true("it is not broken", !store->backend->is_broken(store));
            check_number("nothing is written", (long long)count_records(), 1);
            check_charged("nor charged", 0);
        }
    }
    check_true("all have been tried", left > 0);
    check_true("some mattered", failures > 3);
    free(reason);
    journal_store_close(&store);
}

/* Opening is tried again later, and leaves nothing behind meanwhile. */
static void without_memory_it_is_not_opened(void **state)
{
    enum { STEP = 5, MOST_ALLOCATIONS = 100000 }; /* a step, to be done sooner */
    int left = 0;

    (void)state;
    for (int i = 1; left == 0 && i < MOST_ALLOCATIONS; i += STEP) {
        struct journal_store *store;
        struct error err;

        sqlite_backend.clear();
        bad_allocation = i;
        if (!journal_sqlite.open(sqlite_backend.place, true, &store, &err)) {
            check_true("cleared", store == NULL);
            check_number("its error", err.kind, ERROR_TEMPORARY);
        }
        left = bad_allocation;
        bad_allocation = 0;
        journal_store_close(&store);
    }
    check_true("all have been tried", left > 0);
}

/* ---- no statement reads a whole table ---- */

static int scanned_rows; /* by all statements on all connections */

static int on_statement_end(unsigned what, void *data, void *statement, void *took_ns)
{
    (void)what;
    (void)data;
    (void)took_ns;
    scanned_rows += sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
    return 0;
}

static int watch_connection(sqlite3 *db, char **error_out,
                            const struct sqlite3_api_routines *api)
{
    (void)error_out;
    (void)api;
    return sqlite3_trace_v2(db, SQLITE_TRACE_PROFILE, on_statement_end, NULL);
}

static void do_all_kinds_of_jobs(struct journal_store *store,
                                 enum mail_identity identity)
{
    struct journal_mail mail = limited_mail();
    struct journal_sms sms = new_signed_sms(1, 9);
    unsigned count;
    struct error err;

    mail.identity = identity;
    for (int i = 0; i < 3; i++) {
        claim(store, &mail, &sms, 5000);
        set_failed(&sms, SMS_FAILED, "4.4.1", "down");
        settle(store, &mail, &sms, MAIL_VERDICT_DEFERRED, 5001);
        mail.queue_id = "Q2";
    }
    claim(store, &mail, &sms, 5000 + 100 * DAY_S);
    settle(store, &mail, &sms, MAIL_VERDICT_ACCEPTED, 5001 + 100 * DAY_S);
    run(store, JOB_NOTE, &mail, &sms, MAIL_VERDICT_REJECTED, 5001);
    check_true("purge", store->backend->purge(store, 2, 10, &count, &err));
}

static void nothing_is_searched_for_without_an_index(void **state)
{
    static const struct {
        const char *name;
        struct journal_filter filter;
    } rows[] = {
        {"number", {.number = "+447700900199"}},
        {"queue id", {.queue_id = "Q9"}},
        {"number and queue id", {.number = "+447700900199", .queue_id = "Q9"}},
        {"since", {.since_s = 9000}},
        {"customer and since", {.customer = "school", .since_s = 9000}},
    };
    struct journal_store *store = store_open_new();
    struct reading reading = {.text = ""};
    struct error err;

    (void)state;
    for (int i = 0; i < 4; i++)
        fill(store, 200);
    journal_store_close(&store);
    assert_int_equal(sqlite3_auto_extension((void (*)(void))watch_connection),
                     SQLITE_OK);
    store = store_open(true);
    check_number("a start", scanned_rows, 0);
    for (int i = 0; i <= MAIL_IDENTITY_SIGNATURE; i++)
        do_all_kinds_of_jobs(store, (enum mail_identity)i);
    check_number("jobs", scanned_rows, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        scanned_rows = 0;
        check_true(rows[i].name,
                   journal_place_read(sqlite_backend.place, &rows[i].filter, on_record,
                                      &reading, &err));
        check_number(rows[i].name, scanned_rows, 0);
    }
    scanned_rows = 0;
    journal_place_read(sqlite_backend.place, &(struct journal_filter){.customer = "x"},
                       on_record, &reading, &err);
    check_true("who looks for a customer alone reads all", scanned_rows >= 800);
    sqlite3_cancel_auto_extension((void (*)(void))watch_connection);
    journal_store_close(&store);
}

/* The log is copied to the database while the daemon works, and starts again. */
static void the_log_does_not_grow_for_ever(void **state)
{
    enum { RUNS = 400, SMS_IN_A_RUN = 50, LIMIT_BYTES = 16 * 1024 * 1024 };
    static struct journal_sms sms[SMS_IN_A_RUN];
    struct journal_store *store = store_open_new();
    struct journal_job job = {
        .kind = JOB_NOTE, .mail = &first_mail, .sms = sms, .count = COUNT(sms)};
    char *reason = unit_repeat("r", ERROR_TEXT_SIZE - 1);
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(sms); i++) {
        sms[i] = new_sms("+447700900123", 0);
        set_failed(&sms[i], SMS_REFUSED, "5.6.0", reason);
    }
    for (int i = 0; i < RUNS; i++)
        if (!store->backend->run(store, &job, 1000 + i, &err))
            fail_msg("%s", err.text);
    check_true("the database has grown", size_of(FILE_NAME) > LIMIT_BYTES / 2);
    check_true("the log has a bound", size_of(FILE_NAME "-wal") < LIMIT_BYTES);
    journal_store_close(&store);
    check_number("a clean end leaves no log", size_of(FILE_NAME "-wal"), -1);
    free(reason);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(who_reads_does_not_keep_the_log_from_shortening),
        UNIT_TEST(what_sqlite_refuses_is_told),
        UNIT_TEST(a_file_that_is_moved_away_is_noticed),
        UNIT_TEST(a_file_that_is_replaced_is_left_whole),
        UNIT_TEST(somebody_else_may_hold_it_for_a_while),
        UNIT_TEST(a_full_disk_is_waited_for),
        UNIT_TEST(a_disk_that_does_not_say_that_it_has_written),
        UNIT_TEST(a_claim_that_is_there_all_the_same_is_undone),
        UNIT_TEST(a_file_that_cannot_grow_loses_nothing),
        UNIT_TEST(without_memory_nothing_is_half_done),
        UNIT_TEST(without_memory_it_is_not_opened),
        UNIT_TEST(nothing_is_searched_for_without_an_index),
        UNIT_TEST(the_log_does_not_grow_for_ever),
    };

    unit_enter_folder();
    take_over_memory();
    take_over_files();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
