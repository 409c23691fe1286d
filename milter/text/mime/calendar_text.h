/* SPDX-License-Identifier: ISC */
/* An invitation (iCalendar, RFC 5545) -> what, when and where. */
#ifndef SMS_MILTER_TEXT_MIME_CALENDAR_TEXT_H
#define SMS_MILTER_TEXT_MIME_CALENDAR_TEXT_H

#include "text/marked_text.h"

/* Joins the lines that were folded (3.1), in place and before anything is made of the
 * octets: a fold may lie within a character. Returns how many octets are left. */
size_t calendar_text_unfold(char *octets, size_t size_bytes);

/* Appends a line such as "Parents' evening, Thu 3 Dec 2026 18:00, Main hall" for the
 * first event in it: its summary, start and place, as far as it has them. The time is
 * as it is written, in the event's own time zone; " UTC" behind it says so where that
 * is it. An event that is called off
 * begins with "Cancelled: ". Appends nothing for the answer to an invitation, nor where
 * there is no event. calendar is valid UTF-8 with LF as
 * line ends, unfolded. */
void calendar_text_append(const char *calendar, struct marked_text *out);

#endif
