/* SPDX-License-Identifier: ISC */
/* What every backend of the journal does, as one thread uses it. */
#include "store_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_place.h"

static void what_is_written_is_read(void **state)
{
    struct journal_store *store = store_open_new();
    struct journal_sms sms[] = {new_sms("+447700900123", 1),
                                new_sms("+447700900124", 2)};
    struct journal_job job = {
        .kind = JOB_CLAIM, .mail = &first_mail, .sms = sms, .count = COUNT(sms)};
    struct journal_sms noted = new_sms("+447700900125", 0);
    struct journal_mail other = {
        .customer = "b", .sender = "", .queue_id = "", .message_id = ""};
    struct error err;

    (void)state;
    assert_true(store->backend->run(store, &job, 1000, &err));
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
    assert_true(store->backend->run(store, &job, 1010, &err));
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
    store = store_open_again(store, true);
    check_number("all is there after a restart", (long long)count_records(), 3);
    journal_store_close(&store);
    journal_store_close(&store);
}

static void texts_keep_their_greatest_length(void **state)
{
    struct journal_store *store = store_open_new();
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
    struct journal_store *store = store_open_new();

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
    struct journal_store *store = store_open_new();
    struct reading reading = {.most = 2};
    struct error err;

    (void)state;
    for (unsigned char i = 0; i < 4; i++) {
        struct journal_sms sms = new_sms("+447700900123", i);

        claim(store, &first_mail, &sms, 1000);
    }
    check_true("no failure",
               journal_place_read(tested->place, &(struct journal_filter){.since_s = 0},
                                  on_record, &reading, &err));
    check_number("records", (long long)reading.records, 2);
    journal_store_close(&store);
    check_number("without the daemon", (long long)count_records(), 4);
}

