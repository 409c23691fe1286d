/* SPDX-License-Identifier: ISC */
/* Telephone numbers that are not to be texted, from a file of one number a line. */
#ifndef SMS_MILTER_BASE_NUMBER_SET_H
#define SMS_MILTER_BASE_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct number_set;

/* A line has 1000 bytes without its end at most: a number and a remark. */
enum { NUMBER_SET_LINE_BYTES = 1000 };

/* Reads a regular file. A line is a number with its country code, "+447700900123",
 * "00447700900123" or "447700900123", in which space, tab, ".", "-", "(" and ")"
 * separate; a trunk 0 behind the country code, in brackets or not, is left out. "#"
 * begins a comment, also behind a number; lines may be empty and end in LF or CR LF,
 * and UTF-8 may have its byte order mark.
 *
 * Any other line is an error, for a number that is not understood would be texted. A
 * number of another country than its writer thought cannot always be told; one of +1
 * or +7 is by its length: "7700900123" is a British one that a spreadsheet took the 0
 * from.
 *
 * The caller frees *set_out with number_set_free(). On failure it is NULL, and *err
 * says "FILE:LINE: what is wrong", or "FILE: why it cannot be read". No part of a line
 * is in there: the numbers are personal data. */
bool number_set_load(const char *path, struct number_set **set_out, struct error *err);

/* Frees and clears *set; does nothing when it is NULL already. */
void number_set_free(struct number_set **set);

/* Whether a number as "+447700900123" is in the set, also if one of the two has a trunk
 * 0 behind its country code. True for what is no such number: it is not to be texted
 * either. */
bool number_set_contains(const struct number_set *set, const char *e164);

/* How many different numbers there are. */
size_t number_set_count(const struct number_set *set);

#endif
