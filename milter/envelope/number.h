/* SPDX-License-Identifier: ISC */
/* The local part of an SMS address -> a telephone number. */
#ifndef SMS_MILTER_ENVELOPE_NUMBER_H
#define SMS_MILTER_ENVELOPE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

/* ITU-T E.164 section 6: at most 15 digits, country code and all. Fewer than 7 are no
 * number that takes an SMS from abroad. */
enum { NUMBER_MIN_DIGITS = 7, NUMBER_MAX_DIGITS = 15 };

struct phone_number {
    char e164[1 + NUMBER_MAX_DIGITS + 1]; /* "+447700900123" */
};

/* Reads a local part as people type numbers: "+447700900123", "00447700900123",
 * "447700900123", "07700900123" (national, where default_country is known), and with
 * "sms=" before it (RFC 3191). "." and "-" separate; spaces and brackets do in a quoted
 * local part. A 0 right behind the country code, in brackets or not, is the trunk
 * prefix and goes, but where numbers begin with 0 (base/country_code.h): a number has
 * one form, however it was written. default_country is a calling code such as "44", or
 * NULL. Fails with 5.1.3. */
bool number_parse(const char *local, size_t local_length, const char *default_country,
                  struct phone_number *number_out, struct error *err);

/* Whether the customer lets this number be texted: the longest prefix of allow and deny
 * that fits decides, and of two of the same length deny does. */
bool number_is_allowed(const struct phone_number *number,
                       const struct customer *customer);

/* A number as logs show it: who may read them need not know whom a school texts. */
struct masked_number {
    char text[sizeof(struct phone_number)];
};

/* "+44*******123". e164 is no longer than a struct phone_number's. */
struct masked_number number_mask(const char *e164);

#endif
