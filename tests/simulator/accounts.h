/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_ACCOUNTS_H
#define SIMULATOR_ACCOUNTS_H

#include "problem.h"

/* The customers and partners that the API knows, and their keys. All are added before
 * the first thread starts; afterwards they are only read. */
struct accounts;

/* Returns NULL without memory. The caller frees it with accounts_free(). */
struct accounts *accounts_new(void);

/* Frees and clears *accounts. Does nothing if *accounts is already NULL. */
void accounts_free(struct accounts **accounts);

/* id_and_key is "ID:KEY"; the key may contain colons. */
bool accounts_add_customer(struct accounts *accounts, const char *id_and_key,
                           struct problem *problem);

bool accounts_add_partner(struct accounts *accounts, const char *key,
                          struct problem *problem);

bool accounts_has_customers(const struct accounts *accounts);

/* Returns why these are not valid credentials of a customer; NULL if they are. Both may
 * be NULL. Borrowed: a literal. */
const char *accounts_check_customer(const struct accounts *accounts, const char *id,
                                    const char *key);

/* Whether a partner has this key. key may be NULL. */
bool accounts_knows_partner(const struct accounts *accounts, const char *key);

#endif
