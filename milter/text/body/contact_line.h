/* SPDX-License-Identifier: ISC */
/* Lines that say how to reach somebody, as signatures have them. */
#ifndef SMS_MILTER_TEXT_BODY_CONTACT_LINE_H
#define SMS_MILTER_TEXT_BODY_CONTACT_LINE_H

#include "text/body/body_lines.h"

enum contact {
    CONTACT_NO,
    CONTACT_LINK, /* a link to some page, which may be what a mail is about */
    CONTACT_DATA  /* an address, number or home page, or what the law wants there */
};

/* Whether a line is contact data: labelled ("Tel: 01632 960123"), or nothing but that.
 * "Please call 01632 960123 before nine." is not. */
enum contact contact_line_read(const struct body_line *line);

/* Whether a line may be a name, a title, an organisation or a street, such as
 * "Headteacher" or "12 High Street". It has few words, each of them with a capital or
 * in the list of small words of titles, and no word that news have. "Bring boots",
 * "Sort code 12-34-56" and "Room 12" are no titles. */
bool contact_line_is_title(const struct body_line *line);

/* How many parts of a line with bars between them are contact data; 0 if one is neither
 * that nor a title: "Jo Smith | Head | 01632 960123 | jo@school.example" has 2. */
unsigned contact_line_items(const struct body_line *line);

#endif
