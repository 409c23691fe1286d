/* SPDX-License-Identifier: ISC */
/* The words of an Authentication-Results field: what RFC 8601 section 2.2 takes from
 * other standards. Only authres.c calls this. */
#ifndef SMS_MILTER_ENVELOPE_AUTHRES_SCAN_H
#define SMS_MILTER_ENVELOPE_AUTHRES_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Where the reader is. Borrowed from the caller of authres_parse(). Every function here
 * that fails has filled *err. */
struct authres_scan {
    const char *start, *next, *end;
    struct error *err;
    size_t comment_bytes; /* of all comments so far */
    bool is_odd;          /* something was read that no filter writes */
};

/* Begins with a field, all of whose octets it checks first, so that what is left are
 * folds, well-formed UTF-8 and no character that cannot be seen. */
bool authres_scan_begin(struct authres_scan *scan, const char *value, size_t length,
                        struct error *err);

/* Whether the next octet is this one. */
bool authres_scan_is_at(const struct authres_scan *scan, char octet);

/* Goes behind this octet if it is the next. */
bool authres_scan_accept(struct authres_scan *scan, char octet);

/* The same where it must be; wanted says what is missing otherwise. */
bool authres_scan_expect(struct authres_scan *scan, char octet, const char *wanted);

/* Fails: what is wrong here. */
bool authres_scan_refuse(const struct authres_scan *scan, const char *what);

/* [CFWS] (RFC 5322 section 3.2.2): goes behind white space, folds and comments.
 * *is_any_out tells whether there were any; NULL if nobody asks. */
bool authres_scan_space(struct authres_scan *scan, bool *is_any_out);

/* Keyword (RFC 5321 section 4.1.2), in lower case, and with "_" where that is allowed.
 * wanted says what is missing where there is none. */
bool authres_scan_keyword(struct authres_scan *scan, bool may_underline,
                          const char *wanted, char **keyword_out);

/* 1*DIGIT */
bool authres_scan_number(struct authres_scan *scan, unsigned *number_out);

/* value (RFC 2045 section 5.1): token or quoted-string. The octets of also are taken
 * without quotes too. A quoted string that begins with a bracket is odd. */
bool authres_scan_value(struct authres_scan *scan, const char *also, char **value_out);

/* What stands before a pvalue, and says how it is read. */
struct authres_pvalue_place {
    bool is_behind_space; /* or behind a comment */
    bool is_base64;       /* header.b (RFC 6008) */
};

/* pvalue without the CFWS around it: a value, or [[local-part] "@"] domain-name. */
bool authres_scan_pvalue(struct authres_scan *scan, struct authres_pvalue_place place,
                         char **value_out);

#endif
