/* SPDX-License-Identifier: ISC */
/* Finds addresses in plain text that are useless when they are cut in two. */
#ifndef SMS_MILTER_TEXT_LINK_H
#define SMS_MILTER_TEXT_LINK_H

#include <stddef.h>

/* The length of the URL (http://, https://, www.), e-mail address or telephone number
 * that begins at this place in a text; 0 if none begins there. Punctuation after it is
 * not counted. */
size_t link_bytes(const char *text, const char *at);

#endif
