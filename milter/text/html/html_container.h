/* SPDX-License-Identifier: ISC */
/* The elements in which mail programs put what is not the sender's own text. */
#ifndef SMS_MILTER_TEXT_HTML_HTML_CONTAINER_H
#define SMS_MILTER_TEXT_HTML_HTML_CONTAINER_H

#include "text/html/html_slice.h"

enum html_container {
    HTML_OWN,         /* no such element */
    HTML_QUOTED,      /* another mail, or its introduction */
    HTML_INTRODUCED,  /* another mail's introduction by Gmail */
    HTML_GMAIL_QUOTE, /* the whole of a forwarded mail; of one that is answered, also
                         the answer below and between */
    HTML_QUOTED_ON,   /* here begins another mail; it goes on after this element */
    HTML_SIGNATURE,
};

/* Finds out by its id and classes what an element is, with or without the "x_" that
 * Outlook puts before them when it answers. */
enum html_container html_container_find(struct html_slice classes,
                                        struct html_slice id);

#endif
