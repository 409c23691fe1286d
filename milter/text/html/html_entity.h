/* SPDX-License-Identifier: ISC */
/* Character references of HTML, as the HTML standard reads them (13.2.5.72, "Character
 * reference state", and the states after it): all names of 13.5, and numbers. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_ENTITY_H
#define SMS_MILTER_TEXT_HTML_HTML_ENTITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the reference that begins with the "&" at text. Returns how many bytes it
 * takes, with its characters in points_out; the second is 0 for most references, which
 * stand for one. Returns 0 if it is no reference but an "&" that stands for itself. The
 * longest name counts: "&notin;" is one, and "&notit;" is "&not" and "it;". In the
 * value of an attribute, "&copy=" and "&copyright" are no references. */
size_t html_entity_read(const char *text, size_t length_bytes, bool is_attribute,
                        uint32_t points_out[2]);

#endif
