/* SPDX-License-Identifier: ISC */
#include "text/html/html_out.h"

#include <stdio.h>
#include <string.h>

/* A control character: a phone shows none. */
static bool is_control(char c)
{
    return (unsigned char)c < ' ' || c == 0x7F;
}

/* Whether a byte is surely not a blank or a part of one. Most bytes of a text are not.
 */
static bool is_visible(char c)
{
    return c > ' ' && c < 0x7F;
}

/* The length of white space, a control character or a no-break space; 0 for anything
 * else. Mails indent and fill lines with no-break spaces, which an SMS does not need.
 */
static size_t space_length(const char *at, const char *end)
{
    if (*at == ' ' || is_control(*at))
        return 1;
    return end - at >= 2 && memcmp(at, "\xC2\xA0", 2) == 0 ? 2 : 0;
}

static bool is_line_empty(const struct html_out *out)
{
    return out->text->length_bytes == out->line_start_bytes;
}

static void end_line(struct html_out *out)
{
    marked_text_append(out->text, "\n", 1);
    out->line_start_bytes = out->text->length_bytes;
}

/* After "Monday" a comma, after "When:" none. */
static void write_cell_gap(struct html_out *out)
{
    char last = out->text->text[out->text->length_bytes - 1];

    if (strchr(":;,.!?-(/|", last))
        marked_text_append(out->text, " ", 1);
    else
        marked_text_append(out->text, ", ", 2);
}

static void write_gap(struct html_out *out)
{
    if (!is_line_empty(out)) {
        if (out->gap == HTML_GAP_SPACE)
            marked_text_append(out->text, " ", 1);
        else if (out->gap == HTML_GAP_CELL)
            write_cell_gap(out);
        else if (out->gap == HTML_GAP_LINE)
            end_line(out);
    }
    for (; out->blank_lines > 0; out->blank_lines--)
        end_line(out);
    out->gap = HTML_GAP_NONE;
    if (is_line_empty(out) && *out->prefix != '\0') {
        marked_text_append(out->text, out->prefix, strlen(out->prefix));
        *out->prefix = '\0';
    }
}

void html_out_start(struct html_out *out, struct marked_text *text)
{
    marked_text_end_line(text);
    *out = (struct html_out){.text = text, .line_start_bytes = text->length_bytes};
}

/* The length of a line separator; 0 for anything else. */
static size_t separator_length(const char *at, const char *end)
{
    return *at == '\xE2' && end - at >= 3 && memcmp(at, "\xE2\x80\xA8", 3) == 0 ? 3 : 0;
}

static size_t blank_length(const char *at, const char *end)
{
    size_t space = space_length(at, end);

    return space > 0 ? space : separator_length(at, end);
}

bool html_out_is_blank(const char *text, size_t length_bytes)
{
    const char *at = text, *end = text + length_bytes;
    size_t blank;

    while (at < end && (blank = blank_length(at, end)) > 0)
        at += blank;
    return at == end;
}

/* White space between words. */
static void add_blank(struct html_out *out, bool is_separator)
{
    if (is_separator)
        html_out_break(out);
    else if (out->gap == HTML_GAP_NONE)
        out->gap = HTML_GAP_SPACE;
}

bool html_out_add(struct html_out *out, const char *words, size_t length_bytes)
{
    const char *at = words, *end = words + length_bytes;
    bool has_words = false;

    while (at < end) {
        const char *start = at;
        size_t blank = blank_length(at, end);

        if (blank > 0) {
            add_blank(out, blank == 3);
            at += blank;
            continue;
        }
        while (at < end && (is_visible(*at) || blank_length(at, end) == 0))
            at++;
        write_gap(out);
        marked_text_append(out->text, start, (size_t)(at - start));
        has_words = true;
    }
    return has_words;
}

/* A line end of a pre element. Blank lines at the beginning of the text are left out.
 */
static void add_line_end(struct html_out *out)
{
    if (out->gap == HTML_GAP_LINE || is_line_empty(out))
        out->blank_lines += out->text->length_bytes > 0;
    out->gap = HTML_GAP_LINE;
}

/* How many of these bytes of a pre element stand for themselves. */
static size_t pre_length(const char *at, const char *end)
{
    const char *start = at;

    while (at < end && (is_visible(*at) || *at == '\t' ||
                        (!is_control(*at) && separator_length(at, end) == 0)))
        at++;
    return (size_t)(at - start);
}

static void add_pre_words(struct html_out *out, const char *words, size_t length)
{
    write_gap(out);
    marked_text_append(out->text, words, length);
}

bool html_out_add_pre(struct html_out *out, const char *words, size_t length_bytes)
{
    const char *at = words, *end = words + length_bytes;
    bool has_words = false;

    while (at < end) {
        size_t length = pre_length(at, end), separator;

        if (length > 0) {
            add_pre_words(out, at, length);
            has_words = true;
            at += length;
            continue;
        }
        separator = separator_length(at, end);
        if (separator > 0)
            html_out_break(out);
        else if (*at == '\n')
            add_line_end(out);
        else
            add_pre_words(out, " ", 1);
        at += separator > 0 ? separator : 1;
    }
    return has_words;
}

void html_out_add_to_word(struct html_out *out, const char *words, size_t length_bytes)
{
    marked_text_append(out->text, words, length_bytes);
}

void html_out_break(struct html_out *out)
{
    if (out->gap != HTML_GAP_CELL)
        html_out_break_row(out);
}

void html_out_break_row(struct html_out *out)
{
    out->gap = is_line_empty(out) ? HTML_GAP_NONE : HTML_GAP_LINE;
    out->blank_lines = 0;
}

void html_out_next_cell(struct html_out *out, size_t row_start_bytes)
{
    bool is_first = out->text->length_bytes == row_start_bytes;
    bool is_one_line = out->line_start_bytes <= row_start_bytes + 1;

    if (is_first || !is_one_line || is_line_empty(out))
        html_out_break_row(out);
    else
        out->gap = HTML_GAP_CELL;
}

void html_out_start_item(struct html_out *out, long number)
{
    html_out_break_row(out);
    if (number == 0)
        strcpy(out->prefix, "- ");
    else
        snprintf(out->prefix, sizeof out->prefix, "%ld. ", number);
}

void html_out_end_item(struct html_out *out)
{
    *out->prefix = '\0';
    html_out_break_row(out);
}

size_t html_out_new_line(struct html_out *out)
{
    if (!is_line_empty(out))
        end_line(out);
    out->gap = HTML_GAP_NONE;
    out->blank_lines = 0;
    return out->text->length_bytes;
}

void html_out_mark(struct html_out *out, size_t start_bytes, enum mark mark)
{
    marked_text_mark(out->text, start_bytes, mark);
    if (out->text->length_bytes > start_bytes &&
        out->text->text[out->text->length_bytes - 1] == '\n')
        out->line_start_bytes = out->text->length_bytes;
    out->gap = HTML_GAP_NONE;
    out->blank_lines = 0;
}
