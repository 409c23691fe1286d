/* SPDX-License-Identifier: ISC */
#include "config/option_names.h"

#include <stdio.h>
#include <string.h>

#include "base/spelling.h"
#include "config/loading.h"
#include "config/option_table.h"

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
    const struct place place = loading_place_at(line->line);
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
    return !loading_note_global(line);
}

static void check_name(size_t index, char *text)
{
    struct config_line *line = &loading->lines.items[index];

    if (line->section != CONFIG_NO_SECTION &&
        loading->lines.items[line->section].is_left_out)
        line->is_left_out = true;
    else if (!option_table_find(&loading->lines, line))
        leave_out_unknown(line, text);
}

bool option_names_check(char *text)
{
    config_lines_free(&loading->lines);
    loading->customer_section = CONFIG_NO_SECTION;
    if (!config_lines_read(text, &loading->lines))
        return false;
    for (size_t i = 0; i < loading->lines.count; i++)
        check_name(i, text);
    return true;
}

static void check_once(size_t index)
{
    const struct config_line *line = &loading->lines.items[index];
    const struct place place = loading_place_at(line->line);

    if (!line->is_left_out &&
        is_set_twice(index, option_table_find(&loading->lines, line)))
        problem_add(loading->problems, &place, line->name,
                    "is set twice: keep only one of the lines");
}

void option_names_check_once(void)
{
    for (size_t i = 0; i < loading->lines.count; i++)
        check_once(i);
}
