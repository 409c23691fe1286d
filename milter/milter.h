/* SPDX-License-Identifier: ISC */
/* The milter protocol: what the mail server tells, and the answer that it gets. A
 * callback of libmilter has no rule of its own: it asks session.c or delivery/. */
#ifndef SMS_MILTER_MILTER_H
#define SMS_MILTER_MILTER_H

#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"
#include "delivery/delivery.h"

/* Hands the callbacks to libmilter and opens the socket: service_open(). services are
 * copied. Call it once. */
bool milter_open(const struct config *config, const struct delivery_services *services,
                 struct error *err);

#endif
