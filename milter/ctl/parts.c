/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/command_line.h"
#include "base/utf8.h"
#include "ctl/input.h"
#include "ctl/json_output.h"
#include "text/sms/sms_parts.h"

/* Larger than any SMS and small compared with memory. */
enum { MAX_TEXT_BYTES = 16 * 1024 * 1024 };

/* A shell adds a line end after a text; it is not part of the text. But a text that is
 * only a line end is one character. */
static void drop_last_line_end(char *text, size_t length)
{
    if (length > 1 && text[length - 1] == '\n')
        text[--length] = '\0';
    else
        return;
    if (length > 1 && text[length - 1] == '\r')
        text[length - 1] = '\0';
}

static bool print_json(const struct sms_parts *size)
{
    struct json_object *object = json_output_new();

    json_output_text(object, "encoding", sms_parts_encoding_name(size->encoding));
    json_output_number(object, "units", size->units);
    json_output_number(object, "parts", size->parts);
    json_output_number(object, "left", size->left_units);
    return json_output_print(object);
}

static bool print_line(const struct sms_parts *size)
{
    return printf("%s %u %u\n", sms_parts_encoding_name(size->encoding), size->units,
                  size->parts) > 0;
}

static int count(char *text, size_t length, bool is_json)
{
    struct sms_parts size;

    if (strlen(text) != length || !utf8_is_valid(text)) {
        fputs("sms-milterctl: the text is not valid UTF-8\n", stderr);
        return EX_DATAERR;
    }
    drop_last_line_end(text, length);
    size = sms_parts_count(text);
    return (is_json ? print_json(&size) : print_line(&size)) ? EX_OK : EX_IOERR;
}

static const struct option options[] = {
    {"json", no_argument, NULL, 'j'}, COMMAND_LINE_HELP, {0}};
static const struct command_line command_line = {
    "sms-milterctl parts", ":h", options,
    "usage: sms-milterctl parts [--json] < TEXT\n"
    "  show encoding, units and parts of a text, for example \"gsm7 161 2\"\n"};

/* Returns an exit status if the program ends here, -1 if it goes on. */
static int read_options(int argc, char **argv, bool *is_json)
{
    int option;

    *is_json = false;
    command_line_begin();
    while ((option = command_line_next(&command_line, argc, argv, NULL)) != -1) {
        if (option == 'h')
            return command_line_help(&command_line);
        if (option != 'j')
            return EX_USAGE;
        *is_json = true;
    }
    return command_line_is_done(&command_line, argc, argv) ? -1 : EX_USAGE;
}

int ctl_parts(const char *config_path, int argc, char **argv)
{
    bool is_json;
    char *text;
    size_t length;
    int status = read_options(argc, argv, &is_json);

    (void)config_path;
    if (status >= 0)
        return status;
    if (!input_read(MAX_TEXT_BYTES, &text, &length))
        return EX_IOERR;
    status = count(text, length, is_json);
    free(text);
    return status;
}
