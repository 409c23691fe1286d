/* SPDX-License-Identifier: ISC */
/* The administrator's configuration: read and checked as a whole, then never changed.
 * What each option means is in sms-milter.conf(5). */
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
#include "base/pattern.h"
#include "base/problem.h"
#include "base/template.h"
#include "secret/api_key.h"

/* The methods of sender-auth, one bit each: how a sender proves who it is. */
enum sender_auth_method {
    SENDER_AUTH_NONE = 1 << 0, /* no proof wanted: anybody may spend the money */
    SENDER_AUTH_SASL = 1 << 1,
    SENDER_AUTH_NETWORK = 1 << 2,
    SENDER_AUTH_TLS = 1 << 3,
    SENDER_AUTH_SPF = 1 << 4,
    SENDER_AUTH_DKIM = 1 << 5,
    SENDER_AUTH_DMARC = 1 << 6,
};

/* Whether two domains must be the same, or only of one organisation. */
enum alignment { ALIGNMENT_RELAXED, ALIGNMENT_STRICT };

/* What becomes of an SMS that comes at an hour that is none of the customer's. */
enum outside_hours { OUTSIDE_HOURS_DEFER, OUTSIDE_HOURS_REFUSE };

enum auto_replies { AUTO_REPLIES_REFUSE, AUTO_REPLIES_DISCARD, AUTO_REPLIES_SEND };
/* What a retry does with an SMS of which nobody knows whether it was sent. */
enum on_unknown {
    ON_UNKNOWN_RESEND, /* sends it: it may come twice */
    ON_UNKNOWN_REFUSE  /* refuses it: it may never have come */
};

/* What becomes of a mail none of whose recipients is left, as all were SMS. */
enum after_sending {
    AFTER_SENDING_DISCARD, /* the mail server drops it at once */
    AFTER_SENDING_ACCEPT   /* it does what else it has to do with a mail */
};

enum overlong { OVERLONG_TRUNCATE, OVERLONG_REJECT };
enum encoding {
    ENCODING_AUTO,   /* the GSM alphabet where the meaning stays, else UCS-2 */
    ENCODING_GSM7,   /* always the GSM alphabet */
    ENCODING_UNICODE /* every character as it was written */
};
enum links {
    LINKS_TEXT, /* what an HTML link is shown as */
    LINKS_URL,  /* where it goes to */
    LINKS_BOTH  /* "text (URL)" where the text does not say it */
};

struct string_list {
    char **items;
    size_t count;
};

struct network_list {
    struct network *items;
    size_t count;
};

struct text_options {
    struct template *template;
    unsigned max_parts;
    enum overlong overlong;
    enum encoding encoding;
    enum links links;
    char *end_marker; /* what is below a line of it is not sent; "": there is none */
    struct pattern_list strip; /* what matches is not sent */
};

/* Where options of a customer's stand, for messages. */
struct customer_places {
    struct place section, domains, key, blocklist, audit_log, audit_group;
};

/* One school, one account at the API. */
struct customer {
    char *name;
    bool is_enabled;
    struct string_list domains; /* A-labels; ".example.org" stands for its subdomains */
    char *customer_id;
    struct api_key *api_key; /* NULL without keys */
    char *key_path;          /* of its file; NULL: in none */
    char *api_url;
    char *sms_sender;      /* NULL: the account's own */
    char *default_country; /* calling code without +, such as "44"; NULL: none */
    unsigned sender_auth;  /* of enum sender_auth_method */
    struct network_list networks;
    struct string_list sasl_logins;
    struct string_list tls_subjects;
    enum alignment alignment;
    unsigned replay_window_s;
    struct string_list senders; /* patterns of addresses; none: all of its domains */
    struct string_list allow;   /* number prefixes such as "+44" */
    struct string_list deny;
    struct number_set *blocklist; /* NULL: none of its own */
    char *blocklist_path;         /* of its file; NULL likewise */
    struct hours *hours;          /* NULL: always */
    enum outside_hours outside_hours;
    struct time_zone *time_zone;
    struct rate rate, sender_rate; /* of the whole customer, and of each sender */
    struct quota quota, sender_quota;
    enum quota_unit quota_unit;
    unsigned max_recipients;
    enum auto_replies auto_replies;
    enum on_unknown on_unknown;
    enum after_sending after_sending;
    char *audit_path;            /* NULL: it wants no audit log */
    char *audit_group;           /* NULL: the daemon's own */
    struct audit_log *audit_log; /* NULL: none, or not opened */
    bool has_audit_numbers_in_full;
    /* Patterns of Message-IDs that count as none, besides those of all customers. */
    struct string_list reused_message_ids;
    struct text_options text;
    struct customer_places places;
    char *source; /* FILE:LINE of its section, for messages */
};

