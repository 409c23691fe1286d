/* SPDX-License-Identifier: ISC */
/* Reads the section of a customer in the configuration. Only for config_file.c. */
#ifndef SMS_MILTER_CONFIG_CONFIG_CUSTOMER_H
#define SMS_MILTER_CONFIG_CONFIG_CUSTOMER_H

#include <confuse.h>
#include <stdbool.h>

#include "config/config.h"
#include "config/config_lines.h"

struct customer_source {
    struct place place; /* where the section begins */
    const struct config_lines *lines;
    int section;          /* index of the section in lines */
    bool is_without_keys; /* keys, and files that this user may not read, are skipped */
};

/* Fills an empty customer, except for what it inherits (see config_finish.h). Mistakes
 * are added to problems. Returns false without memory; config.c then frees what was
 * filled. */
bool config_customer_read(cfg_t *section, const struct customer_source *from,
                          struct customer *customer, struct problem_list *problems);

#endif
