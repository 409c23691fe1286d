/* SPDX-License-Identifier: ISC */
/* White space and characters that nobody sees. */
#ifndef SMS_MILTER_TEXT_TIDY_H
#define SMS_MILTER_TEXT_TIDY_H

/* A copy of valid UTF-8 with one space or one line end where there was white space of
 * any kind, and none at either end; without control characters, marks of writing
 * direction and characters of no width, but for the joiners that emoji and scripts are
 * written with; U+FFFD as "?". It is never longer than text. The caller frees it; NULL
 * without memory. */
char *tidy_text(const char *text);

#endif
