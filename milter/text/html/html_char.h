/* SPDX-License-Identifier: ISC */
/* What a byte of HTML is. In the header, for they are asked about every byte. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_CHAR_H
#define SMS_MILTER_TEXT_HTML_HTML_CHAR_H

#include <stdbool.h>

/* White space of HTML and CSS, which a vertical tab is not. */
static inline bool html_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
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
