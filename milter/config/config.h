/* SPDX-License-Identifier: ISC */
/* The administrator's configuration. It is read and checked as a whole and never
 * changed afterwards. sms-milter.conf(5) explains what each option means. This folder
 * contains all that reads and checks it. */
#ifndef SMS_MILTER_CONFIG_CONFIG_H
#define SMS_MILTER_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/audit_log.h"
#include "base/error.h"
#include "base/hours.h"
#include "base/limit.h"
#include "base/network.h"
#include "base/number_set.h"
#include "base/problem.h"
#include "config/choices.h"
#include "config/text_options.h"
#include "secret/api_key.h"

struct string_list {
    char **items;
    size_t count;
};

struct network_list {
    struct network *items;
    size_t count;
};

/* The places of a customer's options, for messages. */
struct customer_places {
    struct place section, domains, key, blocklist, audit_log, audit_group;
};

/* One customer (for example a school) with one account at the API. */
struct customer {
    char *name;
    bool is_enabled;
    struct string_list domains; /* A-labels; ".example.org" stands for its subdomains */
    char *customer_id;
    struct api_key *api_key; /* NULL if its key is not read */
    char *key_path;          /* path of the key file; NULL: the key is in no file */
    char *api_url;
    char *sms_sender;      /* NULL: the account's own sender */
    char *default_country; /* calling code without "+", such as "44"; NULL: none */
    unsigned sender_auth;  /* bits of enum sender_auth_method */
    struct network_list networks;
    struct string_list sasl_logins;
    struct string_list tls_subjects;
    enum alignment alignment;
    unsigned replay_window_s;
    struct string_list senders; /* address patterns; none: all of its domains */
    struct string_list allow;   /* number prefixes such as "+44" */
    struct string_list deny;
    struct number_set *blocklist; /* NULL: the customer has none */
    char *blocklist_path;         /* path of its file; NULL: none */
    struct hours *hours;          /* NULL: always */
    enum outside_hours outside_hours;
    struct time_zone *time_zone;
    struct rate rate, sender_rate; /* for the whole customer, and for each sender */
    struct quota quota, sender_quota;
    enum quota_unit quota_unit;
    unsigned max_recipients;
    enum auto_replies auto_replies;
    enum on_unknown on_unknown;
    enum after_sending after_sending;
    char *audit_path;            /* NULL: no audit log */
    char *audit_group;           /* NULL: the daemon's own group */
    struct audit_log *audit_log; /* NULL: none, or not opened */
    bool has_audit_numbers_in_full;
    /* Patterns of Message-IDs to ignore, in addition to those for all customers. */
    struct string_list reused_message_ids;
    struct text_options text;
    struct customer_places places;
    char *source; /* FILE:LINE where its section begins, for messages */
};

struct api_options {
    char *ca_file; /* NULL: the system's certificates */
    char *proxy;   /* "": no proxy, even if the environment names one */
    unsigned connect_timeout_s;
    unsigned timeout_s; /* for one request in all, with its retries */
    unsigned max_connections;
    unsigned max_in_flight;
    unsigned retries; /* retries of a request that certainly was not sent, within
                         timeout_s */
    unsigned breaker_failures;   /* failures in a row after which requests stop */
    unsigned breaker_cooldown_s; /* how long requests stop, until one is tried again */
};

/* One domain of a customer, in the index by which customers are found. */
struct domain_owner {
    const char *domain; /* A-label form, without a leading dot */
    bool is_for_subdomains;
    const struct customer *customer;
};

/* The places of global options that can make the start fail. */
struct config_places {
    struct place listen, listen_group, journal, blocklist, ca_file, proxy;
};

struct config {
    struct string_list files; /* the files that were read, in that order */
    struct config_places places;
    char *listen; /* as libmilter expects it: "unix:/path" or "inet:port@host" */
    unsigned listen_mode;
    char *listen_group; /* NULL: the daemon's own group */
    struct string_list sms_domains;
    /* Patterns of Message-IDs to ignore. */
    struct string_list reused_message_ids;
    char *default_country; /* NULL: none */
    char *authserv_id;     /* of the filters before us; NULL: there are none */
    struct network_list trusted_networks;
    struct number_set *blocklist; /* for all customers; NULL: none */
    char *blocklist_path;         /* path of its file; NULL: none */
    unsigned max_message_size_bytes;
    enum auto_replies auto_replies; /* for mails of no customer, as is text */
    char *journal;                  /* "sqlite:/path" */
    unsigned retention_days;
    unsigned retry_window_s; /* for mails identified only by their content */
    unsigned duplicate_wait_s;
    unsigned duplicate_window_s; /* for mails with a Message-ID of their own */
    enum on_unknown on_unknown;
    struct text_options text;
    struct api_options api;
    struct customer *customers;
    size_t customer_count;
    struct domain_owner *domain_owners; /* sorted: see config_find_domain() */
    size_t domain_owner_count;
    struct string_list warnings; /* for the log, at every start and reload */
    unsigned references;         /* used by config.c only */
};

/* An empty configuration with one reference, for config_file.c to fill. NULL without
 * memory. */
struct config *config_new(void);

/* Builds the index of domains after all customers were added. A domain that two
 * customers claim is a problem; its text names both. Returns false without memory. */
bool config_index_domains(struct config *config, struct problem_list *problems);

/* Appends a copy of text. Returns false without memory. */
bool string_list_add(struct string_list *list, const char *text);

/* Frees all strings and leaves the list empty. */
void string_list_free(struct string_list *list);

/* Opens the audit logs of all customers. Call it before any other thread knows the
 * configuration, after config_check_audit_logs(), and only in the daemon, because the
 * user who creates a log file owns it. On failure *err names the place of the option,
 * and the caller must call config_discard_audit_logs(). */
bool config_open_audit_logs(const struct config *config, struct error *err);

/* Closes the audit logs, and removes those that config_open_audit_logs() created and
 * that are still empty. Used for a configuration that is refused. */
void config_discard_audit_logs(const struct config *config);

/* Finds the customer that owns exactly this domain or, with is_for_subdomains, the
 * subdomains of it. NULL if no customer does. The domain must be in A-label form. */
const struct customer *config_find_domain(const struct config *config,
                                          const char *domain, bool is_for_subdomains);

/* Makes config the current configuration and takes over the caller's reference. The
 * previous one lives until its last user releases it. A key that is the same in both
 * becomes one shared secret. Any thread may call this, but only one at a time. NULL
 * releases the current configuration. */
void config_publish(const struct config *config);

/* A reference to the current configuration, which the caller must give back with
 * config_release(). */
const struct config *config_acquire(void);

/* Gives one reference back and clears the pointer. The last one frees the
 * configuration. NULL is allowed. */
void config_release(const struct config **config);

#endif
