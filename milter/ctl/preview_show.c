/* SPDX-License-Identifier: ISC */
#include "ctl/preview.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "base/utf8.h"
#include "ctl/json_output.h"
#include "text/sms/unicode.h"

static const char accepted_status[] = "2.0.0";

static const char *verdict_code(const struct preview *preview)
{
    return preview->is_accepted ? "250" : error_reply_code(&preview->error);
}

static const char *verdict_status(const struct preview *preview)
{
    return preview->is_accepted ? accepted_status : preview->error.status;
}

static const char *verdict_text(const struct preview *preview)
{
    return preview->is_accepted ? preview->acceptance : preview->error.text;
}

/* ---- JSON ---- */

static void put_verdict(struct json_object *object, const char *code,
                        const char *status, const char *text)
{
    json_output_number(object, "code", strtol(code, NULL, 10));
    json_output_text(object, "enhanced", status);
    json_output_text(object, "text", text);
}

static void put_recipients(struct json_object *object, const struct preview *preview)
{
    struct json_object *recipients = json_output_array(object, "recipients");
    struct json_object *refused = json_output_array(object, "refused");

    for (size_t i = 0; i < preview->number_count; i++)
        json_output_item(recipients, preview->numbers[i]);
    for (size_t i = 0; i < preview->refusal_count; i++) {
        const struct preview_refusal *refusal = &preview->refusals[i];
        struct json_object *item = json_output_item_object(refused);

        json_output_text(item, "recipient", refusal->recipient);
        put_verdict(item, error_reply_code(&refusal->error), refusal->error.status,
                    refusal->error.text);
    }
}

bool preview_show_json(const struct preview *preview)
{
    const struct sms_parts none = {.encoding = SMS_GSM7};
    const struct sms_parts *size = preview->sms ? sms_text_size(preview->sms) : &none;
    struct json_object *object = json_output_new();
    struct json_object *cut;

    json_output_text(object, "sender", preview->sender);
    json_output_text(object, "customer", preview->customer);
    put_recipients(object, preview);
    json_output_text(object, "text", preview->sms ? sms_text_utf8(preview->sms) : "");
    json_output_text(object, "encoding", sms_parts_encoding_name(size->encoding));
    json_output_number(object, "units", size->units);
    json_output_number(object, "parts", size->parts);
    json_output_number(object, "left", size->left_units);
    cut = json_output_array(object, "cut");
    for (int i = 0; i < CUT_REASONS; i++)
        if (preview->cuts.by_reason[i].size_bytes > 0)
            json_output_item(cut, cuts_name((enum cut_reason)i));
    put_verdict(json_output_object(object, "verdict"), verdict_code(preview),
                verdict_status(preview), verdict_text(preview));
    return json_output_print(object);
}

/* ---- the text alone ---- */

/* Prints what the verdict does not mention. */
static void tell_refusal(const struct preview_refusal *refusal)
{
    char line[2 * ERROR_TEXT_SIZE];

    snprintf(line, sizeof line, "%.500s: %s %s %s", refusal->recipient,
             error_reply_code(&refusal->error), refusal->error.status,
             refusal->error.text);
    utf8_make_printable(line);
    fprintf(stderr, "sms-milterctl: %s\n", line);
}

bool preview_show_text(const struct preview *preview)
{
    if (!preview->is_accepted)
        fprintf(stderr, "sms-milterctl: %s %s %s\n", verdict_code(preview),
                verdict_status(preview), verdict_text(preview));
    for (size_t i = 0; preview->is_accepted && i < preview->refusal_count; i++)
        tell_refusal(&preview->refusals[i]);
    if (preview->sms)
        puts(sms_text_utf8(preview->sms));
    return fflush(stdout) == 0;
}

/* ---- the bubble ---- */

/* As wide as on a phone. */
enum { BUBBLE_COLUMNS = 40 };

struct frame {
    const char *top_left, *top_right, *bottom_left, *bottom_right, *line, *side;
};

static const struct frame drawn = {"╭", "╮", "╰", "╯", "─", "│"};
static const struct frame plain = {".", ".", "'", "'", "-", "|"};

static int columns_of(const char *utf8, size_t length_bytes)
{
    const char *end = utf8 + length_bytes;
    int columns = 0;
    uint32_t point;

    while (utf8 < end && utf8_next(&utf8, &point)) {
        int width = wcwidth((wchar_t)point);

        if (width > columns) /* of the widest character in a cluster */
            columns = width;
    }
    return columns;
}

