/* SPDX-License-Identifier: ISC */
/* Prepares the text of a configuration file for libconfuse. libconfuse 3.3 counts the
 * line of a comment three times. It also ends every open section at the end of a file,
 * so a file cut in half would be accepted without the deny list in the missing half. */
#ifndef SMS_MILTER_CONFIG_CONFIG_TEXT_H
#define SMS_MILTER_CONFIG_CONFIG_TEXT_H

#include "base/error.h"

/* Reads a regular file. In the result comments are replaced by blanks, and every
 * string, comment and brace is closed. On failure returns NULL, and *err names the path
 * and, if there is one, the line. Otherwise the caller must call config_text_free(). */
char *config_text_read(const char *path, struct error *err);

/* Wipes the text, because it may hold keys, frees it and clears *text. NULL is
 * allowed. */
void config_text_free(char **text);

#endif
