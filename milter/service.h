/* SPDX-License-Identifier: ISC */
/* The daemon's socket and libmilter, which serves it: start, and stop without losing
 * the mails that are being processed. */
#ifndef SMS_MILTER_SERVICE_H
#define SMS_MILTER_SERVICE_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

/* Opens the socket of the configuration, with its mode and group. A stale socket file
 * is removed; one that another program listens on is not. libmilter knows its callbacks
 * by then. Call it once. */
bool service_open(const struct config *config, struct error *err);

/* Serves mail servers from now on, on threads of its own. Each connection takes the
 * current configuration when it begins. If libmilter ever gives up, the process gets a
 * SIGTERM. Call it once, from the main thread, with its signals set up.
 *
 * Returns false if libmilter would not let mails finish at a stop
 * (libmilter_signals.h). No mail was sent then, and the process must end. */
bool service_start(struct error *err);

/* Stops: removes the socket's file, so that no new connection comes that way, defers
 * the SMS of mails whose end comes from now on, and waits for those that wait for the
 * API. Returns false if some still do after
 * deadline_s. Only if it returns true may be freed what the mails use. */
bool service_stop(unsigned deadline_s);

/* Whether service_stop() was called, or service_start() failed. */
bool service_is_stopping(void);

/* Whether libmilter gave up by itself. */
bool service_has_failed(void);

/* For the callback at the end of a message. Returns false when it is too late to send
 * it; otherwise service_leave_end_of_mail() must follow. Waits for service_start(). */
bool service_enter_end_of_mail(void);
void service_leave_end_of_mail(void);

#endif
