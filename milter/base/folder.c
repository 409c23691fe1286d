/* SPDX-License-Identifier: ISC */
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/account.h"

static const char package_user[] = "sms-milter";

const char *folder_user(char *name, size_t size)
{
    char found[ACCOUNT_NAME_SIZE];

    if (geteuid() == 0 && account_is_user(package_user))
        snprintf(found, sizeof found, "%s", package_user);
    else
        account_user_name(geteuid(), found);
    snprintf(name, size, "%s", found);
    return name;
}

bool folder_of(const char *path, char *folder_out, size_t size)
{
    const char *slash = strrchr(path, '/');
    size_t length = slash ? (size_t)(slash - path) : 0;

    while (length > 1 && path[length - 1] == '/')
        length--;
    if (length == 0)
        return (size_t)snprintf(folder_out, size, "%s", slash ? "/" : ".") < size;
    return (size_t)snprintf(folder_out, size, "%.*s", (int)length, path) < size;
}

/* A relative target starts from the folder that holds the link. Returns NULL if path is
 * not a link, or without memory. */
static char *read_link(const char *path)
{
    char folder[PATH_MAX], target[PATH_MAX], *whole = NULL;
    ssize_t length = readlink(path, target, sizeof target - 1);

    if (length < 0 || !folder_of(path, folder, sizeof folder))
        return NULL;
    target[length] = '\0';
    if (*target == '/')
        return strdup(target);
    return asprintf(&whole, "%s/%s", folder, target) < 0 ? NULL : whole;
}

/* The kernel follows at most this many links (path_resolution(7)). */
enum { MOST_LINKS = 40 };

char *folder_follow_links(const char *path)
{
    char *end = strdup(path), *next;

    for (int i = 0; end && i < MOST_LINKS && (next = read_link(end)); i++) {
        free(end);
        end = next;
    }
    return end;
}

/* ---- commands that repair it ---- */

static void plan_group(const struct folder_plan *plan, char *name)
{
    if (plan->group)
        snprintf(name, ACCOUNT_NAME_SIZE, "%s", plan->group);
    else if (geteuid() == 0 && account_is_user(package_user))
        snprintf(name, ACCOUNT_NAME_SIZE, "%s", package_user);
    else
        account_group_name(getegid(), name);
}

static bool fail_missing(const char *folder, const struct folder_plan *plan,
                         struct error *err)
{
    char user[ACCOUNT_NAME_SIZE], group[ACCOUNT_NAME_SIZE];

    plan_group(plan, group);
    return error_set(
        err, ERROR_REFUSED, NULL,
        "the folder %s does not exist; create it: install -d -o %s -g %s -m %04o %s",
        folder, folder_user(user, sizeof user), group, plan->mode, folder);
}

/* Whether the folder belongs to the system, as /var/log does. Its owner must not be
 * changed. */
static bool is_of_system(const char *folder)
{
    size_t slashes = 0;

    for (const char *c = folder; *c; c++)
        slashes += *c == '/';
    return slashes <= 2 || strcmp(folder, "/var/spool/postfix") == 0;
}

static bool fail_closed(const char *folder, const struct stat *st,
                        const struct folder_plan *plan, struct error *err)
{
    char user[ACCOUNT_NAME_SIZE], group[ACCOUNT_NAME_SIZE], owner[ACCOUNT_NAME_SIZE];

    folder_user(user, sizeof user);
    plan_group(plan, group);
    account_user_name(st->st_uid, owner);
    if (is_of_system(folder))
        return error_set(
            err, ERROR_REFUSED, NULL,
            "user %s cannot create files in the folder %s (owner %s, mode %04o); "
            "create a separate folder: install -d -o %s -g %s -m %04o %s/%s",
            user, folder, owner, (unsigned)st->st_mode & 07777, user, group, plan->mode,
            strcmp(folder, "/") == 0 ? "" : folder, package_user);
    return error_set(err, ERROR_REFUSED, NULL,
                     "user %s cannot create files in the folder %s (owner %s, mode "
                     "%04o): install -d -o %s -g %s -m %04o %s",
                     user, folder, owner, (unsigned)st->st_mode & 07777, user, group,
                     plan->mode, folder);
}

/* ---- what is wrong ---- */

/* Reports the first parent folder that blocks the path: it is a file, or the user may
 * not enter it. */
static bool fail_above(const char *folder, int reason, struct error *err)
{
    char above[PATH_MAX], user[ACCOUNT_NAME_SIZE];
    struct stat st;

    for (size_t i = 1; folder[i - 1]; i++) {
        if (folder[i] != '/' && folder[i] != '\0')
            continue;
        snprintf(above, sizeof above, "%.*s", (int)i, folder);
        if (stat(above, &st) == 0 && !S_ISDIR(st.st_mode))
            return error_set(err, ERROR_REFUSED, NULL, "%s is not a folder", above);
        if (reason == EACCES && faccessat(AT_FDCWD, above, X_OK, AT_EACCESS) < 0)
            return error_set(
                err, ERROR_REFUSED, NULL,
                "user %s has no permission to enter the folder %s: chmod a+x %s",
                folder_user(user, sizeof user), above, above);
    }
    errno = reason;
    return error_set_errno(err, ERROR_REFUSED, NULL, "the folder %s", folder);
}

bool folder_check(const char *path, const struct folder_plan *plan, struct error *err)
{
    char folder[PATH_MAX];
    struct stat st;

    if (!folder_of(path, folder, sizeof folder))
        return error_set(err, ERROR_REFUSED, NULL, "the path is too long");
    if (stat(folder, &st) < 0)
        return errno == ENOENT ? fail_missing(folder, plan, err)
                               : fail_above(folder, errno, err);
    if (!S_ISDIR(st.st_mode))
        return error_set(err, ERROR_REFUSED, NULL, "%s is not a folder", folder);
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0)
        return true;
    if (errno == EACCES || errno == EPERM)
        return fail_closed(folder, &st, plan, err);
    return error_set_errno(err, ERROR_REFUSED, NULL, "the folder %s", folder);
}
