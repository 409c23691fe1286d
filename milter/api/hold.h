/* SPDX-License-Identifier: ISC */
/* Who has to wait since the API said Retry-After (RFC 9110 section 10.2.3): everybody
 * at an address, or one account there. No clock, lock or I/O in here, as in breaker.h.
 */
#ifndef SMS_MILTER_API_HOLD_H
#define SMS_MILTER_API_HOLD_H

#include <stddef.h>
#include <stdint.h>

/* The longest that a server's word stops us. It is meant for a moment's overload;
 * maintenance that takes longer, a wrong clock in an HTTP-date or a slip of the hand is
 * found out by asking again every five minutes, which hurts no server, while a day's
 * silence loses every SMS of that day to the mail servers' patience. */
enum { HOLD_MAX_S = 300 };

/* One for each account that is told to wait, and each address. What would be more is
 * not held: the server says it again. */
enum { HOLD_MAX_COUNT = 256 };

struct hold;

/* All zero holds nobody; hold_clear() frees what it remembers. */
struct hold_list {
    struct hold *holds[HOLD_MAX_COUNT];
    size_t count;
};

/* Holds the account back at this address, or everybody there when it is NULL. It never
 * shortens a hold: answers to posts that run side by side come in any order. */
void hold_set(struct hold_list *list, const char *url, const char *account,
              int64_t retry_after_s, int64_t now_ms);

/* How long a post of the account's to this address has to wait: 0 for not at all. */
int64_t hold_left_ms(const struct hold_list *list, const char *url, const char *account,
                     int64_t now_ms);

/* Lets everybody go. */
void hold_clear(struct hold_list *list);

#endif
