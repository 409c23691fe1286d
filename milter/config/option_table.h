/* SPDX-License-Identifier: ISC */
/* The options of sms-milter.conf(5), section by section, with their defaults. A new
 * option begins here; milter/README.md names the other places. */
#ifndef SMS_MILTER_CONFIG_OPTION_TABLE_H
#define SMS_MILTER_CONFIG_OPTION_TABLE_H

#include <confuse.h>

#include "config/config_lines.h"

/* The tables for libconfuse, with callbacks.h as what it calls. The caller frees it
 * with cfg_free(); NULL without memory. */
cfg_t *option_table_new(void);

/* What the tables say of an option in its section; NULL if there is no such option. */
const cfg_opt_t *option_table_find(const struct config_lines *lines,
                                   const struct config_line *line);

#endif
