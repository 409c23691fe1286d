/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>

#include "base/command_line.h"
#include "base/config.h"
#include "base/config_file.h"
#include "base/utf8.h"
#include "ctl/bounce_text.h"
#include "ctl/recipient.h"
#include "delivery/journal_record.h"

/* The latest record of a recipient, so far. */
struct search {
    const struct config *config;
    const char *recipient;
    bool is_found;
    int64_t updated_s;
    struct bounce_text text;
};

static bool is_of_recipient(const struct journal_record *record,
                            const struct search *search)
{
    struct phone_number number;
    struct error ignored;

    return recipient_parse(search->config, record->customer, search->recipient, &number,
                           &ignored) &&
           strcmp(number.e164, record->number) == 0;
}

static bool look_at(const struct journal_record *record, void *data)
{
    struct search *search = data;

    if (!is_of_recipient(record, search) ||
        (search->is_found && record->updated_s < search->updated_s))
        return true;
    search->is_found = true;
    search->updated_s = record->updated_s;
    search->text = bounce_text_make(record);
    return true;
}

/* What pipe(8) reads, on either output, gets into the bounce: what is wrong here is for
 * the postmaster alone. */
static void tell_postmaster(const char *queue_id, const char *what, const char *why)
{
    char line[2 * ERROR_TEXT_SIZE];

    snprintf(line, sizeof line, "%.100s: bounce-reason: %s%s%s", queue_id, what,
             *what ? ": " : "", why);
    utf8_make_printable(line);
    openlog("sms-milterctl", LOG_PID, LOG_MAIL);
    syslog(LOG_ERR, "%s", line);
    closelog();
}

static int bounce(const char *line)
{
    puts(line);
    return EX_UNAVAILABLE;
}

/* An SMS that was sent has nobody to bounce to: its recipient is only still in the mail
 * because the mail server did not let go of it. A bounce would be a lie, and whoever
 * reads it would send the SMS again. EX_OK lets the mail server take it for delivered,
 * which it is. */
static int answer(const struct search *search)
{
    if (!search->is_found)
        return bounce(bounce_text_no_record);
    if (*search->text.line == '\0')
        return EX_OK;
    return bounce(search->text.line);
}

static int ask_journal(const struct config *config, const char *queue_id,
                       const char *recipient)
{
    struct search search = {.config = config, .recipient = recipient};
    const struct journal_filter filter = {.queue_id = queue_id};
    struct error err;

    /* Mails without a queue id have nothing in common. */
    if (*queue_id == '\0' ||
        journal_read(config->journal, &filter, look_at, &search, &err))
        return answer(&search);
    tell_postmaster(queue_id, config->journal, err.text);
    return bounce(bounce_text_no_journal);
}

static const struct command_line command_line = {
    .program = "sms-milterctl bounce-reason",
    .usage = "usage: sms-milterctl [-c FILE] bounce-reason QUEUE_ID RECIPIENT\n"
             "  why the mail server must bounce a recipient\n"};

int ctl_bounce_reason(const char *config_path, int argc, char **argv)
{
    const struct config *config;
    struct error err;
    int status;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return command_line_help(&command_line);
    if (argc != 3)
        return command_line_fail(&command_line, "QUEUE_ID and RECIPIENT are needed");
    /* Nothing that is still in the queue was sent: to wait until all can be read again
     * would help nobody. */
    if (!config_load_without_keys(config_path ? config_path : DEFAULT_CONFIG_PATH,
                                  &config, &err)) {
        tell_postmaster(argv[1], "", err.text);
        return bounce(bounce_text_no_journal);
    }
    status = ask_journal(config, argv[1], argv[2]);
    config_release(&config);
    return status;
}
