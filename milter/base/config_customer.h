/* SPDX-License-Identifier: ISC */
/* The section of a customer in the configuration. Of config_file.c alone. */
#ifndef SMS_MILTER_BASE_CONFIG_CUSTOMER_H
#define SMS_MILTER_BASE_CONFIG_CUSTOMER_H

#include <confuse.h>
#include <stdbool.h>

#include "base/config.h"
#include "base/error.h"

struct customer_source {
    const char *file;
    int line;             /* where the section ends */
    bool is_without_keys; /* keys, and files that may not be read, are left alone */
};

/* Fills an empty customer, but for what it inherits (config_finish.h). *err begins with
 * the name of the option that is wrong; what is filled by then stays for config.c to
 * free.
 */
bool config_customer_read(cfg_t *section, const struct customer_source *from,
                          struct customer *customer, struct error *err);

#endif
