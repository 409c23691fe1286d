/* SPDX-License-Identifier: ISC */
/* What of a mail is not in its SMS, and why: for whoever asks where a text went. */
#ifndef SMS_MILTER_TEXT_CUTS_H
#define SMS_MILTER_TEXT_CUTS_H

#include <stddef.h>

enum cut_reason {
    CUT_END_MARKER,    /* what stands below the end-marker */
    CUT_QUOTE,         /* a mail that is answered or forwarded */
    CUT_SIGNATURE,     /* a signature, of a person or of an organisation */
    CUT_MOBILE_FOOTER, /* "Sent from my phone" */
    CUT_DISCLAIMER,    /* confidentiality notices and the like */
    CUT_STRIP,         /* what a pattern of the customer's matches */
    CUT_CHARACTERS,    /* characters that encoding = "gsm7" does not have */
    CUT_OVERLONG,      /* what is beyond max-parts, or beyond what the API takes */
    CUT_REASONS
};

/* Octets of the beginning of a cut piece that are kept to show it, with the NUL. */
enum { CUT_EXCERPT_SIZE = 64 };

/* All of it zero: nothing was cut. */
struct cuts {
    struct cut {
        size_t size_bytes;                /* of all that was cut for this reason */
        char beginning[CUT_EXCERPT_SIZE]; /* of the first of it: one line, UTF-8 */
    } by_reason[CUT_REASONS];
    /* A pattern of the customer's that took too long and was left out, borrowed from
     * the options; or NULL. */
    const char *costly_pattern;
};

/* Adds a piece of valid UTF-8 text, if it is more than white space. */
void cuts_add(struct cuts *cuts, enum cut_reason reason, const char *text,
              size_t length_bytes);

/* The reason's name in JSON and logs, a string constant: "mobile-footer". */
const char *cuts_name(enum cut_reason reason);

#endif
