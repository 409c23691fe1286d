/* SPDX-License-Identifier: ISC */
/* Refuses mails that could not be read with bounded stack and time. */
#ifndef SMS_MILTER_TEXT_MIME_MAIL_GUARD_H
#define SMS_MILTER_TEXT_MIME_MAIL_GUARD_H

#include <stddef.h>

/* Checks a mail before it is parsed. Returns the reason why it cannot be read, a string
 * constant for its sender, or NULL. */
const char *mail_guard_check(const char *mail, size_t size_bytes);

#endif
