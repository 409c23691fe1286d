/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/account.h"
#include "base/folder.h"

/* How long to wait for another program that writes to the file, such as sqlite3(1) or a
 * backup. */
enum { BUSY_TIMEOUT_MS = 1000 };

/* "SMSM": by this number file(1) and others know whose SQLite file it is. */
#define APPLICATION_ID "0x534D534D"

/* Each step leads from one version of the schema to the next, the first one from an
 * empty file. user_version in the file is its version. Steps that were released never
 * change. */
static const char *const migrations[] = {
    "CREATE TABLE sms ("
    " id INTEGER PRIMARY KEY,"
    /* NULL: no retry finds the record any more. */
    " key BLOB UNIQUE,"
    " customer TEXT NOT NULL, sender TEXT NOT NULL, number TEXT NOT NULL,"
    " queue_id TEXT NOT NULL, message_id TEXT NOT NULL,"
    " state TEXT NOT NULL"
    "  CHECK (state IN ('sending', 'sent', 'refused', 'failed', 'unknown')),"
    " verdict TEXT NOT NULL"
    "  CHECK (verdict IN ('', 'deferred', 'accepted', 'rejected')),"
    " api_message_id TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,"
    " parts INTEGER NOT NULL, attempts INTEGER NOT NULL, unknowns INTEGER NOT NULL,"
    /* Unix time, seconds. */
    " created INTEGER NOT NULL, updated INTEGER NOT NULL);"
    "CREATE INDEX sms_number ON sms (number);"
    "CREATE INDEX sms_queue_id ON sms (queue_id);"
    "CREATE INDEX sms_updated ON sms (updated);"
    "CREATE INDEX sms_sending ON sms (id) WHERE state = 'sending';"
    "PRAGMA application_id = " APPLICATION_ID,

    /* When an SMS was charged (Unix time; 0: it was not) and for how many parts. */
    "ALTER TABLE sms ADD COLUMN charged INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE sms ADD COLUMN charged_parts INTEGER NOT NULL DEFAULT 0;"
    /* What is left of rates: see struct bucket. Here and below sender is "" for the
     * limits of the customer itself. */
    "CREATE TABLE bucket ("
    " id INTEGER PRIMARY KEY,"
    " customer TEXT NOT NULL, sender TEXT NOT NULL,"
    " rate_count INTEGER NOT NULL CHECK (rate_count BETWEEN 1 AND 4294967295),"
    " rate_period INTEGER NOT NULL CHECK (rate_period BETWEEN 1 AND 86400),"
    " level INTEGER NOT NULL CHECK (level >= 0),"
    " filled INTEGER NOT NULL CHECK (filled >= 0),"
    " updated INTEGER NOT NULL,"
    " UNIQUE (customer, sender));"
    "CREATE INDEX bucket_updated ON bucket (updated);"
    /* What is used of quotas, in the latest window of each calendar unit. */
    "CREATE TABLE quota_window ("
    " id INTEGER PRIMARY KEY,"
    " customer TEXT NOT NULL, sender TEXT NOT NULL,"
    " unit TEXT NOT NULL CHECK (unit IN ('hour', 'day', 'week', 'month')),"
    " window_start INTEGER NOT NULL, window_end INTEGER NOT NULL,"
    " sms INTEGER NOT NULL CHECK (sms >= 0),"
    " parts INTEGER NOT NULL CHECK (parts >= 0),"
    " updated INTEGER NOT NULL,"
    " UNIQUE (customer, sender, unit));"
    "CREATE INDEX quota_window_updated ON quota_window (updated)",

    /* Several records may have the same key: identical alarms. A second key finds
     * signed copies of the SMS. SQLite cannot drop UNIQUE, so the table is made again.
     */
    "CREATE TABLE sms_3 ("
    " id INTEGER PRIMARY KEY,"
    /* NULL: no retry, or no signed copy, finds the record any more. */
    " key BLOB, signed_key BLOB,"
    /* The latest claim, and whether it is still to be settled by a living session. */
    " claim INTEGER NOT NULL DEFAULT 0,"
    " in_hand INTEGER NOT NULL DEFAULT 0 CHECK (in_hand IN (0, 1)),"
    " customer TEXT NOT NULL, sender TEXT NOT NULL, number TEXT NOT NULL,"
    " queue_id TEXT NOT NULL, message_id TEXT NOT NULL,"
    " state TEXT NOT NULL"
    "  CHECK (state IN ('sending', 'sent', 'refused', 'failed', 'unknown')),"
    " verdict TEXT NOT NULL"
    "  CHECK (verdict IN ('', 'deferred', 'accepted', 'rejected')),"
    " api_message_id TEXT NOT NULL, status TEXT NOT NULL, reason TEXT NOT NULL,"
    " parts INTEGER NOT NULL, attempts INTEGER NOT NULL, unknowns INTEGER NOT NULL,"
    " created INTEGER NOT NULL, updated INTEGER NOT NULL,"
    " charged INTEGER NOT NULL DEFAULT 0, charged_parts INTEGER NOT NULL DEFAULT 0);"
    "INSERT INTO sms_3 (id, key, customer, sender, number, queue_id, message_id, state,"
    " verdict, api_message_id, status, reason, parts, attempts, unknowns, created,"
    " updated, charged, charged_parts)"
    " SELECT id, key, customer, sender, number, queue_id, message_id, state, verdict,"
    " api_message_id, status, reason, parts, attempts, unknowns, created, updated,"
    " charged, charged_parts FROM sms;"
    "DROP TABLE sms;"
    "ALTER TABLE sms_3 RENAME TO sms;"
    "CREATE INDEX sms_key ON sms (key) WHERE key IS NOT NULL;"
    "CREATE INDEX sms_signed_key ON sms (signed_key) WHERE signed_key IS NOT NULL;"
    "CREATE INDEX sms_number ON sms (number);"
    "CREATE INDEX sms_queue_id ON sms (queue_id);"
    "CREATE INDEX sms_updated ON sms (updated);"
    "CREATE INDEX sms_sending ON sms (id) WHERE state = 'sending';"
    "CREATE INDEX sms_in_hand ON sms (id) WHERE in_hand = 1;"
    /* The queue ids of tries before the latest one, and of copies. */
    "CREATE TABLE earlier_queue_id ("
    " sms INTEGER NOT NULL, queue_id TEXT NOT NULL,"
    " PRIMARY KEY (sms, queue_id)) WITHOUT ROWID;"
    "CREATE INDEX earlier_queue_id_queue_id ON earlier_queue_id (queue_id);"
    "CREATE TRIGGER sms_deleted AFTER DELETE ON sms"
    " BEGIN DELETE FROM earlier_queue_id WHERE sms = old.id; END",
};

