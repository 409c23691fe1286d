/* SPDX-License-Identifier: ISC */
/* The store: one connection that writes. journal_sqlite_checkpoint.c has a second one.
 */
#include "journal/journal_sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "journal/journal_sqlite_check.h"
#include "journal/journal_sqlite_checkpoint.h"
#include "journal/journal_sqlite_db.h"
#include "journal/journal_sqlite_found.h"
#include "journal/journal_sqlite_jobs.h"
#include "journal/journal_sqlite_read.h"

struct sqlite_store {
    struct journal_store store; /* the first member: see struct journal_store */
    sqlite3 *db;
    struct journal_sqlite_jobs *jobs;
    int lock_file; /* held by one daemon at a time; -1: not held */
    struct journal_sqlite_checkpoint *checkpoint;
    struct journal_found found;
    bool is_broken;
};

static struct sqlite_store *of(struct journal_store *store)
{
    return (struct sqlite_store *)store;
}

/* ---- transactions ---- */

/* After these errors the same connection works again: another program holds the lock,
 * or the disk or the memory is full. */
static bool is_passing(int status)
{
    int kind = status & 0xFF;

    return kind == SQLITE_BUSY || kind == SQLITE_FULL || kind == SQLITE_NOMEM;
}

static bool has_moved(struct sqlite_store *store)
{
    int answer = 0;

    sqlite3_file_control(store->db, "main", SQLITE_FCNTL_HAS_MOVED, &answer);
    return answer;
}

static bool begin(struct sqlite_store *store, struct error *err)
{
    /* Otherwise it would go on writing to a file that has no name any more. */
    if (has_moved(store)) {
        store->is_broken = true;
        return error_set(err, ERROR_TEMPORARY, "4.3.0",
                         "its file was moved, removed or replaced");
    }
    return journal_db_exec(store->db, "BEGIN IMMEDIATE", err);
}

static bool end(struct sqlite_store *store, bool is_good, struct error *err)
{
    struct error ignored;

    if (is_good && journal_db_exec(store->db, "COMMIT", err)) {
        journal_sqlite_checkpoint_note(store->checkpoint);
        return true;
    }
    if (!is_passing(sqlite3_errcode(store->db)))
        store->is_broken = true;
    if (!sqlite3_get_autocommit(store->db))
        journal_db_exec(store->db, "ROLLBACK", &ignored);
    return false;
}

static bool run(struct journal_store *store, struct journal_job *first, int64_t now_s,
                struct error *err)
{
    struct sqlite_store *ours = of(store);
    bool is_good =
        begin(ours, err) && journal_sqlite_jobs_run(ours->jobs, first, now_s, err);

    return end(ours, is_good, err);
}

static bool purge(struct journal_store *store, int64_t before_s, unsigned limit,
                  unsigned *count_out, struct error *err)
{
    struct sqlite_store *ours = of(store);
    bool is_good;

    *count_out = 0;
    is_good = begin(ours, err) &&
              journal_sqlite_jobs_purge(ours->jobs, before_s, limit, count_out, err);
    return end(ours, is_good, err);
}

static bool keep_clock(struct journal_store *store,
                       const struct journal_clock_record *record, struct error *err)
{
    struct sqlite_store *ours = of(store);
    bool is_kept = begin(ours, err) && journal_sqlite_keep_clock(ours->db, record, err);

    return end(ours, is_kept, err);
}

static struct journal_found found(const struct journal_store *store)
{
    return ((const struct sqlite_store *)store)->found;
}

static bool is_broken(const struct journal_store *store)
{
    return ((const struct sqlite_store *)store)->is_broken;
}

/* ---- opening ---- */

/* One daemon at a time: a second one would believe that the SMS which the first one is
 * sending were lost. The lock is on a separate file, because closing any descriptor of
 * the database would release SQLite's own locks (sqlite.org/howtocorrupt.html, 2.2). It
 * ends with the process. */
static bool take_lock(struct sqlite_store *store, const char *path, struct error *err)
{
    char *name = sqlite3_mprintf("%s-lock", path);

    if (!name)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    store->lock_file = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (store->lock_file < 0)
        journal_db_fail_file("cannot create its lock file", name, err);
    sqlite3_free(name);
    if (store->lock_file < 0)
        return false;
    if (flock(store->lock_file, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return error_set(err, ERROR_TEMPORARY, "4.3.0",
                         "another sms-milter process uses it");
    return error_set_errno(err, ERROR_TEMPORARY, "4.3.0",
                           "its lock file cannot be locked");
}

static bool close_the_dead_ones(sqlite3 *db, struct error *err)
{
    return journal_db_exec(
        db,
        "UPDATE sms SET state = 'unknown', unknowns = unknowns + 1, status = '4.4.2',"
        " reason = 'the SMS gateway ended before the SMS service answered; the SMS may"
        " have been sent' WHERE state = 'sending';"
        "UPDATE sms SET in_hand = 0 WHERE in_hand = 1",
        err);
}

static bool open_all(struct sqlite_store *store, const char *path, bool is_first,
                     struct error *err)
{
    if (!take_lock(store, path, err) || !journal_db_open(path, &store->db, err) ||
        !journal_sqlite_find(store->db, &store->found, err) ||
        (is_first && !close_the_dead_ones(store->db, err)))
        return false;
    return journal_sqlite_jobs_new(store->db, &store->jobs, err) &&
           journal_sqlite_checkpoint_new(store->db, path, &store->checkpoint, err);
}

/* If the file was moved, its write-ahead log is written to it before it is closed.
 * SQLite would leave the log in place, and write it to the next file of that name. */
static void empty_log(struct sqlite_store *store)
{
    if (store->db && has_moved(store))
        sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL);
}

static void close_store(struct journal_store *store)
{
    struct sqlite_store *ours = of(store);

    journal_sqlite_checkpoint_free(&ours->checkpoint);
    journal_sqlite_jobs_free(&ours->jobs);
    empty_log(ours);
    sqlite3_close(ours->db);
    if (ours->lock_file >= 0)
        close(ours->lock_file);
    free(ours);
}

static bool open_store(const char *place, bool is_first,
                       struct journal_store **store_out, struct error *err)
{
    struct sqlite_store *ours = calloc(1, sizeof *ours);

    *store_out = NULL;
    if (!ours)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    ours->store.backend = &journal_sqlite;
    ours->lock_file = -1;
    if (!open_all(ours, journal_db_path(place), is_first, err)) {
        close_store(&ours->store);
        return false;
    }
    *store_out = &ours->store;
    return true;
}

static bool is_place(const char *rest)
{
    return *rest == '/';
}

const struct journal_backend journal_sqlite = {
    .scheme = "sqlite",
    .example = "sqlite:/path",
    .is_place = is_place,
    .check = journal_sqlite_check,
    .open = open_store,
    .close = close_store,
    .found = found,
    .run = run,
    .purge = purge,
    .keep_clock = keep_clock,
    .is_broken = is_broken,
    .read = journal_sqlite_read,
};
