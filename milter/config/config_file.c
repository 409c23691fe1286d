/* SPDX-License-Identifier: ISC */
#include "config/config_file.h"

#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/spelling.h"
#include "config/config_customer.h"
#include "config/config_finish.h"
#include "config/config_lines.h"
#include "config/config_text.h"
#include "config/config_value.h"
#include "config/section.h"

/* An option that is not in a customer's section, or such a section. */
struct global {
    char section[CONFIG_NAME_SIZE], name[CONFIG_NAME_SIZE]; /* "": in no section */
    struct place place;
};

/* There are about forty; more are told and left out. */
enum { MAX_GLOBALS = 64 };

/* What the callbacks of libconfuse work on: it hands them no pointer of ours, and its
 * scanner is global anyway, so one load at a time is all there is. */
static struct loading {
    struct config *config; /* its files are all files, in the order in which they are
                              read */
    size_t customer_room;
    struct string_list included; /* what include() was told, files and directories */
    struct problem_list *problems;
    struct global globals[MAX_GLOBALS];
    size_t global_count;
    /* The file being read. */
    struct place place; /* without line */
    struct config_lines lines;
    int customer_section; /* the latest in lines that ended */
    bool is_cut_short;    /* some file was not read to its end */
    bool has_no_memory;
    bool is_country_unclear; /* a global option is wrong, which may be what was to be
                                default-country, or one with a slip in its name */
    bool is_without_keys;    /* they are left where they are */
} * loading;

/* More files than this are files that include each other by different names. */
enum { MAX_FILES = 100000 };

/* ---- places ---- */

static struct place place_at(int line)
{
    struct place place = loading->place;

    place.line = line;
    return place;
}

/* Where an option stands when libconfuse has just read a value of it, which may be some
 * lines below. */
static struct place place_of(const cfg_t *cfg, const char *option)
{
    const char *section = strcmp(cfg->name, "root") == 0 ? "" : cfg->name;
    int index = config_lines_find_above(&loading->lines, section, option, cfg->line);

    return place_at(index >= 0 ? loading->lines.items[index].line : cfg->line);
}

static const struct global *find_global(const char *section, const char *option)
{
    for (size_t i = 0; i < loading->global_count; i++)
        if (strcmp(loading->globals[i].section, section) == 0 &&
            strcmp(loading->globals[i].name, option) == 0)
            return &loading->globals[i];
    return NULL;
}

/* The main file without a line for an option that is not written: it has its default.
 */
static struct place place_of_global(const char *section, const char *option)
{
    const struct global *global = find_global(section, option);

    if (global)
        return global->place;
    return (struct place){.file = loading->config->files.count > 0
                                      ? loading->config->files.items[0]
                                      : NULL};
}

static void find_places(struct config_places *places)
{
    places->listen = place_of_global("", "listen");
    places->listen_group = place_of_global("", "listen-group");
    places->journal = place_of_global("", "journal");
    places->blocklist = place_of_global("", "blocklist");
    places->ca_file = place_of_global("api", "ca-file");
    places->proxy = place_of_global("api", "proxy");
}

/* ---- libconfuse ---- */

/* What libconfuse itself finds wrong; it reads no further then. */
static void on_error(cfg_t *cfg, const char *format, va_list args)
{
    const struct place place = place_at(cfg->line);
    char text[ERROR_TEXT_SIZE];

    vsnprintf(text, sizeof text, format, args);
    loading->is_cut_short = true;
    problem_add(loading->problems, &place, "", "%s", text);
}

/* libconfuse goes on behind it: whoever mends a mistake wants to know of the next. */
static int fail_option(const cfg_t *cfg, const char *option, const char *value,
                       const char *what)
{
    const struct place place = place_of(cfg, option);
    char line[32] = "";

    if (strcmp(cfg->name, "root") == 0)
        loading->is_country_unclear = true;
    if (place.line != cfg->line)
        snprintf(line, sizeof line, " (line %d)", cfg->line);
    if (value)
        problem_add(loading->problems, &place, option, "\"%.200s\"%s %s", value, line,
                    what);
    else
        problem_add(loading->problems, &place, option, "%s", what);
    return 0;
}

