/* SPDX-License-Identifier: ISC */
/* The text of one SMS and the parts it takes on air. 3GPP TS 23.038 clause 6.2
 * (alphabets), TS 23.040 clause 9.2.3.24.1 (parts). */
#ifndef SMS_MILTER_TEXT_SMS_TEXT_H
#define SMS_MILTER_TEXT_SMS_TEXT_H

#include <stdbool.h>

#include "base/config.h"
#include "base/error.h"

struct sms_text;

/* Makes *text_out from valid UTF-8; the caller frees it with sms_text_free(). A text
 * that takes more than options->max_parts parts, or that the API would not take, is cut
 * at a word, with "..." at its end, or refused with 5.3.4, as options->overlong says. A
 * text of nothing is refused with 5.6.0. On failure *text_out is NULL. */
bool sms_text_new(const char *utf8, const struct text_options *options,
                  struct sms_text **text_out, struct error *err);

/* Frees *text and sets it to NULL; does nothing when it is NULL already. */
void sms_text_free(struct sms_text **text);

/* Borrowed: valid until sms_text_free(). */
const char *sms_text_utf8(const struct sms_text *text);

/* How many parts a phone company bills. */
unsigned sms_text_parts(const struct sms_text *text);

/* Whether something was left out at the end. */
bool sms_text_is_cut(const struct sms_text *text);

#endif
