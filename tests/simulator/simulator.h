/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_SIMULATOR_H
#define SIMULATOR_SIMULATOR_H

#include "accounts.h"
#include "fault.h"
#include "inbox.h"
#include "timers.h"

/* What every request can use. main.c creates it, and frees it after the HTTP server has
 * ended. */
struct simulator {
    struct accounts *accounts;
    struct fault_list *faults;
    struct inbox *inbox;
    struct timers *timers;
    unsigned latency_ms; /* before each answer of the API */
};

#endif
