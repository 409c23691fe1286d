/* SPDX-License-Identifier: ISC */
/* What Unicode knows of characters: normal forms, and what belongs together. */
#ifndef SMS_MILTER_TEXT_SMS_UNICODE_H
#define SMS_MILTER_TEXT_SMS_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Normalization Form C (UAX #15) of valid UTF-8, in a new string that the caller frees;
 * NULL without memory. */
char *unicode_nfc(const char *utf8);

/* The length of the grapheme cluster that valid UTF-8 begins with (UAX #29, with the
 * conjuncts of its rule GB9c, so that an Indic syllable is one); 0 at the end. */
size_t unicode_cluster_bytes(const char *utf8);

/* The same for whoever reads a text a character at a time: all of it zero before the
 * first one. */
struct unicode_clusters {
    uint32_t before; /* the character read last */
    int32_t state;   /* utf8proc's own */
    enum {
        CONJUNCT_NONE,
        CONJUNCT_CONSONANT, /* perhaps with marks behind it */
        CONJUNCT_LINKED     /* and a virama among them: the next consonant belongs */
    } conjunct;
};

/* Reads the next character: does it begin a cluster, or belong to the one before? */
bool unicode_begins_cluster(struct unicode_clusters *clusters, uint32_t point);

/* What a character that Unicode decomposes is to the characters it is made of. */
enum unicode_makeup {
    UNICODE_ATOM,     /* it is not made of others */
    UNICODE_ACCENTED, /* the same, written in several characters */
    UNICODE_STYLED,   /* the same in another shape: full-width, bold, a ligature */
    UNICODE_FRACTION, /* with U+2044 between its numbers */
    UNICODE_CIRCLED,
    UNICODE_RAISED,
    UNICODE_LOWERED
};

/* The longest decomposition of all has 18 characters (U+FDFA). */
enum { UNICODE_MAX_PARTS = 18 };

/* Fills parts_out with all that a character is made of and count_out with how many they
 * are. An atom is its own only part. */
enum unicode_makeup unicode_take_apart(uint32_t point,
                                       uint32_t parts_out[UNICODE_MAX_PARTS],
                                       size_t *count_out);

/* The one character that two make in NFC, or 0 if they stay two. */
uint32_t unicode_compose(uint32_t base, uint32_t mark);

/* Whether it is a mark on another character (general category M). */
bool unicode_is_mark(uint32_t point);

#endif
