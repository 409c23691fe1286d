/* SPDX-License-Identifier: ISC */
/* Whether a customer, and one of its senders, may send another SMS now: the rules of
 * rates (token buckets) and quotas (calendar windows). The journal keeps what is used;
 * the functions here neither read nor write it, and do not ask for the time. */
#ifndef SMS_MILTER_JOURNAL_RATE_LIMIT_H
#define SMS_MILTER_JOURNAL_RATE_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/limit.h"

/* The limits of one customer or sender. The window is the period of the quota that it
 * is now, from its first second to the first second of the next one (Unix time); the
 * caller, who knows the time zone, fills it in. Without a window the quota is not
 * renewed. */
struct spender_limits {
    struct rate rate;
    struct quota quota;
    int64_t window_start_s;
    int64_t window_end_s;
};

/* All limits of a mail. Those of the sender apply to its MAIL FROM, case-insensitively
 * in ASCII. All zero: there are none. */
struct spending_limits {
    struct spender_limits customer, sender;
    enum quota_unit quota_unit;
};

/* What is left of a rate. All zero: it was never used, so the bucket is full. */
struct bucket {
    struct rate
        rate;      /* the rate at the latest use; the configuration may have changed */
    int64_t level; /* rate.period_s units are one token. Each second adds rate.count
                      units, so that no division loses a part of a token. */
    int64_t filled_s; /* until when units have been added, Unix time */
};

/* What is used of a quota. SMS and parts are both counted, so that a change of
 * quota-unit has effect at once. All zero: nothing is used yet. */
struct window {
    int64_t start_s, end_s;
    uint64_t sms, parts;
};

/* What one customer or sender has used, and what those of a mail have used. Members
 * whose limit is not set are meaningless. */
struct spent {
    struct bucket bucket;
    struct window window;
};
struct spending {
    struct spent customer, sender;
};

/* What was charged for an SMS, as far as it is needed to give it back. */
struct charge {
    bool is_made;
    int64_t customer_window_s,
        sender_window_s; /* when the windows it counts in began */
};

bool rate_limit_is_set(const struct spending_limits *limits);

/* Brings what was read from the journal up to the present time. A reload may have
 * changed the rate. The clock may have been set back: after a little step nothing is
 * added until the old time is reached again; after a large one the bucket goes on from
 * the new time. A session may bring a window that is earlier than the one in the
 * journal; then the later window applies. */
void rate_limit_begin(const struct spending_limits *limits, int64_t now_s,
                      struct spending *spending);

/* Charges one SMS of this many parts to all limits, or to none if one of them would be
 * exceeded. *err then says which: ERROR_REFUSED for a quota, ERROR_TEMPORARY for a
 * rate. If both would be exceeded it names the quota, because a retry will not help. */
bool rate_limit_charge(const struct spending_limits *limits, unsigned parts,
                       struct spending *spending, struct charge *charge_out,
                       struct error *err);

/* Gives back what was charged for an SMS that is certainly not sent. A bucket does not
 * become more than full, and a window that began later is not changed. */
void rate_limit_give_back(const struct spending_limits *limits, unsigned parts,
                          const struct charge *charge, struct spending *spending);

#endif
