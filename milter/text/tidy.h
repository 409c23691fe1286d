/* SPDX-License-Identifier: ISC */
/* Removes superfluous white space and invisible characters. */
#ifndef SMS_MILTER_TEXT_TIDY_H
#define SMS_MILTER_TEXT_TIDY_H

/* Returns a copy of valid UTF-8 in which each run of white space of any kind is one
 * space or one line end, and there is none at either end. Control characters, direction
 * marks and zero-width characters are removed, except the joiners that emoji and some
 * scripts need. U+FFFD becomes "?". The copy is never longer than text. The caller
 * frees it; NULL without memory. */
char *tidy_text(const char *text);

#endif
