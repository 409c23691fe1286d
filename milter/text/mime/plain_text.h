/* SPDX-License-Identifier: ISC */
/* What mail programs leave of HTML when they write the plain form of a text. */
#ifndef SMS_MILTER_TEXT_MIME_PLAIN_TEXT_H
#define SMS_MILTER_TEXT_MIME_PLAIN_TEXT_H

#include "config/config.h"
#include "text/marked_text.h"

/* Appends a text without the names of pictures ("[cid:image001.png@01D]", "[image:
 * logo.png]") and the asterisks of what was bold ("*today*"), with links in angle
 * brackets ("our page<https://example.org/>") as links says, and with the wrappings of
 * mail filters taken off its URLs. text is valid UTF-8 with LF as line ends. */
void plain_text_append(const char *text, enum links links, struct marked_text *out);

#endif
