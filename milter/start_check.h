/* SPDX-License-Identifier: ISC */
/* What a start needs, tried before it makes or opens anything: by -t, by each start and
 * by each reload. */
#ifndef SMS_MILTER_START_CHECK_H
#define SMS_MILTER_START_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "config/config.h"

/* Reads the configuration, and checks what a start or a reload takes from it at once:
 * keys, lists, certificates, audit logs. False where something is wrong; *config_out is
 * then for start_check_socket() and the like alone. It is to be released, and the
 * problems are to be freed, in any case. open_journal as for config_check_audit_logs().
 */
bool start_check_load(const char *path, const char *open_journal,
                      const struct config **config_out, struct problem_list *problems);

/* Checks the place of the socket. *is_in_use_out: a program listens there already. */
bool start_check_socket(const struct config *config, struct problem_list *problems,
                        bool *is_in_use_out);

/* Checks the journal; is_thorough as for journal_check(). */
bool start_check_journal(const struct config *config, bool is_thorough,
                         struct problem_list *problems);

/* Where this process is root's: whose the daemon's files are, for a warning. False
 * where it is not. */
bool start_check_root(const struct config *config, char *owner_out, size_t owner_size,
                      char *path_out, size_t path_size);

#endif
