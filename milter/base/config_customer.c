/* SPDX-License-Identifier: ISC */
#include "base/config_customer.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/api_key.h"
#include "base/config_value.h"
#include "base/section.h"

/* Puts the option's name first; false. */
static bool fail(const char *option, const struct error *why, struct error *err)
{
    return error_set(err, why->kind, NULL, "%s: %s", option, why->text);
}

static bool fail_missing(const char *option, cfg_t *section, struct error *err)
{
    return error_set(err, ERROR_REFUSED, NULL, "%s: missing in customer \"%.200s\"",
                     option, cfg_title(section));
}

/* ---- its key ---- */

/* A key in the file itself needs a file that nobody else may read. */
static bool check_key_in_file(const char *file, struct error *err)
{
    struct stat st;

    if (stat(file, &st) < 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", file);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(
            err, ERROR_REFUSED, NULL,
            "stands in a file of mode %04o that others may read (chmod 0600, "
            "or use api-key-file)",
            (unsigned)st.st_mode & 07777);
    return true;
}

/* Where a key may come from. */
static const struct key_source {
    const char *option;
    bool (*make)(const char *value, struct api_key **key_out, struct error *err);
} key_sources[] = {
    {"api-key", api_key_new_from_text},
    {"api-key-file", api_key_new_from_file},
    {"api-key-env", api_key_new_from_environment},
    {"api-key-credential", api_key_new_from_credential},
};

static const struct key_source *find_key_source(cfg_t *section, struct error *err)
{
    const struct key_source *source = NULL;

    for (size_t i = 0; i < sizeof key_sources / sizeof *key_sources; i++) {
        if (cfg_size(section, key_sources[i].option) == 0)
            continue;
        if (source) {
            error_set(err, ERROR_REFUSED, NULL, "%s: %s is there too: only one of them",
                      key_sources[i].option, source->option);
            return NULL;
        }
        source = &key_sources[i];
    }
    if (!source)
        fail_missing("api-key-file", section, err);
    return source;
}

static bool take_key(cfg_t *section, const struct customer_source *from,
                     struct customer *customer, struct error *err)
{
    const struct key_source *source = find_key_source(section, err);
    struct error why;

    if (!source || from->is_without_keys)
        return source != NULL;
    if (source->make == api_key_new_from_text && !check_key_in_file(from->file, &why))
        return fail(source->option, &why, err);
    return source->make(cfg_getstr(section, source->option), &customer->api_key,
                        &why) ||
           fail(source->option, &why, err);
}

/* ---- its other options ---- */

/* The values passed their checks when they were read. */
static void copy_limits(cfg_t *section, struct customer *customer)
{
    struct error ignored;

    if (section_text(section, "rate"))
        rate_parse(section_text(section, "rate"), &customer->rate, &ignored);
    if (section_text(section, "sender-rate"))
        rate_parse(section_text(section, "sender-rate"), &customer->sender_rate,
                   &ignored);
    if (section_text(section, "quota"))
        quota_parse(section_text(section, "quota"), &customer->quota, &ignored);
    if (section_text(section, "sender-quota"))
        quota_parse(section_text(section, "sender-quota"), &customer->sender_quota,
                    &ignored);
    customer->quota_unit = (enum quota_unit)section_choice(section, "quota-unit");
}

static bool copy_options(cfg_t *section, struct customer *customer)
{
    for (unsigned i = 0; i < cfg_size(section, "sender-auth"); i++) {
        const char *method = cfg_getnstr(section, "sender-auth", i);

        customer->sender_auth |= (unsigned)config_value_choice("sender-auth", method);
    }
    if (customer->sender_auth == 0)
        customer->sender_auth = SENDER_AUTH_SASL | SENDER_AUTH_DMARC;
    customer->max_recipients = section_number(section, "max-recipients");
    customer->is_enabled = section_choice(section, "enabled");
    customer->has_audit_numbers_in_full = section_choice(section, "audit-numbers");
    customer->alignment = (enum alignment)section_choice(section, "alignment");
    customer->replay_window_s = section_number(section, "replay-window");
    customer->outside_hours =
        (enum outside_hours)section_choice(section, "outside-hours");
    copy_limits(section, customer);
    customer->auto_replies = (enum auto_replies)section_choice(section, "auto-replies");
    customer->on_unknown = (enum on_unknown)section_choice(section, "on-unknown");
    customer->after_sending =
        (enum after_sending)section_choice(section, "after-sending");
    return (customer->name = strdup(cfg_title(section))) &&
           section_copy_domains(section, "domains", &customer->domains) &&
           section_copy_text(section, "customer-id", &customer->customer_id) &&
           section_copy_text(section, "api-url", &customer->api_url) &&
           section_copy_text(section, "sms-sender", &customer->sms_sender) &&
           section_copy_text(section, "default-country", &customer->default_country) &&
           section_copy_networks(section, "networks", &customer->networks) &&
           section_copy_texts(section, "sasl-logins", &customer->sasl_logins) &&
           section_copy_texts(section, "tls-subjects", &customer->tls_subjects) &&
           section_copy_senders(section, &customer->senders) &&
           section_copy_text(section, "audit-log", &customer->audit_path) &&
           section_copy_text(section, "audit-group", &customer->audit_group) &&
           section_copy_hours(section, &customer->hours) &&
           section_copy_time_zone(section, &customer->time_zone) &&
           section_copy_texts(section, "allow", &customer->allow) &&
           section_copy_texts(section, "deny", &customer->deny) &&
           section_copy_text_options(cfg_getsec(section, "text"), &customer->text);
}

/* Whether an empty list was written, which is not the same as none. */
static bool is_emptied(cfg_t *section, const char *name)
{
    return (cfg_getopt(section, name)->flags & CFGF_MODIFIED) &&
           cfg_size(section, name) == 0;
}

static bool check_lists(cfg_t *section, struct error *err)
{
    static const char *const lists[] = {"allow", "sender-auth", "senders", "hours"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (is_emptied(section, lists[i]))
            return error_set(err, ERROR_REFUSED, NULL,
                             "%s: empty: leave it out for its default", lists[i]);
    return true;
}

static bool check_options(cfg_t *section, const struct customer *customer,
                          struct error *err)
{
    struct error why;

    if (!config_value_check_text("customer", customer->name, &why))
        return error_set(err, ERROR_REFUSED, NULL, "customer: \"%.200s\" %s",
                         customer->name, why.text);
    if (customer->domains.count == 0)
        return fail_missing("domains", section, err);
    if (!customer->customer_id)
        return fail_missing("customer-id", section, err);
    return check_lists(section, err);
}

bool config_customer_read(cfg_t *section, const struct customer_source *from,
                          struct customer *customer, struct error *err)
{
    struct error why;

    if (asprintf(&customer->source, "%s:%d", from->file, from->line) < 0) {
        customer->source = NULL;
        return error_set(err, ERROR_TEMPORARY, NULL, "customer: no memory");
    }
    if (!copy_options(section, customer))
        return error_set(err, ERROR_TEMPORARY, NULL, "customer: no memory");
    if (!check_options(section, customer, err) ||
        (customer->is_enabled && !take_key(section, from, customer, err)))
        return false;
    return section_load_blocklist(section, from->is_without_keys, &customer->blocklist,
                                  &why) ||
           fail("blocklist", &why, err);
}
