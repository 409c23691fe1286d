/* SPDX-License-Identifier: ISC */
#include "config/option_table.h"

#include <string.h>

#include "config/callbacks.h"

#define TEXT(name, value, flags) CFG_STR_CB(name, value, flags, callback_text)
#define TEXTS(name, value) CFG_STR_LIST_CB(name, value, CFGF_NONE, callback_text)
#define NUMBER(name, value, flags) CFG_INT_CB(name, value, flags, callback_number)
#define TEMPLATE(name, value, flags) \
    CFG_PTR_CB(name, value, flags, callback_template, callback_free_template)
#define PATTERNS(name) \
    CFG_PTR_LIST_CB(name, NULL, CFGF_NONE, callback_pattern, callback_free_pattern)

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
    TEMPLATE("template", (char[]){"\"{subject}: {body}\""}, CFGF_NONE),
    NUMBER("max-parts", 6, CFGF_NONE),
    TEXT("overlong", "truncate", CFGF_NONE),
    TEXT("encoding", "auto", CFGF_NONE),
    TEXT("links", "both", CFGF_NONE),
    TEXT("end-marker", "##", CFGF_NONE),
    PATTERNS("strip"),
    CFG_END(),
};

static cfg_opt_t customer_text_options[] = {
    TEMPLATE("template", NULL, CFGF_NODEFAULT),
    NUMBER("max-parts", 0, CFGF_NODEFAULT),
    TEXT("overlong", NULL, CFGF_NODEFAULT),
    TEXT("encoding", NULL, CFGF_NODEFAULT),
    TEXT("links", NULL, CFGF_NODEFAULT),
    TEXT("end-marker", NULL, CFGF_NODEFAULT),
    PATTERNS("strip"),
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
    TEXTS("sender-auth", NULL), /* its default: config_customer.c */
    TEXTS("networks", NULL),
    TEXTS("sasl-logins", NULL),
    TEXTS("tls-subjects", NULL),
    TEXT("alignment", NULL, CFGF_NODEFAULT),
    NUMBER("replay-window", 0, CFGF_NODEFAULT),
    TEXT("enabled", "true", CFGF_NONE),
    TEXTS("senders", NULL),
    TEXTS("reused-message-ids", NULL),
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
    TEXT("after-sending", NULL, CFGF_NODEFAULT),
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
    TEXTS("reused-message-ids", NULL),
    TEXT("default-country", NULL, CFGF_NODEFAULT),
    NUMBER("max-recipients", 100, CFGF_NONE),
    NUMBER("max-message-size", 1024 * 1024, CFGF_NONE),
    TEXT("auto-replies", "refuse", CFGF_NONE),
    TEXT("journal", "sqlite:/var/lib/sms-milter/journal.db", CFGF_NONE),
    NUMBER("retention-days", 90, CFGF_NONE),
    NUMBER("retry-window", 5400, CFGF_NONE),
    NUMBER("duplicate-wait", 20, CFGF_NONE),
    NUMBER("duplicate-window", 5 * 24 * 3600, CFGF_NONE),
    TEXT("on-unknown", "resend", CFGF_NONE),
    TEXT("after-sending", "discard", CFGF_NONE),
    CFG_FUNC("include", callback_include),
    CFG_SEC("api", api_options, CFGF_NONE),
    CFG_SEC("text", text_options, CFGF_NONE),
    CFG_SEC("customer", customer_options, CFGF_MULTI | CFGF_TITLE),
    CFG_END(),
};

cfg_t *option_table_new(void)
{
    cfg_t *described = cfg_init(root_options, CFGF_NONE);

    if (described) {
        cfg_set_error_function(described, callback_error);
        cfg_set_validate_func(described, "customer", callback_customer);
    }
    return described;
}

/* The options that a section may have; NULL for one that is none. */
static const cfg_opt_t *options_of(const struct config_lines *lines, int section)
{
    const struct config_line *line;

    if (section == CONFIG_NO_SECTION)
        return root_options;
    line = &lines->items[section];
    if (line->section != CONFIG_NO_SECTION)
        return strcmp(line->name, "text") == 0 ? customer_text_options : NULL;
    if (strcmp(line->name, "customer") == 0)
        return customer_options;
    if (strcmp(line->name, "text") == 0)
        return text_options;
    return strcmp(line->name, "api") == 0 ? api_options : NULL;
}

const cfg_opt_t *option_table_find(const struct config_lines *lines,
                                   const struct config_line *line)
{
    const cfg_opt_t *option = options_of(lines, line->section);

    for (; option && option->name; option++)
        if (strcmp(option->name, line->name) == 0)
            return option;
    return NULL;
}
