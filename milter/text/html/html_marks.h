/* SPDX-License-Identifier: ISC */
/* Which lines of an HTML mail are not the sender's own: marks from the containers that
 * mail programs put around quotes and signatures. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_MARKS_H
#define SMS_MILTER_TEXT_HTML_HTML_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "text/html/html_container.h"
#include "text/html/html_out.h"

/* A quote by Gmail, which also holds what the sender wrote below or between. */
struct html_gmail {
    bool is_open;    /* the innermost container is one */
    bool has_intro;  /* "On ... wrote:", or the header of a mail that is forwarded */
    bool is_forward; /* all in it is another mail */
    unsigned quotes; /* block quotes in it so far */
    size_t start_bytes, intro_end_bytes;
};

/* All of it zero but out: nothing is marked. */
struct html_marks {
    struct html_out *out; /* borrowed */
    unsigned open;        /* containers that are open */
    unsigned signatures;  /* those of them that are signatures */
    bool has_rest;        /* from rest_bytes on, all is another mail */
    size_t rest_bytes;
    struct html_gmail gmail;
};

/* What html_marks_end() needs to know of an element. */
struct html_marked {
    enum html_container container;
    bool is_header; /* Outlook's, if it reads like that: From, Sent, To */
    size_t start_bytes;
    struct html_gmail outer_gmail;
};

/* What an element says of itself. */
struct html_claim {
    struct html_slice classes, id; /* empty: none */
    bool is_block_quote;
    bool is_cited;         /* a block quote says that it is another mail */
    bool has_reply_border; /* see html_style.h */
};

/* An element begins. The lines of what is a container begin with it. */
void html_marks_start(struct html_marks *marks, const struct html_claim *claim,
                      struct html_marked *marked_out);

/* The element is over. */
void html_marks_end(struct html_marks *marks, const struct html_marked *marked);

/* The mail is over. */
void html_marks_finish(struct html_marks *marks);

/* Whether what comes next is not the sender's. */
bool html_marks_is_open(const struct html_marks *marks);

#endif
