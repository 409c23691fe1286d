/* SPDX-License-Identifier: ISC */
/* What stands in the bounce of a mail for a number that got no SMS. */
#ifndef SMS_MILTER_CTL_BOUNCE_TEXT_H
#define SMS_MILTER_CTL_BOUNCE_TEXT_H

#include <stdbool.h>

#include "journal/journal_record.h"

/* Postfix puts the line into a header field of the delivery status and into its log;
 * who reads it there reads no more than this. */
enum { BOUNCE_TEXT_SIZE = 400 + 1 };

/* One line of printable ASCII: an enhanced status code of class 5 (RFC 3463), a space,
 * the number if it is one, and words for whoever sent the mail. */
struct bounce_text {
    char line[BOUNCE_TEXT_SIZE];
};

/* Why this SMS was not sent, or may not have been. An empty line for one that was.
 * is_of_mail: the record is certainly of the mail that bounces; else the line says that
 * it may be of another one. */
struct bounce_text bounce_text_make(const struct journal_record *record,
                                    bool is_of_mail);

/* Adds to a line that is not empty how many SMS of the same mail were sent to others,
 * if any: who does not read that sends all of them again. */
void bounce_text_add_others(struct bounce_text *text, unsigned others_sent);

/* For a recipient that the journal does not know; number is "" if it is none. */
struct bounce_text bounce_text_no_record(const char *number);

/* Where the journal cannot be asked. */
extern const char bounce_text_no_journal[];

#endif
