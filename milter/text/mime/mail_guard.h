/* SPDX-License-Identifier: ISC */
/* What a mail must not hold, as reading it would take a stack or time without bound. */
#ifndef SMS_MILTER_TEXT_MIME_MAIL_GUARD_H
#define SMS_MILTER_TEXT_MIME_MAIL_GUARD_H

#include <stddef.h>

/* Looks at a mail before it is parsed. Returns why it cannot be read, a string constant
 * for its sender, or NULL. */
const char *mail_guard_check(const char *mail, size_t size_bytes);

#endif
