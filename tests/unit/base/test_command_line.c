/* SPDX-License-Identifier: ISC */
/* What is told of a wrong call: test_documentation.py. */
#include "../unit.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/command_line.h"

static const struct option options[] = {{"json", no_argument, NULL, 'j'},
                                        {"since", required_argument, NULL, 's'},
                                        COMMAND_LINE_HELP,
                                        {0}};
static const struct command_line line = {"prog", ":f:h", options, "usage: prog\n"};

/* The options of a call in their order, those with a value followed by it. */
static void describe(const char *call, char *got, size_t size)
{
    char words[64], *argv[8] = {NULL}, *rest = NULL;
    int argc = 0, option;

    snprintf(words, sizeof words, "%s", call);
    for (char *word = strtok_r(words, " ", &rest); word;
         word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    *got = '\0';
    command_line_begin();
    do {
        option = command_line_next(&line, argc, argv, NULL);
        snprintf(got + strlen(got), size - strlen(got), "%c%s",
                 option == -1 ? '.' : option,
                 option == 's' || option == 'f' ? optarg : "");
    } while (option != -1 && option != '?');
    if (option == -1 && !command_line_is_done(&line, argc, argv))
        snprintf(got + strlen(got), size - strlen(got), "+");
}

static void options_are_read(void **state)
{
    static const struct {
        const char *name, *call, *want;
    } rows[] = {
        {"nothing", "prog", "."},
        {"long and short", "prog --json -fx", "jfx."},
        {"a value of its own", "prog --since 1d -h", "s1dh."},
        {"a value behind =", "prog --since=1d", "s1d."},
        {"help by name", "prog --help", "h."},
        {"an argument", "prog x --json", "j.+"},
        {"unknown", "prog -x", "?"},
        {"unknown by name", "prog --x", "?"},
        {"no value", "prog --since", "?"},
        {"a value too many", "prog --json=1", "?"},
    };
    char got[64];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        describe(rows[i].call, got, sizeof got);
        check_text(rows[i].name, got, rows[i].want);
    }
}

static void a_failure_is_of_usage(void **state)
{
    (void)state;
    check_number("status", command_line_fail(&line, "x"), EX_USAGE);
    check_number("help", command_line_help(&line), EX_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(options_are_read),
        UNIT_TEST(a_failure_is_of_usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
