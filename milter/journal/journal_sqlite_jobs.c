/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_jobs.h"

#include <stdio.h>
#include <stdlib.h>

#include "journal/journal_rules.h"
#include "journal/journal_sqlite_db.h"
#include "journal/journal_sqlite_spending.h"

enum statement {
    FIND,          /* finds the records of an SMS by its key */
    FIND_COPY,     /* finds those of a signed SMS by either key */
    CLAIM,         /* inserts a record of an SMS that is to be sent */
    KEEP_QUEUE_ID, /* keeps the queue id of an earlier try, before one of these two: */
    RENEW,         /* the SMS of an earlier try is to be sent again */
    TOUCH,         /* the SMS of an earlier try is not to be sent again */
    FORGET, /* no retry finds the record any more; if ?2, no signed copy either */
    SETTLE, /* writes the outcome */
    INSERT, /* inserts a record that has an outcome already */
    UNDO,   /* takes the charge from an SMS that no try may have sent */
    PURGE,  /* deletes old records */
    STATEMENTS
};

#define ROW_COLUMNS                                                           \
    "id, in_hand, state, verdict, updated, charged, api_message_id, status, " \
    "reason"

/* A copy of a finished mail changes nothing in the record but the queue id. */
#define IS_KEPT "?22 AND verdict IN ('accepted', 'rejected')"

/* A limit, so that a client that sends one mail over and over does not fill the disk. A
 * mail server that tries for five days needs about 110. */
#define MOST_QUEUE_IDS "1000"

/* ?1 is a key, and in FORGET an id; for the other parameters see bind_sms(). */
static const char *const sql[STATEMENTS] = {
    [FIND] = "SELECT " ROW_COLUMNS " FROM sms WHERE key = ?1",
    [FIND_COPY] = "SELECT " ROW_COLUMNS " FROM sms WHERE key = ?1 OR signed_key = ?1",
    [CLAIM] = "INSERT INTO sms (key, signed_key, claim, in_hand, customer, sender,"
              " number, queue_id, message_id, parts, state, verdict, api_message_id,"
              " status, reason, attempts, unknowns, created, updated, charged,"
              " charged_parts)"
              " VALUES (?1, ?21, ?20, 1, ?2, ?3, ?4, ?5, ?6, ?7, 'sending', '', '', '',"
              " '', 1, 0, ?8, ?8, ?17, ?18)",
    [KEEP_QUEUE_ID] =
        "INSERT OR IGNORE INTO earlier_queue_id (sms, queue_id)"
        " SELECT id, queue_id FROM sms WHERE id = ?19 AND queue_id NOT IN ('', ?5)"
        " AND (SELECT count(*) FROM earlier_queue_id WHERE sms = ?19)"
        "  < " MOST_QUEUE_IDS,
    [RENEW] = "UPDATE sms SET claim = ?20, in_hand = 1, queue_id = ?5, parts = ?7,"
              " signed_key = coalesce(?21, signed_key), state = 'sending',"
              " verdict = '', api_message_id = '', status = '', reason = '',"
              " unknowns = unknowns + (state = 'sending'),"
              " attempts = attempts + 1, updated = ?8,"
              " charged = CASE WHEN charged > 0 THEN charged ELSE ?17 END,"
              " charged_parts = CASE WHEN charged > 0 THEN charged_parts ELSE ?18 END"
              " WHERE id = ?19",
    [TOUCH] = "UPDATE sms SET claim = ?20, in_hand = 1, queue_id = ?5,"
              " signed_key = coalesce(signed_key, ?21),"
              " updated = CASE WHEN " IS_KEPT " THEN updated ELSE ?8 END,"
              " verdict = CASE WHEN " IS_KEPT " THEN verdict ELSE '' END,"
              " unknowns = unknowns + (state = 'sending'),"
              " state = CASE state WHEN 'sending' THEN 'unknown' ELSE state END"
              " WHERE id = ?19",
    [FORGET] = "UPDATE sms SET key = NULL,"
               " signed_key = CASE WHEN ?2 THEN NULL ELSE signed_key END WHERE id = ?1",
    /* If an earlier try may have sent the SMS, it stays unknown when this try sent
     * nothing.
     */
    [SETTLE] = "UPDATE sms SET in_hand = 0, state ="
               "  CASE WHEN ?9 = 'failed' AND unknowns > 0 THEN 'unknown' ELSE ?9 END,"
               " updated = CASE WHEN " IS_KEPT " THEN updated ELSE ?8 END,"
               " verdict = CASE WHEN " IS_KEPT " THEN verdict ELSE ?10 END,"
               " api_message_id = ?11, status = ?12, reason = ?13,"
               " unknowns = unknowns + ?14,"
               " key = CASE WHEN ?15 THEN NULL ELSE key END"
               " WHERE id = ?19 AND claim = ?20",
    [INSERT] = "INSERT INTO sms (key, signed_key, customer, sender, number, queue_id,"
               " message_id, parts, state, verdict, api_message_id, status, reason,"
               " attempts, unknowns, created, updated)"
               " VALUES (CASE WHEN ?15 THEN NULL ELSE ?1 END, ?21, ?2, ?3, ?4, ?5, ?6,"
               " ?7, ?9, ?10, ?11, ?12, ?13, ?16, ?14, ?8, ?8)",
    [UNDO] = "UPDATE sms SET charged = 0, charged_parts = 0"
             " WHERE id = ?19 AND claim = ?20 AND charged > 0 AND unknowns = 0",
    [PURGE] = "DELETE FROM sms WHERE id IN"
              " (SELECT id FROM sms"
              "  WHERE updated < ?1 AND state <> 'sending' AND in_hand = 0"
              "  ORDER BY updated LIMIT ?2)",
};

