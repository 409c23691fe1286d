/* SPDX-License-Identifier: ISC */
/* Checks whether this host meets the needs of the configuration. It finds what would
 * fail at start when files and the socket are opened, but does not create or open any
 * of them. */
#ifndef SMS_MILTER_CONFIG_CONFIG_ENVIRONMENT_H
#define SMS_MILTER_CONFIG_CONFIG_ENVIRONMENT_H

#include <stdbool.h>

#include "config/config.h"

/* The path of the unix socket in a listen value; NULL for a network socket. */
const char *config_socket_path(const char *listen);

/* Checks whether the socket can be created. *is_in_use_out says whether a program is
 * already listening on it. */
void config_check_socket(const struct config *config, struct problem_list *problems,
                         bool *is_in_use_out);

/* Checks the audit logs of all customers, also that none of them is a file with another
 * use. open_journal is the journal that the daemon has open, which a reload does not
 * change; NULL: none. Returns false without memory. */
bool config_check_audit_logs(const struct config *config, const char *open_journal,
                             struct problem_list *problems);

#endif
