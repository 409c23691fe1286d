/* SPDX-License-Identifier: ISC */
/* The file of a unix socket, before and after somebody listens on it. */
#ifndef SMS_MILTER_BASE_UNIX_SOCKET_H
#define SMS_MILTER_BASE_UNIX_SOCKET_H

#include <stdbool.h>

#include "base/error.h"
#include "base/folder.h"

/* Makes room at path: removes a socket that a killed daemon left behind. Refuses where
 * a program listens on it, and where something else than a socket stands. */
bool unix_socket_clear(const char *path, struct error *err);

/* Gives the socket to a group, by name or number. */
bool unix_socket_set_group(const char *path, const char *group, struct error *err);

/* Whether a socket could be made there, and be given to the group, as far as can be
 * told without making or removing anything. *is_in_use_out: a program listens on it,
 * which is no mistake of whoever wrote the path. */
bool unix_socket_check(const char *path, const struct folder_plan *plan,
                       bool *is_in_use_out, struct error *err);
bool unix_socket_check_group(const char *path, const char *group, struct error *err);

#endif
