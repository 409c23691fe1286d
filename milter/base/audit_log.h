/* SPDX-License-Identifier: ISC */
/* A file that lines are only ever appended to, for its owner and one group to read:
 * what one customer and its staff may know, and nobody else. */
#ifndef SMS_MILTER_BASE_AUDIT_LOG_H
#define SMS_MILTER_BASE_AUDIT_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct audit_log;

/* Opens a regular file, or makes it with mode 0640; what others may read or write, or
 * its group may write, is refused, and so is what is no file of the daemon's own.
 * group: to whom a new one goes, by name or number, and whose an old one must be
 * already; NULL: whoever. The caller closes *log_out; on failure it is NULL and *err
 * begins with the path. To be called by the daemon only, as its user: a mere look at
 * the configuration by somebody else would make files that the daemon cannot write to.
 */
bool audit_log_open(const char *path, const char *group, struct audit_log **log_out,
                    struct error *err);

/* Whether audit_log_open() would succeed, as far as can be told without making or
 * opening anything; *err says why not, and what mends it. Root looks for the daemon's
 * user, so whose file it is does not matter to it. */
bool audit_log_check(const char *path, const char *group, struct error *err);

/* Appends a line that ends with its "\n". Any thread; lines never mix, also where the
 * file is open twice in this process, as around a reload. What a full disk left of a
 * line before gets an end first. The log tells once when lines begin to be lost, and
 * once when they no longer are. */
bool audit_log_append(struct audit_log *log, const char *line, size_t length);

/* As audit_log_close(), and removes the file if it was made by audit_log_open() and is
 * empty still: for a configuration that is refused. */
void audit_log_discard(struct audit_log **log);

/* Closes and clears *log; does nothing when it is NULL already. */
void audit_log_close(struct audit_log **log);

#endif
