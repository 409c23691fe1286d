/* SPDX-License-Identifier: ISC */
#include "config/config_value.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/calendar.h"
#include "base/country_code.h"
#include "base/domain.h"
#include "base/hours.h"
#include "base/limit.h"
#include "base/network.h"
#include "base/utf8.h"
#include "config/choices.h"

static bool wrong(struct error *err, const char *what)
{
    return error_set(err, ERROR_REFUSED, NULL, "%s", what);
}

static bool is_printable_ascii(const char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

static bool check_name(const char *value, struct error *err)
{
    return (*value && is_printable_ascii(value)) ||
           wrong(err, "is not a name: printable ASCII, at least one character");
}

static bool check_path(const char *value, struct error *err)
{
    return *value == '/' || wrong(err, "is not an absolute path");
}

static bool check_ca_file(const char *value, struct error *err)
{
    if (!check_path(value, err))
        return false;
    return access(value, R_OK) == 0 ||
           error_set_errno(err, ERROR_REFUSED, NULL, "cannot be read");
}

static bool check_proxy(const char *value, struct error *err)
{
    return *value == '\0' || check_name(value, err);
}

static bool check_sms_domain(const char *value, struct error *err)
{
    char normal[DOMAIN_SIZE];

    return domain_normalize(value, normal, err);
}

static bool check_customer_domain(const char *value, struct error *err)
{
    return check_sms_domain(value + (*value == '.'), err);
}

static bool check_network(const char *value, struct error *err)
{
    struct network network;

    return network_parse(value, &network, err);
}

static bool is_digits(const char *text, size_t least, size_t most)
{
    size_t length = strspn(text, "0123456789");

    return text[length] == '\0' && length >= least && length <= most && *text != '0';
}

/* A country code has one to three digits (ITU-T E.164). */
static bool check_country(const char *value, struct error *err)
{
    return (is_digits(value, 1, 3) && country_code_length(value) == strlen(value)) ||
           wrong(err, "is not a country calling code such as \"44\"");
}

static bool check_prefix(const char *value, struct error *err)
{
    if (*value != '+' || !is_digits(value + 1, 1, 15))
        return wrong(err, "is not the beginning of a number such as \"+44\"");
    return !country_code_has_trunk_zero(value + 1) ||
           wrong(err, "matches no number: remove the 0 after the country code");
}

static bool check_mode(const char *value, struct error *err)
{
    size_t length = strspn(value, "01234567");

    return (value[length] == '\0' && length >= 3 && length <= 4) ||
           wrong(err, "is not an octal mode such as \"0660\"");
}

static bool check_listen(const char *value, struct error *err)
{
    static const char not_a_place[] =
        "is neither \"unix:/path\" nor \"inet:port@host\"";
    static const struct {
        const char *kind, *next; /* what may follow the number */
    } kinds[] = {{"unix:", "/"},
                 {"local:", "/"},
                 {"inet:", "0123456789"},
                 {"inet6:", "0123456789"}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t length = strlen(kinds[i].kind);

        if (strncmp(value, kinds[i].kind, length) == 0)
            return (strspn(value + length, kinds[i].next) > 0 &&
                    (*kinds[i].next == '/' || strchr(value, '@'))) ||
                   wrong(err, not_a_place);
    }
    return wrong(err, not_a_place);
}

static bool check_time_zone(const char *value, struct error *err)
{
    struct time_zone *zone;
    bool is_good = time_zone_new(value, &zone, err);

    time_zone_free(&zone);
    return is_good;
}

static bool check_rate(const char *value, struct error *err)
{
    struct rate rate;

    return rate_parse(value, &rate, err);
}

static bool check_quota(const char *value, struct error *err)
{
    struct quota quota;

    return quota_parse(value, &quota, err);
}

/* Allows "*" alone: fnmatch(3) knows more, and needs long for many "*". */
static bool check_sender(const char *value, struct error *err)
{
    size_t stars = 0;

    for (const char *c = value; *c; c++)
        stars += *c == '*';
    return (utf8_is_valid(value) && strchr(value, '@') && stars <= 2 &&
            !strpbrk(value, "?[]\\ \t\r\n")) ||
           wrong(err, "is not an address such as \"head@school.example\", with at most "
                      "two \"*\"");
}

/* The time of fnmatch(3) grows with the length to the power of the number of "*". */
static bool check_message_id(const char *value, struct error *err)
{
    size_t stars = 0;

    for (const char *c = value; *c; c++)
        stars += *c == '*';
    return (*value && utf8_is_valid(value) && stars <= 2 &&
            !strpbrk(value, "<> \t\r\n")) ||
           wrong(err, "is not a pattern such as \"*@ups.example\", without angle "
                      "brackets and with at most two \"*\"");
}

static bool check_end_marker(const char *value, struct error *err)
{
    return (utf8_is_valid(value) && !strpbrk(value, " \t\r\n")) ||
           wrong(err, "is not one word without spaces");
}

static bool host_is_loopback(const char *host, size_t length)
{
    char copy[INET6_ADDRSTRLEN];
    struct in_addr in4;

    if (length >= sizeof copy)
        return false;
    memcpy(copy, host, length);
    copy[length] = '\0';
    return strcasecmp(copy, "localhost") == 0 || strcmp(copy, "[::1]") == 0 ||
           (inet_pton(AF_INET, copy, &in4) == 1 && ntohl(in4.s_addr) >> 24 == 127);
}

/* The length of the host, which is a name or an address in brackets. 0 if there is
 * none, or if it is followed by neither a port nor a path. */
static size_t host_length(const char *host)
{
    size_t length = *host == '[' ? strcspn(host, "]") : strcspn(host, ":/?#");
    const char *behind;

    if (*host == '[' && host[length] == ']')
        length++;
    else if (*host == '[')
        return 0;
    behind = host + length;
    if (*behind == ':')
        behind += 1 + strspn(behind + 1, "0123456789");
    return *behind == '\0' || strchr("/?#", *behind) ? length : 0;
}

/* Text and key are sent to this address unencrypted unless it uses TLS, so plain http
 * is allowed only to this host. */
static bool check_url(const char *value, struct error *err)
{
    bool is_plain = strncmp(value, "http://", 7) == 0;
    const char *host = value + (is_plain ? 7 : 8);
    size_t length;

    if (!is_plain && strncmp(value, "https://", 8) != 0)
        return wrong(err, "does not begin with https://");
    length = host_length(host);
    if (length == 0 || memchr(host, '@', length) || !is_printable_ascii(value) ||
        strchr(value, ' '))
        return wrong(err, "is not a URL such as https://host/path");
    if (is_plain && !host_is_loopback(host, length))
        return wrong(
            err,
            "would send the key unencrypted: use https, or http to a loopback address");
    return true;
}

/* A word of the configuration and its enumerator. */
struct choice {
    const char *name;
    int value;
};

static const struct choice sender_auth_choices[] = {
    {"none", SENDER_AUTH_NONE},       {"sasl", SENDER_AUTH_SASL},
    {"network", SENDER_AUTH_NETWORK}, {"tls", SENDER_AUTH_TLS},
    {"spf", SENDER_AUTH_SPF},         {"dkim", SENDER_AUTH_DKIM},
    {"dmarc", SENDER_AUTH_DMARC},     {NULL, 0}};
static const struct choice enabled_choices[] = {
    {"true", true}, {"false", false}, {"yes", true}, {"no", false},
    {"on", true},   {"off", false},   {NULL, 0}};
static const struct choice audit_numbers_choices[] = {
    {"masked", false}, {"full", true}, {NULL, 0}};
static const struct choice alignment_choices[] = {
    {"relaxed", ALIGNMENT_RELAXED}, {"strict", ALIGNMENT_STRICT}, {NULL, 0}};
static const struct choice outside_hours_choices[] = {
    {"defer", OUTSIDE_HOURS_DEFER}, {"refuse", OUTSIDE_HOURS_REFUSE}, {NULL, 0}};
static const struct choice quota_unit_choices[] = {
    {"sms", QUOTA_SMS}, {"parts", QUOTA_PARTS}, {NULL, 0}};
static const struct choice auto_replies_choices[] = {{"refuse", AUTO_REPLIES_REFUSE},
                                                     {"discard", AUTO_REPLIES_DISCARD},
                                                     {"send", AUTO_REPLIES_SEND},
                                                     {NULL, 0}};
static const struct choice on_unknown_choices[] = {
    {"resend", ON_UNKNOWN_RESEND}, {"refuse", ON_UNKNOWN_REFUSE}, {NULL, 0}};
static const struct choice after_sending_choices[] = {
    {"discard", AFTER_SENDING_DISCARD}, {"accept", AFTER_SENDING_ACCEPT}, {NULL, 0}};
static const struct choice overlong_choices[] = {
    {"truncate", OVERLONG_TRUNCATE}, {"reject", OVERLONG_REJECT}, {NULL, 0}};
static const struct choice encoding_choices[] = {{"auto", ENCODING_AUTO},
                                                 {"gsm7", ENCODING_GSM7},
                                                 {"unicode", ENCODING_UNICODE},
                                                 {NULL, 0}};
static const struct choice links_choices[] = {
    {"text", LINKS_TEXT}, {"url", LINKS_URL}, {"both", LINKS_BOTH}, {NULL, 0}};

/* ---- the values that each option may have ---- */

struct option_rule {
    const char *name;
    long least, most; /* bounds of a whole number */
    bool (*check)(const char *value, struct error *err);
    const struct choice *choices;
};

/* Each option that is a number must be in this list. An option that is text and not in
 * this list may have any text, or is checked elsewhere: "template" and "strip" when
 * they are compiled, and "journal" by its backends (journal_place.h). */
static const struct option_rule rules[] = {
    {"listen", .check = check_listen},
    {"listen-mode", .check = check_mode},
    {"listen-group", .check = check_name},
    {"sms-domains", .check = check_sms_domain},
    {"authserv-id", .check = check_name},
    {"alignment", .choices = alignment_choices},
    {"replay-window", .least = 60, .most = 30 * 24 * 3600},
    {"blocklist", .check = check_path},
    {"time-zone", .check = check_time_zone},
    {"trusted-networks", .check = check_network},
    {"default-country", .check = check_country},
    {"max-recipients", .least = 1, .most = 1000},
    {"max-message-size", .least = 16 * 1024, .most = 64 * 1024 * 1024},
    {"auto-replies", .choices = auto_replies_choices},
    {"retention-days", .least = 1, .most = 3650},
    {"retry-window", .least = 0, .most = 7 * 24 * 3600},
    {"duplicate-wait", .least = 0, .most = 50},
    {"duplicate-window", .least = 1, .most = 90 * 24 * 3600},
    {"on-unknown", .choices = on_unknown_choices},
    {"after-sending", .choices = after_sending_choices},
    {"url", .check = check_url},
    {"ca-file", .check = check_ca_file},
    {"proxy", .check = check_proxy},
    {"connect-timeout", .least = 1, .most = 60},
    /* The end of a message must be answered within the 60 s after which clients hang
     * up. */
    {"timeout", .least = 1, .most = 55},
    {"max-connections", .least = 1, .most = 1000},
    {"max-in-flight", .least = 1, .most = 100000},
    {"retries", .least = 0, .most = 10},
    {"breaker-failures", .least = 1, .most = 1000},
    {"breaker-cooldown", .least = 1, .most = 3600},
    {"max-parts", .least = 1,
     .most = 255}, /* TS 23.040 9.2.3.24.1: the count is one octet */
    {"overlong", .choices = overlong_choices},
    {"encoding", .choices = encoding_choices},
    {"links", .choices = links_choices},
    {"end-marker", .check = check_end_marker},
    {"domains", .check = check_customer_domain},
    {"customer", .check = check_name}, /* the title of the section */
    {"customer-id", .check = check_name},
    {"api-key-file", .check = check_path},
    {"api-url", .check = check_url},
    {"sms-sender", .check = check_name},
    {"sender-auth", .choices = sender_auth_choices},
    {"networks", .check = check_network},
    {"sasl-logins", .check = check_name},
    {"tls-subjects", .check = check_name},
    {"audit-log", .check = check_path},
    {"audit-group", .check = check_name},
    {"audit-numbers", .choices = audit_numbers_choices},
    {"enabled", .choices = enabled_choices},
    {"reused-message-ids", .check = check_message_id},
    {"senders", .check = check_sender},
    {"hours", .check = hours_check},
    {"outside-hours", .choices = outside_hours_choices},
    {"rate", .check = check_rate},
    {"sender-rate", .check = check_rate},
    {"quota", .check = check_quota},
    {"sender-quota", .check = check_quota},
    {"quota-unit", .choices = quota_unit_choices},
    {"allow", .check = check_prefix},
    {"deny", .check = check_prefix},
};

static const struct option_rule *find_rule(const char *name)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (strcmp(rules[i].name, name) == 0)
            return &rules[i];
    return NULL;
}

