/* SPDX-License-Identifier: ISC */
/* The elements of HTML, by what they do to the text in them. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_ELEMENT_H
#define SMS_MILTER_TEXT_HTML_HTML_ELEMENT_H

#include <stdbool.h>
#include <stddef.h>

enum html_role {
    HTML_NOTHING,      /* no trace in the text; its end tag has no meaning */
    HTML_INLINE,       /* text in a line; its end tag waits for the blocks in it */
    HTML_FORMAT,       /* the same, but its end tag ends the blocks in it */
    HTML_LINK,         /* like HTML_FORMAT, and the next link ends it */
    HTML_BLOCK,        /* lines of their own */
    HTML_PARAGRAPH,    /* a block that the next block ends */
    HTML_QUOTE,        /* a block that may be a quote of another mail */
    HTML_PRE,          /* a block whose white space is kept */
    HTML_LIST,         /* a block with items */
    HTML_ORDERED_LIST, /* a block with numbered items */
    HTML_ITEM,
    HTML_TERM, /* of a list of definitions, or the definition */
    HTML_TABLE,
    HTML_ROWS, /* several rows of a table */
    HTML_ROW,
    HTML_CELL,
    HTML_BREAK,   /* the end of a line; has no end tag */
    HTML_IMAGE,   /* has no end tag */
    HTML_DROPPED, /* nothing in it is text of the mail */
    HTML_FOREIGN, /* the same: a picture or a formula, not in HTML but in XML */
    /* In the rest no tags are read (HTML standard, 13.2.6.4.4 and 13.2.6.4.7). */
    HTML_RCDATA,  /* no text of the mail; references are read, up to its end tag */
    HTML_RAWTEXT, /* no text of the mail; it goes up to its end tag */
    HTML_SCRIPT,  /* the same, but an end tag in a comment may not count */
    HTML_RAW_PRE, /* like HTML_PRE; it goes up to its end tag */
    HTML_PLAIN,   /* like HTML_PRE; it goes up to the end of the source */
    HTML_ROLES
};

/* Whether no tags are read in such an element. */
static inline bool html_role_is_raw(enum html_role role)
{
    return role >= HTML_RCDATA;
}

struct html_element {
    char name[11];
    unsigned char role; /* enum html_role */
};

/* More than there are, to count them by html_element_index(). */
enum { HTML_ELEMENTS = 128 };

/* The element of that name, in any case; NULL for a name that HTML does not have. */
const struct html_element *html_element_find(const char *name, size_t length_bytes);

/* A number below HTML_ELEMENTS, another one for each element. */
size_t html_element_index(const struct html_element *element);

#endif
