/* SPDX-License-Identifier: ISC */
/* The values of a section of the configuration, out of libconfuse into our structures.
 * They passed config_value.h's rules when they were read. Of config_file.c and what it
 * is made of (config_customer.c, config_finish.c), which own confuse.h. */
#ifndef SMS_MILTER_CONFIG_SECTION_H
#define SMS_MILTER_CONFIG_SECTION_H

#include <confuse.h>
#include <stdbool.h>

#include "base/error.h"
#include "config/config.h"

/* A choice of a customer's that is still to be inherited. */
enum { SECTION_UNSET = -1 };

/* A flag of ours among libconfuse's: a value of the option was refused, and that is
 * told already. For all functions here it is not there. */
enum { SECTION_OPTION_IS_BAD = 1 << 25 };

/* How many values an option has. */
unsigned section_size(cfg_t *section, const char *name);

/* Whether a value of it was refused. */
bool section_is_bad(cfg_t *section, const char *name);

/* The text of an option, borrowed; NULL where it is not there. */
const char *section_text(cfg_t *section, const char *name);

/* The enumerator of a word, SECTION_UNSET where it is not there. */
int section_choice(cfg_t *section, const char *name);

/* A whole number, 0 where it is not there. */
unsigned section_number(cfg_t *section, const char *name);

/* Each replaces *..._out, or adds to a list, what the option says, and leaves it alone,
 * or clears it, where it is not there. False without memory. */
bool section_copy_text(cfg_t *section, const char *name, char **text_out);
bool section_copy_texts(cfg_t *section, const char *name, struct string_list *list);
bool section_copy_domains(cfg_t *section, const char *name, struct string_list *list);
bool section_copy_networks(cfg_t *section, const char *name, struct network_list *list);
bool section_copy_senders(cfg_t *section, struct string_list *senders);
bool section_copy_time_zone(cfg_t *section, struct time_zone **zone);
bool section_copy_hours(cfg_t *section, struct hours **hours);
bool section_copy_text_options(cfg_t *section, struct text_options *text);

/* Loads the option's file; *err says what is wrong with it. is_optional: one that may
 * not be read is left out. */
bool section_load_blocklist(cfg_t *section, bool is_optional, struct number_set **set,
                            struct error *err);

#endif
