/* SPDX-License-Identifier: ISC */
/* Copies the values of a section of the configuration from libconfuse into our
 * structures. The values passed the rules of config_value.h when they were read. Only
 * for config_file.c and its parts (config_customer.c, config_finish.c), which may
 * include confuse.h. */
#ifndef SMS_MILTER_CONFIG_SECTION_H
#define SMS_MILTER_CONFIG_SECTION_H

#include <confuse.h>
#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

/* The customer did not set this choice and will inherit it. */
enum { SECTION_UNSET = -1 };

/* Our own flag among libconfuse's flags: a value of the option was refused and this was
 * reported. All functions here treat such an option as not set. */
enum { SECTION_OPTION_IS_BAD = 1 << 25 };

/* The number of values of an option. */
unsigned section_size(cfg_t *section, const char *name);

/* Whether a value of the option was refused. */
bool section_is_bad(cfg_t *section, const char *name);

/* The text of an option, borrowed; NULL if it is not set. */
const char *section_text(cfg_t *section, const char *name);

/* The enumerator of a word; SECTION_UNSET if the option is not set. */
int section_choice(cfg_t *section, const char *name);

/* A whole number; 0 if the option is not set. */
unsigned section_number(cfg_t *section, const char *name);

/* Each of these copies the value of an option, or adds it to a list. If the option is
 * not set, the target is left alone or cleared. Returns false without memory. */
bool section_copy_text(cfg_t *section, const char *name, char **text_out);
bool section_copy_texts(cfg_t *section, const char *name, struct string_list *list);
bool section_copy_domains(cfg_t *section, const char *name, struct string_list *list);
bool section_copy_networks(cfg_t *section, const char *name, struct network_list *list);
bool section_copy_senders(cfg_t *section, struct string_list *senders);
bool section_copy_time_zone(cfg_t *section, struct time_zone **zone);
bool section_copy_hours(cfg_t *section, struct hours **hours);
bool section_copy_text_options(cfg_t *section, struct text_options *text);

/* Loads the file that the option names; *err says what is wrong with it. is_optional: a
 * file that may not be read is skipped. */
bool section_load_blocklist(cfg_t *section, bool is_optional, struct number_set **set,
                            struct error *err);

#endif
