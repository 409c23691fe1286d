/* SPDX-License-Identifier: ISC */
/* Which SMS the sessions of this daemon have in hand, and who waits for whom:
 *
 * - a mail that its Message-ID identifies for another session with the same mail, and
 *   for one with a signed copy of it;
 * - a signed mail for every session that has the same mail, signed or not;
 * - a mail that only its content identifies for nobody: ten alarms at one moment are
 *   ten.
 *
 * Locks are its owner's business. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_HANDS_H
#define SMS_MILTER_JOURNAL_JOURNAL_HANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal_mail.h"

/* Starts as all zero; empty again when every session has released what it took. */
struct journal_hands {
    void *keys; /* tsearch(3) */
};

/* Whether a session with these SMS need not wait. */
bool journal_hands_are_free(const struct journal_hands *hands,
                            const struct journal_mail *mail,
                            const struct journal_sms *sms, size_t count);

/* Takes all of them in hand or, without memory, none. */
bool journal_hands_take(struct journal_hands *hands, const struct journal_mail *mail,
                        const struct journal_sms *sms, size_t count);

/* Releases what was taken with the same arguments. */
void journal_hands_let_go(struct journal_hands *hands, const struct journal_mail *mail,
                          const struct journal_sms *sms, size_t count);

#endif
