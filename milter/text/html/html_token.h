/* SPDX-License-Identifier: ISC */
/* HTML source -> text, tags, and what is neither, where a browser sees them; and where
 * a browser would swallow the rest of the mail (an open quote, comment or title), as
 * much of the rest as can be saved. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_TOKEN_H
#define SMS_MILTER_TEXT_HTML_HTML_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_element.h"

enum html_attribute {
    HTML_STYLE,
    HTML_CLASS,
    HTML_ID,
    HTML_HIDDEN,
    HTML_HREF,
    HTML_TYPE,
    HTML_START,
    HTML_VALUE,
    HTML_WIDTH,
    HTML_HEIGHT,
    HTML_ALT,
    HTML_EMOJI, /* data-emoji */
    HTML_MEDIA,
    HTML_ATTRIBUTES
};

/* The name in lower case. */
const char *html_attribute_name(enum html_attribute attribute);

enum html_token_kind {
    HTML_TEXT, /* of one character or more */
    HTML_START_TAG,
    HTML_END_TAG,
    HTML_RAW_TEXT, /* what is in the HTML_RAW element that began before */
};

/* A piece of the source, as it is written there. */
struct html_slice {
    const char *text;
    size_t length_bytes;
};

struct html_token {
    enum html_token_kind kind;
    struct html_slice text;             /* of the two kinds of text */
    const struct html_element *element; /* of a tag; NULL if HTML has none such */
    bool is_closed;                     /* a start tag that ends in "/>" */
    unsigned given;                     /* 1 << enum html_attribute, of a start tag */
    struct html_slice values[HTML_ATTRIBUTES]; /* of those that are given */
};

/* All of it zero but text and end: at the beginning. */
struct html_reader {
    const char *at, *end;
    const struct html_element *raw; /* whose text comes next */
    /* What has been looked for up to the end of the source, and is not there. */
    bool has_no_angle, has_no_comment_end, has_no_quote[2];
    bool has_no_end_tag[HTML_ELEMENTS];
};

/* Reads the next token; false at the end. All tokens together take time in proportion
 * to the source. */
bool html_token_read(struct html_reader *reader, struct html_token *token_out);

#endif
