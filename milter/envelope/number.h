/* SPDX-License-Identifier: ISC */
/* Reads a telephone number from the local part of an SMS address. */
#ifndef SMS_MILTER_ENVELOPE_NUMBER_H
#define SMS_MILTER_ENVELOPE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "config/config.h"

/* ITU-T E.164 section 6: at most 15 digits including the country code. A number with
 * fewer than 7 digits cannot receive SMS from abroad. */
enum { NUMBER_MIN_DIGITS = 7, NUMBER_MAX_DIGITS = 15 };

struct phone_number {
    char e164[1 + NUMBER_MAX_DIGITS + 1]; /* "+447700900123" */
};

/* Reads a local part in the forms in which people write numbers: "+447700900123",
 * "00447700900123", "447700900123", "07700900123" (national, if default_country is
 * known), each also after "sms=" (RFC 3191). "." and "-" may separate digits; in a
 * quoted local part so may spaces and brackets. A 0 directly after the country code,
 * with or without brackets, is the trunk prefix and is removed, except in countries
 * whose numbers begin with 0 (base/country_code.h). So a number always has the same
 * form, however it was written. default_country is a calling code such as "44", or
 * NULL. Fails with 5.1.3. */
bool number_parse(const char *local, size_t local_length, const char *default_country,
                  struct phone_number *number_out, struct error *err);

/* Whether the customer allows SMS to this number. The longest matching prefix of allow
 * and deny decides; if both have one of the same length, deny decides. */
bool number_is_allowed(const struct phone_number *number,
                       const struct customer *customer);

/* A number in the form for logs, since their readers need not know the recipients of a
 * school. */
struct masked_number {
    char text[sizeof(struct phone_number)];
};

/* Returns for example "+44*******123". e164 is at most as long as in struct
 * phone_number. */
struct masked_number number_mask(const char *e164);

#endif
