/* SPDX-License-Identifier: ISC */
/* Finds the word that was probably meant when somebody mistyped one. */
#ifndef SMS_MILTER_BASE_SPELLING_H
#define SMS_MILTER_BASE_SPELLING_H

#include <stdbool.h>
#include <stddef.h>

/* Whether two words differ by at most two slips and in at most a third of their
 * letters. A slip is an octet left out, added or changed, or two neighbouring octets
 * swapped. */
bool spelling_is_close(const char *one, const char *other);

/* The name most similar to word, or NULL if none is similar enough. */
const char *spelling_find(const char *word, const char *const *names, size_t count);

#endif
