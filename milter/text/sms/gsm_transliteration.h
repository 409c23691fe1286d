/* SPDX-License-Identifier: ISC */
/* Writes other scripts in the letters of the GSM alphabet, for customers who want every
 * SMS in that alphabet. */
#ifndef SMS_MILTER_TEXT_SMS_GSM_TRANSLITERATION_H
#define SMS_MILTER_TEXT_SMS_GSM_TRANSLITERATION_H

#include <stdint.h>

/* What is written for a letter, digit or sign: a string constant; NULL if nothing is
 * similar enough. Cyrillic follows BGN/PCGN without its marks. */
const char *gsm_transliterate(uint32_t point);

#endif
