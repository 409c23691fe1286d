/* SPDX-License-Identifier: ISC */
#include "config/config_warnings.h"

#include <stdarg.h>
#include <stdint.h>
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
    return warn(config, "%zu customers (the first is \"%s\", %s): %s", count,
                first->name, first->source, what);
}

/* Whether one of the networks contains all IPv4 or all IPv6 addresses. */
static bool has_everybody(const struct network_list *networks)
{
    for (size_t i = 0; i < networks->count; i++)
        if (networks->items[i].prefix_bits == 0 || networks->items[i].prefix_bits == 96)
            return true;
    return false;
}

static bool warn_of_socket(struct config *config)
{
    if (strncmp(config->listen, "inet", 4) == 0)
        return warn(config,
                    "listen: anyone who can reach \"%s\" can talk to the filter and "
                    "claim any login; use a unix socket",
                    config->listen);
    return !(config->listen_mode & S_IRWXO) ||
           warn(config,
                "listen-mode: with \"%04o\" every local user can talk to the filter "
                "and claim any login",
                config->listen_mode);
}

static bool warn_of_proofs(struct config *config)
{
    const unsigned of_results = SENDER_AUTH_SPF | SENDER_AUTH_DKIM | SENDER_AUTH_DMARC;

    return (!has_everybody(&config->trusted_networks) ||
            warn(config, "trusted-networks contains every address, so \"network\" in "
                         "sender-auth proves nothing")) &&
           warn_of_customers(config, SENDER_AUTH_NONE,
                             "sender-auth is \"none\": anyone who forges a sender "
                             "address of its domains spends its money") &&
           (config->authserv_id ||
            warn_of_customers(config, of_results,
                              "sender-auth lists spf, dkim or dmarc, but they prove "
                              "nothing because authserv-id is not set"));
}

/* Warns if replay-window is longer than the journal keeps its records, because a signed
 * mail is recognised only while the journal has it. */
static bool warn_of_replays(struct config *config)
{
    int64_t retention_s = (int64_t)config->retention_days * 24 * 3600;

    for (size_t i = 0; i < config->customer_count; i++) {
        const struct customer *customer = &config->customers[i];

        if ((customer->sender_auth & (SENDER_AUTH_DKIM | SENDER_AUTH_DMARC)) &&
            config->authserv_id && customer->replay_window_s > retention_s)
            return warn(config,
                        "customer \"%s\" (%s): replay-window is longer than "
                        "retention-days: anyone who has a signed mail can send it "
                        "again after the journal has deleted its record",
                        customer->name, customer->source);
    }
    return true;
}

/* Warns if duplicate-window is longer than the journal keeps its records, because a
 * mail is recognised only while the journal has it. */
static bool warn_of_duplicates(struct config *config)
{
    return config->duplicate_window_s <= (int64_t)config->retention_days * 24 * 3600 ||
           warn(config,
                "duplicate-window is longer than retention-days: a mail that comes "
                "again after the journal has deleted its record is sent again");
}

bool config_collect_warnings(struct config *config)
{
    return warn_of_socket(config) && warn_of_proofs(config) &&
           warn_of_duplicates(config) && warn_of_replays(config) &&
           (config->customer_count > 0 ||
            warn(config, "no customer is configured: every SMS will be refused"));
}
