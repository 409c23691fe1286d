/* SPDX-License-Identifier: ISC */
#include "base/config_file.h"

#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/config_text.h"
#include "base/config_value.h"
#include "base/config_warnings.h"
#include "base/domain.h"
#include "base/text_options.h"
#include "base/utf8.h"

/* What the callbacks of libconfuse work on: it hands them no pointer of ours, and its
 * scanner is global anyway, so one load at a time is all there is. */
static struct loading {
    struct config *config;
    size_t customer_room;
    struct string_list pending;  /* all files, in the order in which they are read */
    struct string_list included; /* what include() was told, files and directories */
    const char *file;            /* the one being read */
    struct error *err;
    bool has_failed;
    bool is_without_keys; /* they are left where they are */
} * loading;

/* More files than this are files that include each other by different names. */
enum { MAX_FILES = 100000 };

/* A choice of a customer's that is still to be inherited. */
enum { UNSET = -1 };

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
}

/* ---- libconfuse ---- */

/* Keeps the first error: what follows it is its consequence. */
static void fail_at(int line, const char *text)
{
    if (loading->has_failed)
        return;
    loading->has_failed = true;
    error_set(loading->err, ERROR_REFUSED, NULL, "%s:%d: %s", loading->file, line,
              text);
    utf8_make_printable(loading->err->text);
}

/* What libconfuse itself finds wrong, with the option's name put first. */
static void on_error(cfg_t *cfg, const char *format, va_list args)
{
    const char *title = cfg->title ? cfg->title : "";
    char text[ERROR_TEXT_SIZE + 512];
    const char *name;

    if (strcmp(format, "no such option '%s'") != 0) {
        vsnprintf(text, sizeof text, format, args);
        fail_at(cfg->line, text);
        return;
    }
    name = va_arg(args, const char *);
    snprintf(text, sizeof text, "%s: there is no such option%s%s%s", name,
             *title ? " in customer \"" : "", title, *title ? "\"" : "");
    fail_at(cfg->line, text);
}

static int fail_option(const cfg_t *cfg, const char *option, const char *value,
                       const char *what)
{
    char text[ERROR_TEXT_SIZE + 512];

    if (value)
        snprintf(text, sizeof text, "%s: \"%.200s\" %s", option, value, what);
    else
        snprintf(text, sizeof text, "%s: %s", option, what);
    fail_at(cfg->line, text);
    return -1;
}

/* A flag of ours among libconfuse's: the option has been set in this section. */
enum { OPTION_IS_SET = 1 << 24 };

/* libconfuse lets the last one win: a second deny list would open what the first
 * closes. The first value of an assignment is the only one in the list so far. */
static bool is_set_twice(cfg_opt_t *opt)
{
    bool is_set = opt->flags & OPTION_IS_SET;

    if (!loading->file)
        return false; /* a default, before any file */
    opt->flags |= OPTION_IS_SET;
    return is_set && opt->nvalues == 1;
}

static const char set_twice[] = "is set twice: only one of them would count";

static int on_text(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;

    if (!config_value_check_text(opt->name, value, &why))
        return fail_option(cfg, opt->name, value, why.text);
    if (is_set_twice(opt))
        return fail_option(cfg, opt->name, NULL, set_twice);
    *(const char **)result = value;
    return 0;
}

