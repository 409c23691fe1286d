/* SPDX-License-Identifier: ISC */
#include "api/hold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct hold {
    int64_t until_ms;
    const char *account; /* in names after the URL; NULL: all accounts */
    char names[];        /* the URL, then the account */
};

static bool is_for(const struct hold *hold, const char *url, const char *account)
{
    if (strcmp(hold->names, url) != 0)
        return false;
    if (!hold->account || !account)
        return hold->account == account;
    return strcmp(hold->account, account) == 0;
}

static struct hold *find(const struct hold_list *list, const char *url,
                         const char *account)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_for(list->holds[i], url, account))
            return list->holds[i];
    return NULL;
}

static void remove_over(struct hold_list *list, int64_t now_ms)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (list->holds[i]->until_ms > now_ms)
            list->holds[kept++] = list->holds[i];
        else
            free(list->holds[i]);
    }
    list->count = kept;
}

/* Returns NULL without a place or memory. */
static struct hold *add(struct hold_list *list, const char *url, const char *account)
{
    size_t url_size = strlen(url) + 1;
    size_t account_size = account ? strlen(account) + 1 : 0;
    struct hold *hold;

    if (list->count == HOLD_MAX_COUNT)
        return NULL;
    hold = calloc(1, sizeof *hold + url_size + account_size);
    if (!hold)
        return NULL;
    memcpy(hold->names, url, url_size);
    if (account)
        hold->account = memcpy(hold->names + url_size, account, account_size);
    list->holds[list->count++] = hold;
    return hold;
}

void hold_set(struct hold_list *list, const char *url, const char *account,
              int64_t retry_after_s, int64_t now_ms)
{
    int64_t wait_s = retry_after_s < HOLD_MAX_S ? retry_after_s : HOLD_MAX_S;
    int64_t until_ms = now_ms + wait_s * 1000;
    struct hold *hold;

    remove_over(list, now_ms);
    if (wait_s <= 0)
        return;
    hold = find(list, url, account);
    if (!hold)
        hold = add(list, url, account);
    if (hold && hold->until_ms < until_ms)
        hold->until_ms = until_ms;
}

int64_t hold_left_ms(const struct hold_list *list, const char *url, const char *account,
                     int64_t now_ms)
{
    const struct hold *holds[] = {find(list, url, NULL), find(list, url, account)};
    int64_t left_ms = 0;

    for (size_t i = 0; i < sizeof holds / sizeof *holds; i++)
        if (holds[i] && holds[i]->until_ms - now_ms > left_ms)
            left_ms = holds[i]->until_ms - now_ms;
    return left_ms;
}

void hold_clear(struct hold_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->holds[i]);
    list->count = 0;
}
