/* SPDX-License-Identifier: ISC */
/* The text of one SMS: in the alphabet it can have, cut to the parts it may take. */
#ifndef SMS_MILTER_TEXT_SMS_SMS_TEXT_H
#define SMS_MILTER_TEXT_SMS_SMS_TEXT_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "text/cuts.h"
#include "text/sms/sms_parts.h"

struct sms_text;

/* Makes *text_out from valid UTF-8; the caller frees it with sms_text_free(). The text
 * is brought into NFC, and its characters into the GSM alphabet where options->encoding
 * lets it and the meaning stays. One that takes more than options->max_parts parts, or
 * that the API would not take, is cut at a word, with "..." at its end, or refused with
 * 5.3.4, as options->overlong says; no URL and no grapheme cluster is cut in two. A
 * text of nothing is refused with 5.6.0. Adds to *cuts what was left out. On failure
 * *text_out is NULL. */
bool sms_text_new(const char *utf8, const struct text_options *options,
                  struct cuts *cuts, struct sms_text **text_out, struct error *err);

/* Frees *text and sets it to NULL; does nothing when it is NULL already. */
void sms_text_free(struct sms_text **text);

/* Borrowed: valid until sms_text_free(). */
const char *sms_text_utf8(const struct sms_text *text);

/* The same: what a phone company bills. */
const struct sms_parts *sms_text_size(const struct sms_text *text);

/* Whether something was left out at the end. */
bool sms_text_is_cut(const struct sms_text *text);

#endif
