/* SPDX-License-Identifier: ISC */
/* Checks what a start needs, before anything is created or opened. Used by -t, by each
 * start and by each reload. */
#ifndef SMS_MILTER_START_CHECK_H
#define SMS_MILTER_START_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/* Reads the configuration and checks what a start or a reload uses immediately: keys,
 * lists, certificates, audit logs. Returns false if something is wrong; then
 * *config_out may only be used for further checks such as start_check_socket(). The
 * caller always releases *config_out and frees the problems. open_journal is as for
 * config_check_audit_logs(). */
bool start_check_load(const char *path, const char *open_journal,
                      const struct config **config_out, struct problem_list *problems);

/* Checks whether the socket can be created. *is_in_use_out says whether a program is
 * already listening on it. */
bool start_check_socket(const struct config *config, struct problem_list *problems,
                        bool *is_in_use_out);

/* Checks the journal. is_thorough is as for journal_place_check(). */
bool start_check_journal(const struct config *config, bool is_thorough,
                         struct problem_list *problems);

/* If this process runs as root, finds the user to whom the daemon's files belong, for a
 * warning. Returns false otherwise. */
bool start_check_root(const struct config *config, char *owner_out, size_t owner_size,
                      char *path_out, size_t path_size);

#endif
