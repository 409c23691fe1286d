/* SPDX-License-Identifier: ISC */
/* Completes a configuration after all files were read: global options, what customers
 * inherit from them, and rules that concern more than one section. Only for
 * config_file.c. */
#ifndef SMS_MILTER_CONFIG_CONFIG_FINISH_H
#define SMS_MILTER_CONFIG_CONFIG_FINISH_H

#include <confuse.h>
#include <stdbool.h>

#include "base/problem.h"
#include "config/config.h"

struct finish {
    cfg_t *root;
    bool is_without_keys;    /* files that this user may not read are skipped */
    bool is_country_unclear; /* default-country or allow was written but refused */
    struct config *config;
    struct problem_list *problems;
};

/* Mistakes are added to the problems. Returns false without memory. */
bool config_finish(const struct finish *finish);

#endif
