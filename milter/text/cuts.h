/* SPDX-License-Identifier: ISC */
/* Records which parts of a mail are not in its SMS, and why, for people who ask where a
 * text went. */
#ifndef SMS_MILTER_TEXT_CUTS_H
#define SMS_MILTER_TEXT_CUTS_H

#include <stddef.h>

enum cut_reason {
    CUT_END_MARKER,    /* text below the end-marker */
    CUT_QUOTE,         /* a quoted mail, in a reply or a forward */
    CUT_SIGNATURE,     /* a signature, of a person or of an organisation */
    CUT_MOBILE_FOOTER, /* "Sent from my phone" */
    CUT_DISCLAIMER,    /* confidentiality notices and similar text */
    CUT_STRIP,         /* text that matches a strip pattern of the customer */
    CUT_CHARACTERS,    /* characters that encoding = "gsm7" does not have */
    CUT_OVERLONG,      /* text beyond max-parts, or beyond what the API accepts */
    CUT_REASONS
};

/* How many octets of the beginning of a cut piece are kept to show it, with the NUL. */
enum { CUT_EXCERPT_SIZE = 64 };

/* An all-zero structure means that nothing was cut. */
struct cuts {
    struct cut {
        size_t size_bytes;                /* of everything cut for this reason */
        char beginning[CUT_EXCERPT_SIZE]; /* of the first piece: one line, UTF-8 */
    } by_reason[CUT_REASONS];
    /* A strip pattern of the customer that took too long and was skipped, borrowed from
     * the options; or NULL. */
    const char *costly_pattern;
};

/* Adds a piece of valid UTF-8 text, unless it is only white space. */
void cuts_add(struct cuts *cuts, enum cut_reason reason, const char *text,
              size_t length_bytes);

/* The name of the reason in JSON and logs, such as "mobile-footer": a string
 * constant. */
const char *cuts_name(enum cut_reason reason);

#endif
