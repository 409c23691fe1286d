/* SPDX-License-Identifier: ISC */
#include "base/account.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The buffer starts at FIRST_SIZE and grows up to MOST_SIZE, enough for a group of
 * thousands of members. */
enum { FIRST_SIZE = 4096, MOST_SIZE = 1 << 20 };

/* ---- users ---- */

void account_user_name(uid_t uid, char name_out[ACCOUNT_NAME_SIZE])
{
    struct passwd user, *found = NULL;
    char buffer[FIRST_SIZE];

    if (getpwuid_r(uid, &user, buffer, sizeof buffer, &found) == 0 && found)
        snprintf(name_out, ACCOUNT_NAME_SIZE, "%s", user.pw_name);
    else
        snprintf(name_out, ACCOUNT_NAME_SIZE, "%u", (unsigned)uid);
}

bool account_is_user(const char *name)
{
    struct passwd user, *found = NULL;
    char buffer[FIRST_SIZE];

    return getpwnam_r(name, &user, buffer, sizeof buffer, &found) == 0 && found;
}

/* ---- groups ---- */

/* Uses the reentrant getgrnam_r(3), because several threads may ask at the same time.
 * Returns errno, or 0, also when there is no such group. */
static int look_up(const char *name, gid_t *gid_out, bool *is_found_out)
{
    struct group group, *found = NULL;
    char *buffer = NULL;
    int failure = ERANGE;

    for (size_t size = FIRST_SIZE; failure == ERANGE && size <= MOST_SIZE; size *= 4) {
        char *grown = realloc(buffer, size);

        if (!grown)
            break;
        buffer = grown;
        failure = getgrnam_r(name, &group, buffer, size, &found);
    }
    if (found)
        *gid_out = group.gr_gid;
    *is_found_out = found;
    free(buffer);
    return failure;
}

void account_group_name(gid_t gid, char name_out[ACCOUNT_NAME_SIZE])
{
    struct group group, *found = NULL;
    char buffer[64 * 1024];

    if (getgrgid_r(gid, &group, buffer, sizeof buffer, &found) == 0 && found)
        snprintf(name_out, ACCOUNT_NAME_SIZE, "%s", group.gr_name);
    else
        snprintf(name_out, ACCOUNT_NAME_SIZE, "%u", (unsigned)gid);
}

static bool find_by_name(const char *name, gid_t *gid_out, struct error *err)
{
    bool is_found;
    int failure = look_up(name, gid_out, &is_found);

    errno = failure;
    if (failure != 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "group %s", name);
    return is_found ||
           error_set(err, ERROR_REFUSED, NULL, "group %s does not exist", name);
}

bool account_find_group(const char *group, gid_t *gid_out, struct error *err)
{
    bool is_number = *group != '\0' && group[strspn(group, "0123456789")] == '\0';
    unsigned long number;

    if (!is_number)
        return find_by_name(group, gid_out, err);
    errno = 0;
    number = strtoul(group, NULL, 10);
    *gid_out = (gid_t)number;
    /* (gid_t)-1 tells chown(2) to leave the group as it is, so it counts as no
     * group. */
    return (errno == 0 && *gid_out == number && *gid_out != (gid_t)-1) ||
           error_set(err, ERROR_REFUSED, NULL, "group %s does not exist", group);
}

bool account_is_member(gid_t gid)
{
    int count = getgroups(0, NULL);
    gid_t *groups = count > 0 ? calloc((size_t)count, sizeof *groups) : NULL;
    bool is_member = geteuid() == 0 || gid == getegid();

    if (groups)
        count = getgroups(count, groups);
    for (int i = 0; groups && i < count && !is_member; i++)
        is_member = groups[i] == gid;
    free(groups);
    return is_member;
}
