/* SPDX-License-Identifier: ISC */
/* The circuit breaker. After some failures in a row, nothing is sent to an address for
 * a while; then a single request tests whether the address answers again. This module
 * uses no clock, lock or I/O: the caller passes the time and holds the lock that guards
 * the breaker. */
#ifndef SMS_MILTER_API_BREAKER_H
#define SMS_MILTER_API_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Failures are counted for each address: the vendor's, and perhaps its sandbox. If more
 * addresses than this have failed, one whose breaker is not open is forgotten. */
enum { BREAKER_MAX_ADDRESSES = 32 };

struct breaker_address;

/* An all-zero structure is a breaker for which no address has failed yet.
 * breaker_clear() frees what it remembers. */
struct breaker {
    struct breaker_address *addresses[BREAKER_MAX_ADDRESSES];
    size_t count;
};

/* The options at the moment of a call. A reload may change them between two calls. */
struct breaker_limits {
    unsigned failures;   /* failures in a row after which it opens; at least 1 */
    unsigned cooldown_s; /* seconds from then until one request may pass */
};

/* How a request that was allowed to pass ended. */
enum breaker_result {
    BREAKER_ANSWERED, /* with an HTTP answer of any status */
    BREAKER_FAILED,   /* without an answer, for a reason that concerns the server */
    BREAKER_NO_WORD   /* for another reason; nothing is known about the server */
};

enum breaker_change { BREAKER_UNCHANGED, BREAKER_OPENED, BREAKER_CLOSED };

/* Whether requests to this address are refused now. If so, *again_ms_out is the number
 * of milliseconds until one may pass; it is 0 while a probe is under way. */
bool breaker_is_open(const struct breaker *breaker, const char *url, int64_t now_ms,
                     int64_t *again_ms_out);

/* Lets one request pass. Call it only if breaker_is_open() returned false, and call
 * breaker_end() afterwards. The first request after a cooldown is the probe; all others
 * are refused until it ends. Returns the turn to which the request belongs. */
unsigned breaker_begin(struct breaker *breaker, const char *url);

/* Records how that request ended. A failure counts only if the turn is still the same:
 * a request that began before the breaker opened or closed says nothing about the
 * server now. An answer always counts. BREAKER_OPENED and BREAKER_CLOSED are each
 * returned once for an outage; a probe that fails prolongs the outage and returns
 * BREAKER_UNCHANGED. */
enum breaker_change breaker_end(struct breaker *breaker, const char *url, unsigned turn,
                                enum breaker_result result,
                                const struct breaker_limits *limits, int64_t now_ms);

/* Forgets all addresses. */
void breaker_clear(struct breaker *breaker);

#endif
