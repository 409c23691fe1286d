/* SPDX-License-Identifier: ISC */
/* Opens and reads a file that an administrator named, so that nothing but a regular
 * file is read: a configuration file, a key file, a list of numbers. The audit log is
 * written, so audit_log.c opens it with stricter checks. Libraries open the database
 * and the certificates. */
#ifndef SMS_MILTER_BASE_REGULAR_FILE_H
#define SMS_MILTER_BASE_REGULAR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "base/error.h"

/* Opens a regular file of at most max_bytes for reading. A FIFO is refused without
 * waiting for a writer. A symbolic link is followed, because systemd and administrators
 * use them for keys and configuration files.
 *
 * Returns a file descriptor, which the caller closes, and the result of fstat(2) in
 * *st_out. A caller that checks more must use *st_out and not the path, where another
 * file may be by now. On failure returns -1 and *err begins with the path. */
int regular_file_open(const char *path, int max_bytes, struct stat *st_out,
                      struct error *err);

/* Reads up to size octets, and fewer only if the file ends before. On failure *err
 * begins with the path. */
bool regular_file_read(int fd, const char *path, char *buffer, size_t size,
                       size_t *length_out, struct error *err);

#endif
