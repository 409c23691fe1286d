/* SPDX-License-Identifier: ISC */
/* UTF-8 (RFC 3629), one character at a time. */
#ifndef SMS_MILTER_BASE_UTF8_H
#define SMS_MILTER_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a byte that is no part of a well-formed character (U+FFFD). */
enum { UTF8_REPLACEMENT = 0xFFFD };

/* Reads the character at *text into *point_out and moves *text behind it. Returns false
 * at the end of the string. A byte that begins no well-formed character (overlong form,
 * surrogate, beyond U+10FFFF, cut off) counts as one UTF8_REPLACEMENT. */
bool utf8_next(const char **text, uint32_t *point_out);

/* The length of the well-formed character that these bytes begin with; 0 if they begin
 * with none, or with one that is cut off. NUL is a character here. */
size_t utf8_length(const char *bytes, size_t size_bytes);

/* How many of these bytes, from the first on, are ASCII other than NUL: most of most
 * texts, and quick to pass over. */
size_t utf8_ascii_length(const char *bytes, size_t size_bytes);

/* The small letter of a capital of ASCII, Latin-1, Latin Extended-A, Greek or Cyrillic;
 * any other character is itself. */
uint32_t utf8_small_letter(uint32_t point);

/* The most of the first length_bytes of a text that does not cut a character in two;
 * the text goes on behind them, or has a NUL there. */
size_t utf8_floor(const char *text, size_t length_bytes);

/* Whether the whole string is well formed. */
bool utf8_is_valid(const char *text);

/* Makes text fit for one line of a log: control characters (C0, DEL, C1), line and
 * paragraph separators and malformed bytes become '?', in place. */
void utf8_make_printable(char *text);

#endif
