/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_spending.h"

#include <stdlib.h>

#include "journal/journal_sqlite_db.h"

enum statement {
    READ_BUCKET,
    WRITE_BUCKET,
    PURGE_BUCKETS,
    READ_WINDOW,
    WRITE_WINDOW,
    PURGE_WINDOWS,
    STATEMENTS
};

/* ?1 is the customer, ?2 the sender ("" for the customer itself), ?3 the unit of a
 * window; in PURGE ?1 is a time and ?2 how many. Senders are case-insensitive in ASCII.
 */
static const char *const sql[STATEMENTS] = {
    [READ_BUCKET] = "SELECT rate_count, rate_period, level, filled FROM bucket"
                    " WHERE customer = ?1 AND sender = lower(?2)",
    [WRITE_BUCKET] = "INSERT INTO bucket (customer, sender, rate_count, rate_period,"
                     " level, filled, updated)"
                     " VALUES (?1, lower(?2), ?4, ?5, ?6, ?7, ?8)"
                     " ON CONFLICT (customer, sender) DO UPDATE SET rate_count = ?4,"
                     " rate_period = ?5, level = ?6, filled = ?7, updated = ?8",
    /* A bucket that is so old is full again: no period is longer than the shortest
     * retention. */
    [PURGE_BUCKETS] = "DELETE FROM bucket WHERE id IN"
                      " (SELECT id FROM bucket WHERE updated < ?1 LIMIT ?2)",
    [READ_WINDOW] = "SELECT window_start, window_end, sms, parts FROM quota_window"
                    " WHERE customer = ?1 AND sender = lower(?2) AND unit = ?3",
    [WRITE_WINDOW] =
        "INSERT INTO quota_window (customer, sender, unit, window_start, window_end,"
        " sms, parts, updated) VALUES (?1, lower(?2), ?3, ?4, ?5, ?6, ?7, ?8)"
        " ON CONFLICT (customer, sender, unit) DO UPDATE SET window_start = ?4,"
        " window_end = ?5, sms = ?6, parts = ?7, updated = ?8",
    [PURGE_WINDOWS] = "DELETE FROM quota_window WHERE id IN"
                      " (SELECT id FROM quota_window WHERE updated < ?1"
                      "  AND window_end < ?1 LIMIT ?2)",
};

struct journal_spending {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
};

/* A customer, or one of its senders. */
struct spender {
    const char *customer, *sender;
    const struct spender_limits *limits;
};

static struct spender customer_of(const struct journal_mail *mail)
{
    return (struct spender){mail->customer, "", &mail->limits.customer};
}

static struct spender sender_of(const struct journal_mail *mail)
{
    return (struct spender){mail->customer, mail->sender, &mail->limits.sender};
}

/* NULL on failure. The results are checked: without memory the statement would find
 * nothing, as if nothing were used. */
static sqlite3_stmt *bucket_statement(struct journal_spending *spending,
                                      enum statement which,
                                      const struct spender *spender, struct error *err)
{
    sqlite3_stmt *statement = spending->statements[which];

    if (sqlite3_bind_text(statement, 1, spender->customer, -1, SQLITE_STATIC) ==
            SQLITE_OK &&
        sqlite3_bind_text(statement, 2, spender->sender, -1, SQLITE_STATIC) ==
            SQLITE_OK)
        return statement;
    journal_db_fail(spending->db, err);
    return NULL;
}

static sqlite3_stmt *window_statement(struct journal_spending *spending,
                                      enum statement which,
                                      const struct spender *spender, struct error *err)
{
    const char *unit = quota_per_name(spender->limits->quota.per);
    sqlite3_stmt *statement = bucket_statement(spending, which, spender, err);

    if (!statement ||
        sqlite3_bind_text(statement, 3, unit, -1, SQLITE_STATIC) == SQLITE_OK)
        return statement;
    journal_db_fail(spending->db, err);
    return NULL;
}

/* ---- reading ---- */

/* Steps to the row; *is_found_out says whether there is one. The caller resets the
 * statement, which is NULL if binding it has failed. */
static bool step_to_row(struct journal_spending *spending, sqlite3_stmt *statement,
                        bool *is_found_out, struct error *err)
{
    int status;

    *is_found_out = false;
    if (!statement)
        return false;
    status = sqlite3_step(statement);
    *is_found_out = status == SQLITE_ROW;
    return status == SQLITE_ROW || status == SQLITE_DONE ||
           journal_db_fail(spending->db, err);
}

static bool read_bucket(struct journal_spending *spending,
                        const struct spender *spender, struct bucket *bucket_out,
                        struct error *err)
{
    sqlite3_stmt *statement = bucket_statement(spending, READ_BUCKET, spender, err);
    bool is_found, is_good = step_to_row(spending, statement, &is_found, err);

    if (is_found)
        *bucket_out = (struct bucket){
            .rate = {.count = (unsigned)sqlite3_column_int64(statement, 0),
                     .period_s = (unsigned)sqlite3_column_int64(statement, 1)},
            .level = sqlite3_column_int64(statement, 2),
            .filled_s = sqlite3_column_int64(statement, 3),
        };
    sqlite3_reset(statement);
    return is_good;
}

