/* SPDX-License-Identifier: ISC */
/* The SQLite backend behind journal_store.h, as one thread uses it. */
#include "../unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal/journal_store.h"

#define FILE_NAME "journal.db"
static const char place[] = "sqlite:" FILE_NAME;

enum { DAY_S = 24 * 3600, WINDOW_S = 3600 };

static const struct journal_mail first_mail = {
    .customer = "school",
    .sender = "head@school.example",
    .queue_id = "Q1",
    .message_id = "<1@school.example>",
    .retry_window_s = WINDOW_S,
    .duplicate_window_s = 5 * DAY_S,
    .on_unknown = ON_UNKNOWN_RESEND,
    .parts = 2,
};

static struct journal_mail mail_of_queue(const char *queue_id)
{
    struct journal_mail mail = first_mail;

    mail.queue_id = queue_id;
    return mail;
}

static struct journal_sms new_sms(const char *number, unsigned char key)
{
    return (struct journal_sms){.number = number, .key = {.octets = {key, 0, 1}}};
}

static void set_sent(struct journal_sms *sms, const char *api_message_id)
{
    sms->state = SMS_SENT;
    snprintf(sms->api_message_id, sizeof sms->api_message_id, "%s", api_message_id);
    sms->error = (struct error){.text = ""};
}

static void set_failed(struct journal_sms *sms, enum sms_state state,
                       const char *status, const char *text)
{
    sms->state = state;
    error_set(&sms->error, ERROR_TEMPORARY, status, "%s", text);
}

/* ---- the store ---- */

static void remove_files(const char *name)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-lock"};

    for (size_t i = 0; i < COUNT(suffixes); i++) {
        char path[64];

        snprintf(path, sizeof path, "%s%s", name, suffixes[i]);
        remove(path);
    }
}

static struct journal_store *open_store(bool is_first)
{
    struct journal_store *store;
    struct error err;

    if (!journal_store_open(place, is_first, &store, &err))
        fail_msg("%s", err.text);
    return store;
}

static struct journal_store *open_new(void)
{
    remove_files(FILE_NAME);
    return open_store(true);
}

static struct journal_store *open_again(struct journal_store *store, bool is_first)
{
    journal_store_close(&store);
    check_true("a closed store is cleared", store == NULL);
    return open_store(is_first);
}

static bool try_run(struct journal_store *store, enum journal_job_kind kind,
                    const struct journal_mail *mail, struct journal_sms *sms,
                    enum mail_verdict verdict, int64_t now_s, struct error *err)
{
    struct journal_job job = {
        .kind = kind, .mail = mail, .sms = sms, .count = 1, .verdict = verdict};

    return journal_store_run(store, &job, now_s, err);
}

static void run(struct journal_store *store, enum journal_job_kind kind,
                const struct journal_mail *mail, struct journal_sms *sms,
                enum mail_verdict verdict, int64_t now_s)
{
    struct error err;

    if (!try_run(store, kind, mail, sms, verdict, now_s, &err))
        fail_msg("%s", err.text);
}

static void claim(struct journal_store *store, const struct journal_mail *mail,
                  struct journal_sms *sms, int64_t now_s)
{
    run(store, JOB_CLAIM, mail, sms, MAIL_VERDICT_NONE, now_s);
}

static void settle(struct journal_store *store, const struct journal_mail *mail,
                   struct journal_sms *sms, enum mail_verdict verdict, int64_t now_s)
{
    run(store, JOB_SETTLE, mail, sms, verdict, now_s);
}

/* ---- what is in it ---- */

struct reading {
    char text[8192]; /* a line for each record */
    size_t records, most;
};

static bool on_record(const struct journal_record *record, void *data)
{
    struct reading *reading = data;
    size_t used = strlen(reading->text);

    snprintf(reading->text + used, sizeof reading->text - used,
             "%s %s %s %s %s %s/%s [%s] [%s] [%s] parts=%u attempts=%u unknowns=%u "
             "%lld-%lld\n",
             record->customer, record->sender, record->number, record->queue_id,
             record->message_id, sms_state_name(record->state),
             mail_verdict_name(record->verdict), record->api_message_id, record->status,
             record->reason, record->parts, record->attempts, record->unknowns,
             (long long)record->created_s, (long long)record->updated_s);
    reading->records++;
    return reading->records != reading->most;
}

static void check_filtered(const char *row, const struct journal_filter *filter,
                           const char *want)
{
    struct reading reading = {.text = ""};
    struct error err;

    if (!journal_read(place, filter, on_record, &reading, &err))
        snprintf(reading.text, sizeof reading.text, "%s", err.text);
    check_text(row, reading.text, want);
}

static void check_records(const char *row, const char *want)
{
    check_filtered(row, &(struct journal_filter){.since_s = 0}, want);
}

static size_t count_records(void)
{
    struct reading reading = {.text = ""};
    struct error err;

    if (!journal_read(place, &(struct journal_filter){.since_s = 0}, on_record,
                      &reading, &err))
        fail_msg("%s", err.text);
    return reading.records;
}

/* With a connection of our own, as an administrator has one. */
static sqlite3 *connect_file(const char *name)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(name, &db), SQLITE_OK);
    return db;
}

static void exec(sqlite3 *db, const char *sql)
{
    char *text = NULL;

    if (sqlite3_exec(db, sql, NULL, NULL, &text) != SQLITE_OK)
        fail_msg("%s: %s", sql, text);
}

static void change_file(const char *sql)
{
    sqlite3 *db = connect_file(FILE_NAME);

    exec(db, sql);
    sqlite3_close(db);
}

/* ---- the tests ---- */

#define RECORD_OF(queue_id, number) \
    "school head@school.example " number " " queue_id " <1@school.example> "

