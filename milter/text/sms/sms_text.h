/* SPDX-License-Identifier: ISC */
/* The text of one SMS: in the GSM alphabet if possible, and cut to the allowed number
 * of parts. This folder contains the alphabets, the parts and the cut. */
#ifndef SMS_MILTER_TEXT_SMS_SMS_TEXT_H
#define SMS_MILTER_TEXT_SMS_SMS_TEXT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "text/cuts.h"
#include "text/sms/sms_parts.h"

struct sms_text;

/* Makes *text_out from valid UTF-8. The caller frees it with sms_text_free(). The text
 * is brought into NFC. Its characters are replaced by ones of the GSM alphabet if
 * options->encoding allows it and the meaning is kept. If the text takes more than
 * options->max_parts parts, or is longer than the API accepts, options->overlong
 * decides: the text is cut at a word, with "..." at its end, or refused with 5.3.4. No
 * URL and no grapheme cluster is cut in two. An empty text is refused with 5.6.0. Adds
 * to *cuts what was left out. On failure *text_out is NULL. */
bool sms_text_new(const char *utf8, const struct text_options *options,
                  struct cuts *cuts, struct sms_text **text_out, struct error *err);

/* Frees and clears *text. Does nothing if *text is already NULL. */
void sms_text_free(struct sms_text **text);

/* Borrowed: valid until sms_text_free(). */
const char *sms_text_utf8(const struct sms_text *text);

/* The size of the text, as a phone company bills it. Borrowed: valid until
 * sms_text_free(). */
const struct sms_parts *sms_text_size(const struct sms_text *text);

#endif
