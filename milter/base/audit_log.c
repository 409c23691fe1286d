/* SPDX-License-Identifier: ISC */
#include "base/audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/account.h"
#include "base/folder.h"
#include "base/log.h"

struct audit_log {
    int fd;
    bool is_new;              /* true: audit_log_open() created the file */
    pthread_mutex_t *lock;    /* the lock of this file; guards the members below */
    unsigned long lost_lines; /* since the last line that could be written */
    char path[];
};

/* All openings of one file share one lock, so that a whole line is checked and appended
 * in one step. File locks of the kernel would not do: anyone who may read the file
 * could hold one and so delay the mail. */
enum { LOCK_COUNT = 64 };
static pthread_mutex_t locks[LOCK_COUNT];
static pthread_once_t locks_once = PTHREAD_ONCE_INIT;

static void init_locks(void)
{
    for (size_t i = 0; i < LOCK_COUNT; i++)
        pthread_mutex_init(&locks[i], NULL);
}

static pthread_mutex_t *lock_of(const struct stat *st)
{
    pthread_once(&locks_once, init_locks);
    return &locks[(st->st_ino ^ st->st_dev) % LOCK_COUNT];
}

/* ---- owner, group and mode ---- */

static bool refuse(struct error *err, const char *path, const char *why)
{
    return error_set(err, ERROR_REFUSED, NULL, "%s %s", path, why);
}

static bool read_group(const char *group, const char *path, gid_t *gid_out,
                       struct error *err)
{
    struct error why;

    return account_find_group(group, gid_out, &why) ||
           error_set(err, why.kind, NULL, "%s: %s", path, why.text);
}

static bool fail_no_member(const char *path, const char *group, struct error *err)
{
    return error_set(
        err, ERROR_REFUSED, NULL,
        "cannot change the group of %s to %s: add the daemon's user to that group",
        path, group);
}

static bool give_to_group(int fd, const char *path, const char *group, gid_t gid,
                          struct error *err)
{
    if (fchown(fd, (uid_t)-1, gid) == 0)
        return true;
    return errno == EPERM ? fail_no_member(path, group, err)
                          : error_set_errno(err, ERROR_REFUSED, NULL, "%s to group %s",
                                            path, group);
}

/* ---- the file ---- */

static bool check_kind(const struct stat *st, const char *path, struct error *err)
{
    if (S_ISLNK(st->st_mode))
        return refuse(err, path, "is a symbolic link; name the file itself");
    if (!S_ISREG(st->st_mode))
        return refuse(err, path, "is not a regular file");
    if (st->st_nlink != 1)
        return refuse(
            err, path,
            "has several names (hard links) or none: use a file with one name");
    return true;
}

static bool check_access(const struct stat *st, const char *path, struct error *err)
{
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s belongs to user %u, who could change it (chown it to the "
                         "daemon's user)",
                         path, (unsigned)st->st_uid);
    if (st->st_mode & (S_IWGRP | S_IRWXO))
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s has mode %04o: an audit log must not be accessible to "
                         "others or writable by its group (chmod 0640)",
                         path, (unsigned)st->st_mode & 07777);
    return true;
}

/* Checks the open file rather than its path, so that the file that was checked is the
 * one that is written to. */
