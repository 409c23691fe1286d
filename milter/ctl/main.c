/* SPDX-License-Identifier: ISC */
/* sms-milterctl: what administrators and the mail server ask. Each subcommand is one
 * file. */
#include "build-config.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/command_line.h"
#include "base/spelling.h"
#include "ctl/ctl.h"

static const struct command {
    const char *name;
    int (*run)(const char *config_path, int argc, char **argv);
} commands[] = {
    {"preview", ctl_preview},
    {"parts", ctl_parts},
    {"history", ctl_history},
    {"bounce-reason", ctl_bounce_reason},
};

static const char usage[] =
    "usage: sms-milterctl [-c FILE] [-V] [-h] COMMAND ...\n"
    "  preview [-f SENDER] [-r RECIPIENT]... [-o NAME=VALUE]... [--json | --text]\n"
    "           show the SMS that the mail on standard input would become;\n"
    "           -o sets an option of the section \"text\" of the configuration\n"
    "  parts [--json]\n"
    "           show encoding, units and parts of the text on standard input,\n"
    "           for example \"gsm7 161 2\"\n"
    "  history [--number NUMBER] [--customer NAME] [--sender ADDRESS]\n"
    "          [--queue-id ID] [--state STATE] [--since TIME]\n"
    "          [--full-numbers] [--json]\n"
    "           show the outcome of each SMS;\n"
    "           TIME is for example 2026-11-25, 2026-11-25T10:00, 30m or 7d\n"
    "  bounce-reason [--sender=ADDRESS] [--message-id=ID] QUEUE_ID RECIPIENT\n"
    "           print why the mail server bounces a recipient;\n"
    "           for the sms-bounce transport of Postfix\n"
    "  -c FILE  read the configuration from FILE instead of\n"
    "           " DEFAULT_CONFIG_PATH "\n"
    "  -V, --version\n"
    "           print the version and exit\n"
    "  -h, --help\n"
    "           print this help and exit; after a command, the help of this command\n";

static const struct option long_options[] = {
    COMMAND_LINE_HELP, COMMAND_LINE_VERSION, {0}};
/* "+": options after the subcommand belong to the subcommand. */
static const struct command_line command_line = {"sms-milterctl", "+:c:Vh",
                                                 long_options, usage};

enum { COMMANDS = sizeof commands / sizeof *commands };

static int fail_unknown(const char *name)
{
    const char *names[COMMANDS], *like;

    for (size_t i = 0; i < COMMANDS; i++)
        names[i] = commands[i].name;
    like = spelling_find(name, names, COMMANDS);
    return command_line_fail(&command_line, "no subcommand \"%s\"%s%s%s", name,
                             like ? "; did you mean " : "", like ? like : "",
                             like ? "?" : "");
}

static int run_command(const char *config_path, int argc, char **argv)
{
    if (argc == 0) {
        fputs(usage, stderr);
        return EX_USAGE;
    }
    for (size_t i = 0; i < COMMANDS; i++)
        if (strcmp(commands[i].name, argv[0]) == 0)
            return commands[i].run(config_path, argc, argv);
    return fail_unknown(argv[0]);
}

int main(int argc, char **argv)
{
    const char *config_path = NULL;
    int option;

    command_line_begin();
    while ((option = command_line_next(&command_line, argc, argv, NULL)) != -1) {
        switch (option) {
        case 'c':
            config_path = optarg;
            break;
        case 'V':
            puts(PACKAGE_STRING);
            return EX_OK;
        case 'h':
            return command_line_help(&command_line);
        default:
            return EX_USAGE;
        }
    }
    return run_command(config_path, argc - optind, argv + optind);
}
