/* SPDX-License-Identifier: ISC */
/* From, To, Cc and Date of a header (RFC 5322 sections 3.6.1 to 3.6.3), read by GMime.
 */
#ifndef SMS_MILTER_TEXT_MIME_ADDRESS_FIELD_H
#define SMS_MILTER_TEXT_MIME_ADDRESS_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include "config/config.h"

/* Adds the addresses of an unfolded field to a list, those in groups too. False without
 * memory. The mail has passed mail_guard_check(). */
bool address_field_read(const char *value, struct string_list *addresses);

/* Whether the field holds one mailbox as everybody reads it: one "@" outside of
 * comments and quoted strings, and nothing there that begins a list, a group or a
 * route. */
bool address_field_is_single(const char *value);

/* The Unix time of an unfolded Date field; false if it is none. */
bool date_field_read(const char *value, int64_t *time_s_out);

#endif
