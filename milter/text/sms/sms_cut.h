/* SPDX-License-Identifier: ISC */
/* Decides how much of a text goes into one SMS, and where to cut it. */
#ifndef SMS_MILTER_TEXT_SMS_SMS_CUT_H
#define SMS_MILTER_TEXT_SMS_SMS_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/sms/gsm_form.h"

/* The part of a text that goes into an SMS: the whole text, or a beginning that leaves
 * space for the dots after it. */
struct sms_cut {
    bool is_whole;
    bool is_form;       /* the beginning of the form is sent, not that of the text */
    bool is_after_link; /* a space is needed, or the dots would become part of the link
                         */
    size_t text_bytes;  /* 0 if no beginning is useful */
    size_t form_bytes;
    bool is_link_too_long; /* the reason why text_bytes is 0 */
};

/* The dots that follow a beginning. */
const char *sms_cut_dots(bool is_after_link);

/* Finds the cut for a text in NFC. Reads no more of the text than necessary. form must
 * have just been started; if the beginning has a form, the form is used. With form NULL
 * characters stay as they are. */
struct sms_cut sms_cut_find(const char *text, struct gsm_form *form,
                            unsigned max_parts);

#endif
