/* SPDX-License-Identifier: ISC */
/* What the filters of our own mail server found out about a mail: the
 * Authentication-Results fields (RFC 8601) with its authserv-id. The mail server
 * removes such fields from incoming mail. Here the topmost result of a method counts.
 * Anything unusual makes all results worthless, so that a forged field gains nothing by
 * causing confusion. */
#ifndef SMS_MILTER_ENVELOPE_AUTH_RESULTS_H
#define SMS_MILTER_ENVELOPE_AUTH_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/domain.h"
#include "base/error.h"
#include "envelope/authres.h"
#include "text/mime/mail_header.h"

/* The most fields with our authserv-id. Filters write one to five; a header with more
 * than this is suspicious. */
enum { AUTH_RESULTS_MAX_FIELDS = 32 };

struct auth_results {
    struct authres *fields[AUTH_RESULTS_MAX_FIELDS];
    size_t count;
};

enum auth_method { AUTH_SPF, AUTH_DKIM, AUTH_DMARC };

enum auth_outcome {
    AUTH_MISSING,  /* no result of this method for this domain */
    AUTH_PASS,     /* authenticated */
    AUTH_FAIL,     /* any other result */
    AUTH_TEMPERROR /* it could not be determined now (RFC 8601 section 2.7) */
};

/* Reads the fields with our authserv-id, in whatever case, from a header, topmost
 * first. *err says why it fails, which it does if
 * - any Authentication-Results field cannot be parsed, whatever its authserv-id (a
 *   field without any belongs to no filter and is ignored);
 * - a field of ours has another version, or is written as no filter writes (is_odd in
 *   authres.h);
 * - two fields of ours contradict each other.
 * The caller frees *results_out with auth_results_free(), also after a failure. */
bool auth_results_read(const struct mail_header *header, const char *authserv_id,
                       struct auth_results *results_out, struct error *err);

void auth_results_free(struct auth_results *results);

/* The result for a domain (A-label form) in the topmost field that has a result of the
 * method. The domain is compared with smtp.mailfrom, header.d or header.from. If the
 * field has several results, for example for several signatures of one domain, the best
 * one counts. */
enum auth_outcome auth_results_of(const struct auth_results *results,
                                  enum auth_method method, const char *domain);

/* Lists the domains for which the method has results in the topmost field that has any.
 * Finds the next domain at or after *place and moves *place on. Returns false after the
 * last one. */
bool auth_results_next_domain(const struct auth_results *results,
                              enum auth_method method, size_t *place,
                              char domain_out[DOMAIN_SIZE]);

/* A string constant, such as "dkim". */
const char *auth_method_name(enum auth_method method);

#endif
