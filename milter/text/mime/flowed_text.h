/* SPDX-License-Identifier: ISC */
/* Text of format=flowed (RFC 3676): paragraphs whose lines the mail program broke. */
#ifndef SMS_MILTER_TEXT_MIME_FLOWED_TEXT_H
#define SMS_MILTER_TEXT_MIME_FLOWED_TEXT_H

#include <stdbool.h>

#include "text/marked_text.h"

/* Appends the text with its broken lines joined and its space-stuffing undone (section
 * 4.4); quoted lines (section 4.5) keep one ">" for each level, and a space. is_delsp:
 * the space before a break belongs to the break (section 4.2), as in languages that
 * write none. A line of end_marker stays one, however the line before it ends; NULL is
 * none. flowed has LF as line ends. */
void flowed_text_append(const char *flowed, bool is_delsp, const char *end_marker,
                        struct marked_text *out);

#endif
