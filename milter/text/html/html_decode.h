/* SPDX-License-Identifier: ISC */
/* The source of HTML -> the characters that it stands for: references (HTML standard,
 * 13.2.5.72), line ends (13.2.3.5) and NULs. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_DECODE_H
#define SMS_MILTER_TEXT_HTML_HTML_DECODE_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_slice.h"

enum html_context {
    HTML_IN_TEXT,  /* references count; a NUL stays */
    HTML_IN_VALUE, /* of an attribute: references count, but not "&copy=" */
    HTML_VERBATIM, /* no references: raw text, comments and names */
};

/* To begin, set at, end and context. */
struct html_decoder {
    const char *at, *end;
    enum html_context context;
    char bytes[8]; /* two characters, what a reference stands for at most */
};

/* Gives the next piece of the characters. It is a part of the source, or valid until
 * the next call; it does not end within a character. False at the end. CR LF and CR
 * become LF; a NUL becomes U+FFFD, except in text. */
bool html_decode_next(struct html_decoder *decoder, struct html_slice *piece_out);

/* Whether the value of an attribute stands for itself. */
bool html_decode_is_plain(struct html_slice value);

/* A string that grows. All of it zero is an empty one; free its text at the end. */
struct html_string {
    char *text; /* ends in a NUL; NULL before the first use */
    size_t length_bytes, room_bytes;
};

/* Puts what the value of an attribute stands for into *string, in place of what it
 * held. False without memory. */
bool html_decode_value(struct html_slice value, struct html_string *string);

#endif
