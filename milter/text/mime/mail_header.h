/* SPDX-License-Identifier: ISC */
/* The header of a mail as a list of fields (RFC 5322 section 2.2), for rules that must
 * see each octet and each repetition, not what a MIME parser makes of them. A field
 * stays what it was handed over as: nothing in its name or value makes a second field,
 * ends the header, or hides another one. */
#ifndef SMS_MILTER_TEXT_MIME_MAIL_HEADER_H
#define SMS_MILTER_TEXT_MIME_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* Both end in a NUL that the lengths do not count; there may be others before it. */
struct mail_field {
    char *name; /* without the white space that may stand before the colon */
    size_t name_length;
    const char *value; /* folded, from behind the colon to before the line's end */
    size_t value_length;
};

/* Room for all fields of a header, each with what it takes to keep it. Postfix takes
 * 100 KiB a field, Sendmail 32 KiB in all, and mail has 2 to 20 KiB. Who may send a
 * larger one wants to make our work long, or to fill our memory. */
enum { MAIL_HEADER_MAX_BYTES = 512 * 1024 };

/* All of it zero is an empty header. */
struct mail_header {
    struct mail_field *fields; /* from the top */
    size_t count, room, size_bytes;
    bool is_cut;  /* it has more fields than there is room for */
    bool has_end; /* its end was seen: all of it is there, unless it was cut */
};

/* Appends a copy of a field. One that there is no room for, and all behind it, are left
 * out; that is no failure. False without memory. */
bool mail_header_add(struct mail_header *header, const char *name, size_t name_length,
                     const char *value, size_t value_length);

/* Frees the fields and leaves the header empty. */
void mail_header_free(struct mail_header *header);

/* The last field of that name, in any case; NULL if there is none. The last one is what
 * a signature covers first (RFC 6376 section 5.4.2). */
const struct mail_field *mail_header_find_last(const struct mail_header *header,
                                               const char *name);

/* How often a field of that name is there. */
size_t mail_header_count(const struct mail_header *header, const char *name);

/* The header as text for a parser, an empty line behind it. The parser finds the same
 * fields: one whose name cannot be that of a field is left out, and each line break in
 * a value is followed by white space. A header that would have no field gets one, as a
 * mail without any is none to GMime. The caller frees it; NULL without memory. */
char *mail_header_write(const struct mail_header *header, size_t *length_out);

/* Whether it is the field of that name, in any case. */
bool mail_field_is(const struct mail_field *field, const char *name);

/* Whether its name is one of RFC 5322 section 2.2: printable ASCII without ":". */
bool mail_field_has_name(const struct mail_field *field);

/* Whether its value has a line break that folds nothing, or a CR or a NUL of its own.
 * Two programs may read such a value as two different ones. */
bool mail_field_is_odd(const struct mail_field *field);

/* The value of a field in one line (RFC 5322 section 2.2.3): without line breaks and
 * the white space around it. A line break that folds nothing becomes a space. The
 * caller frees it; NULL without memory, or where there is a NUL in it. */
char *mail_field_unfold(const struct mail_field *field);

#endif
