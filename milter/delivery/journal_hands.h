/* SPDX-License-Identifier: ISC */
/* The SMS that sessions have in hand: from before they are claimed until their outcome
 * is written or kept. Locks are its owner's business. */
#ifndef SMS_MILTER_DELIVERY_JOURNAL_HANDS_H
#define SMS_MILTER_DELIVERY_JOURNAL_HANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "delivery/journal.h"

/* All of it zero is an empty one, and it is empty when all have let go. */
struct journal_hands {
    void *keys; /* tsearch(3) of copies of keys */
};

/* Whether a session with these SMS need not wait. */
bool journal_hands_are_free(const struct journal_hands *hands,
                            const struct journal_mail *mail,
                            const struct journal_sms *sms, size_t count);

/* Takes all of them in hand or, without memory, none. */
bool journal_hands_take(struct journal_hands *hands, const struct journal_mail *mail,
                        const struct journal_sms *sms, size_t count);

/* Lets go of what was taken with the same SMS. */
void journal_hands_let_go(struct journal_hands *hands, const struct journal_mail *mail,
                          const struct journal_sms *sms, size_t count);

#endif