struct journal_sqlite_jobs {
    sqlite3 *db;
    sqlite3_stmt *statements[STATEMENTS];
    struct journal_spending *spending;
};

/* ---- one SMS and its parameters ---- */

static void bind_text(sqlite3_stmt *statement, int parameter, const char *text)
{
    sqlite3_bind_text(statement, parameter, text, -1, SQLITE_STATIC);
}

static void bind_key(sqlite3_stmt *statement, int parameter, const struct digest *key)
{
    sqlite3_bind_blob(statement, parameter, key->octets, sizeof key->octets,
                      SQLITE_STATIC);
}

/* The results are not checked. Binding fails if there is no memory, and then the
 * statement fails on the NULL, which only the columns of keys allow; or if a statement
 * has no such parameter, which does no harm. */
static void bind_sms(sqlite3_stmt *statement, const struct journal_job *job,
                     const struct journal_sms *sms, int64_t now_s)
{
    bool is_new_unknown = sms->claim == CLAIM_SEND && sms->state == SMS_UNKNOWN;
    bool is_of_content = job->mail->identity == MAIL_IDENTITY_CONTENT;
    bool is_closed = job->kind == JOB_NOTE ||
                     (is_of_content && !journal_verdict_is_open(job->verdict));
    const struct digest *signed_key = journal_signed_key(job->mail, sms);

    bind_key(statement, 1, &sms->key);
    bind_text(statement, 2, job->mail->customer);
    bind_text(statement, 3, job->mail->sender);
    bind_text(statement, 4, sms->number);
    bind_text(statement, 5, job->mail->queue_id);
    bind_text(statement, 6, job->mail->message_id);
    sqlite3_bind_int64(statement, 7, job->mail->parts);
    sqlite3_bind_int64(statement, 8, now_s);
    bind_text(statement, 9, sms_state_name(sms->state));
    bind_text(statement, 10, mail_verdict_name(job->verdict));
    bind_text(statement, 11, sms->api_message_id);
    bind_text(statement, 12, sms->error.status);
    bind_text(statement, 13, sms->error.text);
    sqlite3_bind_int(statement, 14, is_new_unknown);
    sqlite3_bind_int(statement, 15, is_closed);
    /* For INSERT: no request was begun for an SMS whose claim was refused. */
    sqlite3_bind_int(statement, 16,
                     job->kind == JOB_SETTLE && sms->claim != CLAIM_REFUSED);
    sqlite3_bind_int64(statement, 17, sms->charge.is_made ? now_s : 0);
    sqlite3_bind_int64(statement, 18, sms->charge.is_made ? job->mail->parts : 0);
    sqlite3_bind_int64(statement, 19, sms->record_id);
    sqlite3_bind_int64(statement, 20, sms->claim_id);
    if (signed_key && job->kind != JOB_NOTE)
        bind_key(statement, 21, signed_key);
    sqlite3_bind_int(statement, 22, journal_may_be_kept(sms));
}

