/* SPDX-License-Identifier: ISC */
/* Warns about settings that are allowed but dangerous. */
#ifndef SMS_MILTER_CONFIG_CONFIG_WARNINGS_H
#define SMS_MILTER_CONFIG_CONFIG_WARNINGS_H

#include "config/config.h"

/* Fills config->warnings, one line each, to be logged at every start and reload.
 * Returns false without memory. */
bool config_collect_warnings(struct config *config);

#endif
