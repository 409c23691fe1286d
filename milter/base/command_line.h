/* SPDX-License-Identifier: ISC */
/* Reads the command-line options of our programs and their subcommands. A mistake is
 * reported in one line, which also says how to see the usage. */
#ifndef SMS_MILTER_BASE_COMMAND_LINE_H
#define SMS_MILTER_BASE_COMMAND_LINE_H

#include <getopt.h>
#include <stdbool.h>

/* Every program has -h and --help; some have --version. */
#define COMMAND_LINE_HELP              \
    {                                  \
        "help", no_argument, NULL, 'h' \
    }
#define COMMAND_LINE_VERSION              \
    {                                     \
        "version", no_argument, NULL, 'V' \
    }

struct command_line {
    const char *program;          /* such as "sms-milterctl history" */
    const char *short_options;    /* as for getopt_long(3), beginning with ":" */
    const struct option *options; /* as for getopt_long(3); the last has no name */
    const char *usage;
};

/* Starts again at the first option. */
void command_line_begin(void);

/* Returns the next option, and the index of a long option in *place_out. Returns -1
 * after the last option, and '?' for an unknown option or one that is used wrongly,
 * which is reported on standard error. optarg is set as getopt_long(3) does. */
int command_line_next(const struct command_line *line, int argc, char **argv,
                      int *place_out);

/* Prints the usage on standard output and returns EX_OK. */
int command_line_help(const struct command_line *line);

/* Whether no arguments follow the options. If some do, an error is reported. */
bool command_line_is_done(const struct command_line *line, int argc, char **argv);

/* Reports another mistake on standard error and returns EX_USAGE. */
int command_line_fail(const struct command_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