static int on_number(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;
    long number;

    if (!config_value_read_number(opt->name, value, &number, &why))
        return fail_option(cfg, opt->name, value, why.text);
    if (is_set_twice(opt))
        return fail_option(cfg, opt->name, NULL, set_twice);
    *(long *)result = number;
    return 0;
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static bool ends_in_conf(const char *name)
{
    size_t length = strlen(name);

    return *name != '.' && length > 5 && strcmp(name + length - 5, ".conf") == 0;
}

static bool list_directory(const char *path, DIR *directory, struct string_list *names)
{
    const struct dirent *entry;

    while ((entry = readdir(directory))) {
        char *name = NULL;
        bool is_added;

        if (!ends_in_conf(entry->d_name))
            continue;
        if (asprintf(&name, "%s/%s", path, entry->d_name) < 0)
            return false;
        is_added = string_list_add(names, name);
        free(name);
        if (!is_added)
            return false;
    }
    return true;
}

static bool is_included(const char *path)
{
    for (size_t i = 0; i < loading->included.count; i++)
        if (strcmp(loading->included.items[i], path) == 0)
            return true;
    return strcmp(loading->pending.items[0], path) == 0;
}

/* libconfuse nests includes ten deep at the most, too few for a folder of customers:
 * what is included is read after the file that includes it, in order. */
static int on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
    size_t first = loading->pending.count;
    struct stat st;
    DIR *directory;
    bool is_listed;

    if (argc != 1)
        return fail_option(cfg, opt->name, NULL, "takes one file or directory");
    if (is_included(argv[0]))
        return fail_option(cfg, opt->name, argv[0], "is included already");
    if (first > MAX_FILES)
        return fail_option(cfg, opt->name, NULL,
                           "more than 100000 files: do they include each other?");
    if (!string_list_add(&loading->included, argv[0]))
        return fail_option(cfg, opt->name, NULL, "no memory");
    if (stat(argv[0], &st) < 0)
        return fail_option(cfg, opt->name, argv[0], strerror(errno));
    if (!S_ISDIR(st.st_mode)) {
        is_listed = string_list_add(&loading->pending, argv[0]);
        return is_listed ? 0 : fail_option(cfg, opt->name, NULL, "no memory");
    }
    directory = opendir(argv[0]);
    if (!directory)
        return fail_option(cfg, opt->name, argv[0], strerror(errno));
    is_listed = list_directory(argv[0], directory, &loading->pending);
    closedir(directory);
    if (!is_listed)
        return fail_option(cfg, opt->name, NULL, "no memory");
    qsort(loading->pending.items + first, loading->pending.count - first,
          sizeof *loading->pending.items, compare_names);
    return 0;
}

/* ---- values into the structures ---- */

static bool copy_text(cfg_t *section, const char *name, char **text_out)
{
    const char *value = cfg_size(section, name) ? cfg_getstr(section, name) : NULL;

    free(*text_out);
    *text_out = value ? strdup(value) : NULL;
    return !value || *text_out;
}

static bool copy_texts(cfg_t *section, const char *name, struct string_list *list)
{
    for (unsigned i = 0; i < cfg_size(section, name); i++)
        if (!string_list_add(list, cfg_getnstr(section, name, i)))
            return false;
    return true;
}

/* The values passed check_customer_domain() when they were read. */
static bool copy_domains(cfg_t *section, const char *name, struct string_list *list)
{
    for (unsigned i = 0; i < cfg_size(section, name); i++) {
        const char *value = cfg_getnstr(section, name, i);
        char normal[1 + DOMAIN_SIZE] = ".";
        bool has_dot = *value == '.';
        struct error ignored;

        if (!domain_normalize(value + has_dot, normal + has_dot, &ignored) ||
            !string_list_add(list, normal))
            return false;
    }
    return true;
}

static bool copy_networks(cfg_t *section, const char *name, struct network_list *list)
{
    unsigned count = cfg_size(section, name);
    struct error ignored;

    list->items = calloc(count ? count : 1, sizeof *list->items);
    if (!list->items)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!network_parse(cfg_getnstr(section, name, i), &list->items[i], &ignored))
            return false;
    list->count = count;
    return true;
}

static int chosen(cfg_t *section, const char *name)
{
    return cfg_size(section, name)
               ? config_value_choice(name, cfg_getstr(section, name))
               : UNSET;
}

static unsigned number_of(cfg_t *section, const char *name)
{
    return cfg_size(section, name) ? (unsigned)cfg_getint(section, name) : 0;
}