static void what_is_written_is_read(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms[] = {new_sms("+447700900123", 1),
                                new_sms("+447700900124", 2)};
    struct journal_job job = {
        .kind = JOB_CLAIM, .mail = &first_mail, .sms = sms, .count = COUNT(sms)};
    struct journal_sms noted = new_sms("+447700900125", 0);
    struct journal_mail other = {
        .customer = "b", .sender = "", .queue_id = "", .message_id = ""};
    struct error err;

    (void)state;
    assert_true(journal_store_run(store, &job, 1000, &err));
    for (size_t i = 0; i < COUNT(sms); i++) {
        check_number("a new SMS is to be sent", sms[i].claim, CLAIM_SEND);
        check_number("its state", sms[i].state, SMS_SENDING);
    }
    check_records(
        "claimed",
        RECORD_OF(
            "Q1",
            "+447700900123") "sending/ [] [] [] parts=2 "
                             "attempts=1 unknowns=0 1000-1000\n" RECORD_OF(
                                 "Q1",
                                 "+447700900124") "sending/ [] [] [] parts=2 "
                                                  "attempts=1 unknowns=0 1000-1000\n");

    set_sent(&sms[0], "api-1");
    set_failed(&sms[1], SMS_REFUSED, "5.1.1", "it's \"no\" number; \xE2\x82\xAC %s");
    job.kind = JOB_SETTLE;
    job.verdict = MAIL_VERDICT_ACCEPTED;
    assert_true(journal_store_run(store, &job, 1010, &err));
    set_failed(&noted, SMS_REFUSED, "5.6.0", "no text");
    run(store, JOB_NOTE, &other, &noted, MAIL_VERDICT_REJECTED, 1020);
    check_records(
        "settled and noted",
        RECORD_OF(
            "Q1",
            "+447700900123") "sent/accepted [api-1] [] [] "
                             "parts=2 attempts=1 unknowns=0 1000-1010\n" RECORD_OF(
                                 "Q1",
                                 "+447700900124") "refused/accepted [] [5.1.1] [it's "
                                                  "\"no\" number; \xE2\x82\xAC %s] "
                                                  "parts=2 attempts=1 unknowns=0 "
                                                  "1000-1010\n"
                                                  "b  +447700900125   refused/rejected "
                                                  "[] [5.6.0] [no text] parts=0 "
                                                  "attempts=0 unknowns=0 1020-1020\n");
    store = open_again(store, true);
    check_number("all is there after a restart", (long long)count_records(), 3);
    journal_store_close(&store);
    journal_store_close(&store);
}

static void texts_keep_their_greatest_length(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), again = sms;
    char *id = unit_repeat("i", JOURNAL_API_ID_SIZE - 1);
    char *reason = unit_repeat("r", ERROR_TEXT_SIZE - 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    set_sent(&sms, id);
    settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1001);
    claim(store, &first_mail, &again, 1002);
    check_number("claim", again.claim, CLAIM_SENT);
    check_text("API id", again.api_message_id, id);

    sms = again = new_sms("+447700900124", 2);
    claim(store, &first_mail, &sms, 1000);
    set_failed(&sms, SMS_REFUSED, "5.123.123", reason);
    settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1001);
    claim(store, &first_mail, &again, 1002);
    check_number("claim", again.claim, CLAIM_REFUSED);
    check_error("its reason", &again.error, ERROR_REFUSED, "5.123.123", reason);
    free(id);
    free(reason);
    journal_store_close(&store);
}

/* Where each queue id is one letter. */
static void check_queue_ids(const char *row, const struct journal_filter *filter,
                            const char *want)
{
    struct reading reading = {.text = ""};
    char got[16] = "";
    struct error err;

    check_true(row, journal_read(place, filter, on_record, &reading, &err));
    for (char *line = strtok(reading.text, "\n"); line; line = strtok(NULL, "\n"))
        strncat(got, strchr(strchr(line, '+'), ' ') + 1, 1);
    check_text(row, got, want);
}

static void each_filter_finds_its_records(void **state)
{
    static const struct {
        const char *name;
        struct journal_filter filter;
        const char *want; /* the queue ids */
    } rows[] = {
        {"all", {.number = NULL}, "ABCD"},
        {"number", {.number = "+447700900123"}, "AC"},
        {"customer", {.customer = "b"}, "CD"},
        {"queue id", {.queue_id = "B"}, "B"},
        {"since", {.since_s = 1002}, "CD"},
        {"since the latest", {.since_s = 1003}, "D"},
        {"since the future", {.since_s = 1004}, ""},
        {"number and customer", {.number = "+447700900123", .customer = "a"}, "A"},
        {"number and since", {.number = "+447700900123", .since_s = 1001}, "C"},
        {"customer and queue id", {.customer = "a", .queue_id = "C"}, ""},
        {"all of them",
         {.number = "+447700900123", .customer = "b", .queue_id = "C", .since_s = 1},
         "C"},
        {"no pattern", {.number = "+44%"}, ""},
        {"no SQL", {.customer = "' OR 1 --"}, ""},
        {"an empty queue id", {.queue_id = ""}, ""},
        {"sender", {.sender = "head@school.example"}, "ABCD"},
        {"sender in other letters", {.sender = "HEAD@School.Example"}, "ABCD"},
        {"another sender", {.sender = "ead@school.example"}, ""},
        {"state", {.state = "sending"}, "ABCD"},
        {"another state", {.state = "unknown"}, ""},
        {"state and queue id", {.state = "sending", .queue_id = "B"}, "B"},
    };
    static const struct {
        const char *queue_id, *customer, *number;
    } records[] = {{"A", "a", "+447700900123"},
                   {"B", "a", "+447700900124"},
                   {"C", "b", "+447700900123"},
                   {"D", "b", "+447700900124"}};
    struct journal_store *store = open_new();

    (void)state;
    for (size_t i = 0; i < COUNT(records); i++) {
        struct journal_mail mail = mail_of_queue(records[i].queue_id);
        struct journal_sms sms = new_sms(records[i].number, (unsigned char)i);

        mail.customer = records[i].customer;
        claim(store, &mail, &sms, 1000 + (int64_t)i);
    }
    for (size_t i = 0; i < COUNT(rows); i++)
        check_queue_ids(rows[i].name, &rows[i].filter, rows[i].want);
    journal_store_close(&store);
}

static void a_reader_may_stop(void **state)
{
    struct journal_store *store = open_new();
    struct reading reading = {.most = 2};
    struct error err;

    (void)state;
    for (unsigned char i = 0; i < 4; i++) {
        struct journal_sms sms = new_sms("+447700900123", i);

        claim(store, &first_mail, &sms, 1000);
    }
    check_true("no failure", journal_read(place, &(struct journal_filter){.since_s = 0},
                                          on_record, &reading, &err));
    check_number("records", (long long)reading.records, 2);
    journal_store_close(&store);
    check_number("without the daemon", (long long)count_records(), 4);
}

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
    db = connect_file(FILE_NAME);
    exec(db, "SELECT 1 FROM sms"); /* before that it does not know of the log */
    check_number("the log can be emptied",
                 sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE,
                                           &log_pages, &carried_over),
                 SQLITE_OK);
    check_number("and is empty", log_pages, 0);
    sqlite3_close(db);
    change_file("DELETE FROM sms WHERE id > 300");
    return true;
}

static void who_reads_does_not_keep_the_log_from_shortening(void **state)
{
    struct pager pager = {.store = open_new()};
    struct error err;

    (void)state;
    for (unsigned i = 0; i < 400; i++) {
        struct journal_sms sms = new_sms("+447700900123", 0);

        set_failed(&sms, SMS_REFUSED, "5.6.0", "no text");
        run(pager.store, JOB_NOTE, &first_mail, &sms, MAIL_VERDICT_REJECTED, 1000);
    }
    check_true("reads", journal_read(place, &(struct journal_filter){.since_s = 0},
                                     on_record_for_pager, &pager, &err));
    check_number("what is purged meanwhile is left out", (long long)pager.records, 300);
    journal_store_close(&pager.store);
}

