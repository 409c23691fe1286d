/* SPDX-License-Identifier: ISC */
/* The header of a mail as a list of fields (RFC 5322 section 2.2), for rules that must
 * see each octet and each repetition, and not the result of a MIME parser. Each field
 * stays exactly as it was passed: nothing in its name or value can add a second field,
 * end the header, or hide another field. */
#ifndef SMS_MILTER_TEXT_MIME_MAIL_HEADER_H
#define SMS_MILTER_TEXT_MIME_MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* Name and value each end with a NUL that is not counted. They may contain other
 * NULs. */
struct mail_field {
    char *name; /* without white space before the colon */
    size_t name_length;
    const char *value; /* folded; from after the colon to before the end of the line */
    size_t value_length;
};

/* The limit for all fields of a header, including the memory to store them. Postfix
 * accepts 100 KiB for each field, Sendmail 32 KiB in all; usual mail has 2 to 20 KiB.
 * Somebody who sends a larger header wants to use up our time or memory. */
enum { MAIL_HEADER_MAX_BYTES = 512 * 1024 };

/* An all-zero structure is an empty header. */
struct mail_header {
    struct mail_field *fields; /* topmost first */
    size_t count, room, size_bytes;
    bool is_cut;  /* some fields were dropped because of the limit */
    bool has_end; /* its end was seen: it is complete, unless it was cut */
};

/* Appends a copy of a field. A field above the limit, and all fields after it, are
 * dropped; this is not a failure. Returns false without memory. */
bool mail_header_add(struct mail_header *header, const char *name, size_t name_length,
                     const char *value, size_t value_length);

/* Frees the fields and leaves the header empty. */
void mail_header_free(struct mail_header *header);

/* The last field of that name, in any case; NULL if there is none. A signature covers
 * the last one first (RFC 6376 section 5.4.2). */
const struct mail_field *mail_header_find_last(const struct mail_header *header,
                                               const char *name);

/* How many fields of that name there are. */
size_t mail_header_count(const struct mail_header *header, const char *name);

/* The header as text for a parser, followed by an empty line. The parser finds the same
 * fields: a field whose name is invalid is left out, and each line break in a value is
 * followed by white space. If no field is left, one is added, because GMime accepts no
 * mail without fields. The caller frees the result; NULL without memory. */
char *mail_header_write(const struct mail_header *header, size_t *length_out);

/* Whether the field has that name, in any case. */
bool mail_field_is(const struct mail_field *field, const char *name);

/* Whether its name is valid by RFC 5322 section 2.2: printable ASCII without ":". */
bool mail_field_has_name(const struct mail_field *field);

/* Whether its value contains a line break that is not part of a fold, a lone CR, or a
 * NUL. Two programs may read such a value differently. */
bool mail_field_is_odd(const struct mail_field *field);

/* The value of a field in one line (RFC 5322 section 2.2.3), without line breaks and
 * surrounding white space. A line break that is not part of a fold becomes a space. The
 * caller frees the result. NULL without memory, or if the value contains a NUL. */
char *mail_field_unfold(const struct mail_field *field);

#endif
