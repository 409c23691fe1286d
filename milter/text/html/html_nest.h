/* SPDX-License-Identifier: ISC */
/* HTML as mails have it -> the elements and the text that the reader of the mail sees,
 * in order. html_rules.h says how elements lie in each other. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_NEST_H
#define SMS_MILTER_TEXT_HTML_HTML_NEST_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_element.h"
#include "text/html/html_style.h"
#include "text/html/html_token.h"

/* An element that is seen. */
struct html_seen {
    enum html_role role;
    /* What its attributes stand for, without references. NULL: it has none such, or
     * one that tells nothing about the text. */
    const char *values[HTML_ATTRIBUTES];
    struct html_style style;
};

/* Takes what is seen. What its functions are given is only valid during the call. */
struct html_taker {
    /* An element that a mark, the white space, a link, a list or a table depends on;
     * any other one is left out. At most HTML_DEEPEST of them are open at once. */
    void (*start)(void *context, const struct html_seen *element);
    /* The element that was started last, and is not ended yet, ends. */
    void (*end)(void *context);
    void (*image)(void *context, const struct html_seen *image);
    /* Valid UTF-8 of one character or more, in pieces of any length. It may hold
     * control characters, NUL too. */
    void (*text)(void *context, const char *text, size_t length_bytes);
    /* A line ends, if one has begun: at "br", and before and after a block that
     * start() and end() are not told of. */
    void (*line)(void *context);
};

/* Reads size_bytes of UTF-8, whatever is in them. Takes time in proportion to
 * size_bytes, and no memory but for the values of attributes. False without memory. */
bool html_nest(const char *html, size_t size_bytes, const struct html_taker *taker,
               void *context);

#endif
