/* SPDX-License-Identifier: ISC */
/* A file that an administrator names: opened so that nothing else can take its place.
 */
#ifndef SMS_MILTER_BASE_REGULAR_FILE_H
#define SMS_MILTER_BASE_REGULAR_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Opens a regular file of at most max_bytes for reading; a FIFO does not hold it up.
 * Returns its descriptor, which the caller closes, and its size; or -1, and *err begins
 * with the path. */
int regular_file_open(const char *path, int max_bytes, size_t *size_out,
                      struct error *err);

#endif
