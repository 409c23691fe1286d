/* SPDX-License-Identifier: ISC */
/* Makes the text of the bounce for a number that got no SMS. */
#ifndef SMS_MILTER_CTL_BOUNCE_TEXT_H
#define SMS_MILTER_CTL_BOUNCE_TEXT_H

#include <stdbool.h>

#include "journal/journal_record.h"

/* Postfix puts the line into a header field of the delivery status and into its log,
 * which show no more than this. */
enum { BOUNCE_TEXT_SIZE = 400 + 1 };

/* One line of printable ASCII: an enhanced status code of class 5 (RFC 3463), a space,
 * the number if the recipient is one, and words for the sender of the mail. */
struct bounce_text {
    char line[BOUNCE_TEXT_SIZE];
};

/* Says why this SMS was not sent, or may not have been. The line is empty if it was
 * sent. is_of_mail: the record certainly belongs to the mail that bounces; otherwise
 * the line says that it may belong to another mail. */
struct bounce_text bounce_text_make(const struct journal_record *record,
                                    bool is_of_mail);

/* Adds to a line that is not empty how many SMS of the same mail were sent to other
 * numbers, if any. Without this the sender would send all of them again. */
void bounce_text_add_others(struct bounce_text *text, unsigned others_sent);

/* For a recipient that the journal does not know. number is "" if the recipient is no
 * number. */
struct bounce_text bounce_text_no_record(const char *number);

/* For a journal that cannot be read. */
extern const char bounce_text_no_journal[];

#endif
