/* SPDX-License-Identifier: ISC */
/* What the words of a line tell of a date and a time of day. */
#ifndef SMS_MILTER_TEXT_BODY_QUOTE_DATE_H
#define SMS_MILTER_TEXT_BODY_QUOTE_DATE_H

#include <stdbool.h>
#include <stddef.h>

enum {
    QUOTE_DATE_DAY = 1,   /* a number of a day, or day and month */
    QUOTE_DATE_YEAR = 2,  /* 2026 */
    QUOTE_DATE_WHOLE = 4, /* 23/11/2026 */
    QUOTE_DATE_TIME = 8,  /* 9:12 */
    QUOTE_DATE_MONTH = 16 /* a word, such as the name of a month */
};

/* A word, without the punctuation around it: one of the above, MONTH excepted; 0 if it
 * is of no date. */
unsigned quote_date_read_word(const char *word, size_t length);

/* All words of a text, with or without punctuation: any of the above. */
unsigned quote_date_read_text(const char *text, size_t length);

/* Whether what was read makes a date: a whole one, or a day with a year or a time. */
bool quote_date_is_date(unsigned parts);

/* Whether it has day, month, year and time, in numbers or with the month's name. */
bool quote_date_is_full(unsigned parts);

#endif
