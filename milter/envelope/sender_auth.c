/* SPDX-License-Identifier: ISC */
#include "envelope/sender_auth.h"

#include <string.h>

#include "envelope/customer.h"

/* A login that is an address proves the customer its domain belongs to; any other login
 * proves only what the administrator says of it. */
static bool login_proves(const struct config *config, const struct customer *customer,
                         const char *login)
{
    if (!login)
        return false;
    for (size_t i = 0; i < customer->sasl_logins.count; i++)
        if (strcmp(customer->sasl_logins.items[i], login) == 0)
            return true;
    return customer_find_by_login(config, login) == customer;
}

static bool network_proves(const struct config *config, const struct customer *customer,
                           const struct sockaddr *peer)
{
    return network_contains(customer->networks.items, customer->networks.count, peer) ||
           network_contains(config->trusted_networks.items,
                            config->trusted_networks.count, peer);
}

bool sender_auth_check(const struct config *config, const struct customer *customer,
                       const struct sender_evidence *evidence, const char **method_out,
                       struct error *err)
{
    unsigned methods = customer->sender_auth;

    *method_out = NULL;
    if ((methods & SENDER_AUTH_SASL) && login_proves(config, customer, evidence->login))
        *method_out = "sasl";
    else if ((methods & SENDER_AUTH_NETWORK) &&
             network_proves(config, customer, evidence->peer))
        *method_out = "network";
    else if (methods & SENDER_AUTH_NONE)
        *method_out = "none";
    return *method_out ||
           error_set(
               err, ERROR_REFUSED, "5.7.1",
               "sender not authenticated: send through your own mail server, logged "
               "in as a user of the sender's domain");
}
