/* SPDX-License-Identifier: ISC */
/* Reads From, To, Cc and Date of a header (RFC 5322 sections 3.6.1 to 3.6.3) with
 * GMime. */
#ifndef SMS_MILTER_TEXT_MIME_ADDRESS_FIELD_H
#define SMS_MILTER_TEXT_MIME_ADDRESS_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"

/* Adds the addresses of an unfolded field to a list, including those in groups. Returns
 * false without memory. The mail must have passed mail_guard_check(). */
bool address_field_read(const char *value, struct string_list *addresses);

/* Whether the field contains one mailbox for every reader: exactly one "@" outside
 * comments and quoted strings, and nothing there that begins a list, a group or a
 * route. */
bool address_field_is_single(const char *value);

/* The Unix time of an unfolded Date field. Returns false if it is not a date. */
bool date_field_read(const char *value, int64_t *time_s_out);

#endif
