/* SPDX-License-Identifier: ISC */
/* What a byte of HTML is. These functions stand in the header because they are called
 * for every byte. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_CHAR_H
#define SMS_MILTER_TEXT_HTML_HTML_CHAR_H

#include <stdbool.h>

/* White space of HTML and CSS, which a vertical tab is not. */
static inline bool html_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static inline bool html_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The value of a hexadecimal digit, in any case; -1 for anything else. */
static inline int html_hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

#endif
