/* SPDX-License-Identifier: ISC */
/* The template of an SMS: the administrator's own words with fields of the mail between
 * them. */
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

/* Reads a template such as "{subject}: {body}". Refuses an unknown field, a brace
 * without its partner, and a template without any field. The caller frees *template_out
 * with template_free(). On failure *template_out is NULL and *err says why. */
bool template_new(const char *text, struct template **template_out, struct error *err);

/* Returns the same template for one more owner, who frees it with template_free(), too.
 * So all customers that inherit it have the same. */
struct template *template_share(struct template *template);

/* Clears *template, and frees it if it has no other owner. Does nothing if *template is
 * already NULL. */
void template_free(struct template **template);

/* Whether the template contains the field. */
bool template_has_field(const struct template *template, enum template_field field);

/* Fills in the values, one for each field; none may be NULL. If a value is empty, the
 * words between the field and its neighbour are left out too, with the brackets and
 * quotes around the field. So "{subject}: {body}" without a subject gives the body
 * alone, and so does "[{subject}] {body}". Returns a new string, which the caller
 * frees; NULL without memory. */
char *template_fill(const struct template *template,
                    const char *const values[TEMPLATE_FIELDS]);

#endif
