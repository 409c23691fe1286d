/* SPDX-License-Identifier: ISC */
#include "accounts.h"

#include <stdlib.h>
#include <string.h>

/* A customer; a partner if there is no id. */
struct account {
    struct account *next;
    char *id;
    char *key;
};

struct accounts {
    struct account *customers;
    struct account *partners;
};

struct accounts *accounts_new(void)
{
    return calloc(1, sizeof(struct accounts));
}

static void free_list(struct account *account)
{
    while (account != NULL) {
        struct account *next = account->next;
        free(account->id);
        free(account->key);
        free(account);
        account = next;
    }
}

void accounts_free(struct accounts **accounts)
{
    if (*accounts == NULL)
        return;
    free_list((*accounts)->customers);
    free_list((*accounts)->partners);
    free(*accounts);
    *accounts = NULL;
}

static const struct account *find_customer(const struct accounts *accounts,
                                           const char *id)
{
    const struct account *account = accounts->customers;

    while (account != NULL && strcmp(account->id, id) != 0)
        account = account->next;
    return account;
}

/* Makes an account from the first id_size bytes of id, and from key. */
static bool link_account(struct account **list, const char *id, size_t id_size,
                         const char *key, struct problem *problem)
{
    struct account *account = calloc(1, sizeof(*account));

    if (account == NULL)
        return problem_set(problem, "out of memory");
    account->id = strndup(id, id_size);
    account->key = strdup(key);
    if (account->id == NULL || account->key == NULL) {
        free_list(account);
        return problem_set(problem, "out of memory");
    }
    account->next = *list;
    *list = account;
    return true;
}

bool accounts_add_customer(struct accounts *accounts, const char *id_and_key,
                           struct problem *problem)
{
    const char *colon = strchr(id_and_key, ':');

    if (colon == NULL || colon == id_and_key || colon[1] == '\0')
        return problem_set(problem, "--customer wants ID:KEY, for example 1469:secret");
    if (!link_account(&accounts->customers, id_and_key, (size_t)(colon - id_and_key),
                      colon + 1, problem))
        return false;
    for (struct account *other = accounts->customers->next; other; other = other->next)
        if (strcmp(other->id, accounts->customers->id) == 0)
            return problem_set(problem, "--customer %s is given twice", other->id);
    return true;
}

bool accounts_add_partner(struct accounts *accounts, const char *key,
                          struct problem *problem)
{
    if (*key == '\0')
        return problem_set(problem, "--partner wants a key");
    return link_account(&accounts->partners, "", 0, key, problem);
}

bool accounts_has_customers(const struct accounts *accounts)
{
    return accounts->customers != NULL;
}

const char *accounts_check_customer(const struct accounts *accounts, const char *id,
                                    const char *key)
{
    const struct account *account;

    if (id == NULL)
        return "CustomerId is missing";
    if (key == NULL)
        return "Password is missing";
    account = find_customer(accounts, id);
    if (account == NULL)
        return "no customer has this CustomerId";
    return strcmp(account->key, key) == 0 ? NULL : "Password is wrong";
}

bool accounts_knows_partner(const struct accounts *accounts, const char *key)
{
    const struct account *partner = accounts->partners;

    if (key == NULL)
        return false;
    while (partner != NULL && strcmp(partner->key, key) != 0)
        partner = partner->next;
    return partner != NULL;
}
