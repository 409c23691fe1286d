/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_found.h"

#include "journal/journal_sqlite_db.h"

/* At most one row. Only the daemon uses it, so it is not a part of the schema's
 * version. */
static const char create[] = "CREATE TABLE IF NOT EXISTS clock ("
                             " id INTEGER PRIMARY KEY CHECK (id = 1),"
                             " known INTEGER NOT NULL, shown INTEGER NOT NULL,"
                             " doubted INTEGER NOT NULL)";

static const char select_all[] =
    "SELECT (SELECT count(*) FROM sms WHERE state = 'sending'),"
    " (SELECT max(updated) FROM sms),"
    " (SELECT known FROM clock), (SELECT shown FROM clock),"
    " (SELECT doubted FROM clock)";

static const char replace[] =
    "INSERT OR REPLACE INTO clock (id, known, shown, doubted) VALUES (1, ?1, ?2, ?3)";

/* NULL reads as 0. */
static struct journal_found read_row(sqlite3_stmt *statement)
{
    struct journal_found found = {
        .under_way = (unsigned long)sqlite3_column_int64(statement, 0),
        .updated_s = sqlite3_column_int64(statement, 1),
        .clock = {sqlite3_column_int64(statement, 2),
                  sqlite3_column_int64(statement, 3),
                  sqlite3_column_int64(statement, 4)},
    };

    return found;
}

bool journal_sqlite_find(sqlite3 *db, struct journal_found *found_out,
                         struct error *err)
{
    sqlite3_stmt *statement = NULL;
    int status;

    if (!journal_db_exec(db, create, err))
        return false;
    status = sqlite3_prepare_v2(db, select_all, -1, &statement, NULL);
    if (status == SQLITE_OK)
        status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        *found_out = read_row(statement);
    else
        journal_db_fail(db, err);
    sqlite3_finalize(statement);
    return status == SQLITE_ROW;
}

bool journal_sqlite_keep_clock(sqlite3 *db, const struct journal_clock_record *record,
                               struct error *err)
{
    sqlite3_stmt *statement = NULL;
    bool is_kept = sqlite3_prepare_v2(db, replace, -1, &statement, NULL) == SQLITE_OK;

    if (is_kept) {
        sqlite3_bind_int64(statement, 1, record->known_s);
        sqlite3_bind_int64(statement, 2, record->shown_s);
        sqlite3_bind_int64(statement, 3, record->doubted_s);
        is_kept = sqlite3_step(statement) == SQLITE_DONE;
    }
    if (!is_kept)
        journal_db_fail(db, err);
    sqlite3_finalize(statement);
    return is_kept;
}
