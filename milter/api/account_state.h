/* SPDX-License-Identifier: ISC */
/* Decides from the API's answers whether the key of each customer's account is right.
 *
 * The API uses the same words for a wrong key as for other data that it refuses. So a
 * refusal in these words counts as a refusal of the SMS only while the key is known to
 * be right. Otherwise the key may be wrong, and the SMS is deferred, because the
 * administrator must repair a wrong key and the sender cannot.
 *
 * An account is a customer with its customer-id, the address of the API, and a key.
 * Another key is another account. Everything is kept in memory only: after a start, no
 * key is known to be right until the first SMS was queued with it. A reload of the
 * configuration changes nothing (config_publish()). The keys themselves are not kept.
 * Any thread may call any of these functions. */
#ifndef SMS_MILTER_API_ACCOUNT_STATE_H
#define SMS_MILTER_API_ACCOUNT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "secret/secret.h"

/* After ACCOUNT_MAX_REFUSALS refusals in these words in a row, with no SMS queued
 * between them, a key that was right becomes doubtful. So if a key expires at night,
 * the customer's SMS are deferred instead of all being rejected. A smaller number would
 * doubt a good key whenever a few mails go to old numbers. The only cost of doubting a
 * good key is that the senders of these mails learn of the refusal later, after the
 * next SMS was queued.
 *
 * Every SMS counts, because a mail to fifty numbers that are all refused suggests that
 * the key is wrong. But if the key was right within the last ACCOUNT_FRESH_MS, it has
 * hardly expired since then, and each mail counts only once. So when a key is replaced
 * at the API, up to four mails may be rejected during working hours, and up to four SMS
 * at other times. */
enum { ACCOUNT_MAX_REFUSALS = 5, ACCOUNT_FRESH_MS = 10 * 60 * 1000 };

struct account_states;

/* What one answer of the API says about the account. */
struct account_answer {
    const struct customer *customer;
    const struct secret *key; /* the key of the request */
    size_t queued;            /* how many SMS the API queued */
    size_t refused;           /* how many it refused in words that may mean the key */
    long http_status; /* 401 or 403 if the API refused the key so; otherwise 0 */
    int64_t now_ms;   /* of clock_now_ms() */
};

enum account_news {
    ACCOUNT_NOTHING_NEW,
    ACCOUNT_REFUSED, /* the key may be wrong, for another reason than the one reported
                        last */
    ACCOUNT_TAKEN_AGAIN, /* the key is right again, after ACCOUNT_REFUSED was the last
                            news */
};

struct account_opinion {
    bool is_key_right;      /* a refusal was a refusal of the SMS, not of the key */
    enum account_news news; /* for the caller to log */
};

/* Returns NULL without memory. The caller frees it with account_states_free(). */
struct account_states *account_states_new(void);

/* Frees and clears *states. Does nothing if *states is already NULL. */
void account_states_free(struct account_states **states);

/* Records an answer and says what it means. If the answer shows that at least one SMS
 * was queued, the key is right, also for the other SMS of the same answer. Without
 * memory the key counts as right only if this answer shows it, and there is no news. */
struct account_opinion account_states_judge(struct account_states *states,
                                            const struct account_answer *answer);

#endif
