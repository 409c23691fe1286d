/* SPDX-License-Identifier: ISC */
#include "store_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_place.h"

static const struct tested_backend *const backends[] = {
    &sqlite_backend,
};

const struct tested_backend *tested = &sqlite_backend;

int store_test_run(const struct CMUnitTest *tests, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < COUNT(backends); i++) {
        tested = backends[i];
        if (tested->can_be_tried && !tested->can_be_tried())
            print_message("%s: cannot be tried here\n", tested->functions->scheme);
        else
            failed += _cmocka_run_group_tests(tested->functions->scheme, tests, count,
                                              NULL, NULL);
    }
    return failed;
}

/* ---- the store ---- */

struct journal_store *store_open(bool is_first)
{
    struct journal_store *store;
    struct error err;

    if (!tested->functions->open(tested->place, is_first, &store, &err))
        fail_msg("%s", err.text);
    return store;
}

struct journal_store *store_open_new(void)
{
    tested->clear();
    return store_open(true);
}

struct journal_store *store_open_again(struct journal_store *store, bool is_first)
{
    journal_store_close(&store);
    check_true("a closed store is cleared", store == NULL);
    return store_open(is_first);
}

/* ---- jobs with one SMS ---- */

const struct journal_mail first_mail = {
    .customer = "school",
    .sender = "head@school.example",
    .queue_id = "Q1",
    .message_id = "<1@school.example>",
    .retry_window_s = RETRY_WINDOW_S,
    .duplicate_window_s = 5 * DAY_S,
    .on_unknown = ON_UNKNOWN_RESEND,
    .parts = 2,
};

struct journal_mail mail_of_queue(const char *queue_id)
{
    struct journal_mail mail = first_mail;

    mail.queue_id = queue_id;
    return mail;
}

struct journal_sms new_sms(const char *number, unsigned char key)
{
    return (struct journal_sms){.number = number, .key = {.octets = {key, 0, 1}}};
}

struct journal_sms new_signed_sms(unsigned char key, unsigned char signed_key)
{
    struct journal_sms sms = new_sms("+447700900123", key);

    sms.signed_key = (struct digest){.octets = {signed_key, 0, 2}};
    sms.has_signed_key = true;
    return sms;
}

void set_sent(struct journal_sms *sms, const char *api_message_id)
{
    sms->state = SMS_SENT;
    snprintf(sms->api_message_id, sizeof sms->api_message_id, "%s", api_message_id);
    sms->error = (struct error){.text = ""};
}

void set_failed(struct journal_sms *sms, enum sms_state state, const char *status,
                const char *text)
{
    sms->state = state;
    error_set(&sms->error, ERROR_TEMPORARY, status, "%s", text);
}

bool try_run(struct journal_store *store, enum journal_job_kind kind,
             const struct journal_mail *mail, struct journal_sms *sms,
             enum mail_verdict verdict, int64_t now_s, struct error *err)
{
    struct journal_job job = {
        .kind = kind, .mail = mail, .sms = sms, .count = 1, .verdict = verdict};

    return store->backend->run(store, &job, now_s, err);
}

void run(struct journal_store *store, enum journal_job_kind kind,
         const struct journal_mail *mail, struct journal_sms *sms,
         enum mail_verdict verdict, int64_t now_s)
{
    struct error err;

    if (!try_run(store, kind, mail, sms, verdict, now_s, &err))
        fail_msg("%s", err.text);
}

void claim(struct journal_store *store, const struct journal_mail *mail,
           struct journal_sms *sms, int64_t now_s)
{
    run(store, JOB_CLAIM, mail, sms, MAIL_VERDICT_NONE, now_s);
}

void settle(struct journal_store *store, const struct journal_mail *mail,
            struct journal_sms *sms, enum mail_verdict verdict, int64_t now_s)
{
    run(store, JOB_SETTLE, mail, sms, verdict, now_s);
}

void fill(struct journal_store *store, unsigned char records)
{
    char *reason = unit_repeat("r", ERROR_TEXT_SIZE - 1);

    for (unsigned char i = 0; i < records; i++) {
        struct journal_sms sms = new_sms("+447700900123", i);

        set_failed(&sms, SMS_REFUSED, "5.6.0", reason);
        run(store, JOB_NOTE, &first_mail, &sms, MAIL_VERDICT_REJECTED, 1000 + i);
    }
    free(reason);
}

/* ---- what is in it ---- */

bool on_record(const struct journal_record *record, void *data)
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

void check_filtered(const char *row, const struct journal_filter *filter,
                    const char *want)
{
    struct reading reading = {.text = ""};
    struct error err;

    if (!journal_place_read(tested->place, filter, on_record, &reading, &err))
        snprintf(reading.text, sizeof reading.text, "%s", err.text);
    check_text(row, reading.text, want);
}

void check_records(const char *row, const char *want)
{
    check_filtered(row, &(struct journal_filter){.since_s = 0}, want);
}

size_t count_records(void)
{
    struct reading reading = {.text = ""};
    struct error err;

    if (!journal_place_read(tested->place, &(struct journal_filter){.since_s = 0},
                            on_record, &reading, &err))
        fail_msg("%s", err.text);
    return reading.records;
}

void check_queue_ids(const char *row, const struct journal_filter *filter,
                     const char *want)
{
    struct reading reading = {.text = ""};
    char got[16] = "";
    struct error err;

    check_true(row,
               journal_place_read(tested->place, filter, on_record, &reading, &err));
    for (char *line = strtok(reading.text, "\n"); line; line = strtok(NULL, "\n"))
        strncat(got, strchr(strchr(line, '+'), ' ') + 1, 1);
    check_text(row, got, want);
}
