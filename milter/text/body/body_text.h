/* SPDX-License-Identifier: ISC */
/* The text of a mail -> what a person wrote in it: no signature, no quote, no
 * disclaimer. */
#ifndef SMS_MILTER_TEXT_BODY_BODY_TEXT_H
#define SMS_MILTER_TEXT_BODY_BODY_TEXT_H

#include <stdbool.h>

#include "config/config.h"
#include "text/cuts.h"
#include "text/marked_text.h"

/* Leaves out what the sender did not write for this mail, and joins lines that a mail
 * program wrapped. A body that is nothing but a quote keeps the quote's text. Without
 * may_be_empty, which says that there is a subject to send, nothing is cut that would
 * leave no words where there were some, but for the end-marker, which is the sender's
 * own wish. Adds to *cuts what was left out. Returns a new string of valid UTF-8 that
 * the caller frees; NULL without memory. */
char *body_text_new(const struct marked_text *body, const struct text_options *options,
                    bool may_be_empty, struct cuts *cuts);

#endif
