/* SPDX-License-Identifier: ISC */
/* Removes the traces of HTML that mail programs leave in the plain form of a text. */
#ifndef SMS_MILTER_TEXT_MIME_PLAIN_TEXT_H
#define SMS_MILTER_TEXT_MIME_PLAIN_TEXT_H

#include "config/config.h"
#include "text/marked_text.h"

/* Appends a text without the names of pictures ("[cid:image001.png@01D]", "[image:
 * logo.png]") and without the asterisks around bold text ("*today*"). Links in angle
 * brackets ("our page<https://example.org/>") are written as the option links says.
 * URLs lose the wrappings of mail filters. text is valid UTF-8 with LF as line ends. */
void plain_text_append(const char *text, enum links links, struct marked_text *out);

#endif
