/* SPDX-License-Identifier: ISC */
/* Other scripts in the letters that the GSM alphabet has: for who must have an SMS in
 * that alphabet whatever it is written in. */
#ifndef SMS_MILTER_TEXT_SMS_GSM_TRANSLITERATION_H
#define SMS_MILTER_TEXT_SMS_GSM_TRANSLITERATION_H

#include <stdint.h>

/* What is written for a letter, digit or sign; a string constant, NULL if nothing is
 * close. Cyrillic is as in BGN/PCGN, without its marks. */
const char *gsm_transliterate(uint32_t point);

#endif
