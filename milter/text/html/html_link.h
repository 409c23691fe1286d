/* SPDX-License-Identifier: ISC */
/* Where a link goes, as a person would write it. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_LINK_H
#define SMS_MILTER_TEXT_HTML_HTML_LINK_H

#include <stdbool.h>
#include <stddef.h>

enum html_link_kind {
    HTML_LINK_NOWHERE, /* nowhere that a phone could go: "#top", "cid:" */
    HTML_LINK_WEB,     /* target is a URL */
    HTML_LINK_ADDRESS, /* target is a mail address or a phone number */
};

struct html_link {
    enum html_link_kind kind;
    char *target;  /* without white space; NULL: HTML_LINK_NOWHERE */
    char *wrapped; /* the URL that a mail filter put around target; NULL: none did */
};

/* Longer ones are none (RFC 5321, 4.5.3.1; RFC 1035, 2.3.4), and take long to look for.
 */
enum { HTML_LINK_LONGEST_ADDRESS = 320, HTML_LINK_LONGEST_HOST = 255 };

/* Reads a href, valid UTF-8. An address that is too long leads nowhere. The caller
 * gives *link_out to html_link_free(). False without memory. */
bool html_link_read(const char *href, struct html_link *link_out);

/* Frees what it holds and leaves it as HTML_LINK_NOWHERE. */
void html_link_free(struct html_link *link);

/* Whether a text holds a URL, with or without its scheme, "www." and last slash. No
 * text holds one whose host is too long. */
bool html_link_is_said(const char *text, size_t length_bytes, const char *url);

/* Whether a text holds a mail address, in any case, or the digits of a phone number:
 * the last of them, as it may be written as people dial it at home. No text holds a
 * mail address that is too long. */
bool html_link_address_is_said(const char *text, size_t length_bytes,
                               const char *address);

#endif
