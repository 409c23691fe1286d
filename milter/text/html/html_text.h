/* SPDX-License-Identifier: ISC */
/* HTML of a mail -> the text that its reader sees. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_TEXT_H
#define SMS_MILTER_TEXT_HTML_HTML_TEXT_H

#include <stddef.h>

#include "config/config.h"
#include "text/marked_text.h"

/* Appends the text of an HTML document or a piece of one, beginning on a line of its
 * own: blocks as lines, lists with dashes, tables by row; nothing of what is hidden.
 * The containers in which mail programs put quotes and signatures are marked. html is
 * valid UTF-8, whatever charset it says it is in. Takes time and memory in proportion
 * to size_bytes, whatever the HTML. out->is_lost is set without memory. */
void html_text_append(const char *html, size_t size_bytes, enum links links,
                      struct marked_text *out);

#endif
