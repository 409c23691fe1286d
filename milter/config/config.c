/* SPDX-License-Identifier: ISC */
#include "config/config.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The configuration that new connections get. This pointer holds a reference of its
 * own. */
static const struct config *current;
/* Guards current and the reference count of every configuration. */
static pthread_mutex_t current_lock = PTHREAD_MUTEX_INITIALIZER;

bool string_list_add(struct string_list *list, const char *text)
{
    char **grown = realloc(list->items, (list->count + 1) * sizeof *list->items);
    char *copy;

    if (!grown)
        return false;
    list->items = grown;
    copy = strdup(text);
    if (!copy)
        return false;
    grown[list->count++] = copy;
    return true;
}

void string_list_free(struct string_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
    *list = (struct string_list){NULL, 0};
}

static void free_customer(struct customer *customer)
{
    free(customer->name);
    string_list_free(&customer->domains);
    free(customer->customer_id);
    api_key_free(&customer->api_key);
    free(customer->key_path);
    free(customer->blocklist_path);
    free(customer->api_url);
    free(customer->sms_sender);
    free(customer->default_country);
    free(customer->networks.items);
    string_list_free(&customer->sasl_logins);
    string_list_free(&customer->tls_subjects);
    string_list_free(&customer->senders);
    string_list_free(&customer->reused_message_ids);
    string_list_free(&customer->allow);
    string_list_free(&customer->deny);
    free(customer->audit_path);
    free(customer->audit_group);
    audit_log_close(&customer->audit_log);
    number_set_free(&customer->blocklist);
    hours_free(&customer->hours);
    time_zone_free(&customer->time_zone);
    text_options_free(&customer->text);
    free(customer->source);
}

static void free_config(struct config *config)
{
    for (size_t i = 0; i < config->customer_count; i++)
        free_customer(&config->customers[i]);
    free(config->customers);
    free(config->domain_owners);
    free(config->listen);
    free(config->listen_group);
    free(config->journal);
    string_list_free(&config->sms_domains);
    string_list_free(&config->reused_message_ids);
    free(config->authserv_id);
    number_set_free(&config->blocklist);
    free(config->blocklist_path);
    string_list_free(&config->files);
    free(config->default_country);
    text_options_free(&config->text);
    free(config->trusted_networks.items);
    free(config->api.ca_file);
    free(config->api.proxy);
    string_list_free(&config->warnings);
    free(config);
}

struct config *config_new(void)
{
    struct config *config = calloc(1, sizeof *config);

    if (config)
        config->references = 1;
    return config;
}

static int compare_owners(const void *left, const void *right)
{
    const struct domain_owner *a = left, *b = right;
    int order = strcmp(a->domain, b->domain);

    return order ? order : (int)a->is_for_subdomains - (int)b->is_for_subdomains;
}

static size_t count_domains(const struct config *config)
{
    size_t count = 0;

    for (size_t i = 0; i < config->customer_count; i++)
        count += config->customers[i].domains.count;
    return count;
}

static void tell_double(const struct domain_owner *a, const struct domain_owner *b,
                        struct problem_list *problems)
{
    const struct customer *first = a->customer, *second = b->customer;

    if (first > second) {
        first = b->customer;
        second = a->customer;
    }
    problem_add(
        problems, &second->places.domains, "domains",
        "\"%s%s\" of customer \"%s\" already belongs to customer \"%s\" (%s:%d)",
        a->is_for_subdomains ? "." : "", a->domain, second->name, first->name,
        first->places.domains.file, first->places.domains.line);
}

static void check_unique(const struct config *config, struct problem_list *problems)
{
    for (size_t i = 1; i < config->domain_owner_count; i++) {
        const struct domain_owner *a = &config->domain_owners[i - 1], *b = a + 1;

        if (compare_owners(a, b) == 0)
            tell_double(a, b, problems);
    }
}

