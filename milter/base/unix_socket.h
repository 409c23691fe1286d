/* SPDX-License-Identifier: ISC */
/* Prepares the file of a unix socket before a program listens on it, and sets its group
 * afterwards. */
#ifndef SMS_MILTER_BASE_UNIX_SOCKET_H
#define SMS_MILTER_BASE_UNIX_SOCKET_H

#include <stdbool.h>

#include "base/error.h"
#include "base/folder.h"

/* Removes a socket that a killed daemon left at path. Refuses if a program is listening
 * on it, or if something other than a socket is there. */
bool unix_socket_clear(const char *path, struct error *err);

/* Gives the socket to a group, named or by number. */
bool unix_socket_set_group(const char *path, const char *group, struct error *err);

/* Whether a socket could be created at path and given to the group, as far as this can
 * be told without creating or removing anything. *is_in_use_out says that a program is
 * already listening on it; this is not a mistake in the configuration. */
bool unix_socket_check(const char *path, const struct folder_plan *plan,
                       bool *is_in_use_out, struct error *err);
bool unix_socket_check_group(const char *path, const char *group, struct error *err);

#endif
