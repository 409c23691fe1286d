/* SPDX-License-Identifier: ISC */
/* HTML as mails have it -> a simpler HTML with what the reader of the mail sees.
 *
 * libxml2 takes quadratic time for end tags that match nothing and for the attributes
 * of one element, a microsecond for every error, and closes elements as HTML 4 says,
 * which is not how browsers show them: a paragraph would end the hidden font element
 * around it. So it gets HTML in which no such thing is left. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_NEST_H
#define SMS_MILTER_TEXT_HTML_HTML_NEST_H

#include <stdbool.h>
#include <stddef.h>

/* No element is nested deeper; what the mail nests deeper loses its tags, not its text.
 */
enum { HTML_DEEPEST = 256 };

/* Takes the next piece of the result, which is only valid during the call. No piece
 * ends within a tag or a character. */
typedef void html_nest_taker(void *context, const char *text, size_t length_bytes);

/* Turns size_bytes of UTF-8 into an html and a body element with what is seen, in which
 * every element is closed, in order. They are div and blockquote (those that may be
 * marked), pre, ul, ol, li, table, tr, td, img and span, which is also a link if it has
 * a href. Other blocks are text between line separators (U+2028). Of the attributes
 * there are those that a mark, the white space, a link, an image or a number depend on.
 * Gives the result to take() as it comes. False without memory. */
bool html_nest(const char *html, size_t size_bytes, html_nest_taker *take,
               void *context);

#endif
