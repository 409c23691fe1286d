/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_LISTENER_H
#define SIMULATOR_LISTENER_H

#include "problem.h"

enum { LISTENER_NAME_BYTES = 80 };

/* Whether an address has the form that listener_open() needs. */
bool listener_check_address(const char *address, struct problem *problem);

/* Listens on "127.0.0.1:8080", "[::1]:8080" or "localhost:8080". With port 0 the kernel
 * chooses a port. Returns the socket, which the caller closes, and writes its address
 * and port to name_out in the form for URLs. Returns -1 on failure; *problem says
 * why. */
int listener_open(const char *address, char name_out[LISTENER_NAME_BYTES],
                  struct problem *problem);

#endif
