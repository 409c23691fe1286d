/* SPDX-License-Identifier: ISC */
#include "base/command_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/spelling.h"
#include "base/utf8.h"

enum { MAX_OPTIONS = 32, LINE_SIZE = 1024 };

int command_line_fail(const struct command_line *line, const char *format, ...)
{
    char text[LINE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    utf8_make_printable(text);
    fprintf(stderr, "%s: %s (usage: %s --help)\n", line->program, text, line->program);
    return EX_USAGE;
}

/* The long option whose name is most similar to what was written, or NULL if none is
 * similar. */
static const char *find_like(const struct command_line *line, const char *written)
{
    const char *names[MAX_OPTIONS];
    char name[64];
    size_t count = 0;

    for (; count < MAX_OPTIONS && line->options[count].name; count++)
        names[count] = line->options[count].name;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(written, "="), written);
    return spelling_find(name, names, count);
}

static void tell_unknown(const struct command_line *line, const char *written)
{
    const char *like;

    if (optopt != 0) {
        command_line_fail(line, "unknown option -%c", optopt);
        return;
    }
    like = find_like(line, written + strspn(written, "-"));
    command_line_fail(line, "unknown option %s%s%s%s", written,
                      like ? "; did you mean --" : "", like ? like : "",
                      like ? "?" : "");
}

/* Whether a value was given to an existing long option that takes none. */
static bool has_surplus_value(const struct command_line *line, const char *written)
{
    for (const struct option *option = line->options; option->name; option++)
        if (option->has_arg == no_argument && optopt == option->val &&
            strncmp(written, "--", 2) == 0)
            return true;
    return false;
}

void command_line_begin(void)
{
    optind = 0;
    opterr = 0;
}

int command_line_next(const struct command_line *line, int argc, char **argv,
                      int *place_out)
{
    int option = getopt_long(argc, argv, line->short_options, line->options, place_out);
    const char *written = argv[optind - 1];

    if (option == ':') {
        command_line_fail(line, "%s needs a value", written);
        return '?';
    }
    if (option != '?')
        return option;
    if (has_surplus_value(line, written))
        command_line_fail(line, "%s: this option takes no value", written);
    else
        tell_unknown(line, written);
    return '?';
}

int command_line_help(const struct command_line *line)
{
    fputs(line->usage, stdout);
    return fflush(stdout) == 0 ? EX_OK : EX_IOERR;
}

bool command_line_is_done(const struct command_line *line, int argc, char **argv)
{
    if (optind >= argc)
        return true;
    command_line_fail(line, "unexpected argument \"%s\"", argv[optind]);
    return false;
}