static void what_is_no_journal_is_not_read(void **state)
{
    static const struct {
        const char *name, *sql, *want;
    } rows[] = {
        {"no file", NULL, "it cannot be read: No such file or directory"},
        {"somebody else's database", "CREATE TABLE x (y)",
         "it is the database of another program"},
        {"one that no daemon has filled yet", "PRAGMA user_version = 0",
         "it is no journal yet"},
        {"one of an older version", "PRAGMA user_version = 1",
         "its schema has version 1, which this version of sms-milter brings to 3 when "
         "it starts"},
        {"one of a newer version", "PRAGMA user_version = 99",
         "its schema has version 99, which is newer than this program's 3"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        remove_files(FILE_NAME);
        if (rows[i].sql)
            change_file(rows[i].sql);
        check_records(rows[i].name, rows[i].want);
    }
    remove_files(FILE_NAME);
    unit_write_file(FILE_NAME, "this is no database, whatever its name says", 0600);
    check_records("a text file", "file is not a database");
}

static void a_retry_renews_what_failed(void **state)
{
    const struct journal_mail second = mail_of_queue("Q2"), third = mail_of_queue("Q3");
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    set_failed(&sms, SMS_FAILED, "4.4.1", "down");
    settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1001);
    check_records(
        "failed",
        RECORD_OF("Q1", "+447700900123") "failed/deferred [] [4.4.1] [down] "
                                         "parts=2 attempts=1 unknowns=0 1000-1001\n");

    memset(&sms.error, 'x', sizeof sms.error);
    memset(sms.api_message_id, 'x', sizeof sms.api_message_id);
    claim(store, &second, &sms, 2000);
    check_number("claim", sms.claim, CLAIM_SEND);
    check_number("state", sms.state, SMS_SENDING);
    check_text("no API id", sms.api_message_id, "");
    check_text("no error", sms.error.text, "");
    check_records("renewed",
                  RECORD_OF("Q2", "+447700900123") "sending/ [] [] [] parts=2 "
                                                   "attempts=2 unknowns=0 1000-2000\n");

    set_sent(&sms, "api-1");
    settle(store, &second, &sms, MAIL_VERDICT_DEFERRED, 2001);
    claim(store, &third, &sms, 3000);
    check_number("claim", sms.claim, CLAIM_SENT);
    check_text("its API id", sms.api_message_id, "api-1");
    check_records("what is sent only gets the queue id",
                  RECORD_OF("Q3", "+447700900123") "sent/ [api-1] [] [] parts=2 "
                                                   "attempts=2 unknowns=0 1000-3000\n");
    settle(store, &third, &sms, MAIL_VERDICT_ACCEPTED, 3001);
    check_records(
        "accepted",
        RECORD_OF("Q3", "+447700900123") "sent/accepted [api-1] [] [] "
                                         "parts=2 attempts=2 unknowns=0 1000-3001\n");
    journal_store_close(&store);
}

#define UNKNOWN_RECORD(verdict, text, counts) \
    RECORD_OF("Q1", "+447700900123") "unknown/" verdict " [] " text " parts=2 " counts
#define NOT_AGAIN                                                                      \
    "[5.4.2] [an earlier try of this mail may have been sent as an SMS, so it is not " \
    "sent again (on-unknown)]"

static void each_unknown_outcome_counts_once(void **state)
{
    struct journal_mail refusing = first_mail;
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    refusing.on_unknown = ON_UNKNOWN_REFUSE;
    claim(store, &first_mail, &sms, 1000);
    set_failed(&sms, SMS_UNKNOWN, "4.4.2", "lost");
    settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1000);
    check_records("one", UNKNOWN_RECORD("deferred", "[4.4.2] [lost]",
                                        "attempts=1 unknowns=1 1000-1000\n"));
    claim(store, &refusing, &sms, 1000);
    check_number("refused", sms.claim, CLAIM_REFUSED);
    settle(store, &refusing, &sms, MAIL_VERDICT_REJECTED, 1000);
    check_records(
        "a refused retry is none",
        UNKNOWN_RECORD("rejected", NOT_AGAIN, "attempts=1 unknowns=1 1000-1000\n"));
    claim(store, &first_mail, &sms, 1000);
    check_number("sent again", sms.claim, CLAIM_SEND);
    set_failed(&sms, SMS_UNKNOWN, "4.4.2", "lost again");
    settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1000);
    check_records("two", UNKNOWN_RECORD("deferred", "[4.4.2] [lost again]",
                                        "attempts=2 unknowns=2 1000-1000\n"));
    claim(store, &first_mail, &sms, 1000);
    set_sent(&sms, "api-1");
    settle(store, &first_mail, &sms, MAIL_VERDICT_ACCEPTED, 1000);
    check_records(
        "still two",
        RECORD_OF("Q1", "+447700900123") "sent/accepted [api-1] [] [] "
                                         "parts=2 attempts=3 unknowns=2 1000-1000\n");
    journal_store_close(&store);
}

#define DIED                                                                           \
    "[4.4.2] [the SMS gateway ended while it waited for the SMS service: the SMS may " \
    "have been sent]"

static void only_a_start_closes_what_a_dead_daemon_sent(void **state)
{
    struct journal_mail refusing = first_mail;
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1),
                       sent = new_sms("+447700900124", 2);
    const char *want_sent =
        RECORD_OF("Q1", "+447700900124") "sent/accepted [api-2] [] "
                                         "[] parts=2 attempts=1 unknowns=0 1000-1000\n";
    char want[1024];

    (void)state;
    refusing.on_unknown = ON_UNKNOWN_REFUSE;
    claim(store, &first_mail, &sms, 1000);
    claim(store, &first_mail, &sent, 1000);
    set_sent(&sent, "api-2");
    settle(store, &first_mail, &sent, MAIL_VERDICT_ACCEPTED, 1000);

    store = open_again(store, false);
    snprintf(want, sizeof want, "%s%s",
             RECORD_OF("Q1", "+447700900123") "sending/ [] [] [] parts=2 attempts=1 "
                                              "unknowns=0 1000-1000\n",
             want_sent);
    check_records("opened anew by the living one", want);

    store = open_again(store, true);
    snprintf(want, sizeof want, "%s%s",
             UNKNOWN_RECORD("", DIED, "attempts=1 unknowns=1 1000-1000\n"), want_sent);
    check_records("opened at start", want);
    store = open_again(store, true);
    check_records("and at the next one", want);
    claim(store, &refusing, &sms, 1000);
    check_number("on-unknown decides", sms.claim, CLAIM_REFUSED);
    journal_store_close(&store);
}