enum { SCHEMA_VERSION = sizeof migrations / sizeof *migrations };

const char *journal_db_path(const char *place)
{
    return place + strlen("sqlite:");
}

/* For a damaged file. */
#define ADVICE "move it to another folder; a new journal is then created"

bool journal_db_fail_file(const char *what, const char *path, struct error *err)
{
    bool is_of_folder = errno == ENOENT || errno == EACCES;
    const char *why = strerror(errno);
    char user[ACCOUNT_NAME_SIZE];

    if (!is_of_folder)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "%s %s: %s", what, path, why);
    folder_user(user, sizeof user);
    return error_set(
        err, ERROR_TEMPORARY, "4.3.0",
        "%s %s: %s (does the folder exist, and does it belong to user %s?)", what, path,
        why, user);
}

/* What the administrator can do about an error of SQLite; it follows the message. */
static const char *advice_for(int kind)
{
    switch (kind) {
    case SQLITE_CORRUPT:
        return ": " ADVICE;
    case SQLITE_BUSY:
        return ": another program writes to it";
    case SQLITE_FULL:
        return ": free some space";
    default:
        return "";
    }
}

bool journal_db_fail(sqlite3 *db, struct error *err)
{
    int kind = sqlite3_errcode(db) & 0xFF;

    if (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) {
        errno = sqlite3_system_errno(db);
        if (errno != 0)
            return error_set_errno(err, ERROR_TEMPORARY, "4.3.0", "%s",
                                   sqlite3_errmsg(db));
    }
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "%s%s", sqlite3_errmsg(db),
                     advice_for(kind));
}

bool journal_db_exec(sqlite3 *db, const char *sql, struct error *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ||
           journal_db_fail(db, err);
}

bool journal_db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **statement_out,
                        struct error *err)
{
    return sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement_out,
                              NULL) == SQLITE_OK ||
           journal_db_fail(db, err);
}

