/* SPDX-License-Identifier: ISC */
/* The milter protocol: what the mail server tells, and what it gets to hear. */
#ifndef SMS_MILTER_MILTER_H
#define SMS_MILTER_MILTER_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "delivery/delivery.h"

/* Opens the socket of the configuration, with its mode and group. A stale socket file
 * is removed, one that another program listens on is not. services are copied. Call it
 * once. */
bool milter_open(const struct config *config, const struct delivery_services *services,
                 struct error *err);

/* Serves mail servers from now on, on threads of its own. Each connection takes the
 * current configuration when it begins. Should libmilter ever give up, the process gets
 * a SIGTERM. Call it once, from the main thread, with its signals set up. */
bool milter_start(struct error *err);

/* Stops: takes no new connections, defers the mails whose end comes from now on, and
 * waits for those that wait for the API. Returns false if some still do after
 * deadline_s; only if it returns true may the services be freed. */
bool milter_stop(unsigned deadline_s);

/* Whether libmilter gave up by itself. */
bool milter_has_failed(void);

#endif
