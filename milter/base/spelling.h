/* SPDX-License-Identifier: ISC */
/* Words that somebody typed wrong. */
#ifndef SMS_MILTER_BASE_SPELLING_H
#define SMS_MILTER_BASE_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* Whether one is the other with at most two slips: an octet left out, put in, changed,
 * or two beside each other in the wrong order. At most a third of the word is wrong. */
bool spelling_is_close(const char *one, const char *other);

/* The name that is closest to a word, NULL where none is close. */
const char *spelling_find(const char *word, const char *const *names, size_t count);

#endif
