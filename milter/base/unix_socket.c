/* SPDX-License-Identifier: ISC */
#include "base/unix_socket.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/account.h"

/* libmilter accepts a path that is at most one octet shorter than the kernel's limit
 * (listener.c, mi_milteropen()). */
enum { PATH_SIZE = sizeof((struct sockaddr_un *)NULL)->sun_path - 1 };

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

static bool make_address(const char *path, struct sockaddr_un *address,
                         struct error *err)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    return snprintf(address->sun_path, PATH_SIZE, "%s", path) < PATH_SIZE ||
           error_set(
               err, ERROR_REFUSED, NULL,
               "the path is too long: %s (the path of a socket has at most %d bytes)",
               path, PATH_SIZE - 1);
}

/* What lies at a path. */
struct found {
    bool is_there;  /* a socket; nothing lies there otherwise */
    bool is_in_use; /* a program listens on it */
    struct stat st; /* if it is there */
};

/* Fails if something other than a socket lies there. */
static bool look_at(const char *path, struct found *found_out, struct error *err)
{
    struct sockaddr_un address;

    *found_out = (struct found){.is_there = false};
    if (!make_address(path, &address, err))
        return false;
    if (lstat(path, &found_out->st) < 0)
        return errno == ENOENT || error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    if (!S_ISSOCK(found_out->st.st_mode))
        return error_set(err, ERROR_REFUSED, NULL, "%s exists and is not a socket",
                         path);
    found_out->is_there = true;
    found_out->is_in_use = somebody_listens(&address);
    return true;
}

bool unix_socket_clear(const char *path, struct error *err)
{
    struct found found;

    if (!look_at(path, &found, err))
        return false;
    if (found.is_in_use)
        return error_set(err, ERROR_REFUSED, NULL,
                         "another program already listens on %s", path);
    return !found.is_there || unlink(path) == 0 ||
           error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
}

static bool fail_no_member(const char *group, struct error *err)
{
    char user[ACCOUNT_NAME_SIZE];

    folder_user(user, sizeof user);
    return error_set(err, ERROR_REFUSED, NULL,
                     "user %s is not a member of group %s: usermod -a -G %s %s", user,
                     group, group, user);
}

bool unix_socket_set_group(const char *path, const char *name, struct error *err)
{
    gid_t gid;

    if (!account_find_group(name, &gid, err))
        return false;
    if (chown(path, (uid_t)-1, gid) == 0)
        return true;
    return errno == EPERM ? fail_no_member(name, err)
                          : error_set_errno(err, ERROR_REFUSED, NULL, "%s to group %s",
                                            path, name);
}

/* ---- checks before the socket is made ---- */

/* A folder with the setgid bit gives its own group to files created in it. */
static bool gets_group_from_folder(const char *path, gid_t gid)
{
    char folder[PATH_SIZE];
    struct stat st;

    return folder_of(path, folder, sizeof folder) && stat(folder, &st) == 0 &&
           (st.st_mode & S_ISGID) && st.st_gid == gid;
}

bool unix_socket_check_group(const char *path, const char *group, struct error *err)
{
    gid_t gid;

    return account_find_group(group, &gid, err) &&
           (account_is_member(gid) || gets_group_from_folder(path, gid) ||
            fail_no_member(group, err));
}

/* In a folder with the sticky bit only the owner of a file may remove it. */
static bool check_left_behind(const char *path, const struct stat *st,
                              struct error *err)
{
    char folder[PATH_SIZE];
    char owner[ACCOUNT_NAME_SIZE];
    struct stat parent;

    if (geteuid() == 0 || st->st_uid == geteuid() ||
        !folder_of(path, folder, sizeof folder) || stat(folder, &parent) < 0 ||
        !(parent.st_mode & S_ISVTX) || parent.st_uid == geteuid())
        return true;
    account_user_name(st->st_uid, owner);
    return error_set(err, ERROR_REFUSED, NULL,
                     "a socket of user %s was left behind; only that user or root can "
                     "remove it: rm %s",
                     owner, path);
}

bool unix_socket_check(const char *path, const struct folder_plan *plan,
                       bool *is_in_use_out, struct error *err)
{
    struct sockaddr_un ignored;
    struct found found;

    *is_in_use_out = false;
    if (!make_address(path, &ignored, err) || !folder_check(path, plan, err) ||
        !look_at(path, &found, err))
        return false;
    *is_in_use_out = found.is_in_use;
    return !found.is_there || found.is_in_use ||
           check_left_behind(path, &found.st, err);
}
