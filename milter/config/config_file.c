/* SPDX-License-Identifier: ISC */
#include "config/config_file.h"

#include <confuse.h>

#include "config/config_finish.h"
#include "config/config_text.h"
#include "config/loading.h"
#include "config/option_names.h"
#include "config/option_table.h"
#include "config/section.h"

/* ---- one file ---- */

static void tell_cut_short(const cfg_t *root, size_t told)
{
    const struct place place = loading_place_at(root->line);

    loading->is_cut_short = true;
    if (loading->problems->count == told)
        problem_add(loading->problems, &place, "", "cannot be understood");
}

/* False without memory. */
static bool parse_text(cfg_t *root, char *text)
{
    size_t told;

    if (!option_names_check(text))
        return false;
    told = loading->problems->count;
    if (cfg_parse_buf(root, text) != CFG_SUCCESS)
        tell_cut_short(root, told);
    option_names_check_once();
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

/* ---- all files ---- */

/* libconfuse calls nobody for an empty list. */
static void check_empty(cfg_t *root)
{
    const struct global *global = loading_find_global("", "sms-domains");

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
    return !loading_find_global("", option) ||
           section_copy_text(root, option, text_out);
}

static bool finish_partly(cfg_t *root, struct config *config)
{
    return copy_written(root, "listen", &config->listen) &&
           copy_written(root, "listen-group", &config->listen_group) &&
           copy_written(root, "journal", &config->journal);
}

/* Where a file was not read to its end, what seems missing may be in its rest. */
static bool finish(cfg_t *root)
{
    const struct finish all = {
        .root = root,
        .is_without_keys = loading->is_without_keys,
        .is_country_unclear = loading->is_country_unclear,
        .config = loading->config,
        .problems = loading->problems,
    };

    loading_find_places(&loading->config->places);
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
    root = option_table_new();
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
