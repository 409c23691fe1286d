/* SPDX-License-Identifier: ISC */
/* What a character outside the GSM alphabet is written as in it. */
#ifndef SMS_MILTER_TEXT_SMS_GSM_LOOKALIKE_H
#define SMS_MILTER_TEXT_SMS_GSM_LOOKALIKE_H

#include <stdbool.h>
#include <stdint.h>

/* A form is never longer than twice the character itself in UTF-8. */
enum { GSM_FORM_SIZE = 16 };

/* A character of a text in NFC, and what its meaning may hang on: "20°C" is "20C", a
 * turn of "90°" is "90 deg". 0 stands for no character. */
struct gsm_place {
    uint32_t before; /* not counting marks on it */
    uint32_t point;
    uint32_t after;
};

enum gsm_mapping {
    GSM_LOOKALIKE, /* only what means the same to whoever reads it */
    GSM_CLOSEST    /* also what can be made out: Cyrillic in Latin letters */
};

/* Writes to form_out what stands for a character: itself if the alphabet has it, and
 * nothing at all for one that cannot be seen. Returns false if there is no such form.
 */
bool gsm_lookalike(const struct gsm_place *place, enum gsm_mapping mapping,
                   char form_out[GSM_FORM_SIZE]);

#endif
