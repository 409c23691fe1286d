/* SPDX-License-Identifier: ISC */
#include "journal/journal_sqlite_check.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/account.h"
#include "base/folder.h"
#include "journal/journal_sqlite_db.h"

static bool fail_closed(const char *path, const char *journal, const struct stat *st,
                        struct error *err)
{
    char user[ACCOUNT_NAME_SIZE], owner[ACCOUNT_NAME_SIZE];

    account_user_name(st->st_uid, owner);
    folder_user(user, sizeof user);
    return error_set(
        err, ERROR_REFUSED, NULL,
        "user %s cannot read and write %s (owner %s, mode %04o): chown %s %s*", user,
        path, owner, (unsigned)st->st_mode & 07777, user, journal);
}

/* Checks one of the journal's files, which may be missing. */
static bool check_file(const char *path, const char *journal, bool *is_there_out,
                       struct error *err)
{
    struct stat st;

    *is_there_out = false;
    if (stat(path, &st) < 0)
        return errno == ENOENT || error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    *is_there_out = true;
    if (!S_ISREG(st.st_mode))
        return error_set(err, ERROR_REFUSED, NULL, "%s is not a regular file", path);
    if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0)
        return true;
    return errno == EACCES ? fail_closed(path, journal, &st, err)
                           : error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
}

static bool check_files(const char *path, bool *is_there_out, bool *has_log_out,
                        struct error *err)
{
    static const char *const suffixes[] = {"-wal", "-shm", "-lock", "-journal"};
    enum { LOG_FILES = 2 };
    char name[PATH_MAX];

    *has_log_out = true;
    if (!check_file(path, path, is_there_out, err))
        return false;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        bool is_there;

        if ((size_t)snprintf(name, sizeof name, "%s%s", path, suffixes[i]) >=
            sizeof name)
            return error_set(err, ERROR_REFUSED, NULL, "the path is too long");
        if (!check_file(name, path, &is_there, err))
            return false;
        if (i < LOG_FILES)
            *has_log_out = *has_log_out && is_there;
    }
    return true;
}

/* If the path is a link to a file that does not exist yet, the file will be made in the
 * folder that the link points to. */
static bool check_folder(const char *path, struct error *err)
{
    const struct folder_plan plan = {.group = NULL, .mode = 0700};
    char *end = folder_follow_links(path);
    bool is_good = end ? folder_check(path, &plan, err) && folder_check(end, &plan, err)
                       : error_set(err, ERROR_TEMPORARY, NULL, "no memory");

    free(end);
    return is_good;
}

bool journal_sqlite_check(const char *place, bool is_thorough, struct error *err)
{
    const char *path = journal_db_path(place);
    bool is_there, has_log;
    struct error why;

    if (!check_folder(path, err) || !check_files(path, &is_there, &has_log, err))
        return false;
    if (!is_there || journal_db_check(path, has_log, is_thorough, &why))
        return true;
    return error_set(err, why.kind, NULL, "%s: %s", path, why.text);
}
