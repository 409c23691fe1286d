/* SPDX-License-Identifier: ISC */
/* Cutting lines out of a body: what was cut and why, and what is left. */
#ifndef SMS_MILTER_TEXT_BODY_BODY_EDIT_H
#define SMS_MILTER_TEXT_BODY_BODY_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"
#include "text/cuts.h"

struct body_edit {
    struct body_lines lines;
    size_t wordy_lines;  /* lines not cut that have words */
    unsigned base_depth; /* lines with this many quote marks are the text itself */
    bool may_be_empty;   /* nothing need be left */
    struct cuts *cuts;
};

/* Begins with the lines of a text, as many as are read (body_lines_read()); the rest is
 * cut as overlong. False without memory. End with body_edit_end(). */
bool body_edit_begin(struct body_edit *edit, const struct marked_text *text,
                     bool may_be_empty, struct cuts *cuts);
void body_edit_end(struct body_edit *edit);

/* Whether a line that is not cut has words: a letter or digit of any script, an emoji.
 */
bool body_edit_is_wordy(const struct body_line *line);

/* Cuts the lines from first up to before end, whatever is left. */
void body_edit_cut(struct body_edit *edit, size_t first, size_t end,
                   enum cut_reason reason);

/* The same, but does nothing where nothing with words would be left and something has
 * to. Returns whether it was cut. */
bool body_edit_try_cut(struct body_edit *edit, size_t first, size_t end,
                       enum cut_reason reason);

#endif