/* How much of the text goes on one line: whole words if possible, always whole
 * clusters. */
static size_t line_length(const char *text, int *columns_out)
{
    size_t length = 0, at_word = 0, cluster;
    int columns = 0, word_columns = 0;

    while (text[length] && text[length] != '\n') {
        int width;

        cluster = unicode_cluster_bytes(text + length);
        width = columns_of(text + length, cluster);
        if (columns + width > BUBBLE_COLUMNS)
            break;
        if (text[length] == ' ') {
            at_word = length;
            word_columns = columns;
        }
        length += cluster;
        columns += width;
    }
    if (text[length] && text[length] != '\n' && text[length] != ' ' && at_word > 0) {
        *columns_out = word_columns;
        return at_word;
    }
    *columns_out = columns;
    return length;
}

static void draw_edge(const char *left, const char *line, const char *right)
{
    printf("  %s", left);
    for (int i = 0; i < BUBBLE_COLUMNS + 2; i++)
        fputs(line, stdout);
    printf("%s\n", right);
}

static void draw_bubble(const char *text, const struct frame *frame)
{
    draw_edge(frame->top_left, frame->line, frame->top_right);
    while (*text) {
        int columns;
        size_t length = line_length(text, &columns);

        printf("  %s %.*s%*s %s\n", frame->side, (int)length, text,
               BUBBLE_COLUMNS - columns, "", frame->side);
        text += length;
        text += *text == ' ' || *text == '\n';
    }
    draw_edge(frame->bottom_left, frame->line, frame->bottom_right);
}

static const char *plural(size_t count)
{
    return count == 1 ? "" : "s";
}

static void show_size(const struct sms_parts *size)
{
    bool is_gsm = size->encoding == SMS_GSM7;

    printf("  %s, %u %s%s, %u part%s, %u left in the last\n\n",
           is_gsm ? "GSM alphabet" : "Unicode (UCS-2)", size->units,
           is_gsm ? "character" : "unit", plural(size->units), size->parts,
           plural(size->parts), size->left_units);
}

/* Mails may contain control characters that a terminal would obey. */
static void show_line(const char *what, const char *detail, const char *text)
{
    char *copy = strdup(text);

    if (copy)
        utf8_make_printable(copy);
    printf("  %-9s %s%s\n", what, detail, copy ? copy : "");
    free(copy);
}

static void show_envelope(const struct preview *preview)
{
    show_line("from", "", *preview->sender ? preview->sender : "(nobody)");
    show_line("customer", "", preview->customer ? preview->customer : "(none)");
    for (size_t i = 0; i < preview->number_count; i++)
        show_line("to", "", preview->numbers[i]);
    for (size_t i = 0; i < preview->refusal_count; i++) {
        const struct preview_refusal *refusal = &preview->refusals[i];

        show_line("refused", "", refusal->recipient);
        printf("  %-9s %s %s %s\n", "", error_reply_code(&refusal->error),
               refusal->error.status, refusal->error.text);
    }
    for (size_t i = 0; i < preview->ordinary_count; i++)
        show_line("no SMS", "", preview->ordinary[i]);
}

static void show_cuts(const struct cuts *cuts)
{
    for (int i = 0; i < CUT_REASONS; i++) {
        const struct cut *cut = &cuts->by_reason[i];
        char why[64];

        if (cut->size_bytes == 0)
            continue;
        snprintf(why, sizeof why, "%s, %zu byte%s: ", cuts_name((enum cut_reason)i),
                 cut->size_bytes, plural(cut->size_bytes));
        show_line("cut", why, cut->beginning);
    }
}

bool preview_show_bubble(const struct preview *preview)
{
    bool is_utf8;

    setlocale(LC_CTYPE, "");
    is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    setlocale(LC_CTYPE, "C.UTF-8"); /* needed for the widths of characters */
    show_envelope(preview);
    putchar('\n');
    if (preview->sms) {
        draw_bubble(sms_text_utf8(preview->sms), is_utf8 ? &drawn : &plain);
        show_size(sms_text_size(preview->sms));
    }
    show_cuts(&preview->cuts);
    printf("  %-9s %s %s %s\n", "verdict", verdict_code(preview),
           verdict_status(preview), verdict_text(preview));
    return fflush(stdout) == 0;
}
