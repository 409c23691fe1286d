/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_read.h"

#include <stdlib.h>
#include <string.h>

#include "journal/journal_sqlite_db.h"

/* How many records are in memory at one time. */
enum { PAGE_RECORDS = 100 };

/* The ids of records that match, in the order in which they were made. */
struct ids {
    int64_t *values;
    size_t count, room;
};

/* A record and its texts, in one piece of memory. */
struct copy {
    struct journal_record record;
    char texts[];
};

static const char select_record[] =
    "SELECT customer, sender, number, queue_id, message_id, state, verdict,"
    " api_message_id, status, reason, parts, attempts, unknowns, created, updated"
    " FROM sms WHERE id = ?1";

/* The columns before this one are texts. */
enum { PARTS_COLUMN = 10 };

/* ---- which records match ---- */

static bool add_id(struct ids *ids, int64_t id)
{
    enum { FIRST_ROOM = 256 };
    size_t room = ids->room > 0 ? 2 * ids->room : FIRST_ROOM;
    int64_t *grown;

    if (ids->count == ids->room) {
        grown = realloc(ids->values, room * sizeof *grown);
        if (!grown)
            return false;
        ids->values = grown;
        ids->room = room;
    }
    ids->values[ids->count++] = id;
    return true;
}

/* With "+" SQLite uses the index that finds a few records, and then sorts them.
 * Otherwise it would read the whole table in the wanted order. */
static const char *order_for(const struct journal_filter *filter)
{
    bool is_by_time = filter->since_s > 0 && !filter->number && !filter->queue_id;

    return is_by_time ? " ORDER BY +id" : " ORDER BY id";
}

/* The query has only those conditions that are set, so that SQLite can choose the right
 * index. NULL on failure. */
static sqlite3_stmt *prepare(sqlite3 *db, const struct journal_filter *filter,
                             struct error *err)
{
    sqlite3_stmt *statement = NULL;
    char *sql = sqlite3_mprintf(
        "SELECT id FROM sms WHERE 1%s%s%s%s%s%s%s",
        filter->number ? " AND number = ?1" : "",
        filter->customer ? " AND customer = ?2" : "",
        filter->queue_id
            ? " AND id IN (SELECT id FROM sms WHERE queue_id = ?3"
              "  UNION SELECT sms FROM earlier_queue_id WHERE queue_id = ?3)"
            : "",
        filter->since_s > 0 ? " AND updated >= ?4" : "",
        filter->sender ? " AND sender = ?5 COLLATE NOCASE" : "",
        filter->state ? " AND state = ?6" : "", order_for(filter));

    if (!sql || sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        journal_db_fail(db, err);
    sqlite3_free(sql);
    if (!statement)
        return NULL;
    /* Each of these fails if the query has no such parameter, which does no harm. */
    sqlite3_bind_text(statement, 1, filter->number, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, filter->customer, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 3, filter->queue_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 4, filter->since_s);
    sqlite3_bind_text(statement, 5, filter->sender, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 6, filter->state, -1, SQLITE_STATIC);
    return statement;
}

static bool find_ids(sqlite3 *db, const struct journal_filter *filter, struct ids *ids,
                     struct error *err)
{
    sqlite3_stmt *statement = prepare(db, filter, err);
    bool is_good = statement;
    int status = SQLITE_DONE;

    while (is_good && (status = sqlite3_step(statement)) == SQLITE_ROW)
        is_good = add_id(ids, sqlite3_column_int64(statement, 0)) ||
                  error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    if (is_good && status != SQLITE_DONE)
        is_good = journal_db_fail(db, err);
    sqlite3_finalize(statement);
    return is_good;
}

/* ---- a page of them ---- */

static size_t size_of_texts(sqlite3_stmt *statement)
{
    size_t size = 0;

    for (int column = 0; column < PARTS_COLUMN; column++)
        size += (size_t)sqlite3_column_bytes(statement, column) + 1;
    return size;
}

/* Copies the text of a column to *end, and moves *end after the copy. */
static const char *take_text(sqlite3_stmt *statement, int column, char **end)
{
    const unsigned char *text = sqlite3_column_text(statement, column);
    const char *copy = *end;

    *end = stpcpy(*end, text ? (const char *)text : "") + 1;
    return copy;
}

/* NULL if there is no memory. */
static struct copy *copy_record(sqlite3_stmt *statement)
{
    struct copy *copy = malloc(sizeof *copy + size_of_texts(statement));
    char *end;

