/* SPDX-License-Identifier: ISC */
/* The country code at the start of a telephone number (ITU-T E.164, list of assigned
 * country codes), and the 0 that people often write after it. */
#ifndef SMS_MILTER_BASE_COUNTRY_CODE_H
#define SMS_MILTER_BASE_COUNTRY_CODE_H

#include <stdbool.h>
#include <stddef.h>

/* The number of digits of the country code: 1 to 3. No code is the beginning of another
 * code, so the first digits decide. For a code that is not assigned the result is 3,
 * because three digits are reserved for it.
 *
 * number consists of digits only, such as "447700900123", and does not begin with 0. It
 * may be only the beginning of a number, and so may be shorter than its code. */
size_t country_code_length(const char *number);

/* Whether this country has phone numbers that keep their leading 0 when dialled from
 * abroad. number is as above. */
bool country_code_keeps_zero(const char *number);

/* Whether a 0 follows the country code that is not part of the number: the trunk
 * prefix, which is dialled before a number only within the country, or a mistake.
 * number is as above. */
bool country_code_has_trunk_zero(const char *number);

/* Removes that 0 from number, in place. Returns false if two zeros stand there: this is
 * not a valid number, because nobody dials two. */
bool country_code_drop_trunk_zero(char *number);

#endif
