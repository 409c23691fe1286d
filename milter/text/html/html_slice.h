/* SPDX-License-Identifier: ISC */
/* A piece of a text that somebody else keeps. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_SLICE_H
#define SMS_MILTER_TEXT_HTML_HTML_SLICE_H

#include <stddef.h>

/* No NUL follows it. */
struct html_slice {
    const char *text;
    size_t length_bytes;
};

#endif