static bool run_statement(struct journal_sqlite_jobs *jobs, enum statement which,
                          const struct journal_job *job, const struct journal_sms *sms,
                          int64_t now_s, struct error *err)
{
    sqlite3_stmt *statement = jobs->statements[which];
    bool is_done;

    bind_sms(statement, job, sms, now_s);
    is_done = journal_db_step(jobs->db, statement, err);
    sqlite3_clear_bindings(statement);
    return is_done;
}

/* ---- what is spent ---- */

/* What a job changes: read when it is first needed, and written at the end of the job.
 */
struct job_spending {
    struct spending spending;
    bool is_read;
};

static bool read_spending(struct journal_sqlite_jobs *jobs,
                          const struct journal_mail *mail,
                          struct job_spending *spending, struct error *err)
{
    spending->is_read =
        spending->is_read ||
        journal_spending_read(jobs->spending, mail, &spending->spending, err);
    return spending->is_read;
}

static bool charge(struct journal_sqlite_jobs *jobs, const struct journal_mail *mail,
                   struct job_spending *spending, struct journal_sms *sms,
                   int64_t now_s, struct error *err)
{
    if (!spending->is_read) {
        if (!read_spending(jobs, mail, spending, err))
            return false;
        rate_limit_begin(&mail->limits, now_s, &spending->spending);
    }
    journal_charge(mail, &spending->spending, sms);
    return true;
}

/* ---- claims ---- */

static void copy_column(sqlite3_stmt *statement, int column, char *text, size_t size)
{
    const unsigned char *value = sqlite3_column_text(statement, column);

    snprintf(text, size, "%s", value ? (const char *)value : "");
}

static void read_row(sqlite3_stmt *statement, struct journal_row *row_out)
{
    char name[16]; /* longer than those of states and verdicts */

    *row_out = (struct journal_row){
        .id = sqlite3_column_int64(statement, 0),
        .is_in_hand = sqlite3_column_int(statement, 1) != 0,
        .updated_s = sqlite3_column_int64(statement, 4),
        .charged_s = sqlite3_column_int64(statement, 5),
    };
    copy_column(statement, 2, name, sizeof name);
    row_out->state = sms_state_read(name);
    copy_column(statement, 3, name, sizeof name);
    row_out->verdict = mail_verdict_read(name);
    copy_column(statement, 6, row_out->api_message_id, sizeof row_out->api_message_id);
    copy_column(statement, 7, row_out->error.status, sizeof row_out->error.status);
    copy_column(statement, 8, row_out->error.text, sizeof row_out->error.text);
}

/* What an earlier try of an SMS, or the original of a copy, has left. */
struct found {
    struct journal_row best; /* id 0: none */
    int64_t useless[8];      /* ids of records that count no more; more of them later */
    size_t useless_count;
};

/* A record in hand is not useless: its session may settle it, and a retry finds it
 * then.
 */
static void take_row(const struct journal_row *row, const struct journal_mail *mail,
                     int64_t now_s, struct found *found)
{
    const size_t most = sizeof found->useless / sizeof *found->useless;

    if (journal_row_counts(row, mail, now_s)) {
        if (found->best.id == 0 || journal_row_is_better(row, &found->best, mail))
            found->best = *row;
    } else if (!row->is_in_hand && found->useless_count < most) {
        found->useless[found->useless_count++] = row->id;
    }
}

