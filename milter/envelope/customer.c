/* SPDX-License-Identifier: ISC */
#include "envelope/customer.h"

#include <string.h>

#include "base/domain.h"

const struct customer *customer_find(const struct config *config, const char *domain)
{
    const struct customer *customer;

    if (*domain == '\0')
        return NULL;
    customer = config_find_domain(config, domain, false);
    while (!customer && (domain = strchr(domain, '.')))
        customer = config_find_domain(config, ++domain, true);
    return customer;
}

const struct customer *customer_find_by_login(const struct config *config,
                                              const char *login)
{
    const char *at = strchr(login, '@');
    char domain[DOMAIN_SIZE];
    struct error ignored;

    if (!at || at == login || strchr(at + 1, '@') ||
        !domain_normalize(at + 1, domain, &ignored))
        return NULL;
    return customer_find(config, domain);
}

bool customer_is_sms_domain(const struct config *config, const char *domain)
{
    for (size_t i = 0; i < config->sms_domains.count; i++)
        if (strcmp(config->sms_domains.items[i], domain) == 0)
            return true;
    return false;
}
