/* SPDX-License-Identifier: ISC */
/* The mail that is answered or forwarded: out of the text, or where there is nothing
 * else, the text itself. */
#ifndef SMS_MILTER_TEXT_BODY_BODY_QUOTE_H
#define SMS_MILTER_TEXT_BODY_BODY_QUOTE_H

#include "text/body/body_edit.h"

/* Cuts quotes and what introduces them; the lines of an answer between them stay. Where
 * the sender wrote nothing, the newest of the quoted mails is the text: what stands
 * above it is cut, and edit->base_depth says how many quote marks it has. */
void body_quote_cut(struct body_edit *edit);

#endif
