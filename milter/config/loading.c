/* SPDX-License-Identifier: ISC */
#include "config/loading.h"

#include <stdio.h>
#include <string.h>

struct loading *loading;

struct place loading_place_at(int line)
{
    struct place place = loading->place;

    place.line = line;
    return place;
}

struct place loading_place_of(const cfg_t *cfg, const char *option)
{
    const char *section = strcmp(cfg->name, "root") == 0 ? "" : cfg->name;
    int index = config_lines_find_above(&loading->lines, section, option, cfg->line);

    return loading_place_at(index >= 0 ? loading->lines.items[index].line : cfg->line);
}

const struct global *loading_find_global(const char *section, const char *option)
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
    const struct global *global = loading_find_global(section, option);

    if (global)
        return global->place;
    return (struct place){.file = loading->config->files.count > 0
                                      ? loading->config->files.items[0]
                                      : NULL};
}

void loading_find_places(struct config_places *places)
{
    places->listen = place_of_global("", "listen");
    places->listen_group = place_of_global("", "listen-group");
    places->journal = place_of_global("", "journal");
    places->blocklist = place_of_global("", "blocklist");
    places->ca_file = place_of_global("api", "ca-file");
    places->proxy = place_of_global("api", "proxy");
}

bool loading_note_global(const struct config_line *line)
{
    const char *section = line->section == CONFIG_NO_SECTION
                              ? ""
                              : loading->lines.items[line->section].name;
    struct global *global = &loading->globals[loading->global_count];

    if (loading_find_global(section, line->name))
        return false;
    if (loading->global_count == MAX_GLOBALS)
        return true;
    loading->global_count++;
    snprintf(global->section, sizeof global->section, "%s", section);
    snprintf(global->name, sizeof global->name, "%s", line->name);
    global->place = loading_place_at(line->line);
    return true;
}

int loading_fail_option(const cfg_t *cfg, const char *option, const char *value,
                        const char *what)
{
    const struct place place = loading_place_of(cfg, option);
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

int loading_fail_memory(void)
{
    loading->has_no_memory = true;
    return -1;
}