static bool check_file(int fd, const char *path, struct stat *st, struct error *err)
{
    if (fstat(fd, st) < 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    return check_kind(st, path, err) && check_access(st, path, err);
}

/* The file is read only to see its last octet. */
enum {
    OPEN_FLAGS = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK
};

/* The path is checked before it is opened, because merely opening some devices has an
 * effect. */
static int open_old(const char *path, struct error *err)
{
    struct stat st;
    int fd;

    if (lstat(path, &st) < 0) {
        error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
        return -1;
    }
    if (!check_kind(&st, path, err) || !check_access(&st, path, err))
        return -1;
    fd = open(path, OPEN_FLAGS);
    if (fd < 0)
        error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    return fd;
}

/* Only the owner may access a new file until it has its group. */
static int open_new(const char *path)
{
    return open(path, OPEN_FLAGS | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
}

static bool fail_other_group(const char *path, const char *group, struct error *err)
{
    return error_set(err, ERROR_REFUSED, NULL,
                     "%s exists and its group is not %s (chgrp)", path, group);
}

/* An existing file is not changed, because the configuration that names it may still be
 * refused. */
static bool set_group(int fd, const char *path, const char *group, bool is_new,
                      const struct stat *st, struct error *err)
{
    gid_t gid = st->st_gid;

    if (group && !read_group(group, path, &gid, err))
        return false;
    if (gid == st->st_gid)
        return true;
    return is_new ? give_to_group(fd, path, group, gid, err)
                  : fail_other_group(path, group, err);
}

static bool set_up(int fd, const char *path, const char *group, bool is_new,
                   struct stat *st, struct error *err)
{
    if (!check_file(fd, path, st, err) || !set_group(fd, path, group, is_new, st, err))
        return false;
    return !is_new || fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP) == 0 ||
           error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
}

static bool make_log(int fd, const char *path, bool is_new, const struct stat *st,
                     struct audit_log **log_out, struct error *err)
{
    size_t size = strlen(path) + 1;
    struct audit_log *log = calloc(1, sizeof *log + size);

    if (!log)
        return error_set_errno(err, ERROR_TEMPORARY, NULL, "%s", path);
    log->fd = fd;
    log->is_new = is_new;
    log->lock = lock_of(st);
    memcpy(log->path, path, size);
    *log_out = log;
    return true;
}

bool audit_log_open(const char *path, const char *group, struct audit_log **log_out,
                    struct error *err)
{
    struct stat st;
    bool is_new;
    int fd;

    *log_out = NULL;
    fd = open_new(path);
    is_new = fd >= 0;
    if (!is_new && errno != EEXIST)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    if (!is_new)
        fd = open_old(path, err);
    if (fd < 0)
        return false;
    if (set_up(fd, path, group, is_new, &st, err) &&
        make_log(fd, path, is_new, &st, log_out, err))
        return true;
    /* Otherwise the next start would find the file with the wrong group and mode. */
    if (is_new)
        unlink(path);
    close(fd);
    return false;
}

/* ---- checks without opening ---- */

static bool check_old(const char *path, const char *group, const struct stat *st,
                      struct error *err)
{
    char user[ACCOUNT_NAME_SIZE];
    gid_t gid = st->st_gid;

    if (!check_kind(st, path, err))
        return false;
    /* When root asks, the owner of the file is not compared: the daemon runs as another
     * user, to whom the file may belong. */
    if ((geteuid() != 0 || st->st_mode & (S_IWGRP | S_IRWXO)) &&
        !check_access(st, path, err))
        return false;
    if (group && !read_group(group, path, &gid, err))
        return false;
    if (gid != st->st_gid)
        return fail_other_group(path, group, err);
    if (faccessat(AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) == 0)
        return true;
    if (errno != EACCES)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    folder_user(user, sizeof user);
    return error_set(err, ERROR_REFUSED, NULL,
                     "user %s may not read and write %s (mode %04o): chown %s %s; "
                     "chmod 0640 %s",
                     user, path, (unsigned)st->st_mode & 07777, user, path, path);
}

static bool has_folder(const char *path)
{
    char folder[PATH_MAX];

    return !folder_of(path, folder, sizeof folder) || access(folder, F_OK) == 0 ||
           errno != ENOENT;
}

static bool check_new(const char *path, const char *group, struct error *err)
{
    const struct folder_plan plan = {.group = group, .mode = 0750};
    struct error why;
    gid_t gid;

    if (!folder_check(path, &plan, &why))
        return error_set(
            err, why.kind, NULL, "%s: %s%s", path,
            has_folder(path) ? "" : "No such file or directory: ", why.text);
    return !group || (read_group(group, path, &gid, err) &&
                      (account_is_member(gid) || fail_no_member(path, group, err)));
}

bool audit_log_check(const char *path, const char *group, struct error *err)
{
    struct stat st;
    int reason;

    if (lstat(path, &st) == 0)
        return check_old(path, group, &st, err);
    reason = errno;
    if (!check_new(path, group, err))
        return false;
    errno = reason;
    return reason == ENOENT || error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
}

/* ---- lines ---- */

/* Whether the file ends with an unfinished line, left by a full disk or a crash, to
 * which the next line would be added. */
static bool is_torn(int fd)
{
    struct stat st;
    char last;

    return fstat(fd, &st) == 0 && st.st_size > 0 &&
           pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

/* Uses a single writev(2) unless it is interrupted or cut short, so that a reader sees
 * either the whole line or nothing. */
static bool write_all(int fd, struct iovec pieces[2])
{
    while (pieces[0].iov_len + pieces[1].iov_len > 0) {
        ssize_t n = writev(fd, pieces, 2);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        for (size_t i = 0; i < 2; i++) {
            size_t done = (size_t)n < pieces[i].iov_len ? (size_t)n : pieces[i].iov_len;

            pieces[i].iov_base = (char *)pieces[i].iov_base + done;
            pieces[i].iov_len -= done;
            n -= (ssize_t)done;
        }
    }
    return true;
}

static bool append(int fd, const char *line, size_t length)
{
    char line_feed[] = "\n";
    struct iovec pieces[2] = {{line_feed, is_torn(fd) ? 1 : 0}, {NULL, length}};

    memcpy(&pieces[1].iov_base, &line, sizeof line); /* writev(2) only reads the line */
    return write_all(fd, pieces);
}

/* Logs one line when the disk becomes full, not one for each mail. */
static void tell_failure(struct audit_log *log)
{
    if (log->lost_lines++ == 0)
        log_errno("audit-log: lines are lost because %s cannot be written", log->path);
}

static void tell_recovery(struct audit_log *log)
{
    if (log->lost_lines > 0)
        log_info("audit-log: %s is written again; lines lost: %lu", log->path,
                 log->lost_lines);
    log->lost_lines = 0;
}

bool audit_log_append(struct audit_log *log, const char *line, size_t length)
{
    bool is_written;

    pthread_mutex_lock(log->lock);
    is_written = append(log->fd, line, length);
    if (is_written)
        tell_recovery(log);
    else
        tell_failure(log);
    pthread_mutex_unlock(log->lock);
    return is_written;
}

void audit_log_discard(struct audit_log **log)
{
    struct stat open_file, named;

    /* Removes the path only if it still names the file that was created and nobody
     * wrote to it. */
    if (*log && (*log)->is_new && fstat((*log)->fd, &open_file) == 0 &&
        open_file.st_size == 0 && lstat((*log)->path, &named) == 0 &&
        named.st_ino == open_file.st_ino && named.st_dev == open_file.st_dev)
        unlink((*log)->path);
    audit_log_close(log);
}

void audit_log_close(struct audit_log **log)
{
    if (!*log)
        return;
    close((*log)->fd);
    free(*log);
    *log = NULL;
}
