/* SPDX-License-Identifier: ISC */
/* The folder of a file that is to be made. */
#ifndef SMS_MILTER_BASE_FOLDER_H
#define SMS_MILTER_BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* How a folder is to be made where it is missing. */
struct folder_plan {
    const char *group; /* NULL: the daemon's own */
    unsigned mode;
};

/* The folder that a file is in, from its absolute path; false where it has no room. */
bool folder_of(const char *path, char *folder_out, size_t size);

/* Whether this process may make a file of this path. Nothing is made. *err says what is
 * missing, for which user, and the command that mends it. */
bool folder_check(const char *path, const struct folder_plan *plan, struct error *err);

/* The name of the user that the daemon runs as, as far as it is known: root asks for
 * somebody else, and that is sms-milter where there is such a user. */
const char *folder_user(char *name, size_t size);

/* Where the symbolic links at a path lead to in the end, whether something is there or
 * not; the path itself where it is no link. Those of its folders stay. The caller frees
 * it; NULL without memory. */
char *folder_follow_links(const char *path);

#endif
