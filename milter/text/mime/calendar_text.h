/* SPDX-License-Identifier: ISC */
/* Turns an invitation (iCalendar, RFC 5545) into what, when and where. */
#ifndef SMS_MILTER_TEXT_MIME_CALENDAR_TEXT_H
#define SMS_MILTER_TEXT_MIME_CALENDAR_TEXT_H

#include "text/marked_text.h"

/* Joins folded lines (3.1) in place. This must be done before the octets are decoded,
 * because a fold may lie inside a character. Returns how many octets are left. */
size_t calendar_text_unfold(char *octets, size_t size_bytes);

/* Appends a line such as "Parents' evening, Thu 3 Dec 2026 18:00, Main hall" for the
 * first event: its summary, start and place, as far as it has them. The time is in the
 * event's own time zone, as written; " UTC" follows it if it is in UTC. A cancelled
 * event begins with "Cancelled: ". Appends nothing for a reply to an invitation, or if
 * there is no event. calendar is valid UTF-8, unfolded, with LF as line ends. */
void calendar_text_append(const char *calendar, struct marked_text *out);

#endif
