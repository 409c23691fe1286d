/* SPDX-License-Identifier: ISC */
#include "ctl/history_show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/utf8.h"
#include "ctl/json_output.h"
#include "envelope/number.h"

/* Enough for any 64-bit time. */
enum { TIME_SIZE = 64 };

/* ---- a table ---- */

/* The width that most values need, so that a line without a long reason has at most 100
 * columns. A longer value is shown whole and moves the rest of its line. */
enum {
    TIME_COLUMNS = 19,
    NUMBER_COLUMNS = 14,
    CUSTOMER_COLUMNS = 12,
    STATE_COLUMNS = 8,
    PARTS_COLUMNS = 5,
    QUEUE_ID_COLUMNS = 14
};

bool history_show_heading(void)
{
    return printf("%-*s %-*s %-*s %-*s %*s %-*s %s\n", TIME_COLUMNS, "TIME",
                  NUMBER_COLUMNS, "NUMBER", CUSTOMER_COLUMNS, "CUSTOMER", STATE_COLUMNS,
                  "STATE", PARTS_COLUMNS, "PARTS", QUEUE_ID_COLUMNS, "QUEUE ID",
                  "DETAILS") > 0;
}

static int count_characters(const char *text)
{
    int count = 0;
    uint32_t point;

    while (utf8_next(&text, &point))
        count++;
    return count;
}

/* The sender of the mail and the API chose some of these words, so control characters
 * must not reach the terminal. Without memory the place stays empty. */
static void put_text(const char *text, int columns)
{
    char *copy = strdup(text);

    if (copy)
        utf8_make_printable(copy);
    fputs(copy ? copy : "", stdout);
    for (int i = copy ? count_characters(copy) : 0; i < columns; i++)
        putchar(' ');
    free(copy);
}

static void put_column(const char *text, int columns)
{
    put_text(*text ? text : "-", columns);
    putchar(' ');
}

static void put_number(const char *number, bool is_full)
{
    struct masked_number masked = number_mask(number);

    put_column(is_full ? number : masked.text, NUMBER_COLUMNS);
}

static void put_local_time(int64_t time_s)
{
    char text[TIME_SIZE] = "";
    time_t seconds = time_s;
    struct tm tm;

    if (localtime_r(&seconds, &tm))
        strftime(text, sizeof text, "%F %T", &tm);
    put_column(text, TIME_COLUMNS);
}

/* Whether the verdict says more than the state. Usually a mail with a refused SMS was
 * rejected, and a mail with an SMS that may still be sent was deferred. */
static bool is_verdict_telling(const struct journal_record *record)
{
    static const enum mail_verdict usual[] = {
        [SMS_SENDING] = MAIL_VERDICT_NONE,     [SMS_SENT] = MAIL_VERDICT_ACCEPTED,
        [SMS_REFUSED] = MAIL_VERDICT_REJECTED, [SMS_FAILED] = MAIL_VERDICT_DEFERRED,
        [SMS_UNKNOWN] = MAIL_VERDICT_DEFERRED,
    };

    return record->verdict != MAIL_VERDICT_NONE &&
           record->verdict != usual[record->state];
}

/* Short details first, because the reason may be a long sentence. */
static void put_details(const struct journal_record *record)
{
    if (record->attempts != 1)
        printf("tries=%u ", record->attempts);
    if (record->unknowns != 0)
        printf("unknown=%u ", record->unknowns);
    if (is_verdict_telling(record))
        printf("mail=%s ", mail_verdict_name(record->verdict));
    if (record->state == SMS_SENT) {
        put_text(record->api_message_id, 0);
        return;
    }
    put_text(record->status, 0);
    if (*record->status && *record->reason)
        putchar(' ');
    put_text(record->reason, 0);
}

bool history_show_row(const struct journal_record *record, bool has_full_numbers)
{
    put_local_time(record->updated_s);
    put_number(record->number, has_full_numbers);
    put_column(record->customer, CUSTOMER_COLUMNS);
    put_column(sms_state_word(record->state), STATE_COLUMNS);
    printf("%*u ", PARTS_COLUMNS, record->parts);
    put_column(record->queue_id, QUEUE_ID_COLUMNS);
    put_details(record);
    return putchar('\n') != EOF && !ferror(stdout);
}

/* ---- JSON ---- */

/* JSON is UTF-8, but text from a mail may be anything. */
static void add_text(struct json_object *object, const char *name, const char *text)
{
    char *copy = strdup(text);

    if (copy)
        utf8_make_printable(copy);
    json_output_text(object, name, copy);
    free(copy);
}

/* Adds null if the text is empty. */
static void add_if_any(struct json_object *object, const char *name, const char *text)
{
    if (*text)
        add_text(object, name, text);
    else
        json_output_text(object, name, NULL);
}

/* Adds the time as in RFC 3339, in UTC. */
static void add_time(struct json_object *object, const char *name, int64_t time_s)
{
    char text[TIME_SIZE] = "";
    time_t seconds = time_s;
    struct tm tm;

    if (gmtime_r(&seconds, &tm))
        strftime(text, sizeof text, "%FT%TZ", &tm);
    add_if_any(object, name, text);
}

static void add_mail(struct json_object *object, const struct journal_record *record,
                     bool has_full_numbers)
{
    struct masked_number masked = number_mask(record->number);

    add_text(object, "customer", record->customer);
    add_text(object, "sender", record->sender);
    add_text(object, "number", has_full_numbers ? record->number : masked.text);
    add_if_any(object, "queue_id", record->queue_id);
    add_if_any(object, "message_id", record->message_id);
}

static void add_outcome(struct json_object *object, const struct journal_record *record)
{
    json_output_text(object, "state", sms_state_word(record->state));
    add_if_any(object, "verdict", mail_verdict_name(record->verdict));
    add_if_any(object, "api_message_id", record->api_message_id);
    add_if_any(object, "status", record->status);
    add_if_any(object, "reason", record->reason);
    json_output_number(object, "parts", record->parts);
    json_output_number(object, "attempts", record->attempts);
    json_output_number(object, "unknowns", record->unknowns);
    add_time(object, "created", record->created_s);
    add_time(object, "updated", record->updated_s);
}

bool history_show_json(const struct journal_record *record, bool has_full_numbers)
{
    struct json_object *object = json_output_new();

    add_mail(object, record, has_full_numbers);
    add_outcome(object, record);
    return json_output_line(object);
}