static bool find(struct journal_sqlite_jobs *jobs, const struct journal_mail *mail,
                 const struct journal_sms *sms, int64_t now_s, struct found *found,
                 struct error *err)
{
    bool is_copy = mail->identity == MAIL_IDENTITY_SIGNATURE;
    sqlite3_stmt *statement = jobs->statements[is_copy ? FIND_COPY : FIND];
    struct journal_row row;
    int status;

    found->best.id = 0;
    found->useless_count = 0;
    bind_key(statement, 1, is_copy ? journal_signed_key(mail, sms) : &sms->key);
    while ((status = sqlite3_step(statement)) == SQLITE_ROW) {
        read_row(statement, &row);
        take_row(&row, mail, now_s, found);
    }
    if (status != SQLITE_DONE)
        journal_db_fail(jobs->db, err);
    sqlite3_reset(statement);
    return status == SQLITE_DONE;
}

/* Removes the keys of records that count no more, so that they are not found again. The
 * window of a signed copy is the longest, so only that one removes both keys. */
static bool forget(struct journal_sqlite_jobs *jobs, const struct journal_mail *mail,
                   const struct found *found, struct error *err)
{
    sqlite3_stmt *statement = jobs->statements[FORGET];

    for (size_t i = 0; i < found->useless_count; i++) {
        sqlite3_bind_int64(statement, 1, found->useless[i]);
        sqlite3_bind_int(statement, 2, mail->identity == MAIL_IDENTITY_SIGNATURE);
        if (!journal_db_step(jobs->db, statement, err))
            return false;
    }
    return true;
}

static bool claim_new(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                      struct journal_sms *sms, int64_t now_s, struct error *err)
{
    if (!run_statement(jobs, CLAIM, job, sms, now_s, err))
        return false;
    sms->record_id = sqlite3_last_insert_rowid(jobs->db);
    return true;
}

/* An SMS that is refused and has no record gets one when it is settled. */
static bool write_claim(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                        struct journal_sms *sms, int64_t now_s, struct error *err)
{
    if (sms->record_id == 0)
        return sms->claim != CLAIM_SEND || claim_new(jobs, job, sms, now_s, err);
    return run_statement(jobs, KEEP_QUEUE_ID, job, sms, now_s, err) &&
           run_statement(jobs, sms->claim == CLAIM_SEND ? RENEW : TOUCH, job, sms,
                         now_s, err);
}

static bool claim(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                  struct job_spending *spending, struct journal_sms *sms, int64_t now_s,
                  struct error *err)
{
    struct found found = {.best = {.id = 0}};

    if (!find(jobs, job->mail, sms, now_s, &found, err) ||
        !forget(jobs, job->mail, &found, err))
        return false;
    if (found.best.id != 0)
        journal_decide(&found.best, job->mail, sms);
    else
        journal_claim_new(sms);
    sms->record_id = found.best.id;
    sqlite3_randomness(sizeof sms->claim_id, &sms->claim_id);
    if (journal_is_to_charge(&found.best, job->mail, sms) &&
        !charge(jobs, job->mail, spending, sms, now_s, err))
        return false;
    return write_claim(jobs, job, sms, now_s, err);
}

/* ---- outcomes ---- */

/* The record decides whether something is given back: only the record knows of earlier
 * tries, and an earlier commit that seemed to fail may have given it back already. */
static bool give_back(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                      struct job_spending *spending, const struct journal_sms *sms,
                      int64_t now_s, struct error *err)
{
    if (!run_statement(jobs, UNDO, job, sms, now_s, err))
        return false;
    if (sqlite3_changes(jobs->db) == 0)
        return true;
    if (!read_spending(jobs, job->mail, spending, err))
        return false;
    rate_limit_give_back(&job->mail->limits, job->mail->parts, &sms->charge,
                         &spending->spending);
    return true;
}

