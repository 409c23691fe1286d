/* SPDX-License-Identifier: ISC */
/* The names of options as they are written in a file: those that there are not, and
 * those that are set twice. libconfuse ends at the first, and lets the last of the
 * second win.
 */
#ifndef SMS_MILTER_CONFIG_OPTION_NAMES_H
#define SMS_MILTER_CONFIG_OPTION_NAMES_H

#include <stdbool.h>

/* Before libconfuse reads a text: remembers where its options stand (loading.h), and
 * notes and makes blank those that there are not. False without memory. */
bool option_names_check(char *text);

/* After that: notes those that are set twice. */
void option_names_check_once(void);

#endif
