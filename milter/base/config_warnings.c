/* SPDX-License-Identifier: ISC */
#include "base/config_warnings.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool warn(struct config *config, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool warn(struct config *config, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return string_list_add(&config->warnings, text);
}

static bool warn_of_customers(struct config *config, unsigned methods, const char *what)
{
    const struct customer *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < config->customer_count; i++) {
        if (!(config->customers[i].sender_auth & methods))
            continue;
        if (count++ == 0)
            first = &config->customers[i];
    }
    if (count == 0)
        return true;
    if (count == 1)
        return warn(config, "customer \"%s\" (%s): %s", first->name, first->source,
                    what);
    return warn(config, "%zu customers, the first \"%s\" (%s): %s", count, first->name,
                first->source, what);
}

/* Whether a network of every IPv4 or every IPv6 address is among them. */
static bool has_everybody(const struct network_list *networks)
{
    for (size_t i = 0; i < networks->count; i++)
        if (networks->items[i].prefix_bits == 0 || networks->items[i].prefix_bits == 96)
            return true;
    return false;
}

bool config_collect_warnings(struct config *config)
{
    const unsigned of_results = SENDER_AUTH_SPF | SENDER_AUTH_DKIM | SENDER_AUTH_DMARC;
    bool is_done = true;

    if (config->listen_mode & S_IRWXO && strncmp(config->listen, "inet", 4) != 0)
        is_done =
            warn(config,
                 "listen-mode: \"%04o\" lets every local user speak to the filter "
                 "and claim any login",
                 config->listen_mode);
    if (has_everybody(&config->trusted_networks))
        is_done = is_done && warn(config, "trusted-networks has every address in it: "
                                          "\"network\" in sender-auth proves nothing");
    if (strncmp(config->listen, "inet", 4) == 0)
        is_done =
            is_done &&
            warn(config,
                 "listen: \"%s\" lets whoever reaches the port speak to the filter and "
                 "claim any login; a unix socket does not",
                 config->listen);
    is_done =
        is_done &&
        warn_of_customers(config, SENDER_AUTH_NONE,
                          "sender-auth is \"none\": whoever writes a sender address "
                          "of its domains spends its money") &&
        (config->authserv_id ||
         warn_of_customers(config, of_results,
                           "sender-auth has spf, dkim or dmarc, which prove no sender "
                           "as authserv-id is not set"));
    if (config->customer_count == 0)
        is_done =
            is_done && warn(config, "there is no customer: every SMS will be refused");
    return is_done;
}
