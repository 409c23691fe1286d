/* SPDX-License-Identifier: ISC */
/* The domain of an address -> what it is to us. */
#ifndef SMS_MILTER_ENVELOPE_CUSTOMER_H
#define SMS_MILTER_ENVELOPE_CUSTOMER_H

#include <stdbool.h>

#include "config/config.h"

/* The customer that a domain in A-label form belongs to: the one that has exactly this
 * domain, else the one that has the longest parent domain for its subdomains
 * (".example.org"). NULL if it is nobody's. Borrowed from config. */
const struct customer *customer_find(const struct config *config, const char *domain);

/* The customer of a login with exactly one "@", by the domain behind it, or NULL. */
const struct customer *customer_find_by_login(const struct config *config,
                                              const char *login);

/* Whether mail to this domain (A-label form) is an SMS. */
bool customer_is_sms_domain(const struct config *config, const char *domain);

#endif
