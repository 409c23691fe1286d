/* SPDX-License-Identifier: ISC */
/* The options of a text section of sms-milter.conf(5), one by one. */
#ifndef SMS_MILTER_CONFIG_TEXT_OPTIONS_H
#define SMS_MILTER_CONFIG_TEXT_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

/* The names of all of them, in the order of the manual; NULL behind the last. */
extern const char *const text_option_names[];

/* A section in which nothing is set. Free it with text_options_free(). */
void text_options_clear(struct text_options *options);

/* Sets an option to a value as it stands in the file; "strip", a list, gets one more.
 * Otherwise err->text says what is wrong, to stand behind the value. */
bool text_options_set(struct text_options *options, const char *name, const char *value,
                      struct error *err);

/* Sets what is not set to what it is in another, where all of it is; false without
 * memory. */
bool text_options_inherit(struct text_options *options,
                          const struct text_options *from);

/* Frees what they hold, and leaves nothing set. */
void text_options_free(struct text_options *options);

#endif
