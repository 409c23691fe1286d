/* SPDX-License-Identifier: ISC */
/* Checks the folder of a file that is going to be created, and follows symbolic
 * links. */
#ifndef SMS_MILTER_BASE_FOLDER_H
#define SMS_MILTER_BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* How to create a folder that is missing. */
struct folder_plan {
    const char *group; /* NULL: the daemon's own group */
    unsigned mode;
};

/* Writes the folder of a file, from the absolute path of the file. Returns false if
 * folder_out is too small. */
bool folder_of(const char *path, char *folder_out, size_t size);

/* Whether this process may create a file at this path. Nothing is created. If not, *err
 * says what is missing for which user, and gives the command that repairs it. */
bool folder_check(const char *path, const struct folder_plan *plan, struct error *err);

/* The name of the user that the daemon runs as, as far as it is known. When root asks,
 * this is the user sms-milter, if it exists. */
const char *folder_user(char *name, size_t size);

/* Follows the symbolic links at path to the final target, whether the target exists or
 * not. Returns path itself if it is not a link. Links among the parent folders are kept
 * as they are. The caller frees the result; NULL without memory. */
char *folder_follow_links(const char *path);

#endif
