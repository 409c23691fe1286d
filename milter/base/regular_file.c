/* SPDX-License-Identifier: ISC */
#include "base/regular_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int regular_file_open(const char *path, int max_bytes, struct stat *st_out,
                      struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0 || fstat(fd, st_out) < 0)
        error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    else if (!S_ISREG(st_out->st_mode))
        error_set(err, ERROR_REFUSED, NULL, "%s is not a regular file", path);
    else if (st_out->st_size > max_bytes)
        error_set(err, ERROR_REFUSED, NULL, "%s is larger than %d bytes", path,
                  max_bytes);
    else
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

bool regular_file_read(int fd, const char *path, char *buffer, size_t size,
                       size_t *length_out, struct error *err)
{
    *length_out = 0;
    while (*length_out < size) {
        ssize_t n = read(fd, buffer + *length_out, size - *length_out);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
        if (n == 0)
            break;
        *length_out += (size_t)n;
    }
    return true;
}
