/* SPDX-License-Identifier: ISC */
/* The words of all languages (language.h), so that few of them are compared with a word
 * of a text, however many languages there are. The index is built when it is first
 * asked, by any thread, and stays. */
#ifndef SMS_MILTER_TEXT_LANGUAGE_LANGUAGE_INDEX_H
#define SMS_MILTER_TEXT_LANGUAGE_LANGUAGE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/language/language.h"

/* A word or phrase. It stands once for all languages that have it in the same list, but
 * for disclaimers, whose points are counted by language. Static. */
struct language_phrase {
    const char *text; /* as utf8_fold() makes it */
    uint32_t hash;    /* for the index, as is next */
    uint16_t next;
    uint16_t number;  /* of those in its group, from 0 on */
    uint8_t list;     /* enum language_list */
    uint8_t language; /* its place in languages[] */
};

/* Lists that are asked together: the first list of a group stands for all of it. */
enum {
    GROUP_LABELS = LABEL_FROM,
    GROUP_VERBS = ATTRIBUTION_VERB,
    GROUP_FOOTER_WORDS = FOOTER_SENT,
    GROUP_DISCLAIMERS = DISCLAIMER_SELF
};

/* More than a group or the index has; a test tells when they are too few. */
enum { LANGUAGE_MOST_IN_GROUP = 4096, LANGUAGE_MOST_PHRASES = 12000 };

/* A walk over the phrases of a list or group that may begin at some place. */
struct language_walk {
    const char *at;
    uint32_t hashes[2];
    uint16_t chains[2];
};

/* Begins a walk at a place of folded text that ends in a NUL. The phrases that are
 * found begin with the same letter or two; whether the rest is there, the caller looks.
 * At "%" they are those that begin with it. language_walk_next() returns NULL at the
 * end. */
struct language_walk language_walk_at(unsigned list, const char *at);
const struct language_phrase *language_walk_next(struct language_walk *walk);

/* What a list or group has for these bytes, which are any text: in any case, with any
 * accents that utf8_fold() drops. Of several the one whose list, and then whose
 * language, comes first; NULL if there is none. */
const struct language_phrase *language_find(unsigned list, const char *bytes,
                                            size_t length);

/* The verb of an attribution whose last word this is, after those before it, which
 * begin at start; NULL if there is none. Of several the longest. */
const struct language_phrase *language_find_verb(const char *start, const char *word,
                                                 size_t length);

/* Whether these bytes, of any text, begin with something in the list. */
bool language_begins(unsigned list, const char *bytes, size_t length);

/* How many phrases there are; how many of them were left out because the index is full:
 * none, or a test fails. */
size_t language_phrase_count(void);
size_t language_phrases_lost(void);

#endif
