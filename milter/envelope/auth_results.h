/* SPDX-License-Identifier: ISC */
/* What the filters of our own mail server say of a mail, in Authentication-Results
 * (RFC 8601) of its authserv-id. The mail server removes such fields as they arrive;
 * here the topmost result of a method counts, and whatever is odd makes all of them
 * worthless: a forged field must not gain by confusion. */
#ifndef SMS_MILTER_ENVELOPE_AUTH_RESULTS_H
#define SMS_MILTER_ENVELOPE_AUTH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/domain.h"
#include "base/error.h"
#include "envelope/authres.h"
#include "text/mime/mail_header.h"

/* Fields of our id, from the top. Filters write one to five; a header with more than
 * this is odd. */
enum { AUTH_RESULTS_MAX_FIELDS = 32 };

struct auth_results {
    struct authres *fields[AUTH_RESULTS_MAX_FIELDS];
    size_t count;
};

enum auth_method { AUTH_SPF, AUTH_DKIM, AUTH_DMARC };

enum auth_outcome {
    AUTH_MISSING,  /* no result of this method for this domain */
    AUTH_PASS,     /* proved */
    AUTH_FAIL,     /* any other result */
    AUTH_TEMPERROR /* it could not be found out now (RFC 8601 section 2.7) */
};

/* Reads the fields of that id, in any case, from a header. Fails where one cannot be
 * parsed, whatever its id is (one without any id is nobody's and counts for nothing),
 * where one of ours is of another version or written as no filter writes (authres.h,
 * is_odd), and where two of ours contradict each other; *err says which. The caller
 * frees with auth_results_free() what has been read, also after a failure. */
bool auth_results_read(const struct mail_header *header, const char *authserv_id,
                       struct auth_results *results_out, struct error *err);

void auth_results_free(struct auth_results *results);

/* What the topmost field with a result of the method says of a domain (A-label form):
 * of smtp.mailfrom, header.d or header.from. Of several results in it, as for several
 * signatures of one domain, the best counts. */
enum auth_outcome auth_results_of(const struct auth_results *results,
                                  enum auth_method method, const char *domain);

/* The domains that the method has results for, in the topmost field that has any: the
 * next one at or behind *place, which is moved on; false behind the last. */
bool auth_results_next_domain(const struct auth_results *results,
                              enum auth_method method, size_t *place,
                              char domain_out[DOMAIN_SIZE]);

/* A string constant, such as "dkim". */
const char *auth_method_name(enum auth_method method);

#endif
