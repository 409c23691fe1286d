/* SPDX-License-Identifier: ISC */
#include "delivery/journal_hands.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct digest));
}

static bool has_key(const struct journal_hands *hands, const struct digest *key)
{
    return tfind(key, &hands->keys, compare_keys);
}

bool journal_hands_are_free(const struct journal_hands *hands,
                            const struct journal_mail *mail,
                            const struct journal_sms *sms, size_t count)
{
    (void)mail;
    for (size_t i = 0; i < count; i++)
        if (has_key(hands, &sms[i].key))
            return false;
    return true;
}

/* Two SMS of one mail may have one key: then the first has taken it. */
static bool take_key(struct journal_hands *hands, const struct digest *key)
{
    struct digest *copy;

    if (has_key(hands, key))
        return true;
    copy = malloc(sizeof *copy);
    if (!copy)
        return false;
    *copy = *key;
    if (tsearch(copy, &hands->keys, compare_keys))
        return true;
    free(copy);
    return false;
}

static void let_go_of_key(struct journal_hands *hands, const struct digest *key)
{
    struct digest *const *node = tfind(key, &hands->keys, compare_keys);
    struct digest *copy = node ? *node : NULL;

    if (!copy)
        return;
    tdelete(key, &hands->keys, compare_keys);
    free(copy);
}

bool journal_hands_take(struct journal_hands *hands, const struct journal_mail *mail,
                        const struct journal_sms *sms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (take_key(hands, &sms[i].key))
            continue;
        journal_hands_let_go(hands, mail, sms, i);
        return false;
    }
    return true;
}

void journal_hands_let_go(struct journal_hands *hands, const struct journal_mail *mail,
                          const struct journal_sms *sms, size_t count)
{
    (void)mail;
    for (size_t i = 0; i < count; i++)
        let_go_of_key(hands, &sms[i].key);
}
