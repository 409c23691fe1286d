/* SPDX-License-Identifier: ISC */
/* Writes a text in the GSM alphabet, one grapheme cluster at a time. The result is the
 * form of the text. */
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
    uint32_t before;  /* the last character that is not a mark on another */
    bool is_replaced; /* "?" was written for the last cluster */
};

/* Prepares for the form of a text. The caller frees it with gsm_form_free(). Returns
 * false without memory. gsm_form_restart() begins the form again. */
bool gsm_form_start(struct gsm_form *form, const char *text, enum gsm_mapping mapping);
void gsm_form_restart(struct gsm_form *form);
void gsm_form_free(struct gsm_form *form);

/* Writes the form of the cluster; cluster points into the text, which continues after
 * it. Returns false and writes nothing if the cluster has no form. With GSM_CLOSEST
 * every cluster has one: "?" stands for a run of clusters that have no other. */
bool gsm_form_add(struct gsm_form *form, const char *cluster, size_t length_bytes);

#endif
