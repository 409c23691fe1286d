/* SPDX-License-Identifier: ISC */
/* The header of a mail, field by field as it came (RFC 5322 section 2.2): for rules
 * that must see each octet and each repetition, not what a MIME parser makes of them.
 */
#ifndef SMS_MILTER_TEXT_MAIL_HEADER_H
#define SMS_MILTER_TEXT_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* Borrowed from the mail; neither is NUL-terminated. */
struct mail_field {
    const char *name; /* without the white space that may stand before the colon */
    size_t name_length;
    const char *value; /* folded, from behind the colon to before the line's end */
    size_t value_length;
};

struct mail_header {
    const char *at, *end; /* what is still to be read */
};

/* The header of a mail, from its beginning to the empty line. Returns false when there
 * is no empty line: it was cut off. */
bool mail_header_begin(const char *mail, size_t size_bytes,
                       struct mail_header *header_out);

/* The next field, from the top; false at the end. Lines that are no field are left out.
 */
bool mail_header_next(struct mail_header *header, struct mail_field *field_out);

/* Whether it is the field of that name, in any case. */
bool mail_field_is(const struct mail_field *field, const char *name);

/* The value of a field in one line (RFC 5322 section 2.2.3): without line breaks and
 * the white space around it. The caller frees it; NULL without memory, or where there
 * is a NUL in it. */
char *mail_field_unfold(const struct mail_field *field);

#endif
