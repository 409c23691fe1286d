/* SPDX-License-Identifier: ISC */
/* The options of our programs and their subcommands: what is wrong with them is told in
 * one line, which says where the usage is to be had. */
#ifndef SMS_MILTER_BASE_COMMAND_LINE_H
#define SMS_MILTER_BASE_COMMAND_LINE_H

#include <getopt.h>
#include <stdbool.h>

/* -h and --help of every program, --version of some. */
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
    const char *short_options;    /* as for getopt_long(3), with ":" at the beginning */
    const struct option *options; /* likewise; the last has no name */
    const char *usage;
};

/* Begins with the first option. */
void command_line_begin(void);

/* The next option, with its index in *place_out where it is a long one; -1 behind the
 * last; '?' where there is no such option, or it is used wrong, which is told on
 * standard error. optarg is as getopt_long(3) leaves it. */
int command_line_next(const struct command_line *line, int argc, char **argv,
                      int *place_out);

/* Prints the usage on standard output and returns EX_OK. */
int command_line_help(const struct command_line *line);

/* Whether nothing stands behind the options; otherwise it is told. */
bool command_line_is_done(const struct command_line *line, int argc, char **argv);

/* Tells what else is wrong, and returns EX_USAGE. */
int command_line_fail(const struct command_line *line, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
