/* SPDX-License-Identifier: ISC */
/* Finds the customer that a domain belongs to. */
#ifndef SMS_MILTER_ENVELOPE_CUSTOMER_H
#define SMS_MILTER_ENVELOPE_CUSTOMER_H

#include <stdbool.h>

#include "config/config.h"

/* The customer of a domain in A-label form: the one that has exactly this domain,
 * otherwise the one with the longest parent domain that includes subdomains
 * (".example.org"). NULL if it belongs to no customer. Borrowed from config. */
const struct customer *customer_find(const struct config *config, const char *domain);

/* The customer of a login that contains exactly one "@", by the domain after it. NULL
 * if there is none. */
const struct customer *customer_find_by_login(const struct config *config,
                                              const char *login);

/* Whether mail to this domain (A-label form) is sent as SMS. */
bool customer_is_sms_domain(const struct config *config, const char *domain);

#endif
