/* SPDX-License-Identifier: ISC */
#include "base/config_file.h"

#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/config_customer.h"
#include "base/config_finish.h"
#include "base/config_text.h"
#include "base/config_value.h"
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

/* ---- customers ---- */

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

/* The end of a customer's section: takes it over, so that libconfuse never holds more
 * than one (it looks through all it has for each new title). */
static int on_customer(cfg_t *cfg, cfg_opt_t *opt)
{
    const struct customer_source from = {loading->file, cfg->line,
                                         loading->is_without_keys};
    cfg_t *section = cfg_opt_getnsec(opt, 0);
    struct customer *customer = add_customer();
    struct error why;

    if (!customer)
        return fail_option(cfg, opt->name, NULL, "no memory");
    if (!config_customer_read(section, &from, customer, &why)) {
        fail_at(cfg->line, why.text);
        return -1;
    }
    return cfg_opt_rmnsec(opt, 0) == CFG_SUCCESS
               ? 0
               : fail_option(cfg, opt->name, NULL, "no memory");
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
    TEXTS("sender-auth", NULL), /* its default: config_customer.c */
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
    TEXT("default-country", NULL, CFGF_NODEFAULT),
    NUMBER("max-recipients", 100, CFGF_NONE),
    NUMBER("max-message-size", 1024 * 1024, CFGF_NONE),
    TEXT("auto-replies", "refuse", CFGF_NONE),
    TEXT("journal", "sqlite:/var/lib/sms-milter/journal.db", CFGF_NONE),
    NUMBER("retention-days", 90, CFGF_NONE),
    NUMBER("retry-window", 5400, CFGF_NONE),
    NUMBER("duplicate-wait", 20, CFGF_NONE),
    TEXT("on-unknown", "resend", CFGF_NONE),
    TEXT("after-sending", "discard", CFGF_NONE),
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
        is_loaded = (!path || parse_all(root, path, err)) &&
                    config_finish(root, is_without_keys, state.config, err);
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
