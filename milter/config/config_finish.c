/* SPDX-License-Identifier: ISC */
#include "config/config_finish.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/calendar.h"
#include "config/config_warnings.h"
#include "config/section.h"
#include "config/text_options.h"

/* ---- inherited options ---- */

/* allow defaults to the prefix of the default country, so that no SMS goes to
 * Kazakhstan because of a mistyped number. */
static bool inherit_allow(const struct finish *finish, struct customer *customer)
{
    char prefix[1 + 3 + 1];

    if (customer->allow.count > 0)
        return true;
    if (customer->default_country) {
        snprintf(prefix, sizeof prefix, "+%s", customer->default_country);
        return string_list_add(&customer->allow, prefix);
    }
    if (!finish->is_country_unclear)
        problem_add(
            finish->problems, &customer->places.section, "allow",
            "missing in customer \"%s\": it is required if default-country is not set",
            customer->name);
    return true;
}

/* Whether no global text was refused. */
static bool has_good_texts(cfg_t *root)
{
    cfg_t *text = cfg_getsec(root, "text");

    return !section_is_bad(text, "template") && !section_is_bad(text, "end-marker");
}

static bool inherit(const struct finish *finish, struct customer *customer)
{
    const struct config *config = finish->config;
    cfg_t *root = finish->root;
    struct error ignored;

    if (!customer->api_url &&
        !section_copy_text(cfg_getsec(root, "api"), "url", &customer->api_url))
        return false;
    if (!customer->default_country &&
        !section_copy_text(root, "default-country", &customer->default_country))
        return false;
    if (customer->max_recipients == 0)
        customer->max_recipients = section_number(root, "max-recipients");
    if ((int)customer->alignment == SECTION_UNSET)
        customer->alignment = (enum alignment)section_choice(root, "alignment");
    if (customer->replay_window_s == 0)
        customer->replay_window_s = section_number(root, "replay-window");
    if (!customer->time_zone &&
        !time_zone_new(section_text(root, "time-zone"), &customer->time_zone, &ignored))
        return false;
    if ((int)customer->auto_replies == SECTION_UNSET)
        customer->auto_replies =
            (enum auto_replies)section_choice(root, "auto-replies");
    if ((int)customer->on_unknown == SECTION_UNSET)
        customer->on_unknown = (enum on_unknown)section_choice(root, "on-unknown");
    if ((int)customer->after_sending == SECTION_UNSET)
        customer->after_sending =
            (enum after_sending)section_choice(root, "after-sending");
    if (has_good_texts(root) && !text_options_inherit(&customer->text, &config->text))
        return false;
    return inherit_allow(finish, customer);
}

static bool copy_globals(cfg_t *root, struct config *config)
{
    cfg_t *api = cfg_getsec(root, "api");
    const char *mode = section_text(root, "listen-mode");

    config->listen_mode = mode ? (unsigned)strtoul(mode, NULL, 8) : 0;
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
    config->duplicate_window_s = section_number(root, "duplicate-window");
    config->on_unknown = (enum on_unknown)section_choice(root, "on-unknown");
    return section_copy_text_options(cfg_getsec(root, "text"), &config->text) &&
           section_copy_text(root, "default-country", &config->default_country) &&
           section_copy_text(root, "listen", &config->listen) &&
           section_copy_text(root, "journal", &config->journal) &&
           section_copy_text(root, "blocklist", &config->blocklist_path) &&
           section_copy_text(root, "listen-group", &config->listen_group) &&
           section_copy_text(root, "authserv-id", &config->authserv_id) &&
           section_copy_domains(root, "sms-domains", &config->sms_domains) &&
           section_copy_texts(root, "reused-message-ids",
                              &config->reused_message_ids) &&
           section_copy_networks(root, "trusted-networks", &config->trusted_networks) &&
           section_copy_text(api, "ca-file", &config->api.ca_file) &&
           section_copy_text(api, "proxy", &config->api.proxy);
}

/* ---- rules for all customers together ---- */

static const char *name_of(const struct customer *customer)
{
    return customer->name;
}

static const char *audit_path_of(const struct customer *customer)
{
    return customer->audit_path ? customer->audit_path : "";
}

static const struct place *section_of(const struct customer *customer)
{
    return &customer->places.section;
}

static const struct place *audit_place_of(const struct customer *customer)
{
    return &customer->places.audit_log;
}

/* A value that no two customers may share; "" does not count as a value. */
struct unique {
    const char *option, *what;
    const char *(*value)(const struct customer *customer);
    const struct place *(*place)(const struct customer *customer);
};

/* Sorts by value; equal values stay in the order in which they were read. */
static int compare_values(const void *left, const void *right, void *unique_ptr)
{
    const struct customer *const *a = left, *const *b = right;
    const struct unique *unique = unique_ptr;
    int order = strcmp(unique->value(*a), unique->value(*b));

    return order ? order : (*a > *b) - (*a < *b);
}

static void check_sorted(const struct unique *unique, const struct customer **sorted,
                         size_t count, struct problem_list *problems)
{
    for (size_t i = 1; i < count; i++) {
        const struct customer *first = sorted[i - 1], *second = sorted[i];
        const char *value = unique->value(second);

        if (*value == '\0' || strcmp(unique->value(first), value) != 0)
            continue;
        problem_add(problems, unique->place(second), unique->option,
                    "\"%s\" is already the %s of another customer (%s:%d)", value,
                    unique->what, unique->place(first)->file,
                    unique->place(first)->line);
    }
}

static bool check_unique(const struct config *config, struct unique *unique,
                         struct problem_list *problems)
{
    size_t count = config->customer_count;
    const struct customer **sorted = calloc(count ? count : 1, sizeof *sorted);

    if (!sorted)
        return false;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &config->customers[i];
    qsort_r(sorted, count, sizeof(void *), compare_values, unique);
    check_sorted(unique, sorted, count, problems);
    free(sorted);
    return true;
}

static bool check_customers(const struct config *config, struct problem_list *problems)
{
    struct unique name = {"customer", "name", name_of, section_of};
    struct unique audit = {"audit-log", "audit log", audit_path_of, audit_place_of};

    return check_unique(config, &name, problems) &&
           check_unique(config, &audit, problems);
}

/* Plain http is only for this host. A proxy would send the request with its key to
 * another host. */
static void check_proxy(const struct config *config, struct problem_list *problems)
{
    if (!config->api.proxy || *config->api.proxy == '\0')
        return;
    for (size_t i = 0; i < config->customer_count; i++) {
        const struct customer *customer = &config->customers[i];

        if (customer->api_url && strncmp(customer->api_url, "http://", 7) == 0)
            problem_add(problems, &config->places.proxy, "proxy",
                        "would receive the key of customer \"%s\" unencrypted, because "
                        "its api-url begins with http:// (%s)",
                        customer->name, customer->source);
    }
}

static void load_blocklist(const struct finish *finish)
{
    struct config *config = finish->config;
    struct error why;

    if (!section_load_blocklist(finish->root, finish->is_without_keys,
                                &config->blocklist, &why))
        problem_add_error(finish->problems, &config->places.blocklist, "blocklist",
                          &why);
}

bool config_finish(const struct finish *finish)
{
    struct config *config = finish->config;

    if (!copy_globals(finish->root, config))
        return false;
    load_blocklist(finish);
    for (size_t i = 0; i < config->customer_count; i++)
        if (!inherit(finish, &config->customers[i]))
            return false;
    check_proxy(config, finish->problems);
    return check_customers(config, finish->problems) &&
           config_index_domains(config, finish->problems) &&
           (!problem_list_is_empty(finish->problems) ||
            config_collect_warnings(config));
}
