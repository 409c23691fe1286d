/* SPDX-License-Identifier: ISC */
/* What the mail system of an organisation, a virus scanner or a mailing list adds to
 * every mail. */
#ifndef SMS_MILTER_TEXT_BODY_DISCLAIMER_H
#define SMS_MILTER_TEXT_BODY_DISCLAIMER_H

#include <stddef.h>

#include "text/body/body_lines.h"

/* The first line of the disclaimers at the end of these lines, with the rules and blank
 * lines around them; count if there are none. Lines that are cut already are not
 * seen. */
size_t disclaimer_find(const struct body_line *lines, size_t count);

/* How many lines a warning takes at the top, such as "CAUTION: This email originated
 * from outside of the organisation"; 0 if there is none. */
size_t disclaimer_banner_lines(const struct body_line *lines, size_t count);

#endif
