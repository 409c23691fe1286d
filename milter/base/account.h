/* SPDX-License-Identifier: ISC */
/* The users and groups of this host, by name. Any thread may call these functions. */
#ifndef SMS_MILTER_BASE_ACCOUNT_H
#define SMS_MILTER_BASE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* Size of the buffer for a user or group name. A longer name is cut. */
enum { ACCOUNT_NAME_SIZE = 64 };

/* Writes the name of a user or group, or its number if it has no name. */
void account_user_name(uid_t uid, char name_out[ACCOUNT_NAME_SIZE]);
void account_group_name(gid_t gid, char name_out[ACCOUNT_NAME_SIZE]);

/* Whether a user of this name exists. */
bool account_is_user(const char *name);

/* Finds a group by its name, or by its number as text. If there is no such group,
 * returns false and *err says so. */
bool account_find_group(const char *group, gid_t *gid_out, struct error *err);

/* Whether this process may give its files to the group. */
bool account_is_member(gid_t gid);

#endif
