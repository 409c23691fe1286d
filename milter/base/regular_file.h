/* SPDX-License-Identifier: ISC */
/* Opens a file that an administrator named, so that nothing but a regular file is
 * read. */
#ifndef SMS_MILTER_BASE_REGULAR_FILE_H
#define SMS_MILTER_BASE_REGULAR_FILE_H

#include <stddef.h>

#include "base/error.h"

/* Opens a regular file of at most max_bytes for reading. A FIFO is refused without
 * waiting for a writer. Returns a file descriptor, which the caller closes, and the
 * size in *size_out. On failure returns -1 and *err begins with the path. */
int regular_file_open(const char *path, int max_bytes, size_t *size_out,
                      struct error *err);

#endif
