/* SPDX-License-Identifier: ISC */
/* Sets the options of a text section of sms-milter.conf(5) one by one. */
#ifndef SMS_MILTER_CONFIG_TEXT_OPTIONS_H
#define SMS_MILTER_CONFIG_TEXT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/pattern.h"
#include "base/template.h"
#include "config/choices.h"

struct text_options {
    struct template *template;
    unsigned max_parts;
    enum overlong overlong;
    enum encoding encoding;
    enum links links;
    char *end_marker; /* this line and everything after it is not sent; "": no marker */
    struct pattern_list strip; /* text that matches one of these is not sent */
};

/* All option names, in the order of the manual; NULL after the last. */
extern const char *const text_option_names[];

/* Makes a section in which nothing is set. Free it with text_options_free(). */
void text_options_clear(struct text_options *options);

/* Sets an option to a value as it is written in the file. For "strip", a list, the
 * value is added. On failure err->text says what is wrong, in words that can follow the
 * value. */
bool text_options_set(struct text_options *options, const char *name, const char *value,
                      struct error *err);

/* Sets an option that is already compiled. It takes the value over in any case. "strip"
 * gets one more pattern; false without memory. */
void text_options_take_template(struct text_options *options,
                                struct template *template);
bool text_options_take_strip(struct text_options *options, struct pattern *pattern);

/* Sets each option that is not set to its value in from, where all options are set.
 * Returns false without memory. */
bool text_options_inherit(struct text_options *options,
                          const struct text_options *from);

/* Frees what the options hold and leaves nothing set. */
void text_options_free(struct text_options *options);

#endif
