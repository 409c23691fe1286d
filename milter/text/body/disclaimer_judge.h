/* SPDX-License-Identifier: ISC */
/* Whether a piece of a mail is a disclaimer, by the phrases in it. */
#ifndef SMS_MILTER_TEXT_BODY_DISCLAIMER_JUDGE_H
#define SMS_MILTER_TEXT_BODY_DISCLAIMER_JUDGE_H

#include <stddef.h>

#include "text/body/phrase.h"

enum disclaimer_verdict {
    DISCLAIMER_NOT,     /* no word of a disclaimer is in it */
    DISCLAIMER_WORDS,   /* some words */
    DISCLAIMER_RELATED, /* it speaks of the mail and of secrecy, liability or lists, as
                         * the beginning of a disclaimer does, or the sender */
    DISCLAIMER_YES
};

/* What a piece is that begins with a line of its own; first_line_bytes is how much of
 * the text that line takes. */
enum disclaimer_verdict disclaimer_judge(const struct phrase_text *text,
                                         size_t first_line_bytes);

#endif
