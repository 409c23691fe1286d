/* SPDX-License-Identifier: ISC */
/* What the API's answers show of each customer's account: whether its key is right.
 *
 * The API has the same words for a wrong key as for other data that it refuses. So a
 * refusal in these words is one of the SMS only while the key is known to be right;
 * otherwise it may be the key, and the SMS is deferred, as a wrong key is the
 * administrator's to mend and no sender's.
 *
 * An account is a customer with its customer-id, address of the API and key; another
 * key is another account. All is in memory alone: after a start no key is known to be
 * right until the first SMS was queued with it. A reload of the configuration changes
 * nothing (config_publish()). Keys themselves are not kept. Every function may be
 * called by any thread. */
#ifndef SMS_MILTER_API_ACCOUNT_STATE_H
#define SMS_MILTER_API_ACCOUNT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "secret/secret.h"

/* So many refusals in these words one after the other, with no SMS queued between them,
 * make a key doubtful that was right before, so that one that expires at night defers
 * its customer's SMS instead of bouncing all of them. Fewer would doubt a good key
 * whenever a few letters go to old numbers; and all that this costs is that their
 * senders hear of it only when the next SMS was queued.
 *
 * Each SMS counts, as a mail to fifty numbers that are all refused speaks against the
 * key. Only when it was right minutes ago, it hardly expired since: then a mail counts
 * once. A key that is replaced at the API in working hours may so cost four mails, and
 * at other times four SMS. */
enum { ACCOUNT_MAX_REFUSALS = 5, ACCOUNT_FRESH_MS = 10 * 60 * 1000 };

struct account_states;

/* What one answer of the API's says of the account. */
struct account_answer {
    const struct customer *customer;
    const struct secret *key; /* that the API was asked with */
    size_t queued;            /* how many SMS it queued */
    size_t refused;           /* how many it refused in words that may mean the key */
    long http_status;         /* 401 or 403, where it refused the key so; else 0 */
    int64_t now_ms;           /* of clock_now_ms() */
};

enum account_news {
    ACCOUNT_NOTHING_NEW,
    ACCOUNT_REFUSED,     /* the key may be wrong, and that for another reason than the
                            one that was told last */
    ACCOUNT_TAKEN_AGAIN, /* the key is right, and the last news was that it may not be
                          */
};

struct account_opinion {
    bool is_key_right;      /* what was refused was refused for itself */
    enum account_news news; /* for the caller to log */
};

/* NULL without memory. The caller frees it with account_states_free(). */
struct account_states *account_states_new(void);

/* Frees and clears *states; does nothing when it is NULL already. */
void account_states_free(struct account_states **states);

/* Takes an answer in, and says what it is to mean. An answer with SMS that were queued
 * shows that the key is right, for the others of the same answer too. Without memory a
 * key is right only where the answer shows it, and there are no news. */
struct account_opinion account_states_judge(struct account_states *states,
                                            const struct account_answer *answer);

#endif
