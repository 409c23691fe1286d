/* SPDX-License-Identifier: ISC */
/* Addresses in plain text that are of no use when they are cut in two. */
#ifndef SMS_MILTER_TEXT_LINK_H
#define SMS_MILTER_TEXT_LINK_H

#include <stddef.h>

/* The length of the URL (http://, https://, www.), e-mail address or telephone number
 * that begins at a place in a text, 0 if none begins there. Punctuation at its end is
 * the text's. */
size_t link_bytes(const char *text, const char *at);

#endif
