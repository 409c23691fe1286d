/* SPDX-License-Identifier: ISC */
/* The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1). */
#ifndef SMS_MILTER_TEXT_SMS_GSM0338_H
#define SMS_MILTER_TEXT_SMS_GSM0338_H

#include <stdint.h>

/* How many septets a character takes: 1; 2 if it is in the extension table, including
 * the escape; 0 if the alphabet does not contain it. */
unsigned gsm0338_septets(uint32_t point);

#endif
