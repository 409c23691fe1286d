/* SPDX-License-Identifier: ISC */
/* sms-milterctl: what administrators and the mail server ask. One file a subcommand. */
#include "build-config.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

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
    "                                    the SMS that the mail on standard input "
    "would\n"
    "                                    become; -o sets an option of the text "
    "section\n"
    "  parts [--json]                    encoding, units and parts of the text on\n"
    "                                    standard input, as in \"gsm7 161 2\"\n"
    "  history [--number NUMBER] [--customer NAME] [--queue-id ID] [--since TIME]\n"
    "          [--full-numbers] [--json] what became of each SMS; TIME as in\n"
    "                                    2026-11-25, 2026-11-25T10:00, 30m, 7d\n"
    "  bounce-reason [--sender=ADDRESS] [--message-id=ID] QUEUE_ID RECIPIENT\n"
    "                                    why the mail server must bounce a recipient;\n"
    "                                    for the sms-bounce transport of Postfix\n"
    "  -c FILE  read the configuration from FILE instead of\n"
    "           " DEFAULT_CONFIG_PATH "\n"
    "  -V       print the version and exit\n"
    "  -h       print this help and exit\n";

static int run_command(const char *config_path, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands && argc > 0; i++)
        if (strcmp(commands[i].name, argv[0]) == 0)
            return commands[i].run(config_path, argc, argv);
    fputs(usage, stderr);
    return EX_USAGE;
}

int main(int argc, char **argv)
{
    const char *config_path = NULL;
    int option;

    /* "+": options behind the command are the command's. */
    while ((option = getopt(argc, argv, "+c:Vh")) != -1) {
        switch (option) {
        case 'c':
            config_path = optarg;
            break;
        case 'V':
            puts(PACKAGE_STRING);
            return EX_OK;
        case 'h':
            fputs(usage, stdout);
            return EX_OK;
        default:
            fputs(usage, stderr);
            return EX_USAGE;
        }
    }
    return run_command(config_path, argc - optind, argv + optind);
}
