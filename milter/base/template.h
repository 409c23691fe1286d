/* SPDX-License-Identifier: ISC */
/* What an SMS says: words of the administrator's with fields of the mail between them.
 */
#ifndef SMS_MILTER_BASE_TEMPLATE_H
#define SMS_MILTER_BASE_TEMPLATE_H

#include <stdbool.h>

#include "base/error.h"

enum template_field {
    TEMPLATE_SUBJECT,      /* {subject} */
    TEMPLATE_BODY,         /* {body} */
    TEMPLATE_FROM_NAME,    /* {from-name}: display name of the From field */
    TEMPLATE_FROM_ADDRESS, /* {from-address}: address of the From field */
    TEMPLATE_FIELDS
};

struct template;

/* Reads a template such as "{subject}: {body}". Refuses a field that there is not, a
 * brace without its partner, and a template without any field. The caller frees
 * *template_out with template_free(); on failure it is NULL and *err says why. */
bool template_new(const char *text, struct template **template_out, struct error *err);

/* Frees and clears *template; does nothing when it is NULL already. */
void template_free(struct template **template);

/* The template as it was written. */
const char *template_text(const struct template *template);

/* Whether a field stands in it at all. */
bool template_has_field(const struct template *template, enum template_field field);

/* Fills in the values, one for each field, none of them NULL. An empty value takes the
 * words between it and its neighbour with it, and brackets and quotes around it, so
 * that
 * "{subject}: {body}" without a subject is the body alone, and so is "[{subject}]
 * {body}". Returns a new string, NULL without memory. */
char *template_fill(const struct template *template,
                    const char *const values[TEMPLATE_FIELDS]);

#endif