static void a_mail_of_content_is_found_while_it_is_put_off(void **state)
{
    static const struct {
        const char *name;
        enum mail_verdict verdict;
        int64_t later_s;
        bool is_of_content;
        enum claim want;
        size_t records;
    } rows[] = {
        {"deferred", MAIL_VERDICT_DEFERRED, 1, true, CLAIM_SENT, 1},
        {"deferred, at the end of the window", MAIL_VERDICT_DEFERRED, WINDOW_S, true,
         CLAIM_SENT, 1},
        {"deferred, behind the window", MAIL_VERDICT_DEFERRED, WINDOW_S + 1, true,
         CLAIM_SEND, 2},
        {"accepted: said again", MAIL_VERDICT_ACCEPTED, 1, true, CLAIM_SEND, 2},
        {"rejected: said again", MAIL_VERDICT_REJECTED, 1, true, CLAIM_SEND, 2},
        {"Message-ID, deferred", MAIL_VERDICT_DEFERRED, 5 * DAY_S, false, CLAIM_SENT,
         1},
        {"Message-ID, accepted", MAIL_VERDICT_ACCEPTED, 5 * DAY_S - 2, false,
         CLAIM_SENT, 1},
        {"Message-ID, rejected", MAIL_VERDICT_REJECTED, 5 * DAY_S - 2, false,
         CLAIM_SENT, 1},
        {"Message-ID, deferred, long ago", MAIL_VERDICT_DEFERRED, 6 * DAY_S, false,
         CLAIM_SEND, 2},
        {"Message-ID, behind the window", MAIL_VERDICT_ACCEPTED, 5 * DAY_S + 1, false,
         CLAIM_SEND, 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal_store *store = open_new();
        struct journal_mail mail = first_mail;
        struct journal_sms sms = new_sms("+447700900123", 1), again = sms;

        mail.identity =
            rows[i].is_of_content ? MAIL_IDENTITY_CONTENT : MAIL_IDENTITY_MESSAGE_ID;
        claim(store, &mail, &sms, 1000);
        set_sent(&sms, "api-1");
        settle(store, &mail, &sms, rows[i].verdict, 1000);
        claim(store, &mail, &again, 1000 + rows[i].later_s);
        check_number(rows[i].name, again.claim, rows[i].want);
        check_number(rows[i].name, (long long)count_records(),
                     (long long)rows[i].records);
        set_sent(&again, "api-2");
        settle(store, &mail, &again, MAIL_VERDICT_DEFERRED, 1001 + rows[i].later_s);
        claim(store, &mail, &again, 1002 + rows[i].later_s);
        check_number("the latest one is found", again.claim, CLAIM_SENT);
        check_text("the latest one is found", again.api_message_id, "api-2");
        journal_store_close(&store);
    }
}

/* A device that gives all its mails one Message-ID is heard again when the window is
 * over, however often it has spoken meanwhile. */
static void copies_do_not_renew_a_mail_that_is_finished(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    set_sent(&sms, "api-1");
    settle(store, &first_mail, &sms, MAIL_VERDICT_ACCEPTED, 1001);
    for (int day = 1; day <= 4; day++) {
        claim(store, &first_mail, &sms, 1000 + day * DAY_S);
        check_number("a copy", sms.claim, CLAIM_SENT);
        settle(store, &first_mail, &sms,
               day % 2 ? MAIL_VERDICT_ACCEPTED : MAIL_VERDICT_DEFERRED,
               1001 + day * DAY_S);
    }
    check_records("it is as it was",
                  RECORD_OF("Q1", "+447700900123") "sent/accepted [api-1] [] [] "
                                                   "parts=2 attempts=1 unknowns=0 "
                                                   "1000-1001\n");
    claim(store, &first_mail, &sms, 1002 + 5 * DAY_S);
    check_number("behind the window", sms.claim, CLAIM_SEND);
    journal_store_close(&store);
}

/* However long it takes: each try is within the window from the one before. */
static void a_mail_is_known_as_long_as_it_is_retried(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    set_sent(&sms, "api-1");
    settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1000);
    for (int day = 1; day <= 8; day++) {
        claim(store, &first_mail, &sms, 1000 + day * DAY_S);
        check_number("a retry", sms.claim, CLAIM_SENT);
        settle(store, &first_mail, &sms, MAIL_VERDICT_DEFERRED, 1000 + day * DAY_S);
    }
    check_number("one record", (long long)count_records(), 1);
    journal_store_close(&store);
}

/* ---- identical alarms ---- */

static struct journal_mail mail_of_content(const char *queue_id)
{
    struct journal_mail mail = mail_of_queue(queue_id);

    mail.identity = MAIL_IDENTITY_CONTENT;
    return mail;
}

static void each_session_settles_its_own_record(void **state)
{
    const struct journal_mail first = mail_of_content("A"),
                              second = mail_of_content("B");
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), other = sms;

    (void)state;
    claim(store, &first, &sms, 1000);
    claim(store, &second, &other, 1000);
    check_number("nobody waits", other.claim, CLAIM_SEND);
    set_sent(&other, "api-B");
    settle(store, &second, &other, MAIL_VERDICT_ACCEPTED, 1001);
    set_failed(&sms, SMS_FAILED, "4.4.1", "down");
    settle(store, &first, &sms, MAIL_VERDICT_DEFERRED, 1002);
    check_records(
        "each its own",
        RECORD_OF("A", "+447700900123") "failed/deferred [] [4.4.1] [down] parts=2 "
                                        "attempts=1 unknowns=0 1000-1002\n" RECORD_OF(
                                            "B",
                                            "+447700900123") "sent/accepted [api-B] [] "
                                                             "[] parts=2 attempts=1 "
                                                             "unknowns=0 1000-1001\n");
    claim(store, &second, &sms, 1003);
    check_number("a retry takes over what was deferred", sms.claim, CLAIM_SEND);
    check_number("no third record", (long long)count_records(), 2);
    journal_store_close(&store);
}

/* Several numbers: each retry takes over the records of one earlier mail. */
static void a_retry_of_several_numbers_sends_what_its_mail_lacks(void **state)
{
    enum { MAILS = 3, NUMBERS = 2 };
    const struct journal_mail mail = mail_of_content("A");
    struct journal_store *store = open_new();
    struct journal_sms sms[MAILS][NUMBERS];
    struct error err;
    int sent = 0;

    (void)state;
    for (int i = 0; i < MAILS; i++) {
        struct journal_job job = {
            .kind = JOB_CLAIM, .mail = &mail, .sms = sms[i], .count = NUMBERS};

        sms[i][0] = new_sms("+447700900123", 1);
        sms[i][1] = new_sms("+447700900124", 2);
        assert_true(journal_store_run(store, &job, 1000, &err));
    }
    for (int i = 0; i < MAILS; i++) {
        struct journal_job job = {.kind = JOB_SETTLE,
                                  .mail = &mail,
                                  .sms = sms[i],
                                  .count = NUMBERS,
                                  .verdict = MAIL_VERDICT_DEFERRED};

        set_sent(&sms[i][0], "api");
        set_failed(&sms[i][1], SMS_FAILED, "4.4.1", "down");
        assert_true(journal_store_run(store, &job, 1001, &err));
    }
    for (int i = 0; i < MAILS; i++) {
        struct journal_job job = {
            .kind = JOB_CLAIM, .mail = &mail, .sms = sms[i], .count = NUMBERS};

        assert_true(journal_store_run(store, &job, 1002, &err));
        check_number("sent by its first try", sms[i][0].claim, CLAIM_SENT);
        check_number("missing", sms[i][1].claim, CLAIM_SEND);
        sent++;
    }
    check_number("each once", sent, MAILS);
    check_number("no new records", (long long)count_records(), MAILS * NUMBERS);
    journal_store_close(&store);
}

