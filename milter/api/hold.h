/* SPDX-License-Identifier: ISC */
/* Remembers who must wait because the API sent Retry-After (RFC 9110 section 10.2.3):
 * everyone at an address, or one account there. Like breaker.h, this module uses no
 * clock, lock or I/O. */
#ifndef SMS_MILTER_API_HOLD_H
#define SMS_MILTER_API_HOLD_H

#include <stddef.h>
#include <stdint.h>

/* The longest time for which a Retry-After is obeyed. It is meant for a short overload.
 * If maintenance takes longer, a clock in an HTTP-date is wrong, or a number was
 * mistyped, asking again every five minutes finds out and does no harm to a server. A
 * silence of a day would lose all SMS of that day, because mail servers would give
 * up. */
enum { HOLD_MAX_S = 300 };

/* One for each account, and each address, that must wait. Further ones are not
 * recorded; the server will repeat its wish. */
enum { HOLD_MAX_COUNT = 256 };

struct hold;

/* An all-zero list holds nobody. hold_clear() frees what it remembers. */
struct hold_list {
    struct hold *holds[HOLD_MAX_COUNT];
    size_t count;
};

/* Holds the account back at this address, or everyone there if account is NULL. An
 * existing hold is never shortened, because answers to parallel posts arrive in any
 * order. */
void hold_set(struct hold_list *list, const char *url, const char *account,
              int64_t retry_after_s, int64_t now_ms);

/* How long a post of the account to this address must wait; 0 if it need not wait. */
int64_t hold_left_ms(const struct hold_list *list, const char *url, const char *account,
                     int64_t now_ms);

/* Removes all holds. */
void hold_clear(struct hold_list *list);

#endif
