/* SPDX-License-Identifier: ISC */
/* A text in the GSM alphabet, written a grapheme cluster at a time. */
#ifndef SMS_MILTER_TEXT_SMS_GSM_FORM_H
#define SMS_MILTER_TEXT_SMS_GSM_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/sms/gsm_lookalike.h"

struct gsm_form {
    char *text;
    size_t length;
    enum gsm_mapping mapping;
    uint32_t before;  /* the last character that is no mark on another */
    bool is_replaced; /* "?" stands for the cluster written last */
};

/* Makes room for the form of a text. The caller frees it with gsm_form_free(); false
 * without memory. From a restart on it is written anew. */
bool gsm_form_start(struct gsm_form *form, const char *text, enum gsm_mapping mapping);
void gsm_form_restart(struct gsm_form *form);
void gsm_form_free(struct gsm_form *form);

/* Writes the cluster that stands there in the text, which goes on behind it. Returns
 * false if it has no form, and writes nothing; with GSM_CLOSEST all have: "?" stands
 * for as many clusters in a row as have no other. */
bool gsm_form_add(struct gsm_form *form, const char *cluster, size_t length_bytes);

#endif
