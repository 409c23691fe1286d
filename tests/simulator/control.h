/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_CONTROL_H
#define SIMULATOR_CONTROL_H

#include "exchange.h"

/* Answers all requests that are not for the API: the page, /messages, /requests,
 * /faults, /stats. The request must be complete. Returns what libmicrohttpd's handler
 * must return. */
enum MHD_Result control_answer(struct exchange *exchange);

#endif
