/* SPDX-License-Identifier: ISC */
#include "envelope/injection.h"

#include <string.h>

#include "envelope/dkim_signature.h"

/* The ARC fields have the same tags (RFC 8617 section 4.1). */
static bool is_signature(const struct mail_field *field)
{
    return mail_field_is(field, "DKIM-Signature") ||
           mail_field_is(field, "ARC-Message-Signature") ||
           mail_field_is(field, "ARC-Seal");
}

/* Allows letters, digits, and what addresses and host names contain without quotes (RFC
 * 5322 section 3.2.3), except "=", without which nobody can begin a result. Octets
 * beyond ASCII are letters in SMTPUTF8 (RFC 6532). */
static bool is_plain(const char *text, const char *marks)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9') && c < 0x80 && !strchr(marks, c))
            return false;
    }
    return true;
}

bool injection_is_ruled_out(const struct mail_header *header, const char *sender,
                            const char *helo, struct error *err)
{
    static const char forged[] = "could make a filter write false results";

    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];

        if (is_signature(field) &&
            (mail_field_is_odd(field) ||
             !dkim_signature_is_plain(field->value, field->value_length)))
            return error_set(err, ERROR_REFUSED, NULL, "%s %s", field->name, forged);
    }
    /* BATV and VERP have "=" in the local part (prvs=..., user=host). No space can
     * follow it. */
    if (!is_plain(sender, "!#$%&'*+-/=?^_`{|}~.@"))
        return error_set(err, ERROR_REFUSED, NULL, "MAIL FROM %s", forged);
    if (!is_plain(helo, "-._:[]"))
        return error_set(err, ERROR_REFUSED, NULL, "HELO %s", forged);
    return true;
}
