/* SPDX-License-Identifier: ISC */
#include "base/config_finish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "base/config_warnings.h"
#include "base/section.h"
#include "base/text_options.h"

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
}

/* ---- what is inherited ---- */

/* allow defaults to the default country: a number typed wrong is not sent to
 * Kazakhstan. */
static bool inherit_allow(struct customer *customer, struct error *err)
{
    char prefix[1 + 3 + 1];

    if (customer->allow.count > 0)
        return true;
    if (!customer->default_country)
        return error_set(
            err, ERROR_REFUSED, NULL,
            "%s: allow: missing in customer \"%s\": needed where there is no "
            "default-country",
            customer->source, customer->name);
    snprintf(prefix, sizeof prefix, "+%s", customer->default_country);
    return string_list_add(&customer->allow, prefix) || no_memory(err);
}

static bool inherit(cfg_t *root, const struct config *config, struct customer *customer,
                    struct error *err)
{
    if (!customer->api_url &&
        !section_copy_text(cfg_getsec(root, "api"), "url", &customer->api_url))
        return no_memory(err);
    if (!customer->default_country &&
        !section_copy_text(root, "default-country", &customer->default_country))
        return no_memory(err);
    if (customer->max_recipients == 0)
        customer->max_recipients = section_number(root, "max-recipients");
    if ((int)customer->alignment == SECTION_UNSET)
        customer->alignment = (enum alignment)section_choice(root, "alignment");
    if (customer->replay_window_s == 0)
        customer->replay_window_s = section_number(root, "replay-window");
    if (!customer->time_zone &&
        !time_zone_new(section_text(root, "time-zone"), &customer->time_zone, err))
        return false;
    if ((int)customer->auto_replies == SECTION_UNSET)
        customer->auto_replies =
            (enum auto_replies)section_choice(root, "auto-replies");
    if ((int)customer->on_unknown == SECTION_UNSET)
        customer->on_unknown = (enum on_unknown)section_choice(root, "on-unknown");
    if ((int)customer->after_sending == SECTION_UNSET)
        customer->after_sending =
            (enum after_sending)section_choice(root, "after-sending");
    if (!text_options_inherit(&customer->text, &config->text))
        return no_memory(err);
    return inherit_allow(customer, err);
}

static bool copy_globals(cfg_t *root, struct config *config)
{
    cfg_t *api = cfg_getsec(root, "api");

    config->listen_mode = (unsigned)strtoul(cfg_getstr(root, "listen-mode"), NULL, 8);
    config->max_message_size_bytes = section_number(root, "max-message-size");
    config->api.connect_timeout_s = section_number(api, "connect-timeout");
    config->api.timeout_s = section_number(api, "timeout");
    config->api.max_connections = section_number(api, "max-connections");
    config->api.max_in_flight = section_number(api, "max-in-flight");
    config->api.retries = section_number(api, "retries");
    config->api.breaker_failures = section_number(api, "breaker-failures");
    config->api.breaker_cooldown_s = section_number(api, "breaker-cooldown");
    config->auto_replies = (enum auto_replies)section_choice(root, "auto-replies");
    config->retention_days = section_number(root, "retention-days");
    config->retry_window_s = section_number(root, "retry-window");
    config->duplicate_wait_s = section_number(root, "duplicate-wait");
    config->on_unknown = (enum on_unknown)section_choice(root, "on-unknown");
    return section_copy_text_options(cfg_getsec(root, "text"), &config->text) &&
           section_copy_text(root, "default-country", &config->default_country) &&
           section_copy_text(root, "listen", &config->listen) &&
           section_copy_text(root, "journal", &config->journal) &&
           section_copy_text(root, "listen-group", &config->listen_group) &&
           section_copy_text(root, "authserv-id", &config->authserv_id) &&
           section_copy_domains(root, "sms-domains", &config->sms_domains) &&
           section_copy_networks(root, "trusted-networks", &config->trusted_networks) &&
           section_copy_text(api, "ca-file", &config->api.ca_file) &&
           section_copy_text(api, "proxy", &config->api.proxy);
}

/* ---- what all customers together must be ---- */

static const char *name_of(const struct customer *customer)
{
    return customer->name;
}

static const char *audit_path_of(const struct customer *customer)
{
    return customer->audit_path ? customer->audit_path : "";
}

/* What no two customers may have the same of; "" is no value. */
struct unique {
    const char *option, *what;
    const char *(*value)(const struct customer *customer);
};

/* Of two with the same value the one that was read first comes first. */
static int compare_values(const void *left, const void *right, void *unique_ptr)
{
    const struct customer *const *a = left, *const *b = right;
    const struct unique *unique = unique_ptr;
    int order = strcmp(unique->value(*a), unique->value(*b));

    return order ? order : (*a > *b) - (*a < *b);
}

static bool check_sorted(const struct unique *unique, const struct customer **sorted,
                         size_t count, struct error *err)
{
    for (size_t i = 1; i < count; i++) {
        const struct customer *first = sorted[i - 1], *second = sorted[i];
        const char *value = unique->value(second);

        if (*value != '\0' && strcmp(unique->value(first), value) == 0)
            return error_set(
                err, ERROR_REFUSED, NULL,
                "%s: %s: \"%s\" is the %s of another customer already (%s)",
                second->source, unique->option, value, unique->what, first->source);
    }
    return true;
}

static bool check_unique(const struct config *config, struct unique *unique,
                         struct error *err)
{
    size_t count = config->customer_count;
    const struct customer **sorted = calloc(count ? count : 1, sizeof *sorted);
    bool is_unique;

    if (!sorted)
        return no_memory(err);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &config->customers[i];
    qsort_r(sorted, count, sizeof(void *), compare_values, unique);
    is_unique = check_sorted(unique, sorted, count, err);
    free(sorted);
    return is_unique;
}

static bool check_customers(const struct config *config, struct error *err)
{
    struct unique name = {"customer", "name", name_of};
    struct unique audit = {"audit-log", "audit log", audit_path_of};

    return check_unique(config, &name, err) && check_unique(config, &audit, err);
}

/* Plain http is for this host alone; a proxy would take it, key and all, to another. */
static bool check_proxy(const struct config *config, struct error *err)
{
    for (size_t i = 0; i < config->customer_count && *config->api.proxy; i++) {
        const struct customer *customer = &config->customers[i];

        if (strncmp(customer->api_url, "http://", 7) == 0)
            return error_set(
                err, ERROR_REFUSED, NULL,
                "%s: proxy: would get the key of customer \"%s\" in clear, "
                "as its API is at a plain http address",
                customer->source, customer->name);
    }
    return true;
}

bool config_finish(cfg_t *root, bool is_without_keys, struct config *config,
                   struct error *err)
{
    struct error why;

    if (!copy_globals(root, config))
        return no_memory(err);
    if (!section_load_blocklist(root, is_without_keys, &config->blocklist, &why))
        return error_set(err, why.kind, NULL, "blocklist: %s", why.text);
    for (size_t i = 0; i < config->customer_count; i++)
        if (!inherit(root, config, &config->customers[i], err))
            return false;
    return check_customers(config, err) && check_proxy(config, err) &&
           config_index_domains(config, err) &&
           (config_collect_warnings(config) || no_memory(err));
}
