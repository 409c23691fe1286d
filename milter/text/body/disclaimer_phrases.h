/* SPDX-License-Identifier: ISC */
/* How disclaimers, and what mailing lists and scanners add, are worded. */
#ifndef SMS_MILTER_TEXT_BODY_DISCLAIMER_PHRASES_H
#define SMS_MILTER_TEXT_BODY_DISCLAIMER_PHRASES_H

#include "text/body/phrase.h"

enum disclaimer_kind {
    DISCLAIMER_SELF,    /* names the mail, as does any phrase with "%" */
    DISCLAIMER_WEAK,    /* a word that other texts have as well: 1 point */
    DISCLAIMER_LEGAL,   /* a word of lawyers: 1 point */
    DISCLAIMER_LIKELY,  /* 2 points of lawyers */
    DISCLAIMER_TELLING, /* 3 points of lawyers */
    DISCLAIMER_CERTAIN, /* enough wherever it stands */
    DISCLAIMER_OPENING, /* 2 points; where it begins a piece, enough with a word of
                         * lawyers or two weak ones */
    DISCLAIMER_HEADING, /* enough as a line, or before a colon with a word of lawyers
                         * behind it, where it begins a piece */
    DISCLAIMER_TITLE,   /* enough as a line, where it begins a piece */
    DISCLAIMER_COMPANY, /* what law wants on a company's paper: 1 point of another kind
                         */
    DISCLAIMER_COMPANY_LINE, /* the same; enough where it begins a piece, if it has "#"
                              * or
                              * ":" or a number follows */
    DISCLAIMER_LIST,         /* what mailing lists write: 1 point of a third kind */
    DISCLAIMER_LIST_KEY,     /* 2 points of that kind; one of them is needed */
    DISCLAIMER_KINDS
};

/* The phrases of a language, as phrase_match() reads them, each list ending in NULL. No
 * phrase may be one that a school writes about anything but the mail itself: "The
 * meeting is confidential", "intended solely for staff" and "received this letter in
 * error" must not be enough. */
struct disclaimer_phrases {
    const char *const *of_kind[DISCLAIMER_KINDS]; /* NULL: none */
};

#define DISCLAIMER_PHRASES(...) \
    (const char *const[])       \
    {                           \
        __VA_ARGS__, NULL       \
    }

extern const struct disclaimer_phrases disclaimer_english, disclaimer_welsh,
    disclaimer_french, disclaimer_german, disclaimer_spanish, disclaimer_italian,
    disclaimer_portuguese, disclaimer_dutch, disclaimer_polish, disclaimer_swedish,
    disclaimer_danish, disclaimer_norwegian, disclaimer_finnish, disclaimer_icelandic;

#endif