bool config_index_domains(struct config *config, struct problem_list *problems)
{
    size_t count = count_domains(config);
    struct domain_owner *owner = calloc(count ? count : 1, sizeof *owner);

    if (!owner)
        return false;
    config->domain_owners = owner;
    config->domain_owner_count = count;
    for (size_t i = 0; i < config->customer_count; i++) {
        const struct customer *customer = &config->customers[i];

        for (size_t k = 0; k < customer->domains.count; k++, owner++) {
            const char *domain = customer->domains.items[k];

            owner->is_for_subdomains = *domain == '.';
            owner->domain = domain + owner->is_for_subdomains;
            owner->customer = customer;
        }
    }
    qsort(config->domain_owners, count, sizeof *owner, compare_owners);
    check_unique(config, problems);
    return true;
}

const struct customer *config_find_domain(const struct config *config,
                                          const char *domain, bool is_for_subdomains)
{
    struct domain_owner key = {.domain = domain,
                               .is_for_subdomains = is_for_subdomains};
    const struct domain_owner *owner =
        bsearch(&key, config->domain_owners, config->domain_owner_count, sizeof key,
                compare_owners);

    return owner ? owner->customer : NULL;
}

/* The reference count is the only member of a snapshot that changes. */
static struct config *counted(const struct config *config)
{
    return (struct config *)(uintptr_t)config;
}

static bool open_audit_log(struct customer *customer, struct error *err)
{
    const struct place *place = &customer->places.audit_log;
    struct error why;

    if (!customer->audit_path ||
        audit_log_open(customer->audit_path, customer->audit_group,
                       &customer->audit_log, &why))
        return true;
    return error_set(err, why.kind, NULL, "%s:%d: audit-log: %s", place->file,
                     place->line, why.text);
}

bool config_open_audit_logs(const struct config *config, struct error *err)
{
    for (size_t i = 0; i < config->customer_count; i++)
        if (!open_audit_log(&config->customers[i], err))
            return false;
    return true;
}

/* Looks first at *next, the customer after the one found last. Configurations change
 * little, so one step is nearly always enough, even with ten thousand customers.
 * Returns NULL if there is no customer of this name. */
static const struct customer *find_customer(const struct config *config,
                                            const char *name, size_t *next)
{
    for (size_t i = 0; i < config->customer_count; i++) {
        size_t place = (*next + i) % config->customer_count;

        if (strcmp(config->customers[place].name, name) != 0)
            continue;
        *next = place + 1;
        return &config->customers[place];
    }
    return NULL;
}

static void share_keys(const struct config *config, const struct config *older)
{
    size_t next = 0;

    for (size_t i = 0; i < config->customer_count; i++) {
        const struct customer *customer = &config->customers[i];
        const struct customer *before = find_customer(older, customer->name, &next);

        if (before && before->api_key && customer->api_key)
            api_key_share(customer->api_key, before->api_key);
    }
}

void config_discard_audit_logs(const struct config *config)
{
    for (size_t i = 0; i < config->customer_count; i++)
        audit_log_discard(&config->customers[i].audit_log);
}

void config_publish(const struct config *config)
{
    const struct config *replaced = config_acquire();

    if (config && replaced)
        share_keys(config, replaced);
    config_release(&replaced);
    pthread_mutex_lock(&current_lock);
    replaced = current;
    current = config;
    pthread_mutex_unlock(&current_lock);
    config_release(&replaced);
}

const struct config *config_acquire(void)
{
    const struct config *config;

    pthread_mutex_lock(&current_lock);
    config = current;
    if (config)
        counted(config)->references++;
    pthread_mutex_unlock(&current_lock);
    return config;
}

void config_release(const struct config **config)
{
    struct config *released = *config ? counted(*config) : NULL;
    bool is_last;

    *config = NULL;
    if (!released)
        return;
    pthread_mutex_lock(&current_lock);
    is_last = --released->references == 0;
    pthread_mutex_unlock(&current_lock);
    if (is_last)
        free_config(released);
}
