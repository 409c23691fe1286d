/* SPDX-License-Identifier: ISC */
#include "journal/journal_hands.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "journal/journal_rules.h"

/* How many sessions have the SMS of one key in hand. Another session with this key
 * waits for owners; only a session with a signed copy waits for sharers too. */
struct hold {
    struct digest key; /* the first member, so that tfind() can compare it with a key */
    unsigned owners, sharers;
};

static int compare(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct digest));
}

static struct hold *find(const struct journal_hands *hands, const struct digest *key)
{
    struct hold *const *found = tfind(key, &hands->keys, compare);

    return found ? *found : NULL;
}

/* NULL if there is no memory. */
static struct hold *find_or_add(struct journal_hands *hands, const struct digest *key)
{
    struct hold *hold = find(hands, key);

    if (hold)
        return hold;
    hold = calloc(1, sizeof *hold);
    if (!hold)
        return NULL;
    hold->key = *key;
    if (tsearch(hold, &hands->keys, compare))
        return hold;
    free(hold);
    return NULL;
}

static void free_unused(struct journal_hands *hands, struct hold *hold)
{
    if (hold->owners + hold->sharers > 0)
        return;
    tdelete(hold, &hands->keys, compare);
    free(hold);
}

/* The keys of one SMS under which its session takes it in hand. */
struct keys {
    const struct digest *owned, *shared; /* NULL: none */
};

static struct keys keys_of(const struct journal_mail *mail,
                           const struct journal_sms *sms)
{
    const struct digest *signed_key = journal_signed_key(mail, sms);

    switch (mail->identity) {
    case MAIL_IDENTITY_SIGNATURE:
        return (struct keys){.owned = signed_key};
    case MAIL_IDENTITY_CONTENT:
        return (struct keys){.shared = signed_key};
    case MAIL_IDENTITY_MESSAGE_ID:
        break;
    }
    return (struct keys){.owned = &sms->key, .shared = signed_key};
}

static bool is_free(const struct journal_hands *hands, const struct journal_mail *mail,
                    const struct journal_sms *sms)
{
    const struct keys keys = keys_of(mail, sms);
    const struct hold *owned = keys.owned ? find(hands, keys.owned) : NULL;
    const struct hold *shared = keys.shared ? find(hands, keys.shared) : NULL;

    if (mail->identity == MAIL_IDENTITY_CONTENT)
        return true;
    return !owned && (!shared || shared->owners == 0);
}

bool journal_hands_are_free(const struct journal_hands *hands,
                            const struct journal_mail *mail,
                            const struct journal_sms *sms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_free(hands, mail, &sms[i]))
            return false;
    return true;
}

static void release_one(struct journal_hands *hands, const struct journal_mail *mail,
                        const struct journal_sms *sms)
{
    const struct keys keys = keys_of(mail, sms);
    struct hold *hold = keys.owned ? find(hands, keys.owned) : NULL;

    if (hold) {
        hold->owners--;
        free_unused(hands, hold);
    }
    hold = keys.shared ? find(hands, keys.shared) : NULL;
    if (hold) {
        hold->sharers--;
        free_unused(hands, hold);
    }
}

static bool take_one(struct journal_hands *hands, const struct journal_mail *mail,
                     const struct journal_sms *sms)
{
    const struct keys keys = keys_of(mail, sms);
    struct hold *owned = keys.owned ? find_or_add(hands, keys.owned) : NULL;
    struct hold *shared = keys.shared ? find_or_add(hands, keys.shared) : NULL;

    if ((keys.owned && !owned) || (keys.shared && !shared)) {
        if (owned)
            free_unused(hands, owned);
        if (shared)
            free_unused(hands, shared);
        return false;
    }
    if (owned)
        owned->owners++;
    if (shared)
        shared->sharers++;
    return true;
}

bool journal_hands_take(struct journal_hands *hands, const struct journal_mail *mail,
                        const struct journal_sms *sms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (take_one(hands, mail, &sms[i]))
            continue;
        journal_hands_release(hands, mail, sms, i);
        return false;
    }
    return true;
}

void journal_hands_release(struct journal_hands *hands, const struct journal_mail *mail,
                           const struct journal_sms *sms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        release_one(hands, mail, &sms[i]);
}
