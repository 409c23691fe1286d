/* SPDX-License-Identifier: ISC */
#include "ctl/input.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_ROOM = 64 * 1024 };

/* Returns false at the end of the input, with errno 0, or on an error, with errno
 * set. */
static bool read_piece(char *data, size_t room, size_t limit_bytes, size_t *size)
{
    char dropped[4096];
    bool is_full = *size == limit_bytes;
    size_t wanted =
        room - *size < limit_bytes - *size ? room - *size : limit_bytes - *size;
    ssize_t got;

    do
        got = is_full ? read(STDIN_FILENO, dropped, sizeof dropped)
                      : read(STDIN_FILENO, data + *size, wanted);
    while (got < 0 && errno == EINTR);
    if (got == 0)
        errno = 0;
    if (got > 0 && !is_full)
        *size += (size_t)got;
    return got > 0;
}

bool input_read(size_t limit_bytes, char **data_out, size_t *size_out)
{
    size_t room = FIRST_ROOM, size = 0;
    char *data = malloc(room + 1);

    while (data && read_piece(data, room, limit_bytes, &size)) {
        char *grown;

        if (size < room)
            continue;
        room *= 2;
        grown = realloc(data, room + 1);
        if (!grown)
            free(data);
        data = grown;
    }
    if (!data || errno != 0) {
        fprintf(stderr, "sms-milterctl: standard input: %s\n", strerror(errno));
        free(data);
        return false;
    }
    data[size] = '\0';
    *data_out = data;
    *size_out = size;
    return true;
}
