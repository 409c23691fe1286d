/* SPDX-License-Identifier: ISC */
/* May this customer send another SMS now, and this one of its senders: the rules of
 * rates (token buckets) and quotas (windows of the calendar). What is used is kept in
 * the journal; nothing in here reads or writes, or asks for the time. */
#ifndef SMS_MILTER_JOURNAL_RATE_LIMIT_H
#define SMS_MILTER_JOURNAL_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/limit.h"

/* Of one who spends. The window is that of the quota that now is in, from its first
 * second to the first of the next (Unix time): whoever fills it in knows the time zone.
 * Without a window the quota is not renewed. */
struct spender_limits {
    struct rate rate;
    struct quota quota;
    int64_t window_start_s;
    int64_t window_end_s;
};

/* All of a mail. Those of its sender hold for its MAIL FROM, in which upper and lower
 * case (of ASCII) are the same. All zero: none. */
struct spending_limits {
    struct spender_limits customer, sender;
    enum quota_unit quota_unit;
};

/* What a rate has left. All zero: never used, which is a full one. */
struct bucket {
    struct rate rate; /* that the level is of; it may have been another one */
    int64_t level;    /* a token is rate.period_s of it, so that each second brings
                         rate.count of it, and no division loses any */
    int64_t filled_s; /* up to when it has been filled */
};

/* What is used of a quota. Both are counted, so that another quota-unit holds at once.
 * All zero: nothing yet. */
struct window {
    int64_t start_s, end_s;
    uint64_t sms, parts;
};

/* What one has spent, and what a mail's customer and sender have. Members whose limit
 * is not set mean nothing. */
struct spent {
    struct bucket bucket;
    struct window window;
};
struct spending {
    struct spent customer, sender;
};

/* What an SMS was charged: enough to give it back. */
struct charge {
    bool is_made;
    int64_t customer_window_s, sender_window_s; /* the start of that it counts in */
};

bool rate_limit_is_set(const struct spending_limits *limits);

/* Brings what was read up to now. A reload may have changed the rate, and the clock may
 * have been set: one that goes back a little gives nothing until it is where it was;
 * one that was far ahead is not waited for. A session may have computed its window
 * before one that came first; then the later window holds. */
void rate_limit_begin(const struct spending_limits *limits, int64_t now_s,
                      struct spending *spending);

/* Takes one SMS of so many parts from all of the limits, or says which of them has no
 * room and takes from none. *err is ERROR_REFUSED for a quota and ERROR_TEMPORARY for a
 * rate; where both are used up the quota is told, as a retry will not help. */
bool rate_limit_charge(const struct spending_limits *limits, unsigned parts,
                       struct spending *spending, struct charge *charge_out,
                       struct error *err);

/* Gives back what was charged by these limits, as the SMS is certainly not sent: to the
 * buckets, as far as they have room, and to the windows, unless they are others now. */
void rate_limit_give_back(const struct spending_limits *limits, unsigned parts,
                          const struct charge *charge, struct spending *spending);

#endif