    if (!copy)
        return NULL;
    end = copy->texts;
    copy->record = (struct journal_record){
        .parts = (unsigned)sqlite3_column_int(statement, PARTS_COLUMN),
        .attempts = (unsigned)sqlite3_column_int(statement, PARTS_COLUMN + 1),
        .unknowns = (unsigned)sqlite3_column_int(statement, PARTS_COLUMN + 2),
        .created_s = sqlite3_column_int64(statement, PARTS_COLUMN + 3),
        .updated_s = sqlite3_column_int64(statement, PARTS_COLUMN + 4),
    };
    copy->record.customer = take_text(statement, 0, &end);
    copy->record.sender = take_text(statement, 1, &end);
    copy->record.number = take_text(statement, 2, &end);
    copy->record.queue_id = take_text(statement, 3, &end);
    copy->record.message_id = take_text(statement, 4, &end);
    copy->record.state = sms_state_read(take_text(statement, 5, &end));
    copy->record.verdict = mail_verdict_read(take_text(statement, 6, &end));
    copy->record.api_message_id = take_text(statement, 7, &end);
    copy->record.status = take_text(statement, 8, &end);
    copy->record.reason = take_text(statement, 9, &end);
    return copy;
}

/* *copy_out is NULL if the record was deleted meanwhile. */
static bool read_copy(sqlite3 *db, sqlite3_stmt *statement, int64_t id,
                      struct copy **copy_out, struct error *err)
{
    bool is_good = true;
    int status;

    *copy_out = NULL;
    sqlite3_bind_int64(statement, 1, id);
    status = sqlite3_step(statement);
    if (status == SQLITE_ROW) {
        *copy_out = copy_record(statement);
        is_good = *copy_out || error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    } else if (status != SQLITE_DONE) {
        is_good = journal_db_fail(db, err);
    }
    sqlite3_reset(statement);
    return is_good;
}

static void free_page(struct copy **page, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(page[i]);
}

/* In one transaction, which has ended when it returns. */
static bool read_page(sqlite3 *db, sqlite3_stmt *statement, const int64_t *ids,
                      size_t count, struct copy **page, struct error *err)
{
    struct error ignored;
    bool is_good = journal_db_exec(db, "BEGIN", err);

    memset(page, 0, count * sizeof *page);
    for (size_t i = 0; is_good && i < count; i++)
        is_good = read_copy(db, statement, ids[i], &page[i], err);
    if (!sqlite3_get_autocommit(db))
        journal_db_exec(db, "ROLLBACK", &ignored);
    if (!is_good)
        free_page(page, count);
    return is_good;
}

/* The caller's function, and whether it wants to stop. */
struct reader {
    bool (*on_record)(const struct journal_record *record, void *data);
    void *data;
    bool is_stopped;
};

static void show_page(struct copy **page, size_t count, struct reader *reader)
{
    for (size_t i = 0; i < count && !reader->is_stopped; i++)
        if (page[i])
            reader->is_stopped = !reader->on_record(&page[i]->record, reader->data);
}

static bool read_all(sqlite3 *db, sqlite3_stmt *statement, const struct ids *ids,
                     struct reader *reader, struct error *err)
{
    struct copy *page[PAGE_RECORDS];

    for (size_t done = 0; done < ids->count && !reader->is_stopped;
         done += PAGE_RECORDS) {
        size_t left = ids->count - done;
        size_t count = left < PAGE_RECORDS ? left : PAGE_RECORDS;

        if (!read_page(db, statement, ids->values + done, count, page, err))
            return false;
        show_page(page, count, reader);
        free_page(page, count);
    }
    return true;
}

bool journal_sqlite_read(const char *place, const struct journal_filter *filter,
                         bool (*on_record)(const struct journal_record *record,
                                           void *data),
                         void *data, struct error *err)
{
    struct reader reader = {.on_record = on_record, .data = data};
    struct ids ids = {.values = NULL};
    sqlite3_stmt *statement = NULL;
    sqlite3 *db;
    bool is_good;

    if (!journal_db_open_to_read(journal_db_path(place), &db, err))
        return false;
    is_good = find_ids(db, filter, &ids, err) &&
              journal_db_prepare(db, select_record, &statement, err) &&
              read_all(db, statement, &ids, &reader, err);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    free(ids.values);
    return is_good;
}
