/* SPDX-License-Identifier: ISC */
/* The file of a unix socket, before and after somebody listens on it. */
#ifndef SMS_MILTER_BASE_UNIX_SOCKET_H
#define SMS_MILTER_BASE_UNIX_SOCKET_H

#include <stdbool.h>

#include "base/error.h"

/* Makes room at path: removes a socket that a killed daemon left behind. Refuses where
 * a program listens on it, and where something else than a socket stands. */
bool unix_socket_clear(const char *path, struct error *err);

/* Gives the socket to a group, by name. */
bool unix_socket_set_group(const char *path, const char *group, struct error *err);

#endif
