/* SPDX-License-Identifier: ISC */
/* The style sheets of a mail, as far as they hide something by a class or an id. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_SHEET_H
#define SMS_MILTER_TEXT_HTML_HTML_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/html/html_slice.h"

/* At most this many rules count. No honest mail hides as many classes. */
enum { HTML_SHEET_RULES = 64 };

/* Set all of it to zero to begin: then it hides nothing. */
struct html_sheet {
    struct html_sheet_rule {
        uint64_t element; /* hash of its name, 0 for any */
        uint64_t name;    /* hash of "." or "#" and the class or id */
    } rules[HTML_SHEET_RULES];
    size_t rule_count;
};

/* Reads the text of a style element. Only selectors like ".x", "#x" and "p.x" count;
 * what is within @media and the like is about other screens than ours. */
void html_sheet_add(struct html_sheet *sheet, const char *css, size_t length_bytes);

/* Whether an element with these classes and this id is hidden. */
bool html_sheet_hides(const struct html_sheet *sheet, const char *element,
                      struct html_slice classes, struct html_slice id);

#endif