static void nothing_is_in_hand_after_a_start(void **state)
{
    const struct journal_mail mail = mail_of_content("A");
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), again = sms;

    (void)state;
    claim(store, &mail, &sms, 1000);
    store = open_again(store, false);
    claim(store, &mail, &again, 1001);
    check_number("the living one has it in hand", (long long)count_records(), 2);
    store = open_again(store, true);
    claim(store, &mail, &again, 1002);
    claim(store, &mail, &again, 1002);
    check_number("the retries take over both", (long long)count_records(), 2);
    claim(store, &mail, &again, 1002);
    check_number("and a third alarm is new", (long long)count_records(), 3);
    journal_store_close(&store);
}

/* ---- signed copies ---- */

static struct journal_sms new_signed_sms(unsigned char key, unsigned char signed_key)
{
    struct journal_sms sms = new_sms("+447700900123", key);

    sms.signed_key = (struct digest){.octets = {signed_key, 0, 2}};
    sms.has_signed_key = true;
    return sms;
}

static void a_signed_copy_finds_what_was_sent_without_a_signature(void **state)
{
    static const struct {
        const char *name;
        enum mail_identity identity;
        enum mail_verdict verdict;
        int64_t later_s;
        enum claim want;
    } rows[] = {
        {"Message-ID", MAIL_IDENTITY_MESSAGE_ID, MAIL_VERDICT_ACCEPTED, 1, CLAIM_SENT},
        {"content", MAIL_IDENTITY_CONTENT, MAIL_VERDICT_ACCEPTED, 1, CLAIM_SENT},
        {"content, deferred", MAIL_IDENTITY_CONTENT, MAIL_VERDICT_DEFERRED, 1,
         CLAIM_SENT},
        {"content, longer than a retry", MAIL_IDENTITY_CONTENT, MAIL_VERDICT_ACCEPTED,
         DAY_S, CLAIM_SENT},
        {"content, behind the window", MAIL_IDENTITY_CONTENT, MAIL_VERDICT_ACCEPTED,
         6 * DAY_S, CLAIM_SEND},
        {"signed", MAIL_IDENTITY_SIGNATURE, MAIL_VERDICT_ACCEPTED, DAY_S, CLAIM_SENT},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct journal_store *store = open_new();
        struct journal_mail mail = first_mail, copy_mail = mail_of_queue("Q2");
        struct journal_sms sms = new_signed_sms(1, 9), copy = new_signed_sms(9, 9);

        mail.identity = rows[i].identity;
        copy_mail.identity = MAIL_IDENTITY_SIGNATURE;
        claim(store, &mail, &sms, 1000);
        set_sent(&sms, "api-1");
        settle(store, &mail, &sms, rows[i].verdict, 1000);
        claim(store, &copy_mail, &copy, 1000 + rows[i].later_s);
        check_number(rows[i].name, copy.claim, rows[i].want);
        journal_store_close(&store);
    }
}

/* The mail was deferred, somebody's signed copy of it went out, and now it is retried.
 */
static void what_a_signed_copy_has_sent_is_not_sent_by_the_retry(void **state)
{
    static const enum mail_identity identities[] = {MAIL_IDENTITY_MESSAGE_ID,
                                                    MAIL_IDENTITY_CONTENT};

    (void)state;
    for (size_t i = 0; i < COUNT(identities); i++) {
        struct journal_store *store = open_new();
        struct journal_mail mail = first_mail, copy_mail = mail_of_queue("Q2");
        struct journal_sms sms = new_signed_sms(1, 9), copy = new_signed_sms(9, 9);

        mail.identity = identities[i];
        copy_mail.identity = MAIL_IDENTITY_SIGNATURE;
        claim(store, &mail, &sms, 1000);
        set_failed(&sms, SMS_FAILED, "4.4.1", "down");
        settle(store, &mail, &sms, MAIL_VERDICT_DEFERRED, 1001);
        claim(store, &copy_mail, &copy, 1002);
        check_number("the copy sends", copy.claim, CLAIM_SEND);
        set_sent(&copy, "api-1");
        settle(store, &copy_mail, &copy, MAIL_VERDICT_ACCEPTED, 1003);
        claim(store, &mail, &sms, 1004);
        check_number("the retry does not", sms.claim, CLAIM_SENT);
        settle(store, &mail, &sms, MAIL_VERDICT_ACCEPTED, 1005);
        claim(store, &mail, &sms, 1006);
        check_number("an alarm that rings again is sent", sms.claim,
                     identities[i] == MAIL_IDENTITY_CONTENT ? CLAIM_SEND : CLAIM_SENT);
        journal_store_close(&store);
    }
}

/* ---- queue ids ---- */

static void every_queue_id_that_it_had_finds_a_record(void **state)
{
    static const char *const ids[] = {"A", "B", "", "C", "B", "D"};
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), other = sms;
    const struct journal_mail others_mail = mail_of_queue("A");

    (void)state;
    other.key.octets[0] = 2;
    for (size_t i = 0; i < COUNT(ids); i++) {
        const struct journal_mail mail = mail_of_queue(ids[i]);

        claim(store, &mail, &sms, 1000);
        set_sent(&sms, "api-1");
        settle(store, &mail, &sms, MAIL_VERDICT_DEFERRED, 1000);
    }
    claim(store, &others_mail, &other, 1000);
    for (size_t i = 1; i < COUNT(ids); i++)
        if (*ids[i] != '\0')
            check_queue_ids(ids[i], &(struct journal_filter){.queue_id = ids[i]}, "D");
    check_queue_ids("of two records", &(struct journal_filter){.queue_id = "A"}, "DA");
    check_queue_ids("none has no queue id", &(struct journal_filter){.queue_id = ""},
                    "");
    change_file("DELETE FROM sms WHERE queue_id = 'D'");
    check_queue_ids("gone with the record", &(struct journal_filter){.queue_id = "B"},
                    "");
    check_queue_ids("the other's is left", &(struct journal_filter){.queue_id = "A"},
                    "A");
    journal_store_close(&store);
}

static int ask_number(const char *sql)
{
    sqlite3 *db = connect_file(FILE_NAME);
    sqlite3_stmt *statement;
    int answer;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    answer = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return answer;
}

