/* SPDX-License-Identifier: ISC */
/* Parses one Authentication-Results field (RFC 8601 section 2.2): what some filter says
 * about a mail. Whether the filter is ours and can be trusted is decided elsewhere. */
#ifndef SMS_MILTER_ENVELOPE_AUTHRES_H
#define SMS_MILTER_ENVELOPE_AUTHRES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* For example "header.from=example.org": what a result is about. */
struct authres_property {
    char *ptype; /* "header", in lower case; "" for Exchange's "action=none" */
    char *name;  /* "from", in lower case */
    char *value; /* without quotes, escapes and folding; the case is kept. "" only if
                    written as "". It need not be an address: a quoted string may
                    contain anything printable. In user@domain the last "@" separates
                    the parts. */
};

/* For example "dkim/1=pass reason="..." header.d=example.org". */
struct authres_result {
    char *method;            /* in lower case */
    unsigned method_version; /* 1 if none is written */
    char *result;            /* in lower case */
    char *reason;            /* "" if none; a filter may have copied it from the mail */
    struct authres_property *properties; /* in the order of the field */
    size_t property_count;
};

struct authres {
    char *authserv_id; /* never "", case is kept; may contain anything printable */
    unsigned version;  /* 1 if none is written */
    struct authres_result *results; /* in the order of the field */
    size_t result_count;            /* 0 if the field says "none" */
    bool is_odd;                    /* no filter writes this: see authres_parse() */
};

/* Parses the body of a field. value is the text from libmilter, folded with CR LF or
 * LF, without the line break at its end. It needs no NUL. The caller frees *authres_out
 * with authres_free().
 *
 * A forged result can succeed if two parsers read one field in two ways. So everything
 * that the grammar does not allow is refused, and also what it allows but other
 * programs read differently or people cannot see:
 *
 * - characters without a visible shape (controls, zero width, spaces other than the two
 *   of ASCII), lines of white space only, text that is not UTF-8, and in a value
 *   without quotes the look-alikes of ASCII characters (U+FF1B for ";");
 * - a comment without white space before it, except at the start or after another
 *   comment. Filters put white space there. A signature can make a filter write another
 *   domain with "header.d=victim.example(.evil.example" (CVE-2020-12272 of OpenDMARC);
 * - in a comment, a quotation mark without a second one, or a bracket between two
 *   quotation marks: a parser that knows quotes in comments sees the end of such a
 *   comment elsewhere;
 * - "=" after white space, in a value without quotes: in "smtp.mailfrom=
 *   header.from=a@b" the grammar sees one property and a person sees two;
 * - a field longer than AUTHRES_MAX_BYTES, or with more or deeper comments than
 *   authres_scan.h allows: other programs give up on it, and do not remove it from a
 * mail when they should. The length is checked first, so that a long field costs
 * nothing;
 * - an authserv-id of "", a method "none", and an empty value. A quoted "" can be a
 *   value. But the grammar does not allow "smtp.mailfrom=" and "smtp.mailfrom=<>", and
 *   a null sender may not send SMS.
 *
 * Accepted although the grammar does not allow it, because filters write it: ";" at the
 * end; "/" in an authserv-id without quotes (OpenDKIM and OpenDMARC with
 * AuthservIDWithJobID); base64 without quotes in header.b (OpenDKIM, rspamd); "/", ":",
 * "[" and "]" in any other value without quotes (addresses, "256/256"), where they
 * separate nothing; "_" in the name of a property and in a domain; "action=none" in a
 * result (Exchange).
 *
 * Accepted but marked as odd: valid text that OpenDKIM (2.11.0~beta2, opendkim-ar.c)
 * cannot read, and so does not remove when it should (RemoveARAll). This is a ptype
 * other than smtp, header, body and policy; white space or a comment before or after
 * the "/" of a method; a reason without quotes that contains a dot; a quoted string
 * that begins with a bracket; and more than some 500 words.
 *
 * The parser cannot detect a result that a mail made our own filter write: OpenDKIM
 * (2.11.0~beta2, tested) decodes the i= of a signature, "=3B" and "=20", and writes it
 * after header.i= without quotes. So before a field is believed, check what the mail
 * gave the filters to repeat (injection.h).
 *
 * Fails with ERROR_REFUSED and a text that says what is wrong at which octet and
 * contains no part of the field, or with ERROR_TEMPORARY without memory. *authres_out
 * is NULL then. The time is proportional to the length. */
bool authres_parse(const char *value, size_t length, struct authres **authres_out,
                   struct error *err);

/* Frees and clears *authres. Does nothing if *authres is already NULL. */
void authres_free(struct authres **authres);

/* The value of a property; ptype and name are in lower case. NULL if the result does
 * not have exactly one such property, because of two nobody knows which is meant.
 * Borrowed: valid until authres_free(). */
const char *authres_find(const struct authres_result *result, const char *ptype,
                         const char *name);

/* Whether the result has at least one such property. */
bool authres_has(const struct authres_result *result, const char *ptype,
                 const char *name);

#endif
