/* SPDX-License-Identifier: ISC */
#include "config/text_options.h"

#include <stdlib.h>
#include <string.h>

#include "config/config_value.h"

/* A choice that was not set and will be inherited. */
enum { UNSET = -1 };

void text_options_clear(struct text_options *options)
{
    *options = (struct text_options){.overlong = (enum overlong)UNSET,
                                     .encoding = (enum encoding)UNSET,
                                     .links = (enum links)UNSET};
}

void text_options_free(struct text_options *options)
{
    template_free(&options->template);
    free(options->end_marker);
    pattern_list_free(&options->strip);
    text_options_clear(options);
}

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
}

void text_options_take_template(struct text_options *options, struct template *template)
{
    template_free(&options->template);
    options->template = template;
}

bool text_options_take_strip(struct text_options *options, struct pattern *pattern)
{
    if (pattern_list_add(&options->strip, pattern))
        return true;
    pattern_free(&pattern);
    return false;
}

static bool set_template(struct text_options *options, const char *value,
                         struct error *err)
{
    struct template *template;

    if (!template_new(value, &template, err))
        return false;
    text_options_take_template(options, template);
    return true;
}

static bool set_max_parts(struct text_options *options, const char *value,
                          struct error *err)
{
    long number;

    if (!config_value_read_number("max-parts", value, &number, err))
        return false;
    options->max_parts = (unsigned)number;
    return true;
}

static bool set_overlong(struct text_options *options, const char *value,
                         struct error *err)
{
    (void)err;
    options->overlong = (enum overlong)config_value_choice("overlong", value);
    return true;
}

static bool set_encoding(struct text_options *options, const char *value,
                         struct error *err)
{
    (void)err;
    options->encoding = (enum encoding)config_value_choice("encoding", value);
    return true;
}

static bool set_links(struct text_options *options, const char *value,
                      struct error *err)
{
    (void)err;
    options->links = (enum links)config_value_choice("links", value);
    return true;
}

static bool set_end_marker(struct text_options *options, const char *value,
                           struct error *err)
{
    free(options->end_marker);
    options->end_marker = strdup(value);
    return options->end_marker || no_memory(err);
}

static bool add_strip(struct text_options *options, const char *value,
                      struct error *err)
{
    struct pattern *pattern;

    return pattern_new(value, &pattern, err) &&
           (text_options_take_strip(options, pattern) || no_memory(err));
}

const char *const text_option_names[] = {"template", "max-parts", "overlong",
                                         "encoding", "links",     "end-marker",
                                         "strip",    NULL};

static bool (*const setters[])(struct text_options *, const char *, struct error *) = {
    set_template, set_max_parts,  set_overlong, set_encoding,
    set_links,    set_end_marker, add_strip};

bool text_options_set(struct text_options *options, const char *name, const char *value,
                      struct error *err)
{
    for (size_t i = 0; text_option_names[i]; i++) {
        if (strcmp(text_option_names[i], name) != 0)
            continue;
        /* a number is checked when it is read */
        return (setters[i] == set_max_parts ||
                config_value_check_text(name, value, err)) &&
               setters[i](options, value, err);
    }
    return error_set(err, ERROR_REFUSED, NULL, "is not an option of the text section");
}

static bool inherit_strip(struct text_options *options, const struct text_options *from)
{
    for (size_t i = 0; i < from->strip.count; i++)
        if (!text_options_take_strip(options, pattern_share(from->strip.items[i])))
            return false;
    return true;
}

bool text_options_inherit(struct text_options *options, const struct text_options *from)
{
    struct error ignored;

    if (options->max_parts == 0)
        options->max_parts = from->max_parts;
    if ((int)options->overlong == UNSET)
        options->overlong = from->overlong;
    if ((int)options->encoding == UNSET)
        options->encoding = from->encoding;
    if ((int)options->links == UNSET)
        options->links = from->links;
    if (!options->template)
        options->template = template_share(from->template);
    return (options->end_marker ||
            set_end_marker(options, from->end_marker, &ignored)) &&
           (options->strip.count > 0 || inherit_strip(options, from));
}
