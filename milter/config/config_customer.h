/* SPDX-License-Identifier: ISC */
/* The section of a customer in the configuration. Of config_file.c alone. */
#ifndef SMS_MILTER_CONFIG_CONFIG_CUSTOMER_H
#define SMS_MILTER_CONFIG_CONFIG_CUSTOMER_H

#include <confuse.h>
#include <stdbool.h>

#include "config/config.h"
#include "config/config_lines.h"

struct customer_source {
    struct place place; /* where the section begins */
    const struct config_lines *lines;
    int section;          /* its index there */
    bool is_without_keys; /* keys, and files that may not be read, are left alone */
};

/* Fills an empty customer, but for what it inherits (config_finish.h). What is wrong
 * with it is added to the problems. False without memory; what is filled by then stays
 * for config.c to free. */
bool config_customer_read(cfg_t *section, const struct customer_source *from,
                          struct customer *customer, struct problem_list *problems);

#endif
