/* SPDX-License-Identifier: ISC */
/* Finds what to write in the GSM alphabet for a character outside it. */
#ifndef SMS_MILTER_TEXT_SMS_GSM_LOOKALIKE_H
#define SMS_MILTER_TEXT_SMS_GSM_LOOKALIKE_H

#include <stdbool.h>
#include <stdint.h>

/* In UTF-8 a form is at most twice as long as the character itself. */
enum { GSM_FORM_SIZE = 16 };

/* A character of a text in NFC, with the neighbours on which its meaning may depend:
 * "20°C" becomes "20C", a turn of "90°" becomes "90 deg". 0 means no character. */
struct gsm_place {
    uint32_t before; /* without the marks on it */
    uint32_t point;
    uint32_t after;
};

enum gsm_mapping {
    GSM_LOOKALIKE, /* only what means the same to every reader */
    GSM_CLOSEST    /* also what can still be understood: Cyrillic in Latin letters */
};

/* Writes to form_out what stands for a character: the character itself if the alphabet
 * contains it, and "" if it cannot be seen. Returns false if there is no such form. */
bool gsm_lookalike(const struct gsm_place *place, enum gsm_mapping mapping,
                   char form_out[GSM_FORM_SIZE]);

#endif
