/* SPDX-License-Identifier: ISC */
/* The users and groups of this host, by their names. Any thread. */
#ifndef SMS_MILTER_BASE_ACCOUNT_H
#define SMS_MILTER_BASE_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/* Room for the name of a user or group, cut where it is longer. */
enum { ACCOUNT_NAME_SIZE = 64 };

/* The name of a user, or of a group, its number where it has none. */
void account_user_name(uid_t uid, char name_out[ACCOUNT_NAME_SIZE]);
void account_group_name(gid_t gid, char name_out[ACCOUNT_NAME_SIZE]);

/* Whether there is a user of this name. */
bool account_is_user(const char *name);

/* The group of a name, or of a number as text. Otherwise *err says that there is none.
 */
bool account_find_group(const char *group, gid_t *gid_out, struct error *err);

/* Whether this process may give its files to a group. */
bool account_is_member(gid_t gid);

#endif