struct api_options {
    char *ca_file; /* NULL: the system's */
    char *proxy;   /* "": none, whatever the environment says */
    unsigned connect_timeout_s;
    unsigned timeout_s; /* from the hand-over of a request to its whole answer */
    unsigned max_connections;
    unsigned max_in_flight;
    unsigned retries; /* of a request that certainly was not sent, within timeout_s */
    unsigned breaker_failures;   /* one after the other, until no request is tried */
    unsigned breaker_cooldown_s; /* from then until one is tried again */
};

/* One domain of a customer's, in the index that finds the customer. */
struct domain_owner {
    const char *domain; /* A-label form, without a leading dot */
    bool is_for_subdomains;
    const struct customer *customer;
};

/* Where global options stand that a start may fail for. */
struct config_places {
    struct place listen, listen_group, journal, blocklist, ca_file, proxy;
};

struct config {
    struct string_list files; /* that it was read from, in that order */
    struct config_places places;
    char *listen; /* as libmilter wants it: "unix:/path" or "inet:port@host" */
    unsigned listen_mode;
    char *listen_group; /* NULL: the daemon's own */
    struct string_list sms_domains;
    /* Patterns of Message-IDs that count as none. */
    struct string_list reused_message_ids;
    char *default_country; /* NULL: none */
    char *authserv_id;     /* of the filters before us; NULL: there are none */
    struct network_list trusted_networks;
    struct number_set *blocklist; /* for all customers; NULL: none */
    char *blocklist_path;         /* of its file; NULL likewise */
    unsigned max_message_size_bytes;
    enum auto_replies auto_replies; /* of mails of no customer's, as text is */
    char *journal;                  /* "sqlite:/path" */
    unsigned retention_days;
    unsigned retry_window_s; /* for mails that only their content identifies */
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
    unsigned references;         /* config.c's own */
};

/* An empty configuration with one reference, for config_file.c to fill; NULL without
 * memory. */
struct config *config_new(void);

/* Builds the index of domains when all customers are there. Each that two customers
 * claim is a problem, which names both. False without memory. */
bool config_index_domains(struct config *config, struct problem_list *problems);

/* Appends a copy; false without memory. */
bool string_list_add(struct string_list *list, const char *text);

/* Frees the strings and leaves the list empty. */
void string_list_free(struct string_list *list);

/* Opens the audit logs of all customers, before anybody else knows the configuration:
 * for the daemon alone, as whoever opens a new one owns it, and after
 * config_check_audit_logs(). On failure *err names the option's place; then
 * config_discard_audit_logs() is to follow. */
bool config_open_audit_logs(const struct config *config, struct error *err);

/* Closes them, and removes those that config_open_audit_logs() has made and that have
 * no line: of a configuration that is refused. */
void config_discard_audit_logs(const struct config *config);

/* The customer that owns exactly this domain, or with is_for_subdomains the one that
 * owns its subdomains; NULL if none does. The domain is in A-label form. */
const struct customer *config_find_domain(const struct config *config,
                                          const char *domain, bool is_for_subdomains);

/* Makes config the current one, taking over the caller's reference to it; what it
 * replaces lives on until its last user lets it go. Keys that are in both are one
 * secret afterwards. One thread at a time, which may be any. NULL lets go of the
 * current one. */
void config_publish(const struct config *config);

/* A reference to the current configuration, to be given back by config_release(). */
const struct config *config_acquire(void);

/* Gives one reference back and clears the pointer; the last one frees. NULL is allowed.
 */
void config_release(const struct config **config);

#endif