static bool read_window(struct journal_spending *spending,
                        const struct spender *spender, struct window *window_out,
                        struct error *err)
{
    sqlite3_stmt *statement = window_statement(spending, READ_WINDOW, spender, err);
    bool is_found, is_good = step_to_row(spending, statement, &is_found, err);

    if (is_found)
        *window_out = (struct window){
            .start_s = sqlite3_column_int64(statement, 0),
            .end_s = sqlite3_column_int64(statement, 1),
            .sms = (uint64_t)sqlite3_column_int64(statement, 2),
            .parts = (uint64_t)sqlite3_column_int64(statement, 3),
        };
    sqlite3_reset(statement);
    return is_good;
}

static bool read_spent(struct journal_spending *spending, const struct spender *spender,
                       struct spent *spent_out, struct error *err)
{
    return (spender->limits->rate.count == 0 ||
            read_bucket(spending, spender, &spent_out->bucket, err)) &&
           (spender->limits->quota.count == 0 ||
            read_window(spending, spender, &spent_out->window, err));
}

bool journal_spending_read(struct journal_spending *spending,
                           const struct journal_mail *mail, struct spending *read_out,
                           struct error *err)
{
    const struct spender customer = customer_of(mail), sender = sender_of(mail);

    *read_out = (struct spending){.customer = {.bucket = {.level = 0}}};
    return read_spent(spending, &customer, &read_out->customer, err) &&
           read_spent(spending, &sender, &read_out->sender, err);
}

/* ---- writing ---- */

static bool write_bucket(struct journal_spending *spending,
                         const struct spender *spender, const struct bucket *bucket,
                         int64_t now_s, struct error *err)
{
    sqlite3_stmt *statement = bucket_statement(spending, WRITE_BUCKET, spender, err);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 4, bucket->rate.count);
    sqlite3_bind_int64(statement, 5, bucket->rate.period_s);
    sqlite3_bind_int64(statement, 6, bucket->level);
    sqlite3_bind_int64(statement, 7, bucket->filled_s);
    sqlite3_bind_int64(statement, 8, now_s);
    return journal_db_step(spending->db, statement, err);
}

static bool write_window(struct journal_spending *spending,
                         const struct spender *spender, const struct window *window,
                         int64_t now_s, struct error *err)
{
    sqlite3_stmt *statement = window_statement(spending, WRITE_WINDOW, spender, err);

    if (!statement)
        return false;
    sqlite3_bind_int64(statement, 4, window->start_s);
    sqlite3_bind_int64(statement, 5, window->end_s);
    sqlite3_bind_int64(statement, 6, (int64_t)window->sms);
    sqlite3_bind_int64(statement, 7, (int64_t)window->parts);
    sqlite3_bind_int64(statement, 8, now_s);
    return journal_db_step(spending->db, statement, err);
}

/* A bucket without a rate was deleted before something was given back to it: it is
 * full, and need not be written. */
static bool write_spent(struct journal_spending *spending,
                        const struct spender *spender, const struct spent *spent,
                        int64_t now_s, struct error *err)
{
    return (spent->bucket.rate.count == 0 ||
            write_bucket(spending, spender, &spent->bucket, now_s, err)) &&
           (spender->limits->quota.count == 0 ||
            write_window(spending, spender, &spent->window, now_s, err));
}

bool journal_spending_write(struct journal_spending *spending,
                            const struct journal_mail *mail,
                            const struct spending *written, int64_t now_s,
                            struct error *err)
{
    const struct spender customer = customer_of(mail), sender = sender_of(mail);

    return write_spent(spending, &customer, &written->customer, now_s, err) &&
           write_spent(spending, &sender, &written->sender, now_s, err);
}

/* ---- purging ---- */

static bool purge(struct journal_spending *spending, enum statement which,
                  int64_t before_s, unsigned limit, unsigned *count_out,
                  struct error *err)
{
    sqlite3_stmt *statement = spending->statements[which];

    sqlite3_bind_int64(statement, 1, before_s);
    sqlite3_bind_int64(statement, 2, limit);
    if (!journal_db_step(spending->db, statement, err))
        return false;
    *count_out += (unsigned)sqlite3_changes(spending->db);
    return true;
}

bool journal_spending_purge(struct journal_spending *spending, int64_t before_s,
                            unsigned limit, unsigned *count_out, struct error *err)
{
    unsigned buckets = 0;

    if (!purge(spending, PURGE_BUCKETS, before_s, limit, &buckets, err))
        return false;
    *count_out += buckets;
    return purge(spending, PURGE_WINDOWS, before_s, limit - buckets, count_out, err);
}

/* ---- life ---- */

void journal_spending_free(struct journal_spending **spending)
{
    if (!*spending)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize((*spending)->statements[i]);
    free(*spending);
    *spending = NULL;
}

bool journal_spending_new(sqlite3 *db, struct journal_spending **spending_out,
                          struct error *err)
{
    struct journal_spending *spending = calloc(1, sizeof *spending);

    *spending_out = spending;
    if (!spending)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    spending->db = db;
    for (int i = 0; i < STATEMENTS; i++)
        if (!journal_db_prepare(db, sql[i], &spending->statements[i], err)) {
            journal_spending_free(spending_out);
            return false;
        }
    return true;
}
