/* SPDX-License-Identifier: ISC */
/* The words of a few lines in one row, in the form in which they are compared with what
 * mail programs write (quote_phrases.h). */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_WORDS_H
#define SMS_MILTER_TEXT_BODY_QUOTE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"

/* No introduction is longer. Lines may have 998 octets (RFC 5322 section 2.1.1). */
enum { QUOTE_WORDS_SIZE = 512 };

/* All white space is one space, dashes of all kinds are "-", apostrophes are "'",
 * digits and commas of Arabic are those of ASCII, and marks of direction and joiners
 * are left out. text ends in a NUL. */
struct quote_words {
    char text[QUOTE_WORDS_SIZE];
    size_t length;
};

/* Begins with no words. */
void quote_words_clear(struct quote_words *words);

/* Appends the words of a line, after a space if there are others. Returns false if they
 * do not fit. */
bool quote_words_add(struct quote_words *words, const struct body_line *line);

#endif
