/* SPDX-License-Identifier: ISC */
/* Whether this host is as the configuration wants it: what a start would find out when
 * it opens files and its socket, without making or opening any of them. */
#ifndef SMS_MILTER_CONFIG_CONFIG_ENVIRONMENT_H
#define SMS_MILTER_CONFIG_CONFIG_ENVIRONMENT_H

#include <stdbool.h>

#include "config/config.h"

/* The file of a unix socket in what listen says, NULL for the network. */
const char *config_socket_path(const char *listen);

/* The place where the socket is made. *is_in_use_out: a program listens there already.
 */
void config_check_socket(const struct config *config, struct problem_list *problems,
                         bool *is_in_use_out);

/* The audit logs of all customers, also that none is a file that something else needs.
 * open_journal is the place of the journal that the daemon has open, which a reload
 * does not change; NULL: none. False without memory. */
bool config_check_audit_logs(const struct config *config, const char *open_journal,
                             struct problem_list *problems);

#endif
