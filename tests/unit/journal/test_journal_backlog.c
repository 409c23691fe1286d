/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_backlog.h"

/* A settlement of some SMS whose texts are all in memory that goes with it. */
struct given {
    struct journal_job job;
    struct journal_mail mail;
    struct patience patience; /* of a session that is gone */
    struct journal_sms sms[2];
    char queue_id[8], numbers[2][24];
};

static struct given *give(char name, size_t count)
{
    struct given *given = calloc(1, sizeof *given);

    assert_non_null(given);
    snprintf(given->queue_id, sizeof given->queue_id, "Q%c", name);
    for (size_t i = 0; i < COUNT(given->sms); i++) {
        snprintf(given->numbers[i], sizeof given->numbers[i], "+44770090012%zu", i);
        given->sms[i] = (struct journal_sms){
            .number = given->numbers[i],
            .key = {.octets = {(unsigned char)name}},
            .charge = {true, 11, 12},
            .state = SMS_SENT,
            .api_message_id = "api",
            .error = {.status = "5.0.0", .text = "text"},
        };
    }
    given->mail = (struct journal_mail){.customer = given->queue_id,
                                        .sender = given->queue_id,
                                        .queue_id = given->queue_id,
                                        .message_id = given->queue_id,
                                        .identity = MAIL_IDENTITY_CONTENT,
                                        .retry_window_s = 7,
                                        .parts = 3,
                                        .patience = &given->patience,
                                        .limits = {.sender = {.rate = {8, 9}}}};
    given->job = (struct journal_job){.kind = JOB_SETTLE,
                                      .mail = &given->mail,
                                      .sms = given->sms,
                                      .count = count,
                                      .verdict = MAIL_VERDICT_ACCEPTED,
                                      .next = &given->job, /* a batch's: no business of
                                                              the copy's */
                                      .is_done = true};
    return given;
}

static void add(struct journal_backlog *backlog, char name, size_t count)
{
    struct given *given = give(name, count);
    struct journal_job *copy = journal_backlog_copy(&given->job);

    assert_non_null(copy);
    journal_backlog_add(backlog, copy);
    memset(given, 0xA5, sizeof *given);
    free(given);
}

/* Their queue ids' last letters. */
static void check_order(const char *row, const struct journal_job *jobs,
                        const char *want)
{
    char got[16] = "";

    for (size_t i = 0; jobs && i < sizeof got - 1; jobs = jobs->next)
        got[i++] = jobs->mail->queue_id[1];
    check_text(row, got, want);
}

static void a_copy_outlives_its_session(void **state)
{
    struct journal_backlog backlog = {.first = NULL};
    struct journal_job *job;

    (void)state;
    add(&backlog, 'a', 2);
    check_true("not empty", !journal_backlog_is_empty(&backlog));
    job = journal_backlog_take(&backlog);
    assert_non_null(job);
    check_true("empty", journal_backlog_is_empty(&backlog));
    check_true("one", job->next == NULL);
    check_number("kind", job->kind, JOB_SETTLE);
    check_number("verdict", job->verdict, MAIL_VERDICT_ACCEPTED);
    check_number("count", (long long)job->count, 2);
    check_text("customer", job->mail->customer, "Qa");
    check_text("sender", job->mail->sender, "Qa");
    check_text("queue id", job->mail->queue_id, "Qa");
    check_text("Message-ID", job->mail->message_id, "Qa");
    check_true("is_of_content", job->mail->identity == MAIL_IDENTITY_CONTENT);
    check_number("window", job->mail->retry_window_s, 7);
    check_number("parts", job->mail->parts, 3);
    check_true("nobody waits for it", job->mail->patience == NULL);
    check_number("limits", job->mail->limits.sender.rate.count, 8);
    check_text("number", job->sms[0].number, "+447700900120");
    check_text("number", job->sms[1].number, "+447700900121");
    for (size_t i = 0; i < job->count; i++) {
        check_number("key", job->sms[i].key.octets[0], 'a');
        check_true("charge", job->sms[i].charge.is_made);
        check_number("its window", job->sms[i].charge.sender_window_s, 12);
        check_number("state", job->sms[i].state, SMS_SENT);
        check_text("API id", job->sms[i].api_message_id, "api");
        check_text("status", job->sms[i].error.status, "5.0.0");
        check_text("text", job->sms[i].error.text, "text");
    }
    journal_backlog_free(job);
}

static void the_oldest_comes_first(void **state)
{
    struct journal_backlog backlog = {.first = NULL};
    struct journal_job *jobs;

    (void)state;
    check_true("empty at first", journal_backlog_is_empty(&backlog));
    check_true("nothing to take", journal_backlog_take(&backlog) == NULL);
    add(&backlog, 'a', 1);
    add(&backlog, 'b', 1);
    add(&backlog, 'c', 1);
    jobs = journal_backlog_take(&backlog);
    check_order("taken", jobs, "abc");
    add(&backlog, 'd', 1);
    add(&backlog, 'e', 1);
    journal_backlog_put_back(&backlog, jobs);
    check_order("put back before those that came", backlog.first, "abcde");
    add(&backlog, 'f', 1);
    check_order("the next is the last", backlog.first, "abcdef");
    jobs = journal_backlog_take(&backlog);
    journal_backlog_put_back(&backlog, jobs);
    check_order("put back into an empty one", backlog.first, "abcdef");
    journal_backlog_put_back(&backlog, NULL);
    check_order("nothing put back", backlog.first, "abcdef");
    check_number("lost", (long long)journal_backlog_clear(&backlog), 6);
    check_true("empty again", journal_backlog_is_empty(&backlog));
}

static void what_is_lost_is_counted_in_sms(void **state)
{
    struct journal_backlog backlog = {.first = NULL};

    (void)state;
    check_number("nothing", (long long)journal_backlog_clear(&backlog), 0);
    add(&backlog, 'a', 2);
    add(&backlog, 'b', 0);
    add(&backlog, 'c', 1);
    check_number("SMS", (long long)journal_backlog_clear(&backlog), 3);
    check_number("once", (long long)journal_backlog_clear(&backlog), 0);
    journal_backlog_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_copy_outlives_its_session),
        UNIT_TEST(the_oldest_comes_first),
        UNIT_TEST(what_is_lost_is_counted_in_sms),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
