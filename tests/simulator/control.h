/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_CONTROL_H
#define SIMULATOR_CONTROL_H

#include "exchange.h"

/* Answers all that is not the API: the page, /messages, /requests, /faults, /stats.
 * The whole request is here. Returns what MHD's handler returns. */
enum MHD_Result control_answer(struct exchange *exchange);

#endif
