/* SPDX-License-Identifier: ISC */
/* A set of telephone numbers to which no SMS may be sent, read from a file with one
 * number on each line. */
#ifndef SMS_MILTER_BASE_NUMBER_SET_H
#define SMS_MILTER_BASE_NUMBER_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct number_set;

/* A line has at most 1000 bytes without its line end: a number and a remark. */
enum { NUMBER_SET_LINE_BYTES = 1000 };

/* Reads a regular file. Each line is a number with its country code, "+447700900123",
 * "00447700900123" or "447700900123". Spaces, tabs, ".", "-", "(" and ")" may separate
 * the digits. A trunk 0 after the country code is ignored, with or without brackets.
 * "#" begins a comment, also after a number. Lines may be empty and may end in LF or CR
 * LF. A UTF-8 byte order mark is allowed.
 *
 * Any other line is an error, because an SMS would be sent to a number that is not
 * understood. A number that lacks its country code cannot always be recognised. With +1
 * and +7 the length shows it: "7700900123" is a British number whose leading 0 was
 * removed by a spreadsheet.
 *
 * The caller frees *set_out with number_set_free(). On failure *set_out is NULL, and
 * *err says "FILE:LINE: what is wrong", or "FILE: why it cannot be read". The error
 * contains no part of a line, because the numbers are personal data. */
bool number_set_load(const char *path, struct number_set **set_out, struct error *err);

/* Frees and clears *set. Does nothing if *set is already NULL. */
void number_set_free(struct number_set **set);

/* Whether a number in the form "+447700900123" is in the set. The two still match if
 * one of them has a trunk 0 after its country code. Returns true for text that is not a
 * number in this form, because no SMS may be sent to it either. */
bool number_set_contains(const struct number_set *set, const char *e164);

/* How many different numbers the set contains. */
size_t number_set_count(const struct number_set *set);

#endif
