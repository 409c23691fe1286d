/* SPDX-License-Identifier: ISC */
/* The circuit breaker: after some failures in a row nothing is sent to an address for a
 * while, then a single request tries whether it answers again. No clock, lock or I/O in
 * here: the caller says what time it is, and holds the lock that guards a breaker. */
#ifndef SMS_MILTER_API_BREAKER_H
#define SMS_MILTER_API_BREAKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each address fails for itself: the vendor's, and perhaps its sandbox. Of more than
 * this many that failed, one that is not open is forgotten. */
enum { BREAKER_MAX_ADDRESSES = 32 };

struct breaker_address;

/* All zero is a breaker that no address has failed yet; breaker_clear() frees what it
 * remembers. */
struct breaker {
    struct breaker_address *addresses[BREAKER_MAX_ADDRESSES];
    size_t count;
};

/* The options of the moment: a reload may change them between any two calls. */
struct breaker_limits {
    unsigned failures;   /* one after the other, until it opens; at least 1 */
    unsigned cooldown_s; /* from then until one request is let through */
};

/* How a request that was let through ended. */
enum breaker_result {
    BREAKER_ANSWERED, /* by an answer of HTTP's, whatever its status */
    BREAKER_FAILED,   /* without one, for a reason that speaks about the server */
    BREAKER_NO_WORD   /* for another reason: nothing is known about the server */
};

enum breaker_change { BREAKER_UNCHANGED, BREAKER_OPENED, BREAKER_CLOSED };

/* Whether requests to this address are refused now; *again_ms_out then says in how many
 * milliseconds one will be let through, 0 while one is under way that decides it. */
bool breaker_is_open(const struct breaker *breaker, const char *url, int64_t now_ms,
                     int64_t *again_ms_out);

/* Lets one request through: only where breaker_is_open() says false, and each must be
 * followed by breaker_end(). After a cooldown this is the one that decides, and all
 * others are refused until it ends. Returns the turn it belongs to. */
unsigned breaker_begin(struct breaker *breaker, const char *url);

/* Notes how that request ended. A failure counts only in its own turn: one of a request
 * that began before the breaker opened or closed again speaks about a time gone by. An
 * answer always counts. BREAKER_OPENED and BREAKER_CLOSED are told once for each
 * outage: a probe that fails prolongs it and changes nothing. */
enum breaker_change breaker_end(struct breaker *breaker, const char *url, unsigned turn,
                                enum breaker_result result,
                                const struct breaker_limits *limits, int64_t now_ms);

/* Forgets everything. */
void breaker_clear(struct breaker *breaker);

#endif
