/* SPDX-License-Identifier: ISC */
/* One Authentication-Results field (RFC 8601 section 2.2), taken apart: what some
 * filter says of a mail. Whether that filter is ours, and what its words are worth, is
 * not decided here. */
#ifndef SMS_MILTER_ENVELOPE_AUTHRES_H
#define SMS_MILTER_ENVELOPE_AUTHRES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* "header.from=example.org": what a result was found out about. */
struct authres_property {
    char *
        ptype; /* "header", in lower case; "" for "action=none" as Exchange writes it */
    char *name;  /* "from", in lower case */
    char *value; /* without quotes, escapes and folding, case as it came; "" only where
                  * it was written as "". No address for sure: a quoted string may hold
                  * anything printable. In user@domain the last "@" divides. */
};

/* "dkim/1=pass reason="..." header.d=example.org" */
struct authres_result {
    char *method;            /* in lower case */
    unsigned method_version; /* 1 where none is written */
    char *result;            /* in lower case */
    char *reason; /* "" if none; whatever a filter, or its mail, made of it */
    struct authres_property *properties; /* in the order they came */
    size_t property_count;
};

struct authres {
    char *authserv_id; /* never "", case as it came; may hold anything printable */
    unsigned version;  /* 1 where none is written */
    struct authres_result *results; /* in the order they came */
    size_t result_count;            /* 0 if the field says "none" */
    bool is_odd;                    /* no filter writes so: see authres_parse() */
};

/* Filters write some 150 octets for a signature, 1,000 for a mail with many. OpenDKIM,
 * which removes what arrives where the mail server cannot, reads up to 4,096. */
enum { AUTHRES_MAX_BYTES = 2000 };

/* All comments of a field together. OpenDKIM and OpenDMARC write 30 octets for a
 * result; policyd-spf and rspamd, which repeat sender, client and HELO there, some 300.
 * None of them has a comment in a comment. */
enum { AUTHRES_MAX_COMMENT_BYTES = 500, AUTHRES_MAX_COMMENT_DEPTH = 5 };

/* Takes a field's body apart: value as libmilter hands it over, folded with CR LF or
 * LF, without the line break at its end; it needs no NUL. The caller frees *authres_out
 * with authres_free().
 *
 * Two parsers that read one field in two ways are how a forged result gets in. So all
 * that is not in the grammar is refused, and of what is in it whatever others are known
 * to read otherwise, or a person cannot see:
 *
 * Characters without a shape of their own (controls, zero width, other spaces than the
 * two of ASCII), lines of white space alone, anything that is no UTF-8, and in a value
 * without quotes the look-alikes of ASCII characters (U+FF1B for ";").
 *
 * A comment without white space before it, but at the start or behind another one.
 * Filters set theirs off, while "header.d=victim.example(.evil.example" is how a
 * signature makes a filter write another domain (CVE-2020-12272 of OpenDMARC).
 *
 * In a comment a quotation mark without its second, or a bracket between the two: a
 * reader that knows quotes in comments ends such a comment elsewhere.
 *
 * "=" in a value without quotes behind white space: in "smtp.mailfrom= header.from=a@b"
 * the grammar sees one property and a person two.
 *
 * A field longer than AUTHRES_MAX_BYTES, and more or deeper comments than above: others
 * give up on such a field, and leave it in the mail where they should remove it. The
 * length is looked at first, so that a long one costs nothing.
 *
 * An authserv-id of "", a method "none", and a value of nothing. "" in quotes may be
 * one, but for "smtp.mailfrom=" and "smtp.mailfrom=<>" the grammar has no room, and a
 * null sender has no business with SMS.
 *
 * Read although it is not in the grammar, since filters write it: ";" at the end; "/"
 * in an authserv-id without quotes (OpenDKIM and OpenDMARC with AuthservIDWithJobID);
 * base64 without quotes in header.b (OpenDKIM, rspamd); "/", ":", "[" and "]" in any
 * other value without quotes (addresses, "256/256"), where they divide nothing; "_" in
 * the name of a property and in a domain; "action=none" in a result (Exchange).
 *
 * Read, but marked as odd: what OpenDKIM (2.11.0~beta2, opendkim-ar.c) cannot read
 * though it is good, and so does not remove where it should (RemoveARAll). A ptype that
 * is none of smtp, header, body and policy; white space or a
 * comment before the "/" of a method or behind it; a reason without quotes that has a
 * dot; a quoted string that begins with a bracket; and more than some 500 words.
 *
 * What it cannot see is a result that a mail made our own filter write: OpenDKIM
 * (2.11.0~beta2, tried) takes the escapes out of the i= of a signature, "=3B" and
 * "=20", and puts it behind header.i= without quotes. Who believes a field must first
 * look at what the mail gave the filters to repeat.
 *
 * Fails with ERROR_REFUSED and a text that says what is wrong at which octet, without
 * any of the field in it; with ERROR_TEMPORARY only for want of memory. *authres_out is
 * NULL then. The time it takes grows with the length and no faster. */
bool authres_parse(const char *value, size_t length, struct authres **authres_out,
                   struct error *err);

/* Frees *authres and sets it to NULL; does nothing when it is NULL already. */
void authres_free(struct authres **authres);

/* The value of a property, ptype and name in lower case, if there is exactly one of it:
 * of two nobody knows which is meant. Otherwise NULL. Borrowed: valid until
 * authres_free(). */
const char *authres_find(const struct authres_result *result, const char *ptype,
                         const char *name);

/* Whether there is such a property, one or more of it. */
bool authres_has(const struct authres_result *result, const char *ptype,
                 const char *name);

#endif