bool journal_db_step(sqlite3 *db, sqlite3_stmt *statement, struct error *err)
{
    bool is_done = sqlite3_step(statement) == SQLITE_DONE || journal_db_fail(db, err);

    sqlite3_reset(statement);
    return is_done;
}

/* Copies the one value that a query gives; "" if it gives none. */
static bool ask(sqlite3 *db, const char *sql, char *answer_out, size_t size_bytes,
                struct error *err)
{
    sqlite3_stmt *statement = NULL;
    const unsigned char *text = NULL;
    int status = sqlite3_prepare_v2(db, sql, -1, &statement, NULL);

    *answer_out = '\0';
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        text = sqlite3_column_text(statement, 0);
    if (text)
        snprintf(answer_out, size_bytes, "%s", (const char *)text);
    if (status != SQLITE_ROW)
        journal_db_fail(db, err);
    sqlite3_finalize(statement);
    return status == SQLITE_ROW;
}

static bool read_version(sqlite3 *db, int *version_out, struct error *err)
{
    char answer[16];

    *version_out = -1;
    if (!ask(db, "PRAGMA user_version", answer, sizeof answer, err))
        return false;
    if (sscanf(answer, "%d", version_out) == 1 && *version_out >= 0 &&
        *version_out <= SCHEMA_VERSION)
        return true;
    return error_set(
        err, ERROR_TEMPORARY, "4.3.0",
        "its schema has version %s, but this sms-milter knows only versions "
        "up to %d: install a newer one",
        answer, (int)SCHEMA_VERSION);
}

static bool migrate_from(sqlite3 *db, int version, struct error *err)
{
    char set_version[48];

    for (; version < SCHEMA_VERSION; version++)
        if (!journal_db_exec(db, migrations[version], err))
            return false;
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d",
             (int)SCHEMA_VERSION);
    return journal_db_exec(db, set_version, err);
}

/* In one transaction: all steps or none. */
static bool migrate(sqlite3 *db, struct error *err)
{
    int version;
    struct error ignored;

    if (!read_version(db, &version, err))
        return false;
    if (version == SCHEMA_VERSION)
        return true;
    if (!journal_db_exec(db, "BEGIN IMMEDIATE", err))
        return false;
    if (migrate_from(db, version, err) && journal_db_exec(db, "COMMIT", err))
        return true;
    journal_db_exec(db, "ROLLBACK", &ignored);
    return false;
}

/* quick_check reads the whole file but does not compare each index with its table. For
 * a million records it takes some seconds; integrity_check would take a minute. */
static bool check_integrity(sqlite3 *db, struct error *err)
{
    char answer[200];
    const char *heading_end;

    if (!ask(db, "PRAGMA quick_check(1)", answer, sizeof answer, err))
        return false;
    if (strcmp(answer, "ok") == 0)
        return true;
    heading_end = strchr(answer, '\n');
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "it is damaged (%s): " ADVICE,
                     heading_end ? heading_end + 1 : answer);
}

/* The configuration may name a file of another program by mistake. */
static bool check_owner(sqlite3 *db, struct error *err)
{
    char answer[2];

    if (!ask(db,
             "SELECT EXISTS (SELECT * FROM sqlite_master)"
             " AND application_id <> " APPLICATION_ID " FROM pragma_application_id",
             answer, sizeof answer, err))
        return false;
    return strcmp(answer, "0") == 0 ||
           error_set(err, ERROR_TEMPORARY, "4.3.0",
                     "it is the database of another program");
}

/* With synchronous = FULL a commit is on the disk when it returns, also with a
 * write-ahead log. */
static bool set_up(sqlite3 *db, struct error *err)
{
    char mode[16];
    int version;

    /* Before anything in it is changed. */
    if (!check_owner(db, err) || !read_version(db, &version, err))
        return false;
    if (!ask(db, "PRAGMA journal_mode = WAL", mode, sizeof mode, err))
        return false;
    if (strcmp(mode, "wal") != 0)
        return error_set(
            err, ERROR_TEMPORARY, "4.3.0",
            "SQLite cannot keep a write-ahead log for it (journal mode %s): is it on a "
            "network file system?",
            mode);
    return journal_db_exec(db, "PRAGMA synchronous = FULL", err) &&
           journal_db_exec(db, "PRAGMA journal_size_limit = 67108864", err) &&
           check_integrity(db, err) && migrate(db, err);
}

