/* SPDX-License-Identifier: ISC */
/* Looks for the phrases that programs and organisations write. Case, quotation marks,
 * emphasis and line breaks of the mail make no difference. */
#ifndef SMS_MILTER_TEXT_BODY_PHRASE_H
#define SMS_MILTER_TEXT_BODY_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

#include "text/language/language.h"

/* Only the beginning of a paragraph is looked at. */
enum { PHRASE_TEXT_SIZE = 1024 };

/* A text to look for phrases in: letters as utf8_fold() makes them, one space for white
 * space, brackets and quotation marks, ASCII apostrophes and hyphens, "e-mail" as
 * "email". No space at either end. */
struct phrase_text {
    char text[PHRASE_TEXT_SIZE]; /* ends in a NUL */
    size_t length_bytes;
    bool has_gap; /* a space comes before the next character */
};

/* Makes it empty. */
void phrase_text_begin(struct phrase_text *text);

/* Adds valid UTF-8 as a word or words of its own. What does not fit is left out. */
void phrase_text_add(struct phrase_text *text, const char *bytes, size_t length_bytes);

/* Makes it these bytes alone. */
void phrase_text_read(struct phrase_text *text, const char *bytes, size_t length_bytes);

/* The end of a phrase that stands at this place of a phrase_text; NULL if it does not.
 * language.h says what phrases are. A comma in the text may stand before a space of the
 * phrase. */
const char *phrase_match(const char *at, const char *phrase);

/* The beginning of the next word; NULL after the last one. */
const char *phrase_next_word(const char *at);

/* The end of the longest phrase of a list that stands at this place; NULL if none does,
 * or only one that begins with "%". */
const char *phrase_end(const char *at, enum language_list list);

/* phrase_is_in() tells whether a phrase of the list stands at the beginning of some
 * word of the text; phrase_is_within() looks within words as well, and is for lists
 * without "%". */
bool phrase_is_in(const struct phrase_text *text, enum language_list list);
bool phrase_is_within(const struct phrase_text *text, enum language_list list);

/* Whether the text begins with a phrase of the list. Phrases that begin with "%" are
 * not looked for. */
bool phrase_begins(const struct phrase_text *text, enum language_list list);

#endif
