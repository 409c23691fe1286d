/* SPDX-License-Identifier: ISC */
/* Reads format=flowed text (RFC 3676): paragraphs that the mail program broke into
 * lines. */
#ifndef SMS_MILTER_TEXT_MIME_FLOWED_TEXT_H
#define SMS_MILTER_TEXT_MIME_FLOWED_TEXT_H

#include <stdbool.h>

#include "text/marked_text.h"

/* Appends the text with its broken lines joined and its space-stuffing removed (section
 * 4.4). Quoted lines (section 4.5) keep one ">" for each level, and a space. is_delsp:
 * the space before a line break is part of the break (section 4.2), for languages that
 * are written without spaces. A line that equals end_marker always stays a line of its
 * own; NULL means no marker. flowed has LF as line ends. */
void flowed_text_append(const char *flowed, bool is_delsp, const char *end_marker,
                        struct marked_text *out);

#endif