static const struct choice *find_choice(const struct choice *choice, const char *word)
{
    for (; choice->name; choice++)
        if (strcmp(choice->name, word) == 0)
            return choice;
    return NULL;
}

static bool check_choice(const struct choice *choices, const char *value,
                         struct error *err)
{
    char names[128] = "";

    if (find_choice(choices, value))
        return true;
    for (; choices->name; choices++) {
        size_t used = strlen(names);

        snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
                 choices->name);
    }
    return error_set(err, ERROR_REFUSED, NULL, "is not one of: %s", names);
}

bool config_value_check_text(const char *option, const char *value, struct error *err)
{
    const struct option_rule *rule = find_rule(option);

    if (rule && rule->choices)
        return check_choice(rule->choices, value, err);
    return !rule || !rule->check || rule->check(value, err);
}

bool config_value_read_number(const char *option, const char *value, long *number_out,
                              struct error *err)
{
    const struct option_rule *rule = find_rule(option);
    char *end;

    assert(rule);
    errno = 0;
    *number_out = strtol(value, &end, 10);
    if (end != value && *end == '\0' && errno == 0 && *number_out >= rule->least &&
        *number_out <= rule->most)
        return true;
    return error_set(err, ERROR_REFUSED, NULL, "is not a whole number from %ld to %ld",
                     rule->least, rule->most);
}

int config_value_choice(const char *option, const char *value)
{
    return find_choice(find_rule(option)->choices, value)->value;
}
