/* SPDX-License-Identifier: ISC */
/* Writes HTML of the simplest kind: libxml2 finds no error in it, and in it only the
 * references &lt; &amp; and &quot;. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_MARKUP_H
#define SMS_MILTER_TEXT_HTML_HTML_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_token.h"

struct html_markup {
    char *text; /* not ended by a NUL */
    size_t length_bytes, room_bytes;
    bool is_lost; /* there was no memory for a part of it */
};

/* Begins an empty text with room for so much; the caller frees markup->text. */
void html_markup_start(struct html_markup *markup, size_t room_bytes);

/* Adds bytes as they are. */
void html_markup_add(struct html_markup *markup, const char *bytes,
                     size_t length_bytes);
void html_markup_add_word(struct html_markup *markup, const char *word);

/* Adds text of the source, with the characters that its references mean. */
void html_markup_add_text(struct html_markup *markup, struct html_slice text);

/* Adds an attribute with such a value to the tag that is being written. */
void html_markup_add_attribute(struct html_markup *markup, const char *name,
                               struct html_slice value);

/* Adds a line separator (U+2028), unless there is one. */
void html_markup_end_line(struct html_markup *markup);

/* What a value means, which is valid until the next call. */
struct html_slice html_markup_decode(struct html_markup *markup,
                                     struct html_slice value);

#endif
