/* SPDX-License-Identifier: ISC */
/* The text of a configuration file, made ready for libconfuse, which counts the line of
 * a comment three times (3.3) and takes the end of a file for the end of every section
 * that is open: a file cut in half would pass, without the deny list in its other half.
 */
#ifndef SMS_MILTER_CONFIG_CONFIG_TEXT_H
#define SMS_MILTER_CONFIG_CONFIG_TEXT_H

#include "base/error.h"

/* Reads a regular file. Comments are blanks in what comes back, and every string,
 * comment and brace has its end. Returns NULL with the path, and the line where there
 * is one, in *err; otherwise the caller gives the text to config_text_free(). */
char *config_text_read(const char *path, struct error *err);

/* Wipes the text, which may hold keys, frees it and clears *text. NULL is allowed. */
void config_text_free(char **text);

#endif
