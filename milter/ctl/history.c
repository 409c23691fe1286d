/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/command_line.h"
#include "base/problem.h"
#include "config/config.h"
#include "config/config_file.h"
#include "ctl/history_show.h"
#include "ctl/recipient.h"
#include "ctl/since.h"
#include "journal/journal_place.h"
#include "journal/journal_record.h"

static const char usage[] =
    "usage: sms-milterctl [-c FILE] history [--number NUMBER] [--customer NAME]\n"
    "                     [--sender ADDRESS] [--queue-id ID] [--state STATE]\n"
    "                     [--since TIME] [--full-numbers] [--json]\n"
    "  show the outcome of each SMS that matches all options\n"
    "  STATE is sent, refused, deferred, unknown or sending\n"
    "  TIME is for example 2026-11-25, 2026-11-25T10:00, 30m or 7d\n";

enum {
    GIVEN_NUMBER,
    GIVEN_CUSTOMER,
    GIVEN_SENDER,
    GIVEN_QUEUE_ID,
    GIVEN_STATE,
    GIVEN_SINCE,
    GIVEN_FULL_NUMBERS,
    GIVEN_JSON,
    GIVEN_COUNT
};

/* The options that were given: the value of each, or its name if it takes none. NULL if
 * it was not given. */
struct request {
    const char *given[GIVEN_COUNT];
};

/* ---- the command line ---- */

/* Refuses an option that is given twice, because one value would silently be ignored,
 * and an empty value, which a script passes if it forgot to set a variable. Both would
 * show something else than was asked for. */
static bool take_option(struct request *request, const struct option *option,
                        const char *value)
{
    const char **given = &request->given[option->val];

    if (*given) {
        fprintf(stderr, "sms-milterctl: --%s: given twice\n", option->name);
        return false;
    }
    if (value && *value == '\0') {
        fprintf(stderr, "sms-milterctl: --%s: empty\n", option->name);
        return false;
    }
    *given = value ? value : option->name;
    return true;
}

static const struct option options[] = {
    {"number", required_argument, NULL, GIVEN_NUMBER},
    {"customer", required_argument, NULL, GIVEN_CUSTOMER},
    {"sender", required_argument, NULL, GIVEN_SENDER},
    {"queue-id", required_argument, NULL, GIVEN_QUEUE_ID},
    {"state", required_argument, NULL, GIVEN_STATE},
    {"since", required_argument, NULL, GIVEN_SINCE},
    {"full-numbers", no_argument, NULL, GIVEN_FULL_NUMBERS},
    {"json", no_argument, NULL, GIVEN_JSON},
    COMMAND_LINE_HELP,
    {0},
};
static const struct command_line command_line = {"sms-milterctl history", ":h", options,
                                                 usage};

/* Returns an exit status if the program ends here, -1 if it goes on. */
static int read_request(int argc, char **argv, struct request *request)
{
    int option, place;

    command_line_begin();
    while ((option = command_line_next(&command_line, argc, argv, &place)) != -1) {
        if (option == 'h')
            return command_line_help(&command_line);
        if (option >= GIVEN_COUNT || !take_option(request, &options[place], optarg))
            return EX_USAGE;
    }
    return command_line_is_done(&command_line, argc, argv) ? -1 : EX_USAGE;
}

static bool tell_wrong(const char *option, const char *value, const char *why)
{
    fprintf(stderr, "sms-milterctl: %s %s: %s\n", option, value, why);
    return false;
}

/* The journal's spelling of a state that people name; NULL if there is no such
 * state. */
static const char *read_state(const char *word)
{
    static const struct {
        const char *word;
        enum sms_state state;
    } words[] = {{"sent", SMS_SENT},
                 {"refused", SMS_REFUSED},
                 {"deferred", SMS_FAILED},
                 {"unknown", SMS_UNKNOWN},
                 {"sending", SMS_SENDING}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].word, word) == 0)
            return sms_state_name(words[i].state);
    return NULL;
}

/* Fills *filter, which borrows from all other arguments. */
static bool make_filter(const struct request *request, const struct config *config,
                        struct phone_number *number, struct journal_filter *filter)
{
    const char *wanted = request->given[GIVEN_NUMBER];
    const char *since = request->given[GIVEN_SINCE];
    const char *state = request->given[GIVEN_STATE];
    struct error err;

