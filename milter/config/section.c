/* SPDX-License-Identifier: ISC */
#include "config/section.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/domain.h"
#include "config/config_value.h"
#include "config/text_options.h"

bool section_is_bad(cfg_t *section, const char *name)
{
    return cfg_getopt(section, name)->flags & SECTION_OPTION_IS_BAD;
}

unsigned section_size(cfg_t *section, const char *name)
{
    return section_is_bad(section, name) ? 0 : cfg_size(section, name);
}

const char *section_text(cfg_t *section, const char *name)
{
    return section_size(section, name) ? cfg_getstr(section, name) : NULL;
}

bool section_copy_text(cfg_t *section, const char *name, char **text_out)
{
    const char *value = section_text(section, name);

    free(*text_out);
    *text_out = value ? strdup(value) : NULL;
    return !value || *text_out;
}

bool section_copy_texts(cfg_t *section, const char *name, struct string_list *list)
{
    for (unsigned i = 0; i < section_size(section, name); i++)
        if (!string_list_add(list, cfg_getnstr(section, name, i)))
            return false;
    return true;
}

/* The values passed check_customer_domain() when they were read. */
bool section_copy_domains(cfg_t *section, const char *name, struct string_list *list)
{
    for (unsigned i = 0; i < section_size(section, name); i++) {
        const char *value = cfg_getnstr(section, name, i);
        char normal[1 + DOMAIN_SIZE] = ".";
        bool has_dot = *value == '.';
        struct error ignored;

        if (!domain_normalize(value + has_dot, normal + has_dot, &ignored) ||
            !string_list_add(list, normal))
            return false;
    }
    return true;
}

bool section_copy_networks(cfg_t *section, const char *name, struct network_list *list)
{
    unsigned count = section_size(section, name);
    struct error ignored;

    list->items = calloc(count ? count : 1, sizeof *list->items);
    if (!list->items)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (!network_parse(cfg_getnstr(section, name, i), &list->items[i], &ignored))
            return false;
    list->count = count;
    return true;
}

int section_choice(cfg_t *section, const char *name)
{
    return section_size(section, name)
               ? config_value_choice(name, cfg_getstr(section, name))
               : SECTION_UNSET;
}

unsigned section_number(cfg_t *section, const char *name)
{
    return section_size(section, name) ? (unsigned)cfg_getint(section, name) : 0;
}

/* The domain of an address pattern is normalised too, unless it is a pattern itself. */
static bool add_sender(const char *value, struct string_list *senders)
{
    const char *domain = domain_find(value, strlen(value)); /* it has an "@" */
    char normal[DOMAIN_SIZE], *sender = NULL;
    struct error ignored;
    bool is_added;

    if (strchr(domain, '*') || !domain_normalize(domain, normal, &ignored))
        return string_list_add(senders, value);
    if (asprintf(&sender, "%.*s%s", (int)(domain - value), value, normal) < 0)
        return false;
    is_added = string_list_add(senders, sender);
    free(sender);
    return is_added;
}

bool section_copy_senders(cfg_t *section, struct string_list *senders)
{
    for (unsigned i = 0; i < section_size(section, "senders"); i++)
        if (!add_sender(cfg_getnstr(section, "senders", i), senders))
            return false;
    return true;
}

bool section_copy_time_zone(cfg_t *section, struct time_zone **zone)
{
    struct error ignored;

    return !section_text(section, "time-zone") ||
           time_zone_new(section_text(section, "time-zone"), zone, &ignored);
}

bool section_copy_hours(cfg_t *section, struct hours **hours)
{
    struct string_list items = {NULL, 0};
    struct error ignored;
    bool is_copied = section_copy_texts(section, "hours", &items) &&
                     (items.count == 0 || hours_new((const char *const *)items.items,
                                                    items.count, hours, &ignored));

    string_list_free(&items);
    return is_copied;
}

/* "template" and "strip" were compiled when they were read (callbacks.h). */
static bool copy_compiled(struct text_options *text, const char *name, void *value)
{
    if (strcmp(name, "strip") == 0)
        return text_options_take_strip(text, pattern_share(value));
    text_options_take_template(text, template_share(value));
    return true;
}

static bool copy_text_option(struct text_options *text, cfg_opt_t *opt, unsigned index)
{
    struct error ignored;
    char number[16];

    if (opt->type == CFGT_PTR)
        return copy_compiled(text, opt->name, cfg_opt_getnptr(opt, index));
    if (opt->type != CFGT_INT)
        return text_options_set(text, opt->name, cfg_opt_getnstr(opt, index), &ignored);
    snprintf(number, sizeof number, "%ld", cfg_opt_getnint(opt, index));
    return text_options_set(text, opt->name, number, &ignored);
}

/* The values were checked when they were read. */
bool section_copy_text_options(cfg_t *section, struct text_options *text)
{
    text_options_clear(text);
    for (size_t i = 0; text_option_names[i]; i++) {
        cfg_opt_t *opt = cfg_getopt(section, text_option_names[i]);

        for (unsigned k = 0; k < section_size(section, opt->name); k++)
            if (!copy_text_option(text, opt, k))
                return false;
    }
    return true;
}

/* is_optional: the caller only looks at the configuration, and may lack the right to
 * read this file. */
bool section_load_blocklist(cfg_t *section, bool is_optional, struct number_set **set,
                            struct error *err)
{
    const char *path = section_text(section, "blocklist");

    if (!path || (is_optional && access(path, R_OK) != 0))
        return true;
    return number_set_load(path, set, err);
}
