/* SPDX-License-Identifier: ISC */
#include "base/audit_log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "base/log.h"

struct audit_log {
    int fd;
    dev_t device; /* with the inode what the file is, by whatever name */
    ino_t inode;
    pthread_mutex_t *lock;    /* of the file, guards the rest */
    unsigned long lost_lines; /* since the last that could be written */
    char path[];
};

/* A file has the same lock whoever opened it, so that a whole line is looked for and
 * appended in one go. The kernel's file locks will not do: whoever may read the file
 * may hold one, and would hold up the mail. */
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

/* ---- whose file it is ---- */

static bool refuse(struct error *err, const char *path, const char *why)
{
    return error_set(err, ERROR_REFUSED, NULL, "%s %s", path, why);
}

/* Looked for on a copy of the database's answer: others may ask it at the same time. */
static bool find_group(const char *name, const char *path, gid_t *gid_out,
                       struct error *err)
{
    enum { MOST = 1 << 20 }; /* a group of thousands of members */
    struct group group, *found = NULL;
    char *buffer = NULL;
    int failure = ERANGE;

    for (size_t size = 4096; failure == ERANGE && size <= MOST; size *= 4) {
        char *grown = realloc(buffer, size);

        if (!grown)
            break;
        buffer = grown;
        failure = getgrnam_r(name, &group, buffer, size, &found);
    }
    if (found)
        *gid_out = group.gr_gid;
    free(buffer);
    errno = failure;
    if (failure != 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s: group %s", path, name);
    return found ||
           error_set(err, ERROR_REFUSED, NULL, "%s: there is no group %s", path, name);
}

static bool is_number(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static bool read_group(const char *group, const char *path, gid_t *gid_out,
                       struct error *err)
{
    unsigned long number;

    if (!is_number(group))
        return find_group(group, path, gid_out, err);
    errno = 0;
    number = strtoul(group, NULL, 10);
    *gid_out = (gid_t)number;
    /* -1 means to chown(2) that nothing is to change. */
    return (errno == 0 && *gid_out == number && *gid_out != (gid_t)-1) ||
           error_set(err, ERROR_REFUSED, NULL, "%s: there is no group %s", path, group);
}

static bool give_to_group(int fd, const char *path, const char *group, gid_t gid,
                          struct error *err)
{
    if (fchown(fd, (uid_t)-1, gid) == 0)
        return true;
    if (errno == EPERM)
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s cannot be given to group %s: make the daemon's user a "
                         "member of it",
                         path, group);
    return error_set_errno(err, ERROR_REFUSED, NULL, "%s to group %s", path, group);
}

/* ---- the file ---- */

static bool check_kind(const struct stat *st, const char *path, struct error *err)
{
    if (S_ISLNK(st->st_mode))
        return refuse(err, path, "is a symbolic link, which may lead anywhere");
    if (!S_ISREG(st->st_mode))
        return refuse(err, path, "is not a regular file");
    if (st->st_nlink != 1)
        return refuse(err, path, "has other names (hard links), or none any more");
    return true;
}

static bool check_access(const struct stat *st, const char *path, struct error *err)
{
    if (st->st_uid != geteuid() && st->st_uid != 0)
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s belongs to user %u, who may change it (chown)", path,
                         (unsigned)st->st_uid);
    if (st->st_mode & (S_IWGRP | S_IRWXO))
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s has mode %04o: an audit log must not be open to others or "
                         "writable by its group (chmod 0640)",
                         path, (unsigned)st->st_mode & 07777);
    return true;
}

/* Checked on the open file, so that what was checked is what is written to. */
static bool check_file(int fd, const char *path, struct stat *st, struct error *err)
{
    if (fstat(fd, st) < 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
    return check_kind(st, path, err) && check_access(st, path, err);
}

/* To read the last octet is all that it is read for. */
enum {
    OPEN_FLAGS = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK
};

/* Looked at before it is opened: with some devices the open itself does something. */
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

/* Its owner's alone, until it has its group. */
static int open_new(const char *path)
{
    return open(path, OPEN_FLAGS | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
}

/* A file that is there already stays as it is: the configuration that wants it may
 * still be refused as a whole. */
static bool set_group(int fd, const char *path, const char *group, bool is_new,
                      const struct stat *st, struct error *err)
{
    gid_t gid = st->st_gid;

    if (group && !read_group(group, path, &gid, err))
        return false;
    if (gid == st->st_gid)
        return true;
    return is_new ? give_to_group(fd, path, group, gid, err)
                  : error_set(err, ERROR_REFUSED, NULL,
                              "%s is there with another group than %s (chgrp)", path,
                              group);
}

static bool set_up(int fd, const char *path, const char *group, bool is_new,
                   struct stat *st, struct error *err)
{
    if (!check_file(fd, path, st, err) || !set_group(fd, path, group, is_new, st, err))
        return false;
    return !is_new || fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP) == 0 ||
           error_set_errno(err, ERROR_REFUSED, NULL, "%s", path);
}

static bool make_log(int fd, const char *path, const struct stat *st,
                     struct audit_log **log_out, struct error *err)
{
    size_t size = strlen(path) + 1;
    struct audit_log *log = calloc(1, sizeof *log + size);

    if (!log)
        return error_set_errno(err, ERROR_TEMPORARY, NULL, "%s", path);
    log->fd = fd;
    log->device = st->st_dev;
    log->inode = st->st_ino;
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
        make_log(fd, path, &st, log_out, err))
        return true;
    /* What is left behind would be found with the wrong group and mode next time. */
    if (is_new)
        unlink(path);
    close(fd);
    return false;
}

bool audit_log_is_same(const struct audit_log *one, const struct audit_log *other)
{
    return one->device == other->device && one->inode == other->inode;
}

/* ---- lines ---- */

/* Whether the next line would be the rest of one that a full disk, or a crash, cut. */
static bool is_torn(int fd)
{
    struct stat st;
    char last;

    return fstat(fd, &st) == 0 && st.st_size > 0 &&
           pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

/* One write(2) where nothing is wrong: a reader sees the line whole or not at all. */
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

    memcpy(&pieces[1].iov_base, &line, sizeof line); /* writev(2) only reads it */
    return write_all(fd, pieces);
}

/* Once for a disk that is full, not once for each mail that meets it. */
static void tell_failure(struct audit_log *log)
{
    if (log->lost_lines++ == 0)
        log_errno("audit-log: %s cannot be written, its lines are lost", log->path);
}

static void tell_recovery(struct audit_log *log)
{
    if (log->lost_lines > 0)
        log_info("audit-log: %s can be written again, lines lost: %lu", log->path,
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

void audit_log_close(struct audit_log **log)
{
    if (!*log)
        return;
    close((*log)->fd);
    free(*log);
    *log = NULL;
}
