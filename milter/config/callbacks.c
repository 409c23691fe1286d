/* SPDX-License-Identifier: ISC */
#include "config/callbacks.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/pattern.h"
#include "base/template.h"
#include "config/config_customer.h"
#include "config/config_value.h"
#include "config/loading.h"
#include "config/section.h"

/* ---- values ---- */

void callback_error(cfg_t *cfg, const char *format, va_list args)
{
    const struct place place = loading_place_at(cfg->line);
    char text[ERROR_TEXT_SIZE];

    vsnprintf(text, sizeof text, format, args);
    loading->is_cut_short = true;
    problem_add(loading->problems, &place, "", "%s", text);
}

/* Notes what is wrong with a value, and lets loading go on. */
static int fail_value(cfg_t *cfg, cfg_opt_t *opt, const char *value,
                      const struct error *why)
{
    opt->flags |= SECTION_OPTION_IS_BAD;
    return loading_fail_option(cfg, opt->name, value, why->text);
}

int callback_text(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;

    *(const char **)result = value;
    return config_value_check_text(opt->name, value, &why)
               ? 0
               : fail_value(cfg, opt, value, &why);
}

int callback_number(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;
    long number = 0;
    bool is_number = config_value_read_number(opt->name, value, &number, &why);

    *(long *)result = is_number ? number : 0;
    return is_number ? 0 : fail_value(cfg, opt, value, &why);
}

int callback_template(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;

    return template_new(value, (struct template **)result, &why)
               ? 0
               : fail_value(cfg, opt, value, &why);
}

int callback_pattern(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct error why;

    return pattern_new(value, (struct pattern **)result, &why)
               ? 0
               : fail_value(cfg, opt, value, &why);
}

void callback_free_template(void *template)
{
    struct template *freed = template;

    template_free(&freed);
}

void callback_free_pattern(void *pattern)
{
    struct pattern *freed = pattern;

    pattern_free(&freed);
}

/* ---- include() ---- */

/* More files than this are files that include each other by different names. */
enum { MAX_FILES = 100000 };

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

int callback_include(cfg_t *cfg, cfg_opt_t *opt, int argc, const char **argv)
{
    struct string_list *files = &loading->config->files;
    struct stat st;
    DIR *directory;
    bool is_listed;

    if (argc != 1)
        return loading_fail_option(cfg, opt->name, NULL, "takes one file or directory");
    if (is_included(argv[0]))
        return loading_fail_option(cfg, opt->name, argv[0], "is already included");
    if (files->count > MAX_FILES)
        return loading_fail_option(
            cfg, opt->name, NULL,
            "more than 100000 files: do they include each other?");
    if (!string_list_add(&loading->included, argv[0]))
        return loading_fail_memory();
    if (stat(argv[0], &st) < 0)
        return loading_fail_option(cfg, opt->name, argv[0], strerror(errno));
    if (!S_ISDIR(st.st_mode))
        return string_list_add(files, argv[0]) ? 0 : loading_fail_memory();
    directory = opendir(argv[0]);
    if (!directory)
        return loading_fail_option(cfg, opt->name, argv[0], strerror(errno));
    is_listed = include_folder(argv[0], directory);
    closedir(directory);
    return is_listed ? 0 : loading_fail_memory();
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

int callback_customer(cfg_t *cfg, cfg_opt_t *opt)
{
    int index = next_customer_section();
    bool is_found = index < (int)loading->lines.count;
    const struct customer_source from = {
        .place =
            loading_place_at(is_found ? loading->lines.items[index].line : cfg->line),
        .lines = &loading->lines,
        .section = index,
        .is_without_keys = loading->is_without_keys};
    struct customer *customer = add_customer();

    if (!customer || !config_customer_read(cfg_opt_getnsec(opt, 0), &from, customer,
                                           loading->problems))
        return loading_fail_memory();
    return cfg_opt_rmnsec(opt, 0) == CFG_SUCCESS ? 0 : loading_fail_memory();
}
