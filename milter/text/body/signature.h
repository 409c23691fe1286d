/* SPDX-License-Identifier: ISC */
/* Signatures and the footers of phones, which stand below every text of a sender. */
#ifndef SMS_MILTER_TEXT_BODY_SIGNATURE_H
#define SMS_MILTER_TEXT_BODY_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"

/* Whether a line is "-- ", which stands before a signature (RFC 3676 section 4.3), with
 * or without its space. */
bool signature_is_separator(const struct body_line *line);

/* "Sent from my iPhone" and what other programs write, as a line of its own, with or
 * without a link after it. */
bool signature_is_mobile_footer(const struct body_line *line);

/* The first line of a signature that no separator announces, at the end of these lines:
 * contact data, titles and organisations below a closing such as "Kind regards" and a
 * name, which stay; or several items of contact data below a text that has ended. A
 * line that may say something else leaves all as it is. Returns count if there is none.
 * Lines that are cut already are not seen. */
size_t signature_find(const struct body_line *lines, size_t count);

/* Whether these lines are a closing such as "Kind regards", and a name, titles and
 * contact data below it, and nothing else: what a mail program puts there by itself.
 * "Thanks" is no such closing, as somebody may have written it. Lines that are cut are
 * not seen. */
bool signature_is_all(const struct body_line *lines, size_t count);

/* The first line of a postscript ("PS Bring boots"), which stands below a signature and
 * a disclaimer and stays; count if there is none. Lines that are cut already are not
 * seen. */
size_t signature_find_postscript(const struct body_line *lines, size_t count);

#endif
