/* SPDX-License-Identifier: ISC */
/* The audit log of a customer: a file to which lines are only ever appended. The
 * daemon's user and one group may read it, nobody else, because it holds what only this
 * customer and its staff may know. */
#ifndef SMS_MILTER_BASE_AUDIT_LOG_H
#define SMS_MILTER_BASE_AUDIT_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct audit_log;

/* Opens a regular file, or creates it with mode 0640. Refuses an existing file that
 * belongs to neither the daemon's user nor root, that others may access, that its group
 * may write, or that has a second name (hard link).
 *
 * group, a name or a number, is the group that a new file gets and that an existing
 * file must already have; NULL means any group. The caller closes *log_out. On failure
 * *log_out is NULL and *err begins with the path.
 *
 * Only the daemon may call this, running as its own user. If another user called it
 * while checking a configuration, that user would create files that the daemon cannot
 * write. */
bool audit_log_open(const char *path, const char *group, struct audit_log **log_out,
                    struct error *err);

/* Whether audit_log_open() would succeed, as far as this can be told without creating
 * or opening a file. If not, *err says why and how to repair it. When root calls this,
 * the owner of the file is not checked, because the daemon runs as another user. */
bool audit_log_check(const char *path, const char *group, struct error *err);

/* Appends one line, which must end with "\n". Any thread may call this. Lines never
 * mix, even if the process has the file open twice, as happens during a reload. If a
 * full disk left an unfinished line, a line end is written first. The log gets one
 * message when lines begin to be lost and one when lines can be written again. */
bool audit_log_append(struct audit_log *log, const char *line, size_t length);

/* Like audit_log_close(), but also removes the file if audit_log_open() created it and
 * it is still empty. Used for a configuration that is refused. */
void audit_log_discard(struct audit_log **log);

/* Closes and clears *log. Does nothing if *log is already NULL. */
void audit_log_close(struct audit_log **log);

#endif