static bool open_file(const char *path, int flags, sqlite3 **db_out, struct error *err)
{
    if (sqlite3_open_v2(path, db_out, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_extended_result_codes(*db_out, 1);
        sqlite3_busy_timeout(*db_out, BUSY_TIMEOUT_MS);
        return true;
    }
    journal_db_fail(*db_out, err); /* says "out of memory" if *db_out is NULL */
    sqlite3_close(*db_out);
    *db_out = NULL;
    return false;
}

/* SQLite would make the file with mode 0644. It gives its other files the same mode. */
static bool make_file(const char *path, struct error *err)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (file < 0)
        return journal_db_fail_file("cannot open", path, err);
    close(file);
    return true;
}

bool journal_db_open(const char *path, sqlite3 **db_out, struct error *err)
{
    *db_out = NULL;
    if (!make_file(path, err) || !open_file(path, SQLITE_OPEN_READWRITE, db_out, err))
        return false;
    if (set_up(*db_out, err))
        return true;
    sqlite3_close(*db_out);
    *db_out = NULL;
    return false;
}

/* Only the daemon may migrate the file, and a file that is not migrated may lack
 * columns that are to be read. */
static bool check_version_to_read(sqlite3 *db, struct error *err)
{
    int version;

    if (!check_owner(db, err) || !read_version(db, &version, err))
        return false;
    if (version == 0)
        return error_set(err, ERROR_TEMPORARY, NULL,
                         "it is empty: no daemon has used it yet");
    return version == SCHEMA_VERSION ||
           error_set(
               err, ERROR_TEMPORARY, NULL,
               "its schema has version %d; the daemon updates it to version %d when it "
               "starts",
               version, (int)SCHEMA_VERSION);
}

bool journal_db_open_to_read(const char *path, sqlite3 **db_out, struct error *err)
{
    *db_out = NULL;
    if (access(path, R_OK) < 0)
        return error_set_errno(err, ERROR_TEMPORARY, NULL, "it cannot be read");
    if (!open_file(path, SQLITE_OPEN_READONLY, db_out, err))
        return false;
    if (check_version_to_read(*db_out, err))
        return true;
    sqlite3_close(*db_out);
    *db_out = NULL;
    return false;
}

/* Reads the version first: a connection that has never read does not know yet that
 * there is a write-ahead log, and its checkpoints would do nothing. */
bool journal_db_open_to_checkpoint(const char *path, sqlite3 **db_out,
                                   struct error *err)
{
    int version;

    if (!open_file(path, SQLITE_OPEN_READWRITE, db_out, err))
        return false;
    if (read_version(*db_out, &version, err))
        return true;
    sqlite3_close(*db_out);
    *db_out = NULL;
    return false;
}

/* ---- before it is opened ---- */

/* "file:" and the path, in which characters that have a meaning in URIs are escaped
 * (RFC 3986 section 2.1). The caller frees it with sqlite3_free(). NULL if there is no
 * memory.
 */
static char *make_uri(const char *path, const char *options)
{
    sqlite3_str *uri = sqlite3_str_new(NULL);

    sqlite3_str_appendall(uri, "file:");
    for (; *path; path++)
        if (strchr("?#%", *path))
            sqlite3_str_appendf(uri, "%%%02X", (unsigned char)*path);
        else
            sqlite3_str_appendchar(uri, 1, *path);
    sqlite3_str_appendall(uri, options);
    return sqlite3_str_finish(uri);
}

/* If there is no write-ahead log, SQLite would make one even for reading, unless it is
 * told that nobody changes the file (immutable). */
static bool open_unchanged(const char *path, bool has_log, sqlite3 **db_out,
                           struct error *err)
{
    char *uri = make_uri(path, has_log ? "?mode=ro" : "?mode=ro&immutable=1");
    bool is_open;

    if (!uri)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    is_open = open_file(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, db_out, err);
    sqlite3_free(uri);
    return is_open;
}

bool journal_db_check(const char *path, bool has_log, bool is_thorough,
                      struct error *err)
{
    sqlite3 *db;
    int version;
    bool is_good;

    if (!open_unchanged(path, has_log, &db, err))
        return false;
    is_good = check_owner(db, err) && read_version(db, &version, err) &&
              (!is_thorough || check_integrity(db, err));
    sqlite3_close(db);
    return is_good;
}
