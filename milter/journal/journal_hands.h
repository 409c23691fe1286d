/* SPDX-License-Identifier: ISC */
/* Which SMS the sessions of this daemon have in hand, from claim to outcome, and which
 * session waits for which:
 *
 * - a mail that is identified by its Message-ID waits for another session with the same
 *   mail, and for one with a signed copy of it;
 * - a signed mail waits for every session with the same mail, signed or not;
 * - a mail that only its content identifies waits for none: ten alarms at one moment
 *   are ten SMS.
 *
 * The owner locks it. */
#ifndef SMS_MILTER_JOURNAL_JOURNAL_HANDS_H
#define SMS_MILTER_JOURNAL_JOURNAL_HANDS_H

#include <stdbool.h>
#include <stddef.h>

#include "journal/journal_mail.h"

/* Starts as all zero, and is empty again when every session has released what it took.
 */
struct journal_hands {
    void *keys; /* tsearch(3) */
};

/* Whether a session with these SMS may go on without waiting. */
bool journal_hands_are_free(const struct journal_hands *hands,
                            const struct journal_mail *mail,
                            const struct journal_sms *sms, size_t count);

/* Takes all of these SMS in hand, or none if there is no memory. */
bool journal_hands_take(struct journal_hands *hands, const struct journal_mail *mail,
                        const struct journal_sms *sms, size_t count);

/* Releases what was taken with the same arguments. */
void journal_hands_release(struct journal_hands *hands, const struct journal_mail *mail,
                           const struct journal_sms *sms, size_t count);

#endif
