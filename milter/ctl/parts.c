/* SPDX-License-Identifier: ISC */
#include "ctl/ctl.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/utf8.h"
#include "ctl/input.h"
#include "ctl/json_output.h"
#include "text/sms_parts.h"

/* More than any SMS, less than any memory. */
enum { MAX_TEXT_BYTES = 16 * 1024 * 1024 };

/* The line end that a shell puts behind a text is not of it; a text that is nothing
 * else is one character. */
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

int ctl_parts(const char *config_path, int argc, char **argv)
{
    static const struct option options[] = {{"json", no_argument, NULL, 'j'}, {0}};
    bool is_json = false;
    char *text;
    size_t length;
    int option, status;

    (void)config_path;
    optind = 0;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option != 'j')
            return EX_USAGE;
        is_json = true;
    }
    if (optind != argc) {
        fputs("usage: sms-milterctl parts [--json] < TEXT\n", stderr);
        return EX_USAGE;
    }
    if (!input_read(MAX_TEXT_BYTES, &text, &length))
        return EX_IOERR;
    status = count(text, length, is_json);
    free(text);
    return status;
}