/* A key in the file itself needs a file that nobody else may read. */
static bool check_key_in_file(struct error *err)
{
    struct stat st;

    if (stat(loading->file, &st) < 0)
        return error_set_errno(err, ERROR_REFUSED, NULL, "%s", loading->file);
    if (st.st_mode & (S_IRWXG | S_IRWXO))
        return error_set(
            err, ERROR_REFUSED, NULL,
            "stands in a file of mode %04o that others may read (chmod 0600, "
            "or use api-key-file)",
            (unsigned)st.st_mode & 07777);
    return true;
}

/* The domain of a pattern has one spelling too, unless it is a pattern itself. */
static bool add_sender(const char *value, struct string_list *senders)
{
    const char *domain = strrchr(value, '@') + 1;
    char normal[DOMAIN_SIZE], *sender = NULL;
    struct error ignored;
    bool is_added;

    if (strchr(domain, '*') || !domain_normalize(domain, normal, &ignored))
        return string_list_add(senders, value);
    if (asprintf(&sender, "%.*s%s", (int)(domain - value), value, normal) < 0)
        return false;
    is_added = string_list_add(senders, sender);
    free(sender);
    return is_added;
}

static bool copy_senders(cfg_t *section, struct string_list *senders)
{
    for (unsigned i = 0; i < cfg_size(section, "senders"); i++)
        if (!add_sender(cfg_getnstr(section, "senders", i), senders))
            return false;
    return true;
}

/* NULL where the option is not there. */
static const char *text_of(cfg_t *section, const char *name)
{
    return cfg_size(section, name) ? cfg_getstr(section, name) : NULL;
}

static bool copy_time_zone(cfg_t *section, struct time_zone **zone)
{
    struct error ignored;

    return !text_of(section, "time-zone") ||
           time_zone_new(text_of(section, "time-zone"), zone, &ignored);
}

static bool copy_hours(cfg_t *section, struct hours **hours)
{
    struct string_list items = {NULL, 0};
    struct error ignored;
    bool is_copied =
        copy_texts(section, "hours", &items) &&
        (items.count == 0 || hours_new((const char *const *)items.items, items.count,
                                       hours, &ignored));

    string_list_free(&items);
    return is_copied;
}

/* The values passed their checks when they were read. */
static void copy_limits(cfg_t *section, struct customer *customer)
{
    struct error ignored;

    if (text_of(section, "rate"))
        rate_parse(text_of(section, "rate"), &customer->rate, &ignored);
    if (text_of(section, "sender-rate"))
        rate_parse(text_of(section, "sender-rate"), &customer->sender_rate, &ignored);
    if (text_of(section, "quota"))
        quota_parse(text_of(section, "quota"), &customer->quota, &ignored);
    if (text_of(section, "sender-quota"))
        quota_parse(text_of(section, "sender-quota"), &customer->sender_quota,
                    &ignored);
    customer->quota_unit = (enum quota_unit)chosen(section, "quota-unit");
}

/* Who only wants to read the configuration may well not read this; *err otherwise. */
static bool load_blocklist(cfg_t *section, struct number_set **set, struct error *err)
{
    const char *path = text_of(section, "blocklist");

    if (!path || (loading->is_without_keys && access(path, R_OK) != 0))
        return true;
    return number_set_load(path, set, err);
}

