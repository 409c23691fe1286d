/* SPDX-License-Identifier: ISC */
/* What is allowed in a configuration, and dangerous. */
#ifndef SMS_MILTER_CONFIG_CONFIG_WARNINGS_H
#define SMS_MILTER_CONFIG_CONFIG_WARNINGS_H

#include "config/config.h"

/* Fills config->warnings, one line each, for the log at every start and reload. False
 * without memory. */
bool config_collect_warnings(struct config *config);

#endif
