/* SPDX-License-Identifier: ISC */
/* Reads what a DKIM-Signature field says it covers (RFC 6376 section 3.5). Whether the
 * signature is valid is decided by a verifier before us. */
#ifndef SMS_MILTER_ENVELOPE_DKIM_SIGNATURE_H
#define SMS_MILTER_ENVELOPE_DKIM_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/domain.h"
#include "text/mime/mail_header.h"

struct dkim_signature {
    char domain[DOMAIN_SIZE]; /* d=, A-label form */
    char *fields;             /* h=, as written */
    bool has_length;          /* l= is present: not the whole body is covered */
};

/* Reads the value of the field, folded. Returns false if d= or h= is missing, if a tag
 * is present twice (section 3.2 forbids it), if there is a control character that is
 * not part of a fold, and without memory. The caller frees *signature_out with
 * dkim_signature_free(). */
bool dkim_signature_read(const char *value, size_t length,
                         struct dkim_signature *signature_out);

/* Does nothing if the reading failed. */
void dkim_signature_free(struct dkim_signature *signature);

/* A mail has one or two signatures; servers on its way may add some more. */
enum { DKIM_SIGNATURES_MAX = 32 };

/* All signatures of a mail. */
struct dkim_signatures {
    struct dkim_signature items[DKIM_SIGNATURES_MAX];
    size_t count;
    bool has_odd; /* a signature that cannot be read, or too many */
};

/* Reads all signatures of a header. The caller frees *signatures_out with
 * dkim_signatures_free(). */
void dkim_signatures_read(const struct mail_header *header,
                          struct dkim_signatures *signatures_out);

void dkim_signatures_free(struct dkim_signatures *signatures);

/* How many fields of that name, in whatever case, are signed: this number of fields,
 * counted from the end of the header (section 5.4.2). If the header has fewer, the
 * signature also says that there are no more. */
size_t dkim_signature_count(const struct dkim_signature *signature, const char *name);

/* Whether at least one field of that name is signed. */
bool dkim_signature_covers(const struct dkim_signature *signature, const char *name);

/* Whether domain, identity, selector and algorithm of this field (d=, i=, s=, a=), as
 * they are or decoded, contain only letters, digits and ".-_@+". Filters copy them into
 * Authentication-Results. OpenDKIM 2.11 decodes i= and writes it there without quotes,
 * so a signature of evil.example could otherwise make it write "dkim=pass
 * header.d=school.example" in its own name. */
bool dkim_signature_is_plain(const char *value, size_t length);

#endif
