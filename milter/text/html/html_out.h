/* SPDX-License-Identifier: ISC */
/* Words of HTML -> lines of text: white space as a browser shows it, the cells of a row
 * on one line, items of a list with their dash or number. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_OUT_H
#define SMS_MILTER_TEXT_HTML_HTML_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/marked_text.h"

/* What comes between two words. Where there are two gaps, the later in this list
 * counts.
 */
enum html_gap { HTML_GAP_NONE, HTML_GAP_SPACE, HTML_GAP_CELL, HTML_GAP_LINE };

/* A number in front of an item: ten digits, a sign, ". " */
enum { HTML_PREFIX_SIZE = 24 };

struct html_out {
    struct marked_text *text;      /* borrowed */
    size_t line_start_bytes;       /* where its last line begins */
    enum html_gap gap;             /* before what comes next on this line */
    unsigned blank_lines;          /* of a pre element, after a HTML_GAP_LINE */
    char prefix[HTML_PREFIX_SIZE]; /* of the item whose words come next, or "" */
};

/* Begins a line at the end of text, which the caller keeps. */
void html_out_start(struct html_out *out, struct marked_text *text);

/* Adds text of a block, or a part of it. White space and control characters become one
 * space, and a line separator (U+2028) is as good as html_out_break(). Returns whether
 * there was more than that. */
bool html_out_add(struct html_out *out, const char *words, size_t length_bytes);

/* Adds text whose white space is kept; a control character becomes a space. */
bool html_out_add_pre(struct html_out *out, const char *words, size_t length_bytes);

/* Whether a text is nothing but white space, control characters and line separators. */
bool html_out_is_blank(const char *text, size_t length_bytes);

/* Adds to the last word, before the white space that is after it. */
void html_out_add_to_word(struct html_out *out, const char *words, size_t length_bytes);

/* Ends the line. Does nothing at the beginning of a line or of a cell. */
void html_out_break(struct html_out *out);

/* Ends the line, at the beginning of a cell too. */
void html_out_break_row(struct html_out *out);

/* What comes next is in another cell of the row that began when the text was
 * row_start_bytes long. */
void html_out_next_cell(struct html_out *out, size_t row_start_bytes);

/* What comes next is an item with this number, or 0: a dash. */
void html_out_start_item(struct html_out *out, long number);

/* The item ends. If it had no words, its dash or number is not written. */
void html_out_end_item(struct html_out *out);

/* Ends the line at once. Returns the length of the text. */
size_t html_out_new_line(struct html_out *out);

/* Marks the lines since html_out_new_line() returned start_bytes. */
void html_out_mark(struct html_out *out, size_t start_bytes, enum mark mark);

#endif
