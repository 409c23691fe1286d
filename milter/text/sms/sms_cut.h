/* SPDX-License-Identifier: ISC */
/* How much of a text goes into one SMS, and where to cut it. */
#ifndef SMS_MILTER_TEXT_SMS_SMS_CUT_H
#define SMS_MILTER_TEXT_SMS_SMS_CUT_H

#include <stdbool.h>
#include <stddef.h>

#include "text/sms/gsm_form.h"

/* As much of a text as fits: all of it, or a beginning that leaves room for the dots
 * behind it. */
struct sms_cut {
    bool is_whole;
    bool is_form;       /* sent is the beginning of the form, not of the text */
    bool is_after_link; /* a space is needed, or the dots would become part of it */
    size_t text_bytes;  /* 0 if no beginning is of use */
    size_t form_bytes;
    bool is_link_too_long; /* which is why */
};

/* What stands behind a beginning. */
const char *sms_cut_dots(bool is_after_link);

/* Looks at no more of a text in NFC than it must. With a form, newly started, a
 * beginning that has one takes it; NULL if characters are to stay as they are. */
struct sms_cut sms_cut_find(const char *text, struct gsm_form *form,
                            unsigned max_parts);

#endif