static int fail_memory(void)
{
    loading->has_no_memory = true;
    return -1;
}

static int on_text(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;

    *(const char **)result = value;
    if (config_value_check_text(opt->name, value, &why))
        return 0;
    opt->flags |= SECTION_OPTION_IS_BAD;
    return fail_option(cfg, opt->name, value, why.text);
}

static int on_number(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;
    long number;

    *(long *)result = 0;
    if (!config_value_read_number(opt->name, value, &number, &why)) {
        opt->flags |= SECTION_OPTION_IS_BAD;
        return fail_option(cfg, opt->name, value, why.text);
    }
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
    return strcmp(loading->config->files.items[0], path) == 0;
}

static bool include_folder(const char *path, DIR *directory)
{
    struct string_list *files = &loading->config->files;
    size_t first = files->count;

    if (!list_directory(path, directory, files))
        return false;
    qsort(files->items + first, files->count - first, sizeof *files->items,
          compare_names);
    return true;
}

/* libconfuse nests includes ten deep at the most, too few for a folder of customers:
 * what is included is read after the file that includes it, in order. */
static int on_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
    struct string_list *files = &loading->config->files;
    struct stat st;
    DIR *directory;
    bool is_listed;

    if (argc != 1)
        return fail_option(cfg, opt->name, NULL, "takes one file or directory");
    if (is_included(argv[0]))
        return fail_option(cfg, opt->name, argv[0], "is already included");
    if (files->count > MAX_FILES)
        return fail_option(cfg, opt->name, NULL,
                           "more than 100000 files: do they include each other?");
    if (!string_list_add(&loading->included, argv[0]))
        return fail_memory();
    if (stat(argv[0], &st) < 0)
        return fail_option(cfg, opt->name, argv[0], strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return string_list_add(files, argv[0]) ? 0 : fail_memory();
    directory = opendir(argv[0]);
    if (!directory)
        return fail_option(cfg, opt->name, argv[0], strerror(errno));
    is_listed = include_folder(argv[0], directory);
    closedir(directory);
    return is_listed ? 0 : fail_memory();
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

/* libconfuse reads them in the order in which they stand. */
static int next_customer_section(void)
{
    const struct config_lines *lines = &loading->lines;
    int section = loading->customer_section + 1;

    while (section < (int)lines->count &&
           (lines->items[section].section != CONFIG_NO_SECTION ||
            lines->items[section].is_left_out ||
            strcmp(lines->items[section].name, "customer") != 0))
        section++;
    loading->customer_section = section;
    return section;
}

/* The end of a customer's section: takes it over, so that libconfuse never holds more
 * than one (it looks through all it has for each new title). */
static int on_customer(cfg_t *cfg, cfg_opt_t *opt)
{
    int index = next_customer_section();
    bool is_found = index < (int)loading->lines.count;
    const struct customer_source from = {
        .place = place_at(is_found ? loading->lines.items[index].line : cfg->line),
        .lines = &loading->lines,
        .section = index,
        .is_without_keys = loading->is_without_keys};
    struct customer *customer = add_customer();

    if (!customer || !config_customer_read(cfg_opt_getnsec(opt, 0), &from, customer,
                                           loading->problems))
        return fail_memory();
    return cfg_opt_rmnsec(opt, 0) == CFG_SUCCESS ? 0 : fail_memory();
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

/* ---- what is written ---- */

/* The options that a section may have; NULL for one that is none. */
static const cfg_opt_t *options_of(int section)
{
    const struct config_line *line;

    if (section == CONFIG_NO_SECTION)
        return root_options;
    line = &loading->lines.items[section];
    if (line->section != CONFIG_NO_SECTION)
        return strcmp(line->name, "text") == 0 ? customer_text_options : NULL;
    if (strcmp(line->name, "customer") == 0)
        return customer_options;
    if (strcmp(line->name, "text") == 0)
        return text_options;
    return strcmp(line->name, "api") == 0 ? api_options : NULL;
}

static const cfg_opt_t *find_option(const struct config_line *line)
{
    const cfg_opt_t *option = options_of(line->section);

    for (; option && option->name; option++)
        if (strcmp(option->name, line->name) == 0)
            return option;
    return NULL;
}

/* The title of the section, as it is written: with its quotes. */
static void print_title(const char *text, int section, char *title, size_t size)
{
    const char *begin = text + loading->lines.items[section].begin + strlen("customer");
    int length;

    begin += strspn(begin, " \t\r\n\"'");
    length = (int)strcspn(begin, "\"'{ \r\n");
    snprintf(title, size, " in customer \"%.*s\"", length, begin);
}

/* libconfuse would read no further. */
static void leave_out_unknown(struct config_line *line, char *text)
{
    const struct place place = place_at(line->line);
    char title[256] = "";

    if (line->section != CONFIG_NO_SECTION &&
        strcmp(loading->lines.items[line->section].name, "customer") == 0)
        print_title(text, line->section, title, sizeof title);
    problem_add(loading->problems, &place, line->name, "unknown option%s", title);
    line->is_unknown = line->is_left_out = true;
    config_lines_blank(line, text);
    loading->is_country_unclear = loading->is_country_unclear ||
                                  line->section == CONFIG_NO_SECTION ||
                                  spelling_is_close(line->name, "default-country") ||
                                  spelling_is_close(line->name, "allow");
}

/* In the same section, of this file. */
static bool has_one_above(size_t index)
{
    const struct config_line *line = &loading->lines.items[index];

    while (index-- > 0 && (int)index > line->section) {
        const struct config_line *other = &loading->lines.items[index];

        if (other->section == line->section && strcmp(other->name, line->name) == 0)
            return true;
    }
    return false;
}

/* Also of another file; false where it is noted already. */
static bool note_global(const struct config_line *line)
{
    const char *section = line->section == CONFIG_NO_SECTION
                              ? ""
                              : loading->lines.items[line->section].name;
    struct global *global = &loading->globals[loading->global_count];

    if (find_global(section, line->name))
        return false;
    if (loading->global_count == MAX_GLOBALS)
        return true;
    loading->global_count++;
    snprintf(global->section, sizeof global->section, "%s", section);
    snprintf(global->name, sizeof global->name, "%s", line->name);
    global->place = place_at(line->line);
    return true;
}

/* libconfuse lets the last one win: a second deny list would open what the first
 * closes. */
static bool is_set_twice(size_t index, const cfg_opt_t *option)
{
    const struct config_line *line = &loading->lines.items[index];
    int section = line->section;
    bool is_of_customer = section != CONFIG_NO_SECTION &&
                          (loading->lines.items[section].section != CONFIG_NO_SECTION ||
                           strcmp(loading->lines.items[section].name, "customer") == 0);

    if (option->type == CFGT_FUNC || (option->flags & CFGF_MULTI))
        return false;
    if (is_of_customer)
        return has_one_above(index);
    return !note_global(line);
}

static void check_name(size_t index, char *text)
{
    struct config_line *line = &loading->lines.items[index];

    if (line->section != CONFIG_NO_SECTION &&
        loading->lines.items[line->section].is_left_out)
        line->is_left_out = true;
    else if (!find_option(line))
        leave_out_unknown(line, text);
}

static void check_once(size_t index)
{
    const struct config_line *line = &loading->lines.items[index];
    const struct place place = place_at(line->line);

    if (!line->is_left_out && is_set_twice(index, find_option(line)))
        problem_add(loading->problems, &place, line->name,
                    "is set twice: keep only one of the lines");
}

/* Before libconfuse reads it: what it would end at. */
static bool check_names(char *text)
{
    config_lines_free(&loading->lines);
    loading->customer_section = CONFIG_NO_SECTION;
    if (!config_lines_read(text, &loading->lines))
        return false;
    for (size_t i = 0; i < loading->lines.count; i++)
        check_name(i, text);
    return true;
}

/* ---- all files ---- */

static void tell_cut_short(const cfg_t *root, size_t told)
{
    const struct place place = place_at(root->line);

    loading->is_cut_short = true;
    if (loading->problems->count == told)
        problem_add(loading->problems, &place, "", "cannot be understood");
}

/* False without memory. */
static bool parse_text(cfg_t *root, char *text)
{
    size_t told;

    if (!check_names(text))
        return false;
    told = loading->problems->count;
    if (cfg_parse_buf(root, text) != CFG_SUCCESS)
        tell_cut_short(root, told);
    for (size_t i = 0; i < loading->lines.count; i++)
        check_once(i);
    return !loading->has_no_memory;
}

static bool parse_file(cfg_t *root, size_t number)
{
    const char *path = loading->config->files.items[number];
    struct error why;
    char *text = config_text_read(path, &why);
    bool is_parsed;

    loading->place =
        (struct place){.file = path, .file_number = (unsigned)number, .line = 0};
    if (!text) {
        loading->is_cut_short = true;
        problem_add_whole(loading->problems, &loading->place, &why);
        return true;
    }
    is_parsed = parse_text(root, text);
    config_text_free(&text);
    return is_parsed;
}

/* libconfuse calls nobody for an empty list. */
static void check_empty(cfg_t *root)
{
    const struct global *global = find_global("", "sms-domains");

    if (!global || cfg_size(root, "sms-domains") > 0)
        return;
    loading->is_country_unclear = true;
    problem_add(loading->problems, &global->place, "sms-domains", "empty");
}

static bool parse_all(cfg_t *root, const char *path)
{
    struct string_list *files = &loading->config->files;

    if (!string_list_add(files, path))
        return false;
    for (size_t i = 0; i < files->count; i++)
        if (!parse_file(root, i))
            return false;
    if (!loading->is_cut_short)
        check_empty(root);
    return true;
}

/* What is written, and not what has its default: that may stand where nobody read. */
static bool copy_written(cfg_t *root, const char *option, char **text_out)
{
    return !find_global("", option) || section_copy_text(root, option, text_out);
}

static bool finish_partly(cfg_t *root, struct config *config)
{
    return copy_written(root, "listen", &config->listen) &&
           copy_written(root, "listen-group", &config->listen_group) &&
           copy_written(root, "journal", &config->journal);
}

/* Where a file was not read to its end, what seems to be missing may stand behind. */
static bool finish(cfg_t *root)
{
    const struct finish all = {
        .root = root,
        .is_without_keys = loading->is_without_keys,
        .is_country_unclear = loading->is_country_unclear,
        .config = loading->config,
        .problems = loading->problems,
    };

    find_places(&loading->config->places);
    return loading->is_cut_short ? finish_partly(root, loading->config)
                                 : config_finish(&all);
}

static void end_loading(cfg_t *root)
{
    if (root)
        cfg_free(root);
    string_list_free(&loading->included);
    config_lines_free(&loading->lines);
    loading = NULL;
}

/* path is NULL where there is no file. */
static bool load(const char *path, bool is_without_keys, struct problem_list *problems,
                 const struct config **config_out)
{
    struct loading state = {.config = config_new(),
                            .problems = problems,
                            .is_without_keys = is_without_keys};
    const struct config *config = state.config;
    const struct error no_memory = {.kind = ERROR_TEMPORARY, .text = "no memory"};
    cfg_t *root;

    loading = &state;
    root = describe_options();
    if (!config || !root || (path && !parse_all(root, path)) || !finish(root))
        problem_add_whole(problems, &state.place, &no_memory);
    end_loading(root);
    problem_list_sort(problems);
    *config_out = config;
    return problem_list_is_empty(problems);
}

bool config_load_all(const char *path, struct problem_list *problems,
                     const struct config **config_out)
{
    return load(path, false, problems, config_out);
}

static bool load_or_first(const char *path, bool is_without_keys,
                          const struct config **config_out, struct error *err)
{
    struct problem_list problems = {.items = NULL};
    bool is_loaded = load(path, is_without_keys, &problems, config_out);

    if (!is_loaded) {
        problem_list_first(&problems, err);
        config_release(config_out);
    }
    problem_list_free(&problems);
    return is_loaded;
}

bool config_load(const char *path, const struct config **config_out, struct error *err)
{
    return load_or_first(path, false, config_out, err);
}

bool config_load_without_keys(const char *path, const struct config **config_out,
                              struct error *err)
{
    return load_or_first(path, true, config_out, err);
}
