/* SPDX-License-Identifier: ISC */
#include "text/html/html_marks.h"

#include <string.h>

/* A block quote in a quote by Gmail: the first one tells what the quote is. With words
 * between the introduction and it, they are of a mail that is forwarded. */
static void start_gmail_block(struct html_marks *marks, size_t start_bytes)
{
    struct html_gmail *gmail = &marks->gmail;

    if (!gmail->is_open || gmail->quotes++ > 0)
        return;
    if (!gmail->has_intro)
        html_out_mark(marks->out, gmail->start_bytes, MARK_QUOTE);
    else if (start_bytes > gmail->intro_end_bytes)
        gmail->is_forward = true;
}

static enum html_container find_container(const struct html_claim *claim)
{
    enum html_container found = html_container_find(claim->classes, claim->id);

    if (claim->is_block_quote && (found == HTML_GMAIL_QUOTE || claim->is_cited))
        return HTML_QUOTED;
    return found;
}

static void start_container(struct html_marks *marks, const struct html_claim *claim,
                            const struct html_marked *marked)
{
    switch (marked->container) {
    case HTML_OWN:
        return;
    case HTML_QUOTED_ON:
        if (!marks->has_rest)
            marks->rest_bytes = marked->start_bytes;
        marks->has_rest = true;
        return;
    case HTML_GMAIL_QUOTE:
        marks->gmail = (struct html_gmail){
            .is_open = true,
            .start_bytes = marked->start_bytes,
        };
        break;
    case HTML_QUOTED:
        if (claim->is_block_quote)
            start_gmail_block(marks, marked->start_bytes);
        marks->gmail.is_open = false;
        break;
    case HTML_SIGNATURE:
        marks->signatures++;
        break;
    case HTML_INTRODUCED:
        break;
    }
    marks->open++;
}

void html_marks_start(struct html_marks *marks, const struct html_claim *claim,
                      struct html_marked *marked_out)
{
    marked_out->container = find_container(claim);
    marked_out->is_header = claim->has_reply_border;
    if (marked_out->container == HTML_OWN && !marked_out->is_header)
        return;
    marked_out->start_bytes = html_out_new_line(marks->out);
    marked_out->outer_gmail = marks->gmail;
    start_container(marks, claim, marked_out);
}

static void end_introduction(struct html_marks *marks, size_t start_bytes)
{
    struct html_gmail *gmail = &marks->gmail;

    html_out_mark(marks->out, start_bytes, MARK_QUOTE);
    if (gmail->quotes > 0)
        return;
    gmail->has_intro = true;
    gmail->intro_end_bytes = marks->out->text->length_bytes;
}

static void end_container(struct html_marks *marks, const struct html_marked *marked)
{
    switch (marked->container) {
    case HTML_OWN:
    case HTML_QUOTED_ON:
        return;
    case HTML_GMAIL_QUOTE:
        if (marks->gmail.quotes == 0 || marks->gmail.is_forward)
            html_out_mark(marks->out, marked->start_bytes, MARK_QUOTE);
        marks->gmail = marked->outer_gmail;
        break;
    case HTML_QUOTED:
        html_out_mark(marks->out, marked->start_bytes, MARK_QUOTE);
        marks->gmail.is_open = marked->outer_gmail.is_open;
        break;
    case HTML_INTRODUCED:
        end_introduction(marks, marked->start_bytes);
        break;
    case HTML_SIGNATURE:
        html_out_mark(marks->out, marked->start_bytes, MARK_SIGNATURE);
        marks->signatures--;
        break;
    }
    marks->open--;
}

/* Whether lines are the header of a mail in whatever language: the first two begin with
 * a word or two and a colon. */
static bool is_mail_header(const char *text, size_t length)
{
    enum { LONGEST_NAME = 24, LINES = 2 };

    for (int line = 0; line < LINES; line++) {
        const char *end = length > 0 ? memchr(text, '\n', length) : NULL;
        size_t line_length = end ? (size_t)(end - text) : length;

        if (line_length == 0 ||
            !memchr(text, ':', line_length < LONGEST_NAME ? line_length : LONGEST_NAME))
            return false;
        text += line_length + 1;
        length -= end ? line_length + 1 : length;
    }
    return true;
}

/* Outlook draws a line, writes the header of the mail that is answered, and lets that
 * mail follow without a container around it. */
static void end_header(struct html_marks *marks, size_t start_bytes)
{
    const struct marked_text *text = marks->out->text;

    if (marks->has_rest || text->is_lost || text->length_bytes == start_bytes ||
        !is_mail_header(text->text + start_bytes, text->length_bytes - start_bytes))
        return;
    marks->has_rest = true;
    marks->rest_bytes = start_bytes;
}

void html_marks_end(struct html_marks *marks, const struct html_marked *marked)
{
    if (marked->is_header)
        end_header(marks, marked->start_bytes);
    end_container(marks, marked);
}

void html_marks_finish(struct html_marks *marks)
{
    if (marks->has_rest)
        html_out_mark(marks->out, marks->rest_bytes, MARK_QUOTE);
}

bool html_marks_is_open(const struct html_marks *marks)
{
    return marks->open > 0 || marks->has_rest;
}
