/* SPDX-License-Identifier: ISC */
/* The lines of a mail's body, for the modules that tell the sender's own words from the
 * rest. */
#ifndef SMS_MILTER_TEXT_BODY_BODY_LINES_H
#define SMS_MILTER_TEXT_BODY_BODY_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "text/cuts.h"
#include "text/marked_text.h"

struct body_line {
    const char *text; /* the whole line, without its line end; no NUL after it */
    size_t length_bytes;
    const char *words;  /* the same without white space around it and quote marks (">")
                         * before it */
    size_t words_bytes; /* 0: a blank line */
    unsigned depth;     /* how many quote marks */
    bool is_quote;      /* in a container of quotes (MARK_QUOTE) */
    bool is_signature;  /* in a container of signatures (MARK_SIGNATURE) */
    bool is_cut;        /* left out of the SMS */
};

/* Borrowed from the text they were read from. */
struct body_lines {
    struct body_line *items;
    size_t count;
};

/* Reads the lines of a text, the first 50000; false without memory. */
bool body_lines_read(const struct marked_text *text, struct body_lines *lines_out);

/* Frees them and leaves none. */
void body_lines_free(struct body_lines *lines);

/* Whether the words of a line are these, or begin with these, in any case; words is in
 * lower case. Letters of Latin scripts outside ASCII are compared in any case too. */
bool body_line_is(const struct body_line *line, const char *words);
bool body_line_begins(const struct body_line *line, const char *words);

#endif
