/* SPDX-License-Identifier: ISC */
/* The fields of a mail's header, as mail programs show them above a mail that is
 * answered or forwarded. */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_HEADER_H
#define SMS_MILTER_TEXT_BODY_QUOTE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

#include "text/body/body_lines.h"

enum quote_header_place {
    QUOTE_HEADER_ALONE,    /* nothing announces it */
    QUOTE_HEADER_RULED,    /* below a rule of underscores, as Outlook draws it */
    QUOTE_HEADER_SEPARATED /* below a separator that says what follows */
};

/* How many lines the fields take that begin with the first of these; 0 if there are
 * none. Below a separator any field will do. Elsewhere the first must be "From:", or
 * "Sent:" as GMX has it, with a "From:" that is no number or time, and two others of
 * different kinds in all.
 *
 * Below a rule, and in what HTML marks as a quote, these must have something that a
 * time table ("From: 9am", "To: 3pm", "Date: Friday") has not: a date that is called
 * "Sent:", an address, or both date and subject.
 *
 * Where nothing announces it, an address must be in "From:", "To:" or "Cc:", or a day
 * with its year and time in "Sent:", next to a "To:" or "Subject:"; and no fields
 * of other names may be among these or follow directly: machines and web forms write
 * those. Else a text of the sender's own would be lost, which is worse than to send a
 * quote. */
size_t quote_header_lines(const struct body_line *lines, size_t count,
                          enum quote_header_place place);

#endif