    filter->customer = request->given[GIVEN_CUSTOMER];
    filter->sender = request->given[GIVEN_SENDER];
    filter->queue_id = request->given[GIVEN_QUEUE_ID];
    filter->state = state ? read_state(state) : NULL;
    if (state && !filter->state)
        return tell_wrong(
            "--state", state,
            "is not a state: sent, refused, deferred, unknown or sending");
    if (wanted && !recipient_parse(config, filter->customer, wanted, number, &err))
        return tell_wrong("--number", wanted, err.text);
    if (wanted)
        filter->number = number->e164;
    if (since && !since_parse(since, time(NULL), &filter->since_s, &err))
        return tell_wrong("--since", since, err.text);
    return true;
}

/* ---- the records ---- */

struct output {
    bool is_json, has_full_numbers;
    bool has_any;
    int failure; /* errno of standard output, or 0 */
};

static bool show(const struct journal_record *record, void *data)
{
    struct output *output = data;
    bool is_shown;

    if (output->is_json)
        is_shown = history_show_json(record, output->has_full_numbers);
    else
        is_shown = (output->has_any || history_show_heading()) &&
                   history_show_row(record, output->has_full_numbers);
    if (!is_shown)
        output->failure = errno ? errno : EIO;
    output->has_any = true;
    return is_shown;
}

/* The journal may contain SMS of a customer that is no longer configured. */
static bool is_configured(const struct config *config, const char *name)
{
    for (size_t i = 0; i < config->customer_count; i++)
        if (strcmp(config->customers[i].name, name) == 0)
            return true;
    return false;
}

static void tell_nothing(const struct request *request, const struct config *config)
{
    const char *customer = request->given[GIVEN_CUSTOMER];

    if (request->given[GIVEN_JSON])
        return;
    if (customer && !is_configured(config, customer))
        fprintf(
            stderr,
            "sms-milterctl: customer \"%s\" is not configured, and no SMS matches\n",
            customer);
    else
        fputs("sms-milterctl: no SMS matches\n", stderr);
}

static int finish(struct output *output)
{
    if (output->failure == 0 && fflush(stdout) != 0)
        output->failure = errno;
    if (output->failure != 0) {
        fprintf(stderr, "sms-milterctl: standard output: %s\n",
                strerror(output->failure));
        return EX_IOERR;
    }
    return EX_OK;
}

static int show_history(const struct request *request, const struct config *config)
{
    struct output output = {
        .is_json = request->given[GIVEN_JSON] != NULL,
        .has_full_numbers = request->given[GIVEN_FULL_NUMBERS] != NULL,
    };
    struct journal_filter filter = {.since_s = 0};
    struct phone_number number;
    struct error err;

    if (!make_filter(request, config, &number, &filter))
        return EX_USAGE;
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like a full disk */
    if (journal_place_read(config->journal, &filter, show, &output, &err)) {
        if (!output.has_any)
            tell_nothing(request, config);
        return finish(&output);
    }
    fflush(stdout); /* print what was read before the error */
    fprintf(stderr, "sms-milterctl: %s: %s\n", config->journal, err.text);
    return EX_NOINPUT;
}

/* "FILE:LINE: journal: what is wrong", as a start says it. */
static bool check_place(const struct config *config, struct error *err)
{
    struct problem_list problems = {.items = NULL};

    if (journal_place_is_good(config->journal, err))
        return true;
    problem_add_error(&problems, &config->places.journal, "journal", err);
    problem_list_first(&problems, err);
    problem_list_free(&problems);
    return false;
}

int ctl_history(const char *config_path, int argc, char **argv)
{
    struct request request = {{NULL}};
    const struct config *config;
    struct error err;
    int status;

    status = read_request(argc, argv, &request);
    if (status >= 0)
        return status;
    if (!config_load_without_keys(config_path ? config_path : DEFAULT_CONFIG_PATH,
                                  &config, &err)) {
        fprintf(stderr, "sms-milterctl: %s\n", err.text);
        return EX_CONFIG;
    }
    if (check_place(config, &err)) {
        status = show_history(&request, config);
    } else {
        fprintf(stderr, "sms-milterctl: %s\n", err.text);
        status = EX_CONFIG;
    }
    config_release(&config);
    return status;
}
