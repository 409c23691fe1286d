/* SPDX-License-Identifier: ISC */
/* HTML source -> tags, text and what is neither, as the tokenizer of the HTML standard
 * (WHATWG, 13.2.5) finds them. What a token holds is a piece of the source, as it is
 * written there; html_decode.h says what it stands for.
 *
 * The states of the standard and the functions that stand for them: data and tag open
 * read_markup(); end tag open read_end_tag_open(); tag name read_tag(); attributes and
 * self-closing html_attribute_read(); comments find_comment_end(); bogus comments,
 * DOCTYPE and CDATA read_declaration(); RCDATA, RAWTEXT, script data and PLAINTEXT
 * find_raw_end(); character references html_entity.c.
 *
 * A browser drops the rest of a page after a quote, comment or title without end. The
 * reader of a mail must not lose it, so there are five exceptions, if saves_text is
 * set:
 *  1. A comment or CDATA section without end goes to the next ">".
 *  2. A tag in which a quote has no end goes to the first ">" after that quote.
 *  3. A tag without its ">" is a tag, unless no element has its name; then it is text.
 *  4. "<" and an address or a URL is text: "<jo@a.example>", "<https://a.example/>".
 *  5. A raw text without its end tag goes to the next "<", and a script in which a
 *     comment has no end to the first end tag. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_TOKEN_H
#define SMS_MILTER_TEXT_HTML_HTML_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_element.h"
#include "text/html/html_slice.h"

/* The attributes that count. */
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
    HTML_RAW_TEXT, /* what is in an element in which no tags are read */
    HTML_CDATA,    /* text without references, of an svg or math element */
    HTML_COMMENT,  /* also what the standard takes for one, such as "<?xml ?>" */
    HTML_DOCTYPE,
};

struct html_token {
    enum html_token_kind kind;
    /* Of a tag its name; of a DOCTYPE what stands after that word; else the text. */
    struct html_slice text;
    /* Of a tag or a raw text; NULL if HTML has no such element. */
    const struct html_element *element;
    bool is_closed;                            /* a tag that ends in "/>" */
    unsigned given;                            /* 1 << enum html_attribute, of a tag */
    struct html_slice values[HTML_ATTRIBUTES]; /* of those that are given */
};

/* Set at and end to the source and leave the rest zero, to begin at its beginning. */
struct html_reader {
    const char *at, *end;
    bool saves_text;                /* see above */
    bool is_foreign;                /* the next token is in an svg or math element */
    const struct html_element *raw; /* the next token is the raw text of this one */
    /* What was looked for up to the end of the source, and is not there. */
    bool has_no_angle, has_no_comment_end, has_no_cdata_end, has_no_quote[2];
    bool has_no_script_end, has_no_end_tag[HTML_ELEMENTS];
};

/* Reads the next token; false at the end. All tokens together take time in proportion
 * to the source. */
bool html_token_read(struct html_reader *reader, struct html_token *token_out);

/* Reads the next attribute, when reader->at is after the name of a tag or after
 * another attribute. False at the end of the tag: reader->at is then at its ">", or at
 * the end of the source, or where exception 2 lets the tag end. */
bool html_attribute_read(struct html_reader *reader, struct html_slice *name_out,
                         struct html_slice *value_out);

#endif
