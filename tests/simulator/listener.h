/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_LISTENER_H
#define SIMULATOR_LISTENER_H

#include "problem.h"

enum { LISTENER_NAME_BYTES = 80 };

/* Whether an address has the form that listener_open() wants. */
bool listener_check_address(const char *address, struct problem *problem);

/* Listens on "127.0.0.1:8080", "[::1]:8080" or "localhost:8080"; with port 0 the
 * kernel chooses. Returns the socket, and in name_out the address and port that it
 * has, as a URL wants them. -1: *problem says why not. The caller closes it. */
int listener_open(const char *address, char name_out[LISTENER_NAME_BYTES],
                  struct problem *problem);

#endif
