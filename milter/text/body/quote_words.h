/* SPDX-License-Identifier: ISC */
/* The words of a few lines in one row, and how they are compared with the phrases of
 * mail programs. */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_WORDS_H
#define SMS_MILTER_TEXT_BODY_QUOTE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"

/* More than an introduction takes: a line of 998 octets (RFC 5322 section 2.1.1) is
 * none, for all that its words say. */
enum { QUOTE_WORDS_SIZE = 512 };

/* All white space is one space, dashes of all kinds are "-", apostrophes are "'", and
 * marks of direction and joiners are left out. text ends in a NUL. */
struct quote_words {
    char text[QUOTE_WORDS_SIZE];
    size_t length;
};

/* Begins with no words. */
void quote_words_clear(struct quote_words *words);

/* Appends the words of a line, after a space if there are others. Returns false if they
 * do not fit. */
bool quote_words_add(struct quote_words *words, const struct body_line *line);

/* Whether these bytes are the phrase, which is in lower case, in any case of their
 * ASCII and Latin-1 letters; or begin with it. */
bool quote_words_are(const char *bytes, size_t length, const char *phrase);
bool quote_words_begin(const char *bytes, size_t length, const char *phrase);

#endif
