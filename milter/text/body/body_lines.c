/* SPDX-License-Identifier: ISC */
#include "text/body/body_lines.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

/* A no-break space, which HTML leaves behind, is white space of two bytes. Marks of
 * direction, which Arabic programs put around whole lines, are not seen either. */
static size_t blank_length(const char *text, size_t length_bytes)
{
    uint32_t point;

    if (length_bytes == 0)
        return 0;
    if ((*text & 0x80) == 0)
        return is_blank(*text);
    point = utf8_first(text, length_bytes);
    return point == 0xA0 || utf8_is_direction_mark(point)
               ? utf8_length(text, length_bytes)
               : 0;
}

/* The same for what stands before the end. */
static size_t blank_length_before(const char *text, size_t length_bytes)
{
    size_t start;

    if (length_bytes == 0)
        return 0;
    if ((text[length_bytes - 1] & 0x80) == 0)
        return is_blank(text[length_bytes - 1]);
    start = utf8_floor(text, length_bytes - 1);
    return blank_length(text + start, length_bytes - start);
}

static void skip_blanks(struct body_line *line)
{
    size_t length;

    while ((length = blank_length(line->words, line->words_bytes)) > 0) {
        line->words += length;
        line->words_bytes -= length;
    }
}

static void drop_blanks_behind(struct body_line *line)
{
    size_t length;

    while ((length = blank_length_before(line->words, line->words_bytes)) > 0)
        line->words_bytes -= length;
}

static struct body_line read_line(const char *text, size_t length_bytes)
{
    struct body_line line = {.text = text,
                             .length_bytes = length_bytes,
                             .words = text,
                             .words_bytes = length_bytes};

    skip_blanks(&line);
    while (line.words_bytes > 0 && *line.words == '>') {
        line.words++;
        line.words_bytes--;
        line.depth++;
        skip_blanks(&line);
    }
    drop_blanks_behind(&line);
    return line;
}

/* GroupWise writes ">>> Jo 11/23/2026 9:12 AM >>>" and ">>> On 11/23/2026 at 9:12 AM,
 * ..." before a mail, which is no quote of depth three. */
static bool is_groupwise(const struct body_line *line, unsigned depth_before)
{
    return line->depth == 3 && depth_before == 0 && line->length_bytes > 4 &&
           memcmp(line->text, ">>> ", 4) == 0 &&
           (body_line_begins(line, "on ") ||
            (line->words_bytes > 3 &&
             memcmp(line->words + line->words_bytes - 3, ">>>", 3) == 0));
}

/* Nothing below this many lines gets into an SMS, and each line takes memory. */
enum { MAX_LINES = 50000 };

static size_t count_lines(const struct marked_text *text)
{
    const char *at = text->text, *end = at + text->length_bytes;
    size_t count = 1;

    while (count < MAX_LINES && (at = memchr(at, '\n', (size_t)(end - at)))) {
        at++;
        count++;
    }
    return count;
}

static bool *flag_of(struct body_line *line, enum mark mark)
{
    return mark == MARK_QUOTE ? &line->is_quote : &line->is_signature;
}

/* Orders by where they begin; of two that begin together the longer one is first. */
static int compare_spans(const void *left, const void *right)
{
    const struct mark_span *a = left, *b = right;

    if (a->start_bytes != b->start_bytes)
        return a->start_bytes < b->start_bytes ? -1 : 1;
    return (a->end_bytes < b->end_bytes) - (a->end_bytes > b->end_bytes);
}

/* Sets the flags of the lines in spans of one kind. Spans may lie in each other: what
 * counts is how far those that have begun reach. */
static void mark_lines(const struct marked_text *text, const struct mark_span *sorted,
                       enum mark mark, struct body_lines *lines)
{
    size_t next = 0, reach = 0;

    for (size_t i = 0; i < lines->count; i++) {
        size_t start = (size_t)(lines->items[i].text - text->text);

        for (; next < text->span_count && sorted[next].start_bytes <= start; next++)
            if (sorted[next].mark == mark && sorted[next].end_bytes > reach)
                reach = sorted[next].end_bytes;
        *flag_of(&lines->items[i], mark) = start < reach;
    }
}

static bool apply_marks(const struct marked_text *text, struct body_lines *lines)
{
    struct mark_span *sorted;

    if (text->span_count == 0)
        return true;
    sorted = malloc(text->span_count * sizeof *sorted);
    if (!sorted)
        return false;
    memcpy(sorted, text->spans, text->span_count * sizeof *sorted);
    qsort(sorted, text->span_count, sizeof *sorted, compare_spans);
    mark_lines(text, sorted, MARK_QUOTE, lines);
    mark_lines(text, sorted, MARK_SIGNATURE, lines);
    free(sorted);
    return true;
}

bool body_lines_read(const struct marked_text *text, struct body_lines *lines_out)
{
    const char *at = text->text, *end;
    unsigned depth = 0;
    size_t count = 0, most;

    *lines_out = (struct body_lines){0};
    if (text->length_bytes == 0)
        return true;
    end = at + text->length_bytes;
    most = count_lines(text);
    lines_out->items = calloc(most, sizeof *lines_out->items);
    if (!lines_out->items)
        return false;
    while (at < end && count < most) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end ? line_end : end) - at);

        lines_out->items[count] = read_line(at, length);
        if (is_groupwise(&lines_out->items[count], depth))
            lines_out->items[count].depth = 0;
        depth = lines_out->items[count++].depth;
        at += length + 1;
    }
    lines_out->count = count;
    if (apply_marks(text, lines_out))
        return true;
    body_lines_free(lines_out);
    return false;
}

void body_lines_free(struct body_lines *lines)
{
    free(lines->items);
    *lines = (struct body_lines){0};
}

/* A typographic apostrophe is a plain one here. */
static uint32_t fold(uint32_t point)
{
    return point == 0x2019 ? '\'' : utf8_small_letter(point);
}

/* How many bytes of the line the words take; 0 if it does not begin with them. */
static size_t match(const struct body_line *line, const char *words)
{
    const char *at = line->words, *end = at + line->words_bytes;
    uint32_t wanted, has;

    while (utf8_next(&words, &wanted)) {
        size_t length = utf8_length(at, (size_t)(end - at));
        const char *next = at;

        if (length == 0 || !utf8_next(&next, &has) || fold(has) != wanted)
            return 0;
        at += length;
    }
    return (size_t)(at - line->words);
}

bool body_line_begins(const struct body_line *line, const char *words)
{
    return match(line, words) > 0;
}

bool body_line_is(const struct body_line *line, const char *words)
{
    size_t length = match(line, words);

    return length > 0 && length == line->words_bytes;
}
