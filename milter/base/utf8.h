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

/* The small letter of a capital letter of Latin, Greek or Cyrillic, as far as languages
 * of Europe use it today. Any other character is returned unchanged. */
uint32_t utf8_small_letter(uint32_t point);

/* Whether it is a capital, or a small letter, of those scripts. Letters of Arabic and
 * of other scripts without case are neither. */
bool utf8_is_capital(uint32_t point);
bool utf8_is_small(uint32_t point);

/* The form of a character in which words are compared: a small letter, without what
 * people and programs leave out or write in two ways (accents and final sigma of Greek,
 * the dotted and the dotless i, Romanian commas and cedillas, Arabic vowel marks, alifs
 * and digits, apostrophes). 0 for invisible characters: marks of direction, joiners.
 * The result is the character itself, or a character of at most two bytes that is not
 * longer than the original. */
uint32_t utf8_fold(uint32_t point);

/* Writes the folded form of these bytes as a string. It ends at a malformed byte, and
 * where there is no space for the original form of the next character. Returns the
 * length of the string. */
size_t utf8_fold_text(const char *bytes, size_t length_bytes, char *text_out,
                      size_t size_bytes);

/* Writes a character below U+0800, without a NUL; returns how many bytes it takes. */
size_t utf8_write_short(uint32_t point, char *out);

/* Whether it is a mark that says in which direction text runs. Arabic mail programs put
 * them around names, addresses and whole lines. */
bool utf8_is_direction_mark(uint32_t point);

/* How many characters these bytes of valid UTF-8 are. */
size_t utf8_count(const char *bytes, size_t length_bytes);

/* The character that these bytes begin with; 0 if they begin with none. */
uint32_t utf8_first(const char *bytes, size_t length_bytes);

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
