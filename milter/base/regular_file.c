/* SPDX-License-Identifier: ISC */
#include "base/regular_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int regular_file_open(const char *path, int max_bytes, size_t *size_out,
                      struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;

    if (fd < 0 || fstat(fd, &st) < 0)
        error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    else if (!S_ISREG(st.st_mode))
        error_set(err, ERROR_REFUSED, NULL, "%s: is not a regular file", path);
    else if (st.st_size > max_bytes)
        error_set(err, ERROR_REFUSED, NULL, "%s: is larger than %d bytes", path,
                  max_bytes);
    else {
        *size_out = (size_t)st.st_size;
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}
