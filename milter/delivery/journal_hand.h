/* SPDX-License-Identifier: ISC */
/* The SMS that sessions have in hand: from before they are claimed until their outcome
 * is written or kept. An SMS is known by its key, and by that of its signed copy. Locks
 * are its owner's business. */
#ifndef SMS_MILTER_DELIVERY_JOURNAL_HAND_H
#define SMS_MILTER_DELIVERY_JOURNAL_HAND_H

#include <stdbool.h>
#include <stddef.h>

#include "delivery/journal.h"

/* All of it zero is an empty one. */
struct journal_hand {
    void *keys; /* tsearch(3) of copies of keys */
};

/* Whether any of these SMS is in hand. */
bool journal_hand_has_one(const struct journal_hand *hand,
                          const struct journal_sms *sms, size_t count);

/* Takes all of them in hand, of which none is, or none of them. False without memory.
 */
bool journal_hand_take(struct journal_hand *hand, const struct journal_sms *sms,
                       size_t count);

/* Lets go of them; does nothing with those that are not in hand. */
void journal_hand_let_go(struct journal_hand *hand, const struct journal_sms *sms,
                         size_t count);

#endif
