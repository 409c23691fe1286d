/* SPDX-License-Identifier: ISC */
/* Character references of HTML, as browsers read them (HTML standard, "character
 * reference state"). */
#ifndef SMS_MILTER_TEXT_HTML_HTML_ENTITY_H
#define SMS_MILTER_TEXT_HTML_HTML_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the reference that begins with the "&" at text. Returns how many bytes it
 * takes, with its character in *point_out; 0 if it is none, but an "&" that stands for
 * itself. In an attribute, "&copy=" and "&copyright" are none either. */
size_t html_entity_read(const char *text, size_t length_bytes, bool is_attribute,
                        uint32_t *point_out);

#endif