static void a_flood_of_copies_has_a_bound(void **state)
{
    enum { COPIES = 1200, BOUND = 1000 };
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    char queue_id[16];
    const struct journal_mail mail = mail_of_queue(queue_id);

    (void)state;
    for (int i = 0; i < COPIES; i++) {
        snprintf(queue_id, sizeof queue_id, "Q%d", i);
        claim(store, &mail, &sms, 1000);
    }
    check_number("queue ids", ask_number("SELECT count(*) FROM earlier_queue_id"),
                 BOUND);
    check_filtered("the first finds it", &(struct journal_filter){.queue_id = "Q0"},
                   RECORD_OF("Q1199", "+447700900123") "sending/ [] [] [] parts=2 "
                                                       "attempts=1200 unknowns=1199 "
                                                       "1000-1000\n");
    journal_store_close(&store);
}

/* Nobody who wrote the mail again would want it refused for what the first one was. */
static void a_note_is_found_by_no_retry(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    for (int i = 0; i < 2; i++) {
        set_failed(&sms, SMS_REFUSED, "5.6.0", "no text");
        run(store, JOB_NOTE, &first_mail, &sms, MAIL_VERDICT_REJECTED, 1000);
    }
    claim(store, &first_mail, &sms, 1000);
    check_number("claim", sms.claim, CLAIM_SEND);
    check_number("records", (long long)count_records(), 3);
    journal_store_close(&store);
}

static void jobs_of_one_run_see_each_other(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), again = sms;
    struct journal_job later = {
        .kind = JOB_CLAIM, .mail = &first_mail, .sms = &again, .count = 1};
    struct journal_job outcome = {.kind = JOB_SETTLE,
                                  .mail = &first_mail,
                                  .sms = &sms,
                                  .count = 1,
                                  .verdict = MAIL_VERDICT_DEFERRED,
                                  .next = &later};
    struct error err;

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    set_sent(&sms, "api-1");
    assert_true(journal_store_run(store, &outcome, 1001, &err));
    check_number("claim", again.claim, CLAIM_SENT);
    assert_true(journal_store_run(store, NULL, 1001, &err));
    journal_store_close(&store);
}

static void a_run_is_done_as_a_whole(void **state)
{
    struct journal_store *store = open_new();
    struct journal_mail bad_mail = first_mail;
    struct journal_sms sms = new_sms("+447700900123", 1),
                       bad = new_sms("+447700900124", 2);
    struct journal_job second = {
        .kind = JOB_CLAIM, .mail = &bad_mail, .sms = &bad, .count = 1};
    struct journal_job first = {.kind = JOB_CLAIM,
                                .mail = &first_mail,
                                .sms = &sms,
                                .count = 1,
                                .next = &second};
    struct error err;

    (void)state;
    bad_mail.customer = NULL; /* as where SQLite has no memory to bind it */
    check_true("fails", !journal_store_run(store, &first, 1000, &err));
    check_error("its error", &err, ERROR_TEMPORARY, "4.3.0",
                "NOT NULL constraint failed: sms.customer");
    check_records("nothing is written", "");
    journal_store_close(&store);
}

/* ---- what does not open ---- */

static void check_not_opened(const char *row, const char *where, const char *want)
{
    struct journal_store *store = (void *)&row;
    struct error err = {.text = ""};

    check_true(row, !journal_store_open(where, true, &store, &err));
    check_true(row, store == NULL);
    check_error(row, &err, ERROR_TEMPORARY, "4.3.0", want);
    journal_store_close(&store);
}

static void what_cannot_be_a_journal_is_not_opened(void **state)
{
    char *text = unit_repeat("this is no database ", 500);

    (void)state;
    remove_files(FILE_NAME);
    unit_write_file(FILE_NAME, text, 0600);
    check_not_opened("a text file", place, "file is not a database");
    remove_files(FILE_NAME);
    assert_int_equal(mkdir(FILE_NAME, 0700), 0);
    check_not_opened("a folder", place, "it cannot be opened: Is a directory");
    assert_int_equal(rmdir(FILE_NAME), 0);
    check_not_opened("a folder that is missing", "sqlite:missing/journal.db",
                     "its lock cannot be made: No such file or directory");
    change_file("PRAGMA user_version = 4");
    check_not_opened("a newer version", place,
                     "its schema has version 4, which is newer than this program's 3");
    change_file("PRAGMA user_version = 2147483647");
    check_not_opened("a much newer version", place,
                     "its schema has version 2147483647, which is newer than this "
                     "program's 3");
    free(text);
}

/* As version 1 of the schema, of before there were limits, left it. */
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
    remove_files(FILE_NAME);
    change_file(older_file);
    change_file(to_version_2);
    store = open_store(true);
    check_number("its charges", ask_number("SELECT charged_parts FROM sms"), 2);
    check_number("its quotas", ask_number("SELECT parts FROM quota_window"), 2);
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
    remove_files(FILE_NAME);
    change_file(older_file);
    store = open_store(true);
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
    store = open_again(store, true);
    check_number("once only", (long long)count_records(), 2);
    journal_store_close(&store);
}

static void an_empty_file_becomes_a_journal(void **state)
{
    struct journal_store *store;
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    remove_files(FILE_NAME);
    unit_write_file(FILE_NAME, "", 0600);
    store = open_store(true);
    claim(store, &first_mail, &sms, 1000);
    check_number("records", (long long)count_records(), 1);
    journal_store_close(&store);
}

static void fill(struct journal_store *store, unsigned char records)
{
    char *reason = unit_repeat("r", ERROR_TEXT_SIZE - 1);

    for (unsigned char i = 0; i < records; i++) {
        struct journal_sms sms = new_sms("+447700900123", i);

        set_failed(&sms, SMS_REFUSED, "5.6.0", reason);
        run(store, JOB_NOTE, &first_mail, &sms, MAIL_VERDICT_REJECTED, 1000 + i);
    }
    free(reason);
}

static off_t size_of(const char *name)
{
    struct stat st;

    return stat(name, &st) == 0 ? st.st_size : -1;
}

static void a_damaged_journal_is_not_opened(void **state)
{
    enum { PAGE_BYTES = 4096 };
    char junk[2 * PAGE_BYTES];
    struct journal_store *store = open_new();
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
    check_true("it fails", !journal_store_open(place, true, &none, &err));
    check_true("and says what to do",
               strncmp(err.text, "it is damaged (", 15) == 0 &&
                   strstr(err.text, "): move it away, and a new one is made"));
    check_true(err.text, strchr(err.text, '\n') == NULL);
    assert_int_equal(rename(FILE_NAME, "damaged.db"), 0);
    store = open_store(true);
    check_number("a new one is made", (long long)count_records(), 0);
    journal_store_close(&store);
}

