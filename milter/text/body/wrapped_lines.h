/* SPDX-License-Identifier: ISC */
/* Lines that a mail program broke, not the sender. */
#ifndef SMS_MILTER_TEXT_BODY_WRAPPED_LINES_H
#define SMS_MILTER_TEXT_BODY_WRAPPED_LINES_H

/* Joins the lines of each paragraph that were broken because the next word did not fit
 * in 60 to 80 characters, in place. Lists, fields ("State: down") and short lines stay
 * as they are. text is valid UTF-8. */
void wrapped_lines_join(char *text);

#endif
