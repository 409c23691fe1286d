/* SPDX-License-Identifier: ISC */
#include "ctl/bounce_text.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

const char bounce_text_no_journal[] =
    "5.3.0 the result of the SMS to this number cannot be looked up now: either the "
    "SMS service refused it, or the mail did not pass through sms-milter; the "
    "postmaster finds the reason in the log";

/* Whether the text has the form of RFC 3463 section 2. */
static bool is_status(const char *text)
{
    static const char digits[] = "0123456789";
    size_t subject, detail;

    if (*text == '\0' || !strchr("245", *text) || text[1] != '.')
        return false;
    subject = strspn(text + 2, digits);
    if (subject < 1 || subject > 3 || text[2 + subject] != '.')
        return false;
    detail = strspn(text + 3 + subject, digits);
    return detail >= 1 && detail <= 3 && text[3 + subject + detail] == '\0';
}

/* A bounce is final, even if the reason was temporary when it was recorded. */
static void put_final_status(const char *status, const char *otherwise,
                             char status_out[ERROR_STATUS_SIZE])
{
    snprintf(status_out, ERROR_STATUS_SIZE, "%s",
             is_status(status) ? status : otherwise);
    *status_out = '5';
}

/* The API's words may contain any character; a delivery status is ASCII (RFC 3464). */
static void make_ascii(char *text)
{
    const char *from = text;
    uint32_t point;

    while (utf8_next(&from, &point))
        *text++ = point >= ' ' && point <= '~' ? (char)point : '?';
    *text = '\0';
}

static const char more[] = "...";

/* A line that is too long is cut and ends in "...". */
static struct bounce_text make_line(const char *status, const char *number,
                                    const char *words, const char *reason)
{
    struct bounce_text text;
    char whole[2 * ERROR_TEXT_SIZE];

    snprintf(whole, sizeof whole, "%s %s%s%s%s%s", status, number, *number ? ": " : "",
             words, *words && *reason ? ": " : "", reason);
    make_ascii(whole);
    if (snprintf(text.line, sizeof text.line, "%s", whole) >= (int)sizeof text.line)
        memcpy(text.line + sizeof text.line - sizeof more, more, sizeof more);
    return text;
}

static struct bounce_text refused(const struct journal_record *record)
{
    char status[ERROR_STATUS_SIZE];

    put_final_status(record->status, "5.3.0", status);
    return make_line(status, record->number,
                     *record->reason ? "" : "the SMS was refused", record->reason);
}

static struct bounce_text failed(const struct journal_record *record)
{
    char status[ERROR_STATUS_SIZE];

    put_final_status(record->status, "5.4.0", status);
    return make_line(status, record->number, "not sent", record->reason);
}

static struct bounce_text unknown(const struct journal_record *record)
{
    return make_line("5.4.2", record->number,
                     "it is not known whether the SMS was sent; ask the recipient "
                     "before sending it again",
                     record->reason);
}

static struct bounce_text make_of_mail(const struct journal_record *record)
{
    switch (record->state) {
    case SMS_REFUSED:
        return refused(record);
    case SMS_FAILED:
        return failed(record);
    case SMS_SENDING:
    case SMS_UNKNOWN:
        return unknown(record);
    case SMS_SENT:
        break;
    }
    return (struct bounce_text){.line = ""};
}

/* Inserts the doubt after status and number, which contain no ": ". */
static struct bounce_text add_doubt(const struct bounce_text *text)
{
    static const char doubt[] = ": probably for the same reason as the last refused "
                                "mail from this sender to this number: ";
    const char *reason = strstr(text->line, ": ");
    struct bounce_text doubted;

    if (!reason)
        return *text;
    if (snprintf(doubted.line, sizeof doubted.line, "%.*s%s%s",
                 (int)(reason - text->line), text->line, doubt,
                 reason + 2) >= (int)sizeof doubted.line)
        memcpy(doubted.line + sizeof doubted.line - sizeof more, more, sizeof more);
    return doubted;
}

struct bounce_text bounce_text_make(const struct journal_record *record,
                                    bool is_of_mail)
{
    struct bounce_text text = make_of_mail(record);

    return is_of_mail ? text : add_doubt(&text);
}

void bounce_text_add_others(struct bounce_text *text, unsigned others_sent)
{
    char others[80];
    const size_t most = sizeof text->line - sizeof others; /* for the text before it */

    if (*text->line == '\0' || others_sent == 0)
        return;
    snprintf(others, sizeof others,
             " (the SMS to %u other number%s of this mail %s sent)", others_sent,
             others_sent == 1 ? "" : "s", others_sent == 1 ? "was" : "were");
    if (strlen(text->line) > most)
        memcpy(text->line + most + 1 - sizeof more, more, sizeof more);
    strcat(text->line, others);
}

/* The first sentence is for the sender, the second for the postmaster. */
struct bounce_text bounce_text_no_record(const char *number)
{
    return make_line("5.3.0", number,
                     "no record of an SMS for this mail was found; most likely the "
                     "mail did not pass through sms-milter, which turns mail into SMS. "
                     "Please show this to your postmaster: your mail server or program "
                     "must send such mail by SMTP to the server that runs the filter, "
                     "and directly to the number, not to an alias of it",
                     "");
}