static void a_retry_renews_what_failed(void **state)
{
    const struct journal_mail second = mail_of_queue("Q2"), third = mail_of_queue("Q3");
    struct journal_store *store = store_open_new();
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

#define NOT_AGAIN                                                                    \
    "[5.4.2] [this SMS may have been sent by an earlier try of this mail, so it is " \
    "not "                                                                           \
    "sent again (on-unknown)]"

static void each_unknown_outcome_counts_once(void **state)
{
    struct journal_mail refusing = first_mail;
    struct journal_store *store = store_open_new();
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

static void only_a_start_closes_what_a_dead_daemon_sent(void **state)
{
    struct journal_mail refusing = first_mail;
    struct journal_store *store = store_open_new();
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

    store = store_open_again(store, false);
    snprintf(want, sizeof want, "%s%s",
             RECORD_OF("Q1", "+447700900123") "sending/ [] [] [] parts=2 attempts=1 "
                                              "unknowns=0 1000-1000\n",
             want_sent);
    check_records("opened again by the daemon that still runs", want);

    store = store_open_again(store, true);
    snprintf(want, sizeof want, "%s%s",
             UNKNOWN_RECORD("", DIED, "attempts=1 unknowns=1 1000-1000\n"), want_sent);
    check_records("opened at start", want);
    store = store_open_again(store, true);
    check_records("and at the next one", want);
    claim(store, &refusing, &sms, 1000);
    check_number("on-unknown decides", sms.claim, CLAIM_REFUSED);
    journal_store_close(&store);
}

static void a_mail_of_content_is_found_while_it_is_deferred(void **state)
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
        {"deferred, at the end of the window", MAIL_VERDICT_DEFERRED, RETRY_WINDOW_S,
         true, CLAIM_SENT, 1},
        {"deferred, behind the window", MAIL_VERDICT_DEFERRED, RETRY_WINDOW_S + 1, true,
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
        struct journal_store *store = store_open_new();
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

/* A device that gives all its mails the same Message-ID can send again when the window
 * is over, however often it has tried meanwhile. */
static void copies_do_not_renew_a_mail_that_is_finished(void **state)
{
    struct journal_store *store = store_open_new();
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

/* It may take any time, because each try is within the window of the try before. */
static void a_mail_is_known_as_long_as_it_is_retried(void **state)
{
    struct journal_store *store = store_open_new();
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
    struct journal_store *store = store_open_new();
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
    struct journal_store *store = store_open_new();
    struct journal_sms sms[MAILS][NUMBERS];
    struct error err;
    int sent = 0;

    (void)state;
    for (int i = 0; i < MAILS; i++) {
        struct journal_job job = {
            .kind = JOB_CLAIM, .mail = &mail, .sms = sms[i], .count = NUMBERS};

        sms[i][0] = new_sms("+447700900123", 1);
        sms[i][1] = new_sms("+447700900124", 2);
        assert_true(store->backend->run(store, &job, 1000, &err));
    }
    for (int i = 0; i < MAILS; i++) {
        struct journal_job job = {.kind = JOB_SETTLE,
                                  .mail = &mail,
                                  .sms = sms[i],
                                  .count = NUMBERS,
                                  .verdict = MAIL_VERDICT_DEFERRED};

        set_sent(&sms[i][0], "api");
        set_failed(&sms[i][1], SMS_FAILED, "4.4.1", "down");
        assert_true(store->backend->run(store, &job, 1001, &err));
    }
    for (int i = 0; i < MAILS; i++) {
        struct journal_job job = {
            .kind = JOB_CLAIM, .mail = &mail, .sms = sms[i], .count = NUMBERS};

        assert_true(store->backend->run(store, &job, 1002, &err));
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
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1), again = sms;

    (void)state;
    claim(store, &mail, &sms, 1000);
    store = store_open_again(store, false);
    claim(store, &mail, &again, 1001);
    check_number("the living one has it in hand", (long long)count_records(), 2);
    store = store_open_again(store, true);
    claim(store, &mail, &again, 1002);
    claim(store, &mail, &again, 1002);
    check_number("the retries take over both", (long long)count_records(), 2);
    claim(store, &mail, &again, 1002);
    check_number("and a third alarm is new", (long long)count_records(), 3);
    journal_store_close(&store);
}

/* ---- signed copies ---- */

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
        struct journal_store *store = store_open_new();
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

/* The mail was deferred, then somebody's signed copy of it was sent, and now the mail
 * is retried. */
static void what_a_signed_copy_has_sent_is_not_sent_by_the_retry(void **state)
{
    static const enum mail_identity identities[] = {MAIL_IDENTITY_MESSAGE_ID,
                                                    MAIL_IDENTITY_CONTENT};

    (void)state;
    for (size_t i = 0; i < COUNT(identities); i++) {
        struct journal_store *store = store_open_new();
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
    struct journal_store *store = store_open_new();
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
    tested->change("DELETE FROM sms WHERE queue_id = 'D'");
    check_queue_ids("gone with the record", &(struct journal_filter){.queue_id = "B"},
                    "");
    check_queue_ids("the other's is left", &(struct journal_filter){.queue_id = "A"},
                    "A");
    journal_store_close(&store);
}

static void a_flood_of_copies_has_a_bound(void **state)
{
    enum { COPIES = 1200, BOUND = 1000 };
    struct journal_store *store = store_open_new();
    struct journal_sms sms = new_sms("+447700900123", 1);
    char queue_id[16];
    const struct journal_mail mail = mail_of_queue(queue_id);

    (void)state;
    for (int i = 0; i < COPIES; i++) {
        snprintf(queue_id, sizeof queue_id, "Q%d", i);
        claim(store, &mail, &sms, 1000);
    }
    check_number("queue ids",
                 atoi(tested->ask("SELECT count(*) FROM earlier_queue_id")), BOUND);
    check_filtered("the first finds it", &(struct journal_filter){.queue_id = "Q0"},
                   RECORD_OF("Q1199", "+447700900123") "sending/ [] [] [] parts=2 "
                                                       "attempts=1200 unknowns=1199 "
                                                       "1000-1000\n");
    journal_store_close(&store);
}

/* If somebody writes the mail again, it must not be refused because the first one was.
 * */
static void a_note_is_found_by_no_retry(void **state)
{
    struct journal_store *store = store_open_new();
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
    struct journal_store *store = store_open_new();
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
    assert_true(store->backend->run(store, &outcome, 1001, &err));
    check_number("claim", again.claim, CLAIM_SENT);
    assert_true(store->backend->run(store, NULL, 1001, &err));
    journal_store_close(&store);
}

static void a_run_is_done_as_a_whole(void **state)
{
    struct journal_store *store = store_open_new();
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
    bad_mail.customer = NULL; /* as where a library has no memory to bind it */
    check_true("fails", !store->backend->run(store, &first, 1000, &err));
    check_error("its error", &err, ERROR_TEMPORARY, "4.3.0", NULL);
    check_records("nothing is written", "");
    journal_store_close(&store);
}

/* ---- upkeep ---- */

static void purge(struct journal_store *store, int64_t before_s, unsigned limit,
                  unsigned want)
{
    unsigned count;
    struct error err;

    if (!store->backend->purge(store, before_s, limit, &count, &err))
        fail_msg("%s", err.text);
    check_number("purged", count, want);
}

static void check_kept(const char *row, const char *want)
{
    check_queue_ids(row, &(struct journal_filter){.since_s = 0}, want);
}

static void old_records_are_forgotten_a_few_at_a_time(void **state)
{
    struct journal_store *store = store_open_new();

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_is_written_is_read),
        UNIT_TEST(texts_keep_their_greatest_length),
        UNIT_TEST(each_filter_finds_its_records),
        UNIT_TEST(a_reader_may_stop),
        UNIT_TEST(a_retry_renews_what_failed),
        UNIT_TEST(each_unknown_outcome_counts_once),
        UNIT_TEST(only_a_start_closes_what_a_dead_daemon_sent),
        UNIT_TEST(a_mail_of_content_is_found_while_it_is_deferred),
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
        UNIT_TEST(old_records_are_forgotten_a_few_at_a_time),
    };

    unit_enter_folder();
    return STORE_TEST_RUN(tests);
}
