/* SPDX-License-Identifier: ISC */
/* CSS declarations: whether the reader of a mail sees what they are about. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_STYLE_H
#define SMS_MILTER_TEXT_HTML_HTML_STYLE_H

#include <stdbool.h>
#include <stddef.h>

/* What a style says of something that an element inherits otherwise. */
enum html_answer { HTML_UNSAID, HTML_NO, HTML_YES };

struct html_style {
    bool is_hidden;     /* the element and all in it, whatever is said in there */
    bool is_mso_hidden; /* hidden by Outlook, which we are not: a button may say so */
    bool is_displayed;  /* whatever a style sheet says */
    enum html_answer is_tiny;  /* too small to read; an element in it may be larger */
    enum html_answer is_faint; /* in the colour of its background, the same */
    enum html_answer is_pre;   /* its white space is kept */
    bool is_pixel;             /* an image with this style is not to be seen */
    bool has_reply_border;     /* the line that Outlook draws above what it answers */
};

/* Reads the value of a style attribute, or what is between the braces of a rule. */
struct html_style html_style_read(const char *css, size_t length_bytes);

#endif
