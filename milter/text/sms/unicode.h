/* SPDX-License-Identifier: ISC */
/* Properties of Unicode characters: normal forms, and which characters belong
 * together. */
#ifndef SMS_MILTER_TEXT_SMS_UNICODE_H
#define SMS_MILTER_TEXT_SMS_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Normalization Form C (UAX #15) of valid UTF-8, in a new string that the caller frees.
 * NULL without memory. */
char *unicode_nfc(const char *utf8);

/* The length of the grapheme cluster at the beginning of valid UTF-8 (UAX #29). Rule
 * GB9c applies, so that an Indic syllable is one cluster. 0 at the end of the text. */
size_t unicode_cluster_bytes(const char *utf8);

/* The state for reading a text one character at a time. It must be all zero before the
 * first character. */
struct unicode_clusters {
    uint32_t before; /* the character read last */
    int32_t state;   /* used by utf8proc */
    enum {
        CONJUNCT_NONE,
        CONJUNCT_CONSONANT, /* perhaps with marks after it */
        CONJUNCT_LINKED /* with a virama among the marks: the next consonant belongs to
                           it */
    } conjunct;
};

/* Reads the next character. Returns whether it begins a cluster; otherwise it belongs
 * to the cluster before. */
bool unicode_begins_cluster(struct unicode_clusters *clusters, uint32_t point);

/* How a character that Unicode decomposes relates to the characters it is made of. */
enum unicode_makeup {
    UNICODE_ATOM,     /* it is not made of others */
    UNICODE_ACCENTED, /* the same, written in several characters */
    UNICODE_STYLED,   /* the same in another shape: full-width, bold, a ligature */
    UNICODE_FRACTION, /* with U+2044 between its numbers */
    UNICODE_CIRCLED,
    UNICODE_RAISED,
    UNICODE_LOWERED
};

/* The longest decomposition has 18 characters (U+FDFA). */
enum { UNICODE_MAX_PARTS = 18 };

/* Writes the characters that a character is made of to parts_out, and their number to
 * *count_out. An atom has itself as its only part. */
enum unicode_makeup unicode_take_apart(uint32_t point,
                                       uint32_t parts_out[UNICODE_MAX_PARTS],
                                       size_t *count_out);

/* The single character that the two form in NFC; 0 if they stay two. */
uint32_t unicode_compose(uint32_t base, uint32_t mark);

/* Whether the character is a mark on another one (general category M). */
bool unicode_is_mark(uint32_t point);

#endif
