/* SPDX-License-Identifier: ISC */
#include "config/config_customer.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "config/config_value.h"
#include "config/section.h"
#include "secret/api_key.h"

/* The section that is read, and where the result goes. */
struct reading {
    cfg_t *section;
    const struct customer_source *from;
    struct customer *customer;
    struct problem_list *problems;
};

/* The place of an option, or of its section if the option is not written. */
static struct place place_of(const struct reading *reading, const char *option)
{
    const struct customer_source *from = reading->from;
    struct place place = from->place;
    int line = config_lines_find(from->lines, from->section, option);

    if (line > 0)
        place.line = line;
    return place;
}

static void fail(const struct reading *reading, const char *option,
                 const struct error *why)
{
    const struct place place = place_of(reading, option);

    problem_add_error(reading->problems, &place, option, why);
}

/* Reports a missing option, unless a mistyped name of it was already reported. */
static void fail_missing(const struct reading *reading, const char *option)
{
    const struct customer_source *from = reading->from;

    if (!config_lines_has_like(from->lines, from->section, option))
        problem_add(reading->problems, &from->place, option,
                    "missing in customer \"%.200s\"", cfg_title(reading->section));
}

/* ---- the API key ---- */

/* If the key is written in the configuration file itself, others must not be able to
 * read that file. */
static bool check_key_in_file(const char *file, struct error *err)
{
    struct stat st;

    if (stat(file, &st) < 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", file);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(err, ERROR_REFUSED, NULL,
                         "is in a file with mode %04o, which others can read (chmod "
                         "0600, or use api-key-file)",
                         (unsigned)st.st_mode & 07777);
    return true;
}

/* The options that can give the key. */
static const struct key_source {
    const char *option;
    bool (*make)(const char *value, struct api_key **key_out, struct error *err);
} key_sources[] = {
    {"api-key", api_key_new_from_text},
    {"api-key-file", api_key_new_from_file},
    {"api-key-env", api_key_new_from_environment},
    {"api-key-credential", api_key_new_from_credential},
};

/* Returns NULL if there is no key, or none that can be used. */
static const struct key_source *find_key_source(const struct reading *reading)
{
    const struct key_source *source = NULL;
    bool is_bad = false;

    for (size_t i = 0; i < sizeof key_sources / sizeof *key_sources; i++) {
        const char *option = key_sources[i].option;
        const struct place place = place_of(reading, option);

        is_bad = is_bad || section_is_bad(reading->section, option);
        if (section_size(reading->section, option) == 0)
            continue;
        if (source) {
            problem_add(reading->problems, &place, option,
                        "%s is set, too: set only one of them", source->option);
            return NULL;
        }
        source = &key_sources[i];
    }
    if (!source && !is_bad)
        fail_missing(reading, "api-key-file");
    return source;
}

static void take_key(const struct reading *reading)
{
    const struct key_source *source = find_key_source(reading);
    struct customer *customer = reading->customer;
    struct error why;

    if (!source || reading->from->is_without_keys)
        return;
    customer->places.key = place_of(reading, source->option);
    if ((source->make == api_key_new_from_text &&
         !check_key_in_file(reading->from->place.file, &why)) ||
        !source->make(cfg_getstr(reading->section, source->option), &customer->api_key,
                      &why))
        fail(reading, source->option, &why);
}

/* Sets the path of the key file, also for a disabled customer, whose key is not
 * read. */
static bool copy_key_path(const struct reading *reading)
{
    struct customer *customer = reading->customer;
    const char *path = customer->api_key ? api_key_path(customer->api_key) : NULL;

    if (!path)
        return section_copy_text(reading->section, "api-key-file", &customer->key_path);
    customer->key_path = strdup(path);
    return customer->key_path;
}

/* ---- the other options ---- */

/* The values were checked when they were read. */
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
    for (unsigned i = 0; i < section_size(section, "sender-auth"); i++) {
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
           section_copy_text(section, "blocklist", &customer->blocklist_path) &&
           section_copy_texts(section, "reused-message-ids",
                              &customer->reused_message_ids) &&
           section_copy_text(section, "audit-log", &customer->audit_path) &&
           section_copy_text(section, "audit-group", &customer->audit_group) &&
           section_copy_hours(section, &customer->hours) &&
           section_copy_time_zone(section, &customer->time_zone) &&
           section_copy_texts(section, "allow", &customer->allow) &&
           section_copy_texts(section, "deny", &customer->deny) &&
           section_copy_text_options(cfg_getsec(section, "text"), &customer->text);
}

/* Whether an empty list was written. This differs from writing no list. */
static bool is_emptied(cfg_t *section, const char *name)
{
    return (cfg_getopt(section, name)->flags & CFGF_MODIFIED) &&
           cfg_size(section, name) == 0;
}

static void check_lists(const struct reading *reading)
{
    static const char *const lists[] = {"allow", "sender-auth", "senders", "hours"};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct place place = place_of(reading, lists[i]);

        if (is_emptied(reading->section, lists[i]))
            problem_add(reading->problems, &place, lists[i],
                        "is empty: remove the line to use the default");
    }
}

static void check_options(const struct reading *reading)
{
    const struct customer *customer = reading->customer;
    struct error why;

    if (!config_value_check_text("customer", customer->name, &why))
        problem_add(reading->problems, &reading->from->place, "customer",
                    "\"%.200s\" %s", customer->name, why.text);
    if (customer->domains.count == 0 && !section_is_bad(reading->section, "domains"))
        fail_missing(reading, "domains");
    if (!customer->customer_id && !section_is_bad(reading->section, "customer-id"))
        fail_missing(reading, "customer-id");
    check_lists(reading);
}

static void find_places(const struct reading *reading)
{
    struct customer_places *places = &reading->customer->places;

    places->section = reading->from->place;
    places->domains = place_of(reading, "domains");
    places->key = place_of(reading, "api-key-file");
    places->blocklist = place_of(reading, "blocklist");
    places->audit_log = place_of(reading, "audit-log");
    places->audit_group = place_of(reading, "audit-group");
}

/* If allow, or the country it defaults to, cannot be used, that is already reported. A
 * placeholder keeps config_finish() from reporting a missing allow as well. */
static bool stand_in_for_allow(const struct reading *reading)
{
    struct customer *customer = reading->customer;

    if (customer->allow.count > 0 ||
        !(section_is_bad(reading->section, "allow") ||
          section_is_bad(reading->section, "default-country") ||
          is_emptied(reading->section, "allow")))
        return true;
    return string_list_add(&customer->allow, "+");
}

bool config_customer_read(cfg_t *section, const struct customer_source *from,
                          struct customer *customer, struct problem_list *problems)
{
    const struct reading reading = {section, from, customer, problems};
    struct error why;

    if (asprintf(&customer->source, "%s:%d", from->place.file, from->place.line) < 0) {
        customer->source = NULL;
        return false;
    }
    find_places(&reading);
    if (!copy_options(section, customer) || !stand_in_for_allow(&reading))
        return false;
    check_options(&reading);
    if (customer->is_enabled)
        take_key(&reading);
    if (!section_load_blocklist(section, from->is_without_keys, &customer->blocklist,
                                &why))
        fail(&reading, "blocklist", &why);
    return copy_key_path(&reading);
}
