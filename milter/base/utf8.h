/* SPDX-License-Identifier: ISC */
/* UTF-8 (RFC 3629), read one character at a time. */
#ifndef SMS_MILTER_BASE_UTF8_H
#define SMS_MILTER_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value (U+FFFD) returned for a byte that is not part of a well-formed
 * character. */
enum { UTF8_REPLACEMENT = 0xFFFD };

/* Reads the character at *text into *point_out and moves *text past it. Returns false
 * at the end of the string. A byte that does not begin a well-formed character
 * (overlong form, surrogate, above U+10FFFF, cut off) counts as one
 * UTF8_REPLACEMENT. */
bool utf8_next(const char **text, uint32_t *point_out);

/* The length of the well-formed character at the beginning of these bytes. 0 if there
 * is none there, or if it is cut off. NUL counts as a character here. */
size_t utf8_length(const char *bytes, size_t size_bytes);

/* How many bytes at the beginning are ASCII other than NUL. Most texts consist largely
 * of them, and they are quick to skip. */
size_t utf8_ascii_length(const char *bytes, size_t size_bytes);

/* The small letter of a capital letter of ASCII, Latin-1, Latin Extended-A, Greek or
 * Cyrillic. Any other character is returned unchanged. */
uint32_t utf8_small_letter(uint32_t point);

/* The greatest length, at most length_bytes, at which the text can be cut without
 * splitting a character. The text must continue after length_bytes, or have a NUL
 * there. */
size_t utf8_floor(const char *text, size_t length_bytes);

/* Whether the whole string is well-formed UTF-8. */
bool utf8_is_valid(const char *text);

/* Makes text safe for one line of a log, in place: control characters (C0, DEL, C1),
 * line and paragraph separators, and malformed bytes become '?'. */
void utf8_make_printable(char *text);

#endif
