/* SPDX-License-Identifier: ISC */
/* The fields of a mail's header, as mail programs show them above a mail that is
 * answered or forwarded. */
#ifndef SMS_MILTER_TEXT_QUOTE_HEADER_H
#define SMS_MILTER_TEXT_QUOTE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body_lines.h"

/* How many lines the fields take that begin with the first of these; 0 if there are
 * none. Below a separator (is_announced) any field will do. Elsewhere the first must be
 * "From:", or "Sent:" as GMX has it, with a "From:" and two others of different kinds
 * in all, and something that a mail has and a time table ("From: 9am", "To: 3pm",
 * "Date: Friday") has not: a date that is called "Sent:", an address, or both date and
 * subject. */
size_t quote_header_lines(const struct body_line *lines, size_t count,
                          bool is_announced);

#endif
