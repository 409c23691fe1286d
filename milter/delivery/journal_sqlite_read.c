/* SPDX-License-Identifier: ISC */
/* The journal as sms-milterctl reads it. */
#include <stddef.h>

#include "delivery/journal_record.h"
#include "delivery/journal_sqlite_db.h"

/* Those conditions alone that are set, so that SQLite finds the index that fits. */
static const char *const select_records =
    "SELECT customer, sender, number, queue_id, message_id, state, verdict,"
    " api_message_id, status, reason, parts, attempts, unknowns, created, updated"
    " FROM sms WHERE 1";

/* Of the columns above. */
enum { PARTS_COLUMN = 10 };

static const char *text_of(sqlite3_stmt *statement, int column)
{
    const unsigned char *text = sqlite3_column_text(statement, column);

    return text ? (const char *)text : "";
}

static struct journal_record read_record(sqlite3_stmt *statement)
{
    return (struct journal_record){
        .customer = text_of(statement, 0),
        .sender = text_of(statement, 1),
        .number = text_of(statement, 2),
        .queue_id = text_of(statement, 3),
        .message_id = text_of(statement, 4),
        .state = sms_state_read(text_of(statement, 5)),
        .verdict = mail_verdict_read(text_of(statement, 6)),
        .api_message_id = text_of(statement, 7),
        .status = text_of(statement, 8),
        .reason = text_of(statement, 9),
        .parts = (unsigned)sqlite3_column_int(statement, PARTS_COLUMN),
        .attempts = (unsigned)sqlite3_column_int(statement, PARTS_COLUMN + 1),
        .unknowns = (unsigned)sqlite3_column_int(statement, PARTS_COLUMN + 2),
        .created_s = sqlite3_column_int64(statement, PARTS_COLUMN + 3),
        .updated_s = sqlite3_column_int64(statement, PARTS_COLUMN + 4),
    };
}

/* "+" keeps SQLite from reading the whole table in the order that is wanted, where it
 * has only the index of updated to find a few records by. */
static const char *order_for(const struct journal_filter *filter)
{
    bool is_by_time = filter->since_s > 0 && !filter->number && !filter->queue_id;

    return is_by_time ? " ORDER BY +id" : " ORDER BY id";
}

/* The statement with the conditions of the filter; NULL on failure. */
static sqlite3_stmt *prepare(sqlite3 *db, const struct journal_filter *filter,
                             struct error *err)
{
    sqlite3_stmt *statement = NULL;
    char *sql = sqlite3_mprintf(
        "%s%s%s%s%s%s%s%s", select_records, filter->number ? " AND number = ?1" : "",
        filter->customer ? " AND customer = ?2" : "",
        filter->queue_id ? " AND queue_id = ?3" : "",
        filter->since_s > 0 ? " AND updated >= ?4" : "",
        filter->sender ? " AND sender = ?5 COLLATE NOCASE" : "",
        filter->state ? " AND state = ?6" : "", order_for(filter));

    if (!sql || sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        journal_db_fail(db, err);
    sqlite3_free(sql);
    if (!statement)
        return NULL;
    /* Each fails where the statement has no such parameter, which is as wanted. */
    sqlite3_bind_text(statement, 1, filter->number, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, filter->customer, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, filter->queue_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, filter->since_s);
    sqlite3_bind_text(statement, 5, filter->sender, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 6, filter->state, -1, SQLITE_STATIC);
    return statement;
}

bool journal_read(const char *place, const struct journal_filter *filter,
                  bool (*on_record)(const struct journal_record *record, void *data),
                  void *data, struct error *err)
{
    sqlite3_stmt *statement = NULL;
    bool is_wanted = true;
    int status = SQLITE_ERROR;
    sqlite3 *db;

    if (!journal_db_open_to_read(journal_db_path(place), &db, err))
        return false;
    statement = prepare(db, filter, err);
    while (statement && is_wanted && (status = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct journal_record record = read_record(statement);

        is_wanted = on_record(&record, data);
    }
    if (statement && is_wanted && status != SQLITE_DONE)
        journal_db_fail(db, err);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return statement && (!is_wanted || status == SQLITE_DONE);
}
