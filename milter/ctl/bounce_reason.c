/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <syslog.h>

#include "base/command_line.h"
#include "base/utf8.h"
#include "config/config.h"
#include "config/config_file.h"
#include "ctl/bounce_header.h"
#include "ctl/bounce_search.h"
#include "ctl/bounce_text.h"

/* Members that were not given are NULL. */
struct request {
    const char *queue_id, *recipient, *sender, *message_id;
};

/* ---- the command line ---- */

static const struct command_line command_line = {
    .program = "sms-milterctl bounce-reason",
    .usage = "usage: sms-milterctl [-c FILE] bounce-reason [--sender=ADDRESS]\n"
             "                     [--message-id=ID] QUEUE_ID RECIPIENT\n"
             "  print why the mail server bounces a recipient; for the sms-bounce\n"
             "  transport of Postfix\n"};

/* The value of an option of the form --NAME=VALUE; NULL if it is another argument. */
static const char *value_of(const char *argument, const char *name)
{
    size_t length = strlen(name);

    return strncmp(argument, name, length) == 0 && argument[length] == '='
               ? argument + length + 1
               : NULL;
}

static bool take_option(const char *argument, const char *name, const char **value)
{
    const char *given = value_of(argument, name);

    if (!given || *value)
        return false;
    *value = given;
    return true;
}

/* The last two arguments come from a mail and may begin with "-". Returns EX_OK, or
 * reports what is wrong and returns EX_USAGE. */
static int read_request(int argc, char **argv, struct request *request)
{
    if (argc < 3)
        return command_line_fail(&command_line, "QUEUE_ID and RECIPIENT are required");
    request->queue_id = argv[argc - 2];
    request->recipient = argv[argc - 1];
    for (int i = 1; i < argc - 2; i++)
        if (!take_option(argv[i], "--sender", &request->sender) &&
            !take_option(argv[i], "--message-id", &request->message_id))
            return command_line_fail(
                &command_line,
                "%s: only --sender=ADDRESS and --message-id=ID, each once, may stand "
                "before QUEUE_ID and RECIPIENT",
                argv[i]);
    return EX_OK;
}

/* ---- the answer ---- */

/* Logs for the postmaster only. pipe(8) puts everything on standard output or standard
 * error into the bounce. */
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

/* If the SMS was sent, nothing must bounce: the recipient is still in the mail only
 * because the mail server did not remove it. A bounce would be wrong, and its reader
 * would send the SMS again. With EX_OK the recipient counts as delivered, which is
 * true. */
static int bounce(const char *line)
{
    if (*line == '\0')
        return EX_OK;
    puts(line);
    return EX_UNAVAILABLE;
}

static int bounce_unknown(const struct config *config, const struct request *request)
{
    struct phone_number number;
    struct bounce_text text;

    if (!bounce_search_number(config, request->sender, request->recipient, &number))
        *number.e164 = '\0';
    text = bounce_text_no_record(number.e164);
    return bounce(text.line);
}

/* The queue id that the mail had when it passed the filter. NULL if none is found. */
static char *find_queue_id(const struct config *config, const struct request *request,
                           bool *is_of_mail_out, struct error *err)
{
    char *own_id = request->message_id ? NULL : bounce_header_message_id();
    const struct bounce_mail mail = {
        .sender = request->sender,
        .recipient = request->recipient,
        .message_id = own_id ? own_id : request->message_id,
    };
    char *queue_id = bounce_search_queue_id(config, &mail, is_of_mail_out, err);

    free(own_id);
    return queue_id;
}

static bool search(const struct config *config, const struct request *request,
                   struct bounce_text *text_out, struct error *err)
{
    char *queue_id;
    bool is_of_mail, is_found;

    if (bounce_search_mail(config, request->queue_id, request->recipient, true,
                           text_out, err))
        return true;
    if (*err->text != '\0' || !request->sender)
        return false;
    queue_id = find_queue_id(config, request, &is_of_mail, err);
    if (!queue_id)
        return false;
    is_found = bounce_search_mail(config, queue_id, request->recipient, is_of_mail,
                                  text_out, err);
    free(queue_id);
    return is_found;
}

static int answer(const struct config *config, const struct request *request)
{
    struct bounce_text text;
    struct error err;

    if (search(config, request, &text, &err))
        return bounce(text.line);
    if (*err.text == '\0')
        return bounce_unknown(config, request);
    tell_postmaster(request->queue_id, config->journal, err.text);
    return bounce(bounce_text_no_journal);
}

int ctl_bounce_reason(const char *config_path, int argc, char **argv)
{
    struct request request = {.queue_id = NULL};
    const struct config *config;
    struct error err;
    int status;

    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return command_line_help(&command_line);
    status = read_request(argc, argv, &request);
    if (status != EX_OK)
        return status;
    /* No SMS that is still in the queue was sent. Waiting until everything can be read
     * again would help nobody. */
    if (!config_load_without_keys(config_path ? config_path : DEFAULT_CONFIG_PATH,
                                  &config, &err)) {
        tell_postmaster(request.queue_id, "", err.text);
        return bounce(bounce_text_no_journal);
    }
    status = answer(config, &request);
    config_release(&config);
    return status;
}
