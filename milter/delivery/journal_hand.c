/* SPDX-License-Identifier: ISC */
#include "delivery/journal_hand.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

static int compare_keys(const void *left, const void *right)
{
    return memcmp(left, right, sizeof(struct digest));
}

static bool has_key(const struct journal_hand *hand, const struct digest *key)
{
    return tfind(key, &hand->keys, compare_keys);
}

bool journal_hand_has_one(const struct journal_hand *hand,
                          const struct journal_sms *sms, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has_key(hand, &sms[i].key) ||
            (sms[i].has_signed_key && has_key(hand, &sms[i].signed_key)))
            return true;
    return false;
}

/* Two SMS of one mail may have one key: then the first has taken it. */
static bool take_key(struct journal_hand *hand, const struct digest *key)
{
    struct digest *copy;

    if (has_key(hand, key))
        return true;
    copy = malloc(sizeof *copy);
    if (!copy)
        return false;
    *copy = *key;
    if (tsearch(copy, &hand->keys, compare_keys))
        return true;
    free(copy);
    return false;
}

static void let_go_of_key(struct journal_hand *hand, const struct digest *key)
{
    struct digest *const *node = tfind(key, &hand->keys, compare_keys);
    struct digest *copy = node ? *node : NULL;

    if (!copy)
        return;
    tdelete(key, &hand->keys, compare_keys);
    free(copy);
}

bool journal_hand_take(struct journal_hand *hand, const struct journal_sms *sms,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (take_key(hand, &sms[i].key) &&
            (!sms[i].has_signed_key || take_key(hand, &sms[i].signed_key)))
            continue;
        journal_hand_let_go(hand, sms, i + 1);
        return false;
    }
    return true;
}

void journal_hand_let_go(struct journal_hand *hand, const struct journal_sms *sms,
                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        let_go_of_key(hand, &sms[i].key);
        if (sms[i].has_signed_key)
            let_go_of_key(hand, &sms[i].signed_key);
    }
}
