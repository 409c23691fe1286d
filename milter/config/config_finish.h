/* SPDX-License-Identifier: ISC */
/* A configuration once all its files are read: the options that are for all, what
 * customers inherit of them, and what no section alone can tell. Of config_file.c
 * alone. */
#ifndef SMS_MILTER_CONFIG_CONFIG_FINISH_H
#define SMS_MILTER_CONFIG_CONFIG_FINISH_H

#include <confuse.h>
#include <stdbool.h>

#include "base/problem.h"
#include "config/config.h"

struct finish {
    cfg_t *root;
    bool is_without_keys;    /* files that may not be read are left out */
    bool is_country_unclear; /* default-country or allow was meant, and refused */
    struct config *config;
    struct problem_list *problems;
};

/* Adds what is wrong to the problems; false without memory. */
bool config_finish(const struct finish *finish);

#endif
