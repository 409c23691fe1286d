/* SPDX-License-Identifier: ISC */
/* How elements lie in each other: all the rules of the tree that html_nest.c follows.
 * They are what the text needs of the tree construction of the HTML standard (13.2.6).
 *
 * - Void elements: HTML_BREAK, HTML_IMAGE and HTML_NOTHING have no content and no
 *   place in the tree. Nor have html, head and body, which are HTML_NOTHING here,
 *   because their tags change nothing. "</br>" is the same as "<br>".
 * - Raw elements that are not shown (title, style, script and so on) have no place in
 *   the tree. The tokenizer finds where they end.
 * - Implied ends: a start tag ends the open elements that cannot be around it. These
 *   are the roles in closes and, if closes_paragraph is set, a paragraph. It does not
 *   look beyond a barrier: a cell does not end what is around its table.
 * - A browser ignores a row or cell outside of a table. Some mails are pieces of a
 *   table, so they count here; but a row ends a cell that has no row only inside of a
 *   table.
 * - An end tag ends the innermost open element of its name, and all elements in that.
 *   It does not look beyond a barrier. If there is no such element, the tag is
 *   ignored; but "</p>" is then an empty paragraph.
 * - Misnested formatting: the end tag of an HTML_FORMAT element leaves what is in it
 *   open, if the element itself hides nothing; but if only HTML_INLINE elements are in
 *   it, they end with it. That is all of the "adoption agency" (13.2.6.4.7) that the
 *   text shows. A format that a block ends is not opened again in the next block.
 * - Foster parenting: text between the cells of a table stays where it is written. A
 *   browser moves it in front of the table.
 * - Foreign elements: in an svg or math element, the start tag of an element that only
 *   HTML has ends it (html_foreign_ends). "<svg/>" and the like have no content.
 * - Hidden: the content of HTML_DROPPED and HTML_FOREIGN elements, and of elements
 *   that an attribute, a style or a style sheet hides (html_style.h, html_sheet.h).
 *   Text of no size, or in the colour of its background, is left out too.
 * - Depth: at most HTML_DEEPEST elements are open. Deeper elements have no place in
 *   the tree, but their text is kept, and blocks are still on lines of their own. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_RULES_H
#define SMS_MILTER_TEXT_HTML_HTML_RULES_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_element.h"

/* This bounds memory, and the time of each tag, which looks at each open element at
 * most a few times. */
enum { HTML_DEEPEST = 256 };

/* Sets of roles: 1 << enum html_role. */
enum {
    HTML_NO_ROLES = 0,
    HTML_IN_TABLE = 1 << HTML_TABLE,
    HTML_IN_ROW = 1 << HTML_ROW | HTML_IN_TABLE,
    HTML_IN_CELL = 1 << HTML_CELL | HTML_IN_TABLE,
    HTML_IN_LIST = 1 << HTML_LIST | 1 << HTML_ORDERED_LIST | HTML_IN_CELL,
    HTML_IN_BLOCK = 1 << HTML_BLOCK | 1 << HTML_PARAGRAPH | 1 << HTML_QUOTE |
                    1 << HTML_PRE | 1 << HTML_RAW_PRE | 1 << HTML_PLAIN |
                    1 << HTML_ITEM | 1 << HTML_TERM | HTML_IN_LIST,
};

struct html_rule {
    bool is_open;             /* it has a place in the tree until it ends */
    bool closes_paragraph;    /* its barriers are HTML_IN_CELL */
    unsigned closes;          /* the roles that end where it begins */
    unsigned closes_in_table; /* more of them, if a table is open */
    unsigned closes_barriers; /* the barriers for both */
    unsigned end_barriers;    /* the barriers for its end tag */
};

static const struct html_rule html_rules[HTML_ROLES] = {
    [HTML_INLINE] = {.is_open = true, .end_barriers = HTML_IN_BLOCK},
    [HTML_FORMAT] = {.is_open = true, .end_barriers = HTML_IN_CELL},
    [HTML_LINK] = {.is_open = true,
                   .closes = 1 << HTML_LINK,
                   .closes_barriers = HTML_IN_CELL,
                   .end_barriers = HTML_IN_CELL},
    [HTML_BLOCK] = {.is_open = true,
                    .closes_paragraph = true,
                    .end_barriers = HTML_IN_CELL},
    [HTML_PARAGRAPH] = {.is_open = true,
                        .closes_paragraph = true,
                        .end_barriers = HTML_IN_CELL},
    [HTML_QUOTE] = {.is_open = true,
                    .closes_paragraph = true,
                    .end_barriers = HTML_IN_CELL},
    [HTML_PRE] = {.is_open = true,
                  .closes_paragraph = true,
                  .end_barriers = HTML_IN_CELL},
    [HTML_RAW_PRE] = {.is_open = true,
                      .closes_paragraph = true,
                      .end_barriers = HTML_IN_CELL},
    [HTML_PLAIN] = {.is_open = true,
                    .closes_paragraph = true,
                    .end_barriers = HTML_IN_CELL},
    [HTML_LIST] = {.is_open = true,
                   .closes_paragraph = true,
                   .end_barriers = HTML_IN_CELL},
    [HTML_ORDERED_LIST] = {.is_open = true,
                           .closes_paragraph = true,
                           .end_barriers = HTML_IN_CELL},
    [HTML_ITEM] = {.is_open = true,
                   .closes_paragraph = true,
                   .closes = 1 << HTML_ITEM,
                   .closes_barriers = HTML_IN_LIST,
                   .end_barriers = HTML_IN_LIST},
    [HTML_TERM] = {.is_open = true,
                   .closes_paragraph = true,
                   .closes = 1 << HTML_TERM,
                   .closes_barriers = HTML_IN_LIST,
                   .end_barriers = HTML_IN_CELL},
    [HTML_TABLE] = {.is_open = true,
                    .closes_paragraph = true,
                    .end_barriers = HTML_NO_ROLES},
    [HTML_ROWS] = {.is_open = true,
                   .closes = 1 << HTML_ROWS,
                   .closes_in_table = 1 << HTML_ROW | 1 << HTML_CELL,
                   .closes_barriers = HTML_IN_TABLE,
                   .end_barriers = HTML_IN_TABLE},
    [HTML_ROW] = {.is_open = true,
                  .closes = 1 << HTML_ROW,
                  .closes_in_table = 1 << HTML_CELL,
                  .closes_barriers = HTML_IN_TABLE,
                  .end_barriers = HTML_IN_TABLE},
    [HTML_CELL] = {.is_open = true,
                   .closes = 1 << HTML_CELL,
                   .closes_barriers = HTML_IN_ROW,
                   .end_barriers = HTML_IN_TABLE},
    [HTML_DROPPED] = {.is_open = true, .end_barriers = HTML_NO_ROLES},
    [HTML_FOREIGN] = {.is_open = true, .end_barriers = HTML_NO_ROLES},
};

/* The elements whose start tag ends an svg or math element around it, as the standard
 * lists them (13.2.6.5). It lists font too, but only with certain attributes, since SVG
 * has an element of that name. */
static const char *const html_foreign_ends[] = {
    "b",       "big",  "blockquote", "body",   "br",    "center", "code",  "dd",
    "div",     "dl",   "dt",         "em",     "embed", "h1",     "h2",    "h3",
    "h4",      "h5",   "h6",         "head",   "hr",    "i",      "img",   "li",
    "listing", "menu", "meta",       "nobr",   "ol",    "p",      "pre",   "s",
    "small",   "span", "strike",     "strong", "sub",   "sup",    "table", "tt",
    "u",       "ul",   "var",
};

#endif
