/* SPDX-License-Identifier: ISC */
/* What a DKIM-Signature field says it covers (RFC 6376 section 3.5). Whether it is
 * genuine is for a verifier before us to say. */
#ifndef SMS_MILTER_ENVELOPE_DKIM_SIGNATURE_H
#define SMS_MILTER_ENVELOPE_DKIM_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/domain.h"

struct dkim_signature {
    char domain[DOMAIN_SIZE]; /* d=, A-label form */
    char *fields;             /* h=, as it stands there */
    bool has_length;          /* l=: it does not cover the whole body */
};

/* Reads the value of the field, folded. False for one without d= or h=, with a tag that
 * stands there twice (section 3.2 forbids it), with a control character that folds
 * nothing, and without memory. The caller frees *signature_out with
 * dkim_signature_free(). */
bool dkim_signature_read(const char *value, size_t length,
                         struct dkim_signature *signature_out);

/* Does nothing where the reading failed. */
void dkim_signature_free(struct dkim_signature *signature);

/* How many fields of that name, in any case, are signed: the last so many of the header
 * (section 5.4.2), and that there is no other where it has fewer. */
size_t dkim_signature_count(const struct dkim_signature *signature, const char *name);

/* Whether at least one is. */
bool dkim_signature_covers(const struct dkim_signature *signature, const char *name);

/* Whether a filter that writes domain, identity, selector and algorithm of this field
 * (d=, i=, s=, a=) into its Authentication-Results, as they are or decoded, writes no
 * more than names there: letters, digits and ".-_@+". OpenDKIM 2.11 decodes i= and puts
 * it there without quotes, so that a signature of evil.example could make it say
 * "dkim=pass header.d=school.example" in its own name. */
bool dkim_signature_is_plain(const char *value, size_t length);

#endif