/* Cut off in the middle, as by a copy that ran out of room. */
static void a_journal_that_is_cut_off_is_not_opened(void **state)
{
    struct journal_store *store = open_new();
    struct journal_store *none;
    struct error err;

    (void)state;
    fill(store, 60);
    journal_store_close(&store);
    assert_int_equal(truncate(FILE_NAME, size_of(FILE_NAME) / 2 / 4096 * 4096), 0);
    check_true("it fails", !journal_store_open(place, true, &none, &err));
    check_true(err.text, strstr(err.text, "move it away") != NULL);
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
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    check_mode(FILE_NAME, 0600);
    check_mode(FILE_NAME "-wal", 0600);
    check_mode(FILE_NAME "-shm", 0600);
    check_mode(FILE_NAME "-lock", 0600);
    journal_store_close(&store);

    assert_int_equal(chmod(FILE_NAME, 0640), 0);
    store = open_store(true);
    claim(store, &first_mail, &sms, 1000);
    check_mode(FILE_NAME, 0640); /* the administrator's wish */
    check_mode(FILE_NAME "-wal", 0640);
    journal_store_close(&store);
    umask(old_mask);
}

static void one_daemon_at_a_time_has_it(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    int status;
    pid_t child;

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    check_not_opened("the second", place, "another sms-milter uses it");
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
        if (journal_store_open(place, true, &store, &err) &&
            try_run(store, JOB_CLAIM, &first_mail, &sms, MAIL_VERDICT_NONE, 1000, &err))
            raise(SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    check_true("the child died with it open", WIFSIGNALED(status));
    store = open_store(true);
    check_filtered(
        "its claim has survived it",
        &(struct journal_filter){.number = "+447700900124"},
        RECORD_OF("Q1", "+447700900124") "unknown/ [] " DIED
                                         " parts=2 attempts=1 unknowns=1 1000-1000\n");
    journal_store_close(&store);
}

/* ---- what fails while it is open ---- */

static void check_run_fails(const char *row, struct journal_store *store,
                            const char *want, bool is_broken)
{
    struct journal_sms sms = new_sms("+447700900199", 199);
    unsigned count;
    struct error err = {.text = ""};

    check_true(row, !try_run(store, JOB_CLAIM, &first_mail, &sms, MAIL_VERDICT_NONE,
                             1000, &err));
    check_error(row, &err, ERROR_TEMPORARY, "4.3.0", want);
    check_number(row, journal_store_is_broken(store), is_broken);
    /* What is being sent is not purged, so there may be nothing to write. */
    if (journal_store_purge(store, 2000, 10, &count, &err))
        check_number(row, count, 0);
    else
        check_error(row, &err, ERROR_TEMPORARY, "4.3.0", want);
}

static void a_file_that_is_moved_away_is_noticed(void **state)
{
    static const char *const names[] = {"moved", "removed"};
    struct reading moved = {.text = ""};
    struct error err;

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct journal_store *store = open_new();
        struct journal_sms sms = new_sms("+447700900123", 1);

        claim(store, &first_mail, &sms, 1000);
        check_true(names[i], !journal_store_is_broken(store));
        assert_int_equal(i == 0 ? rename(FILE_NAME, "moved.db") : unlink(FILE_NAME), 0);
        check_run_fails(names[i], store, "its file was moved away or replaced", true);
        store = open_again(store, false);
        check_records("the new one is empty", "");
        if (i == 0)
            check_true("the old one has what was still in its log",
                       journal_read("sqlite:moved.db",
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

/* An administrator who puts a backup in its place: the log that lies beside it is that
 * of the file that is gone. */
static void a_file_that_is_replaced_is_left_whole(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    fill(store, 3);
    journal_store_close(&store);
    assert_int_equal(rename(FILE_NAME, "backup.db"), 0);
    store = open_new();
    fill(store, 40);
    assert_int_equal(rename("backup.db", FILE_NAME), 0);
    check_run_fails("replaced", store, "its file was moved away or replaced", true);
    store = open_again(store, false);
    check_number("the backup's records", (long long)count_records(), 3);
    claim(store, &first_mail, &sms, 1000);
    check_number("and the next", (long long)count_records(), 4);
    journal_store_close(&store);
}

static void somebody_else_may_hold_it_for_a_while(void **state)
{
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    sqlite3 *db = connect_file(FILE_NAME);

    (void)state;
    exec(db, "BEGIN IMMEDIATE");
    check_run_fails("held", store, "database is locked", false);
    check_records("it can be read meanwhile", "");
    exec(db, "COMMIT");
    claim(store, &first_mail, &sms, 1000);
    check_number("it works again", (long long)count_records(), 1);
    sqlite3_close(db);
    journal_store_close(&store);
}

/* The log as on a disk that fails: SQLite's own file system but for that. */
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
    struct journal_store *store = open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);

    (void)state;
    claim(store, &first_mail, &sms, 1000);
    log_fault = SQLITE_FULL;
    check_run_fails("full", store, "database or disk is full", false);
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

/* What is not known to be on the disk is not written, and written once in the end. */
static void a_disk_that_does_not_say_that_it_has_written(void **state)
{
    struct journal_store *store = open_new();
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
    check_true("broken", journal_store_is_broken(store));
    log_fault = 0;
    store = open_again(store, false);
    settle(store, &mail, &sms, MAIL_VERDICT_ACCEPTED, 1002);
    check_records("once", UNKNOWN_RECORD("accepted", "[4.4.2] [lost]",
                                         "attempts=1 unknowns=1 1000-1002\n"));
    journal_store_close(&store);
}

static void a_claim_that_is_there_all_the_same_is_undone(void **state)
{
    struct journal_store *store = open_new();
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
    store = open_store(false);
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

/* Here it is the operating system that refuses, with EFBIG, which SQLite has no code of
 * its own for. */
static void a_file_that_cannot_grow_loses_nothing(void **state)
{
    struct journal_store *store = open_new();
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
    store = open_again(store, false);
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

/* A run in which one allocation after the other fails, until there are no more. */
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
    sqlite3 *db = connect_file(FILE_NAME);
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
    struct journal_store *store = open_new();
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
        is_good = journal_store_run(store, &job, 1000, &err);
        left = bad_allocation;
        bad_allocation = 0;
        if (is_good) {
            check_number("what it knew is known", sms[0].claim, CLAIM_REFUSED);
            check_text("to the last letter", sms[0].error.text, reason);
            check_number("all is written", (long long)count_records(), NUMBERS);
            check_charged("and charged", NUMBERS - 1);
            change_file("DELETE FROM sms WHERE id > 1; DELETE FROM quota_window;"
                        " DELETE FROM bucket");
        } else {
            failures++;
            check_error("it fails", &err, ERROR_TEMPORARY, "4.3.0", "out of memory");
            check_true("it is not broken", !journal_store_is_broken(store));
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

        remove_files(FILE_NAME);
        bad_allocation = i;
        if (!journal_store_open(place, true, &store, &err)) {
            check_true("cleared", store == NULL);
            check_number("its error", err.kind, ERROR_TEMPORARY);
        }
        left = bad_allocation;
        bad_allocation = 0;
        journal_store_close(&store);
    }
    check_true("all have been tried", left > 0);
}

/* ---- upkeep ---- */

static void purge(struct journal_store *store, int64_t before_s, unsigned limit,
                  unsigned want)
{
    unsigned count;
    struct error err;

    if (!journal_store_purge(store, before_s, limit, &count, &err))
        fail_msg("%s", err.text);
    check_number("purged", count, want);
}

static void check_kept(const char *row, const char *want)
{
    check_queue_ids(row, &(struct journal_filter){.since_s = 0}, want);
}

static void old_records_are_forgotten_a_few_at_a_time(void **state)
{
    struct journal_store *store = open_new();

    (void)state;
    for (unsigned char i = 0; i < 10; i++) { /* the first is the youngest */
        char queue_id[] = {(char)('A' + i), '\0'};
        struct journal_mail mail = mail_of_queue(queue_id);
        struct journal_sms sms = new_sms("+447700900123", i);

        claim(store, &mail, &sms, 1009 - i);
        set_sent(&sms, "api-1");
        settle(store, &mail, &sms, MAIL_VERDICT_ACCEPTED, 1009 - i);
    }
    {
        struct journal_sms sending = new_sms("+447700900199", 99);
        const struct journal_mail mail = mail_of_queue("Z");

        claim(store, &mail, &sending, 900);
    }
    purge(store, 1000, 4, 0);
    check_kept("none is that old, but one that is being sent", "ABCDEFGHIJZ");
    purge(store, 1006, 4, 4);
    check_kept("the oldest go first", "ABCDEFZ");
    purge(store, 1006, 4, 2);
    check_kept("those are kept that changed at that time or later", "ABCDZ");
    purge(store, 1006, 4, 0);
    purge(store, 1010, 100, 4);
    check_kept("none is left but that", "Z");
    journal_store_close(&store);
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
    check_true("purge", journal_store_purge(store, 2, 10, &count, &err));
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
    struct journal_store *store = open_new();
    struct reading reading = {.text = ""};
    struct error err;

    (void)state;
    for (int i = 0; i < 4; i++)
        fill(store, 200);
    journal_store_close(&store);
    assert_int_equal(sqlite3_auto_extension((void (*)(void))watch_connection),
                     SQLITE_OK);
    store = open_store(true);
    check_number("a start", scanned_rows, 0);
    for (int i = 0; i <= MAIL_IDENTITY_SIGNATURE; i++)
        do_all_kinds_of_jobs(store, (enum mail_identity)i);
    check_number("jobs", scanned_rows, 0);
    for (size_t i = 0; i < COUNT(rows); i++) {
        scanned_rows = 0;
        check_true(rows[i].name,
                   journal_read(place, &rows[i].filter, on_record, &reading, &err));
        check_number(rows[i].name, scanned_rows, 0);
    }
    scanned_rows = 0;
    journal_read(place, &(struct journal_filter){.customer = "x"}, on_record, &reading,
                 &err);
    check_true("who looks for a customer alone reads all", scanned_rows >= 800);
    sqlite3_cancel_auto_extension((void (*)(void))watch_connection);
    journal_store_close(&store);
}

/* The log is carried over to the database while the daemon works, and begins anew. */
static void the_log_does_not_grow_for_ever(void **state)
{
    enum { RUNS = 400, SMS_IN_A_RUN = 50, LIMIT_BYTES = 16 * 1024 * 1024 };
    static struct journal_sms sms[SMS_IN_A_RUN];
    struct journal_store *store = open_new();
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
        if (!journal_store_run(store, &job, 1000 + i, &err))
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
        UNIT_TEST(what_is_written_is_read),
        UNIT_TEST(texts_keep_their_greatest_length),
        UNIT_TEST(each_filter_finds_its_records),
        UNIT_TEST(a_reader_may_stop),
        UNIT_TEST(who_reads_does_not_keep_the_log_from_shortening),
        UNIT_TEST(what_is_no_journal_is_not_read),
        UNIT_TEST(a_retry_renews_what_failed),
        UNIT_TEST(each_unknown_outcome_counts_once),
        UNIT_TEST(only_a_start_closes_what_a_dead_daemon_sent),
        UNIT_TEST(a_mail_of_content_is_found_while_it_is_put_off),
        UNIT_TEST(copies_do_not_renew_a_mail_that_is_finished),
        UNIT_TEST(a_mail_is_known_as_long_as_it_is_retried),
        UNIT_TEST(each_session_settles_its_own_record),
        UNIT_TEST(a_retry_of_several_numbers_sends_what_its_mail_lacks),
        UNIT_TEST(nothing_is_in_hand_after_a_start),
        UNIT_TEST(a_signed_copy_finds_what_was_sent_without_a_signature),
        UNIT_TEST(what_a_signed_copy_has_sent_is_not_sent_by_the_retry),
        UNIT_TEST(every_queue_id_that_it_had_finds_a_record),
        UNIT_TEST(a_flood_of_copies_has_a_bound),
        UNIT_TEST(a_note_is_found_by_no_retry),
        UNIT_TEST(jobs_of_one_run_see_each_other),
        UNIT_TEST(a_run_is_done_as_a_whole),
        UNIT_TEST(what_cannot_be_a_journal_is_not_opened),
        UNIT_TEST(an_older_file_is_brought_up_to_date),
        UNIT_TEST(what_the_last_version_wrote_is_found),
        UNIT_TEST(an_empty_file_becomes_a_journal),
        UNIT_TEST(a_damaged_journal_is_not_opened),
        UNIT_TEST(a_journal_that_is_cut_off_is_not_opened),
        UNIT_TEST(nobody_else_may_read_it),
        UNIT_TEST(one_daemon_at_a_time_has_it),
        UNIT_TEST(a_file_that_is_moved_away_is_noticed),
        UNIT_TEST(a_file_that_is_replaced_is_left_whole),
        UNIT_TEST(somebody_else_may_hold_it_for_a_while),
        UNIT_TEST(a_full_disk_is_waited_for),
        UNIT_TEST(a_disk_that_does_not_say_that_it_has_written),
        UNIT_TEST(a_claim_that_is_there_all_the_same_is_undone),
        UNIT_TEST(a_file_that_cannot_grow_loses_nothing),
        UNIT_TEST(without_memory_nothing_is_half_done),
        UNIT_TEST(without_memory_it_is_not_opened),
        UNIT_TEST(old_records_are_forgotten_a_few_at_a_time),
        UNIT_TEST(nothing_is_searched_for_without_an_index),
        UNIT_TEST(the_log_does_not_grow_for_ever),
    };

    unit_enter_folder();
    take_over_memory();
    take_over_files();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
