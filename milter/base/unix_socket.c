/* SPDX-License-Identifier: ISC */
#include "base/unix_socket.h"

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool somebody_listens(const struct sockaddr_un *address)
{
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_connected;

    if (fd < 0)
        return true;
    is_connected = connect(fd, (const struct sockaddr *)(const void *)address,
                           sizeof *address) == 0;
    close(fd);
    return is_connected;
}

bool unix_socket_clear(const char *path, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct stat st;

    if ((size_t)snprintf(address.sun_path, sizeof address.sun_path, "%s", path) >=
        sizeof address.sun_path)
        return error_set(err, ERROR_REFUSED, NULL, "the path is too long: %s", path);
    if (lstat(path, &st) < 0)
        return errno == ENOENT || error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    if (!S_ISSOCK(st.st_mode))
        return error_set(err, ERROR_REFUSED, NULL, "%s is there and is no socket",
                         path);
    if (somebody_listens(&address))
        return error_set(err, ERROR_REFUSED, NULL,
                         "another program listens on %s already", path);
    return unlink(path) == 0 || error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
}

bool unix_socket_set_group(const char *path, const char *name, struct error *err)
{
    const struct group *group = getgrnam(name);

    if (!group)
        return error_set(err, ERROR_REFUSED, NULL, "there is no group %s", name);
    return chown(path, (uid_t)-1, group->gr_gid) == 0 ||
           error_set_errno(err, ERROR_REFUSED, NULL, "%s to group %s", path, name);
}
