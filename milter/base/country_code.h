/* SPDX-License-Identifier: ISC */
/* The country code that a telephone number begins with (ITU-T E.164, list of assigned
 * country codes), and the 0 that people write behind it. */
#ifndef SMS_MILTER_BASE_COUNTRY_CODE_H
#define SMS_MILTER_BASE_COUNTRY_CODE_H

#include <stdbool.h>
#include <stddef.h>

/* How many digits of a number are its country code: 1 to 3. No code is the beginning of
 * another one, so that the first digits tell; a code that is not assigned has the three
 * digits that are kept for it. number is digits alone, "447700900123", the first of
 * them not 0; it may be the beginning of a number, and then shorter than its code. */
size_t country_code_length(const char *number);

/* Whether phones of this country have numbers that begin with 0 abroad as well as at
 * home. number as above. */
bool country_code_keeps_zero(const char *number);

/* Whether the 0 right behind the country code is none of the number's: the trunk
 * prefix, dialled before a number at home, or a mistake. number as above. */
bool country_code_has_trunk_zero(const char *number);

/* Takes that 0 out of number, in place. False where two of them stand there, which is
 * no number: nobody dials two. */
bool country_code_drop_trunk_zero(char *number);

#endif