/* If the record is gone, because somebody moved the file away, another one is inserted.
 * A claim that failed before it had an id has no record. */
static bool settle(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                   struct job_spending *spending, const struct journal_sms *sms,
                   int64_t now_s, struct error *err)
{
    if (job->kind == JOB_UNDO && sms->claim_id == 0)
        return true;
    if (journal_is_to_give_back(sms) &&
        !give_back(jobs, job, spending, sms, now_s, err))
        return false;
    if (!run_statement(jobs, SETTLE, job, sms, now_s, err))
        return false;
    return sqlite3_changes(jobs->db) > 0 || job->kind == JOB_UNDO ||
           run_statement(jobs, INSERT, job, sms, now_s, err);
}

static bool run_one(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                    struct job_spending *spending, struct journal_sms *sms,
                    int64_t now_s, struct error *err)
{
    switch (job->kind) {
    case JOB_CLAIM:
        return claim(jobs, job, spending, sms, now_s, err);
    case JOB_SETTLE:
    case JOB_UNDO:
        return settle(jobs, job, spending, sms, now_s, err);
    case JOB_NOTE:
        return run_statement(jobs, INSERT, job, sms, now_s, err);
    }
    return false;
}

static bool run_job(struct journal_sqlite_jobs *jobs, const struct journal_job *job,
                    int64_t now_s, struct error *err)
{
    struct job_spending spending = {.is_read = false};

    for (size_t i = 0; i < job->count; i++)
        if (!run_one(jobs, job, &spending, &job->sms[i], now_s, err))
            return false;
    return !spending.is_read || journal_spending_write(jobs->spending, job->mail,
                                                       &spending.spending, now_s, err);
}

bool journal_sqlite_jobs_run(struct journal_sqlite_jobs *jobs,
                             const struct journal_job *job, int64_t now_s,
                             struct error *err)
{
    for (; job; job = job->next)
        if (!run_job(jobs, job, now_s, err))
            return false;
    return true;
}

/* ---- upkeep ---- */

static bool purge_sms(struct journal_sqlite_jobs *jobs, int64_t before_s,
                      unsigned limit, unsigned *count_out, struct error *err)
{
    sqlite3_stmt *statement = jobs->statements[PURGE];

    sqlite3_bind_int64(statement, 1, before_s);
    sqlite3_bind_int64(statement, 2, limit);
    if (!journal_db_step(jobs->db, statement, err))
        return false;
    *count_out += (unsigned)sqlite3_changes(jobs->db);
    return true;
}

bool journal_sqlite_jobs_purge(struct journal_sqlite_jobs *jobs, int64_t before_s,
                               unsigned limit, unsigned *count_out, struct error *err)
{
    *count_out = 0;
    return purge_sms(jobs, before_s, limit, count_out, err) &&
           journal_spending_purge(jobs->spending, before_s, limit - *count_out,
                                  count_out, err);
}

/* ---- life ---- */

void journal_sqlite_jobs_free(struct journal_sqlite_jobs **jobs)
{
    if (!*jobs)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize((*jobs)->statements[i]);
    journal_spending_free(&(*jobs)->spending);
    free(*jobs);
    *jobs = NULL;
}

static bool prepare_all(struct journal_sqlite_jobs *jobs, struct error *err)
{
    for (int i = 0; i < STATEMENTS; i++)
        if (!journal_db_prepare(jobs->db, sql[i], &jobs->statements[i], err))
            return false;
    return journal_spending_new(jobs->db, &jobs->spending, err);
}

bool journal_sqlite_jobs_new(sqlite3 *db, struct journal_sqlite_jobs **jobs_out,
                             struct error *err)
{
    struct journal_sqlite_jobs *jobs = calloc(1, sizeof *jobs);

    *jobs_out = jobs;
    if (!jobs)
        return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    jobs->db = db;
    if (prepare_all(jobs, err))
        return true;
    journal_sqlite_jobs_free(jobs_out);
    return false;
}
