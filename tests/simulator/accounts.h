/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_ACCOUNTS_H
#define SIMULATOR_ACCOUNTS_H

#include "problem.h"

/* The customers and partners that the API knows, and their keys. Filled before the
 * first thread starts, only read after that. */
struct accounts;

/* NULL when there is no memory. The caller frees it with accounts_free(). */
struct accounts *accounts_new(void);

/* Frees *accounts and sets it to NULL; does nothing when it is NULL already. */
void accounts_free(struct accounts **accounts);

/* id_and_key is "ID:KEY"; the key may hold colons. */
bool accounts_add_customer(struct accounts *accounts, const char *id_and_key,
                           struct problem *problem);

bool accounts_add_partner(struct accounts *accounts, const char *key,
                          struct problem *problem);

bool accounts_has_customers(const struct accounts *accounts);

/* Why these are not a customer's credentials, NULL when they are. Both may be NULL.
 * Borrowed: a literal. */
const char *accounts_check_customer(const struct accounts *accounts, const char *id,
                                    const char *key);

/* Whether a partner has this key, which may be NULL. */
bool accounts_knows_partner(const struct accounts *accounts, const char *key);

#endif
