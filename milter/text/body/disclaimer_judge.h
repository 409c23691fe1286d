/* SPDX-License-Identifier: ISC */
/* Whether a piece of a mail is a disclaimer, by the phrases in it. */
#ifndef SMS_MILTER_TEXT_BODY_DISCLAIMER_JUDGE_H
#define SMS_MILTER_TEXT_BODY_DISCLAIMER_JUDGE_H

#include <stddef.h>
#include <stdint.h>

#include "text/body/phrase.h"

enum { DISCLAIMER_MAX_PHRASES = 1600, DISCLAIMER_BUCKETS = 1024 };

/* The phrases of all languages by their first two bytes. */
struct disclaimer_index {
    uint16_t first[DISCLAIMER_BUCKETS]; /* an entry's number; 0: none */
    uint16_t count;
    struct disclaimer_entry {
        const char *phrase;
        uint16_t next; /* of the same bucket; 0: none */
        uint8_t kind, language;
    } entries[1 + DISCLAIMER_MAX_PHRASES]; /* the first one is nobody's */
};

/* Fills it: once for a mail, so that every word is compared with few phrases. */
void disclaimer_index_fill(struct disclaimer_index *index_out);

enum disclaimer_verdict {
    DISCLAIMER_NOT,     /* no word of a disclaimer is in it */
    DISCLAIMER_WORDS,   /* some words */
    DISCLAIMER_RELATED, /* it speaks of the mail and of secrecy, liability or lists, as
                         * the beginning of a disclaimer does, or the sender */
    DISCLAIMER_YES
};

/* What a piece is that begins with a line of its own; first_line_bytes is how much of
 * the text that line takes. */
enum disclaimer_verdict disclaimer_judge(const struct disclaimer_index *index,
                                         const struct phrase_text *text,
                                         size_t first_line_bytes);

#endif
