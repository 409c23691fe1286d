/* SPDX-License-Identifier: ISC */
/* The lines with which mail programs introduce the mail that is answered or forwarded,
 * in the languages of text/language. */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_INTRO_H
#define SMS_MILTER_TEXT_BODY_QUOTE_INTRO_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"

enum quote_intro_kind {
    QUOTE_INTRO_NONE,
    /* "On Mon, 23 Nov 2026, Jo wrote:": a quote may follow. */
    QUOTE_INTRO_ATTRIBUTION,
    /* "-----Original Message-----", "Begin forwarded message:", or a block of "From:",
     * "Sent:" ...: all that follows is the other mail. */
    QUOTE_INTRO_MAIL
};

struct quote_intro {
    enum quote_intro_kind kind;
    size_t line_count; /* from the first line on; separator and fields together */
    /* Of an attribution: it has the form that mail programs give it, with an address,
     * or with a date and its year or time, so that it is one even where no quote mark
     * follows it. */
    bool is_certain;
};

/* What introduction, if any, begins with the first of these lines, which is not blank.
 * Lines may have quote marks before them (all of an introduction have the same depth):
 * their words count. Looks at a bounded number of lines, and at a bounded part of
 * each. */
struct quote_intro quote_intro_read(const struct body_line *lines, size_t count);

#endif