static int fail_missing(const cfg_t *cfg, const char *option, cfg_t *section)
{
    char what[256];

    snprintf(what, sizeof what, "missing in customer \"%.200s\"", cfg_title(section));
    return fail_option(cfg, option, NULL, what);
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

static int fail_second_key(const cfg_t *cfg, const char *first, const char *second)
{
    char what[80];

    snprintf(what, sizeof what, "%s is there too: only one of them", first);
    return fail_option(cfg, second, NULL, what);
}

static int take_key(cfg_t *cfg, cfg_t *section, struct customer *customer)
{
    const struct key_source *source = NULL;
    struct error why;

    for (size_t i = 0; i < sizeof key_sources / sizeof *key_sources; i++) {
        if (cfg_size(section, key_sources[i].option) == 0)
            continue;
        if (source)
            return fail_second_key(cfg, source->option, key_sources[i].option);
        source = &key_sources[i];
    }
    if (!source)
        return fail_missing(cfg, "api-key-file", section);
    if (loading->is_without_keys)
        return 0;
    if (source->make == api_key_new_from_text && !check_key_in_file(&why))
        return fail_option(cfg, source->option, NULL, why.text);
    return source->make(cfg_getstr(section, source->option), &customer->api_key, &why)
               ? 0
               : fail_option(cfg, source->option, NULL, why.text);
}

static struct customer *add_customer(void)
{
    struct config *config = loading->config;
    struct customer *grown;

    if (config->customer_count == loading->customer_room) {
        size_t room = loading->customer_room ? loading->customer_room * 2 : 16;

        grown = realloc(config->customers, room * sizeof *grown);
        if (!grown)
            return NULL;
        config->customers = grown;
        loading->customer_room = room;
    }
    grown = &config->customers[config->customer_count++];
    memset(grown, 0, sizeof *grown);
    return grown;
}

/* The values were checked when they were read. */
static bool copy_text_options(cfg_t *section, struct text_options *text)
{
    struct error ignored;
    char number[16];

    text_options_clear(text);
    for (size_t i = 0; text_option_names[i]; i++) {
        const char *name = text_option_names[i];
        cfg_opt_t *opt = cfg_getopt(section, name);

        for (unsigned k = 0; k < cfg_opt_size(opt); k++) {
            bool is_number = opt->type == CFGT_INT;

            snprintf(number, sizeof number, "%ld",
                     is_number ? cfg_opt_getnint(opt, k) : 0);
            if (!text_options_set(
                    text, name, is_number ? number : cfg_opt_getnstr(opt, k), &ignored))
                return false;
        }
    }
    return true;
}

static bool copy_customer(const cfg_t *cfg, cfg_t *section, struct customer *customer)
{
    for (unsigned i = 0; i < cfg_size(section, "sender-auth"); i++) {
        const char *method = cfg_getnstr(section, "sender-auth", i);

        customer->sender_auth |= (unsigned)config_value_choice("sender-auth", method);
    }
    if (customer->sender_auth == 0)
        customer->sender_auth = SENDER_AUTH_SASL | SENDER_AUTH_DMARC;
    customer->max_recipients = number_of(section, "max-recipients");
    customer->is_enabled = chosen(section, "enabled");
    customer->has_audit_numbers_in_full = chosen(section, "audit-numbers");
    customer->alignment = (enum alignment)chosen(section, "alignment");
    customer->replay_window_s = number_of(section, "replay-window");
    customer->outside_hours = (enum outside_hours)chosen(section, "outside-hours");
    copy_limits(section, customer);
    customer->auto_replies = (enum auto_replies)chosen(section, "auto-replies");
    customer->on_unknown = (enum on_unknown)chosen(section, "on-unknown");
    return asprintf(&customer->source, "%s:%d", loading->file, cfg->line) >= 0 &&
           (customer->name = strdup(cfg_title(section))) &&
           copy_domains(section, "domains", &customer->domains) &&
           copy_text(section, "customer-id", &customer->customer_id) &&
           copy_text(section, "api-url", &customer->api_url) &&
           copy_text(section, "sms-sender", &customer->sms_sender) &&
           copy_text(section, "default-country", &customer->default_country) &&
           copy_networks(section, "networks", &customer->networks) &&
           copy_texts(section, "sasl-logins", &customer->sasl_logins) &&
           copy_texts(section, "tls-subjects", &customer->tls_subjects) &&
           copy_senders(section, &customer->senders) &&
           copy_text(section, "audit-log", &customer->audit_path) &&
           copy_text(section, "audit-group", &customer->audit_group) &&
           copy_hours(section, &customer->hours) &&
           copy_time_zone(section, &customer->time_zone) &&
           copy_texts(section, "allow", &customer->allow) &&
           copy_texts(section, "deny", &customer->deny) &&
           copy_text_options(cfg_getsec(section, "text"), &customer->text);
}

/* Whether an empty list was written, which is not the same as none. */
static bool is_emptied(cfg_t *section, const char *name)
{
    return (cfg_getopt(section, name)->flags & CFGF_MODIFIED) &&
           cfg_size(section, name) == 0;
}

/* The end of a customer's section: takes it over, so that libconfuse never holds more
 * than one (it looks through all it has for each new title). */
static int on_customer(cfg_t *cfg, cfg_opt_t *opt)
{
    static const char *const lists[] = {"allow", "sender-auth", "senders", "hours"};
    cfg_t *section = cfg_opt_getnsec(opt, 0);
    struct customer *customer = add_customer();
    struct error why;

    if (!customer || !copy_customer(cfg, section, customer))
        return fail_option(cfg, opt->name, NULL, "no memory");
    if (!config_value_check_text("customer", customer->name, &why))
        return fail_option(cfg, opt->name, customer->name, why.text);
    if (customer->domains.count == 0)
        return fail_missing(cfg, "domains", section);
    if (!customer->customer_id)
        return fail_missing(cfg, "customer-id", section);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (is_emptied(section, lists[i]))
            return fail_option(cfg, lists[i], NULL,
                               "empty: leave it out for its default");
    if (customer->is_enabled && take_key(cfg, section, customer) != 0)
        return -1;
    if (!load_blocklist(section, &customer->blocklist, &why))
        return fail_option(cfg, "blocklist", NULL, why.text);
    return cfg_opt_rmnsec(opt, 0) == CFG_SUCCESS
               ? 0
               : fail_option(cfg, opt->name, NULL, "no memory");
}

/* ---- defaults, once everything is read ---- */

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

static bool inherit(cfg_t *root, struct customer *customer, struct error *err)
{
    if (!customer->api_url &&
        !copy_text(cfg_getsec(root, "api"), "url", &customer->api_url))
        return no_memory(err);
    if (!customer->default_country &&
        !copy_text(root, "default-country", &customer->default_country))
        return no_memory(err);
    if (customer->max_recipients == 0)
        customer->max_recipients = number_of(root, "max-recipients");
    if ((int)customer->alignment == UNSET)
        customer->alignment = (enum alignment)chosen(root, "alignment");
    if (customer->replay_window_s == 0)
        customer->replay_window_s = number_of(root, "replay-window");
    if (!customer->time_zone &&
        !time_zone_new(text_of(root, "time-zone"), &customer->time_zone, err))
        return false;
    if ((int)customer->auto_replies == UNSET)
        customer->auto_replies = (enum auto_replies)chosen(root, "auto-replies");
    if ((int)customer->on_unknown == UNSET)
        customer->on_unknown = (enum on_unknown)chosen(root, "on-unknown");
    if (!text_options_inherit(&customer->text, &loading->config->text))
        return no_memory(err);
    return inherit_allow(customer, err);
}

static bool copy_globals(cfg_t *root, struct config *config)
{
    cfg_t *api = cfg_getsec(root, "api");

    config->listen_mode = (unsigned)strtoul(cfg_getstr(root, "listen-mode"), NULL, 8);
    config->max_message_size_bytes = number_of(root, "max-message-size");
    config->api.connect_timeout_s = number_of(api, "connect-timeout");
    config->api.timeout_s = number_of(api, "timeout");
    config->api.max_connections = number_of(api, "max-connections");
    config->api.max_in_flight = number_of(api, "max-in-flight");
    config->api.retries = number_of(api, "retries");
    config->api.breaker_failures = number_of(api, "breaker-failures");
    config->api.breaker_cooldown_s = number_of(api, "breaker-cooldown");
    config->auto_replies = (enum auto_replies)chosen(root, "auto-replies");
    config->retention_days = number_of(root, "retention-days");
    config->retry_window_s = number_of(root, "retry-window");
    config->duplicate_wait_s = number_of(root, "duplicate-wait");
    config->on_unknown = (enum on_unknown)chosen(root, "on-unknown");
    return copy_text_options(cfg_getsec(root, "text"), &config->text) &&
           copy_text(root, "default-country", &config->default_country) &&
           copy_text(root, "listen", &config->listen) &&
           copy_text(root, "journal", &config->journal) &&
           copy_text(root, "listen-group", &config->listen_group) &&
           copy_text(root, "authserv-id", &config->authserv_id) &&
           copy_domains(root, "sms-domains", &config->sms_domains) &&
           copy_networks(root, "trusted-networks", &config->trusted_networks) &&
           copy_text(api, "ca-file", &config->api.ca_file) &&
           copy_text(api, "proxy", &config->api.proxy);
}

static const char *name_of(const struct customer *customer)
{
    return customer->name;
}

static const char *audit_path_of(const struct customer *customer)
{
    return customer->audit_path ? customer->audit_path : "";
}

static int compare_names_of(const void *left, const void *right)
{
    const struct customer *const *a = left, *const *b = right;
    int order = strcmp(name_of(*a), name_of(*b));

    return order ? order : (*a > *b) - (*a < *b);
}

static int compare_audit_paths(const void *left, const void *right)
{
    const struct customer *const *a = left, *const *b = right;
    int order = strcmp(audit_path_of(*a), audit_path_of(*b));

    return order ? order : (*a > *b) - (*a < *b);
}

/* What no two customers may have the same of; "" is no value. */
struct unique {
    const char *option, *what;
    const char *(*value)(const struct customer *customer);
    int (*compare)(const void *left, const void *right);
};

static bool check_sorted(const struct unique *unique, const struct customer **sorted,
                         size_t count, struct error *err)
{
    for (size_t i = 1; i < count; i++) {
        const struct customer *first = sorted[i - 1], *second = sorted[i];
        const char *value = unique->value(second);

        if (*value != '\0' && strcmp(unique->value(first), value) == 0)
            return error_set(err, ERROR_REFUSED, NULL,
                             "%s: %s: \"%s\" is the %s of another customer already (%s)",
                             second->source, unique->option, value, unique->what,
                             first->source);
    }
    return true;
}

static bool check_unique(const struct config *config, const struct unique *unique,
                         struct error *err)
{
    size_t count = config->customer_count;
    const struct customer **sorted = calloc(count ? count : 1, sizeof *sorted);
    bool is_unique;

    if (!sorted)
        return no_memory(err);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &config->customers[i];
    qsort(sorted, count, sizeof(void *), unique->compare);
    is_unique = check_sorted(unique, sorted, count, err);
    free(sorted);
    return is_unique;
}

static bool check_customers(const struct config *config, struct error *err)
{
    static const struct unique name = {"customer", "name", name_of, compare_names_of};
    static const struct unique audit = {"audit-log", "audit log", audit_path_of,
                                        compare_audit_paths};

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

static bool finish(cfg_t *root, struct config *config, struct error *err)
{
    if (!copy_globals(root, config))
        return no_memory(err);
    if (!load_blocklist(root, &config->blocklist, err))
        return false;
    for (size_t i = 0; i < config->customer_count; i++)
        if (!inherit(root, &config->customers[i], err))
            return false;
    return check_customers(config, err) && check_proxy(config, err) &&
           config_index_domains(config, err) &&
           (config_collect_warnings(config) || no_memory(err));
}

/* ---- the whole ---- */

#define TEXT(name, value, flags) CFG_STR_CB(name, value, flags, on_text)
#define TEXTS(name, value) CFG_STR_LIST_CB(name, value, CFGF_NONE, on_text)
#define NUMBER(name, value, flags) CFG_INT_CB(name, value, flags, on_number)

/* cfg_init() copies these tables; it takes them as if it might change them. */
static cfg_opt_t api_options[] = {
    TEXT("url", "https://m5api.groupcall.com/api/SendMessage_V3/SMS", CFGF_NONE),
    TEXT("ca-file", NULL, CFGF_NODEFAULT),
    TEXT("proxy", "", CFGF_NONE),
    NUMBER("connect-timeout", 5, CFGF_NONE),
    NUMBER("timeout", 30, CFGF_NONE),
    NUMBER("max-connections", 8, CFGF_NONE),
    NUMBER("max-in-flight", 256, CFGF_NONE),
    NUMBER("retries", 2, CFGF_NONE),
    NUMBER("breaker-failures", 5, CFGF_NONE),
    NUMBER("breaker-cooldown", 10, CFGF_NONE),
    CFG_END(),
};

static cfg_opt_t text_options[] = {
    TEXT("template", "{subject}: {body}", CFGF_NONE),
    NUMBER("max-parts", 6, CFGF_NONE),
    TEXT("overlong", "truncate", CFGF_NONE),
    TEXT("encoding", "auto", CFGF_NONE),
    TEXT("links", "both", CFGF_NONE),
    TEXT("end-marker", "##", CFGF_NONE),
    TEXTS("strip", NULL),
    CFG_END(),
};

static cfg_opt_t customer_text_options[] = {
    TEXT("template", NULL, CFGF_NODEFAULT),
    NUMBER("max-parts", 0, CFGF_NODEFAULT),
    TEXT("overlong", NULL, CFGF_NODEFAULT),
    TEXT("encoding", NULL, CFGF_NODEFAULT),
    TEXT("links", NULL, CFGF_NODEFAULT),
    TEXT("end-marker", NULL, CFGF_NODEFAULT),
    TEXTS("strip", NULL),
    CFG_END(),
};

static cfg_opt_t customer_options[] = {
    TEXTS("domains", NULL),
    TEXT("customer-id", NULL, CFGF_NODEFAULT),
    TEXT("api-key", NULL, CFGF_NODEFAULT),
    TEXT("api-key-file", NULL, CFGF_NODEFAULT),
    TEXT("api-key-env", NULL, CFGF_NODEFAULT),
    TEXT("api-key-credential", NULL, CFGF_NODEFAULT),
    TEXT("api-url", NULL, CFGF_NODEFAULT),
    TEXT("sms-sender", NULL, CFGF_NODEFAULT),
    TEXT("default-country", NULL, CFGF_NODEFAULT),
    TEXTS("sender-auth", NULL), /* its default: copy_customer() */
    TEXTS("networks", NULL),
    TEXTS("sasl-logins", NULL),
    TEXTS("tls-subjects", NULL),
    TEXT("alignment", NULL, CFGF_NODEFAULT),
    NUMBER("replay-window", 0, CFGF_NODEFAULT),
    TEXT("enabled", "true", CFGF_NONE),
    TEXTS("senders", NULL),
    TEXTS("allow", NULL),
    TEXTS("deny", NULL),
    TEXT("blocklist", NULL, CFGF_NODEFAULT),
    TEXTS("hours", NULL),
    TEXT("outside-hours", "defer", CFGF_NONE),
    TEXT("time-zone", NULL, CFGF_NODEFAULT),
    TEXT("rate", NULL, CFGF_NODEFAULT),
    TEXT("sender-rate", NULL, CFGF_NODEFAULT),
    TEXT("quota", NULL, CFGF_NODEFAULT),
    TEXT("sender-quota", NULL, CFGF_NODEFAULT),
    TEXT("quota-unit", "sms", CFGF_NONE),
    TEXT("audit-log", NULL, CFGF_NODEFAULT),
    TEXT("audit-group", NULL, CFGF_NODEFAULT),
    TEXT("audit-numbers", "masked", CFGF_NONE),
    NUMBER("max-recipients", 0, CFGF_NODEFAULT),
    TEXT("auto-replies", NULL, CFGF_NODEFAULT),
    TEXT("on-unknown", NULL, CFGF_NODEFAULT),
    CFG_SEC("text", customer_text_options, CFGF_NONE),
    CFG_END(),
};

static cfg_opt_t root_options[] = {
    TEXT("listen", "unix:/var/spool/postfix/sms-milter/milter.sock", CFGF_NONE),
    TEXT("listen-mode", "0660", CFGF_NONE),
    TEXT("listen-group", NULL, CFGF_NODEFAULT),
    TEXTS("sms-domains", (char[]){"{\"sms.local\"}"}),
    TEXT("authserv-id", NULL, CFGF_NODEFAULT),
    TEXT("alignment", "relaxed", CFGF_NONE),
    NUMBER("replay-window", 3 * 24 * 3600, CFGF_NONE),
    TEXT("blocklist", NULL, CFGF_NODEFAULT),
    TEXT("time-zone", NULL, CFGF_NODEFAULT),
    TEXTS("trusted-networks", NULL),
    TEXT("default-country", NULL, CFGF_NODEFAULT),
    NUMBER("max-recipients", 100, CFGF_NONE),
    NUMBER("max-message-size", 1024 * 1024, CFGF_NONE),
    TEXT("auto-replies", "refuse", CFGF_NONE),
    TEXT("journal", "sqlite:/var/lib/sms-milter/journal.db", CFGF_NONE),
    NUMBER("retention-days", 90, CFGF_NONE),
    NUMBER("retry-window", 5400, CFGF_NONE),
    NUMBER("duplicate-wait", 20, CFGF_NONE),
    TEXT("on-unknown", "resend", CFGF_NONE),
    CFG_FUNC("include", on_include),
    CFG_SEC("api", api_options, CFGF_NONE),
    CFG_SEC("text", text_options, CFGF_NONE),
    CFG_SEC("customer", customer_options, CFGF_MULTI | CFGF_TITLE),
    CFG_END(),
};

static cfg_t *describe_options(void)
{
    cfg_t *described = cfg_init(root_options, CFGF_NONE);

    if (described) {
        cfg_set_error_function(described, on_error);
        cfg_set_validate_func(described, "customer", on_customer);
    }
    return described;
}

static bool parse_text(cfg_t *root, const char *text, struct error *err)
{
    int status = cfg_parse_buf(root, text);
    int line;

    if (loading->has_failed)
        return false; /* *err is filled */
    if (status != CFG_SUCCESS)
        return error_set(err, ERROR_REFUSED, NULL, "%s:%d: cannot be understood",
                         loading->file, root->line);
    /* libconfuse calls nobody for an empty list. */
    line = config_text_find_line(text, "sms-domains");
    if (line > 0 && cfg_size(root, "sms-domains") == 0)
        return error_set(err, ERROR_REFUSED, NULL, "%s:%d: sms-domains: empty",
                         loading->file, line);
    return true;
}

static bool parse_file(cfg_t *root, const char *path, struct error *err)
{
    char *text = config_text_read(path, err);
    bool is_parsed;

    if (!text)
        return false;
    loading->file = path;
    is_parsed = parse_text(root, text, err);
    config_text_free(&text);
    return is_parsed;
}

static bool parse_all(cfg_t *root, const char *path, struct error *err)
{
    if (!string_list_add(&loading->pending, path))
        return no_memory(err);
    for (size_t i = 0; i < loading->pending.count; i++)
        if (!parse_file(root, loading->pending.items[i], err))
            return false;
    return true;
}

/* path is NULL where there is no file. */
static bool load(const char *path, bool is_without_keys,
                 const struct config **config_out, struct error *err)
{
    struct loading state = {
        .config = config_new(), .err = err, .is_without_keys = is_without_keys};
    const struct config *config = state.config;
    cfg_t *root;
    bool is_loaded;

    *config_out = NULL;
    loading = &state;
    root = describe_options();
    if (!config || !root)
        is_loaded = no_memory(err);
    else
        is_loaded =
            (!path || parse_all(root, path, err)) && finish(root, state.config, err);
    if (root)
        cfg_free(root);
    string_list_free(&state.pending);
    string_list_free(&state.included);
    loading = NULL;
    if (is_loaded)
        *config_out = config;
    else
        config_release(&config);
    return is_loaded;
}

bool config_load(const char *path, const struct config **config_out, struct error *err)
{
    return load(path, false, config_out, err);
}

bool config_load_without_keys(const char *path, const struct config **config_out,
                              struct error *err)
{
    return load(path, true, config_out, err);
}
