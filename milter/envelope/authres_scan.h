/* SPDX-License-Identifier: ISC */
/* Reads the words of an Authentication-Results field: the parts of the grammar that RFC
 * 8601 section 2.2 takes from other standards. Only authres.c uses this. */
#ifndef SMS_MILTER_ENVELOPE_AUTHRES_SCAN_H
#define SMS_MILTER_ENVELOPE_AUTHRES_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Filters write some 150 octets for a signature, and 1,000 for a mail with many.
 * OpenDKIM, which removes arriving fields if the mail server cannot, reads up to
 * 4,096. */
enum { AUTHRES_MAX_BYTES = 2000 };

/* For all comments of a field together. OpenDKIM and OpenDMARC write 30 octets for a
 * result. policyd-spf and rspamd repeat sender, client and HELO in a comment of some
 * 300. None of them nests comments. */
enum { AUTHRES_MAX_COMMENT_BYTES = 500, AUTHRES_MAX_COMMENT_DEPTH = 5 };

/* The reader's position. Borrowed from the caller of authres_parse(). Every function
 * here that fails fills *err. */
struct authres_scan {
    const char *start, *next, *end;
    struct error *err;
    size_t comment_bytes; /* in all comments so far */
    bool is_odd;          /* something was read that no filter writes */
};

/* Starts reading a field. Checks all octets first, so that the rest can rely on folds,
 * well-formed UTF-8, and no invisible characters. */
bool authres_scan_begin(struct authres_scan *scan, const char *value, size_t length,
                        struct error *err);

/* Whether the next octet is this one. */
bool authres_scan_is_at(const struct authres_scan *scan, char octet);

/* Moves past this octet if it is the next one. */
bool authres_scan_accept(struct authres_scan *scan, char octet);

/* The same if the octet must be there. If not, wanted says what is missing. */
bool authres_scan_expect(struct authres_scan *scan, char octet, const char *wanted);

/* Fails with a text that says what is wrong at this position. */
bool authres_scan_refuse(const struct authres_scan *scan, const char *what);

/* [CFWS] (RFC 5322 section 3.2.2): skips white space, folds and comments. *is_any_out
 * says whether there were any; it may be NULL. */
bool authres_scan_space(struct authres_scan *scan, bool *is_any_out);

/* Reads a Keyword (RFC 5321 section 4.1.2) in lower case, with "_" if that is allowed.
 * If there is none, wanted says what is missing. */
bool authres_scan_keyword(struct authres_scan *scan, bool may_underline,
                          const char *wanted, char **keyword_out);

/* 1*DIGIT */
bool authres_scan_number(struct authres_scan *scan, unsigned *number_out);

/* value (RFC 2045 section 5.1): a token or quoted-string. The octets in also are
 * accepted without quotes too. A quoted string that begins with a bracket is odd. */
bool authres_scan_value(struct authres_scan *scan, const char *also, char **value_out);

/* What stands before a pvalue; it decides how the pvalue is read. */
struct authres_pvalue_place {
    bool is_behind_space; /* after white space or a comment */
    bool is_base64;       /* header.b (RFC 6008) */
};

/* pvalue without the CFWS around it: a value, or [[local-part] "@"] domain-name. */
bool authres_scan_pvalue(struct authres_scan *scan, struct authres_pvalue_place place,
                         char **value_out);

#endif
