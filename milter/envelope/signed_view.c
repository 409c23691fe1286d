/* SPDX-License-Identifier: ISC */
#include "envelope/signed_view.h"

#include <stdlib.h>
#include <string.h>

#include "envelope/dkim_signature.h"
#include "envelope/sender_header.h"

/* The signatures that may be the valid one. */
struct signatures {
    struct dkim_signature items[SENDER_HEADER_MAX_SIGNATURES];
    size_t count;
};

/* Skips signatures that cannot be read: a mail with such a signature counts as not
 * proved (replay.h). */
static void read_signatures(const struct mail_header *header, const char *signer,
                            struct signatures *signatures)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];
        struct dkim_signature *next = &signatures->items[signatures->count];

        if (signatures->count == SENDER_HEADER_MAX_SIGNATURES ||
            !mail_field_is(field, "DKIM-Signature") ||
            !dkim_signature_read(field->value, field->value_length, next))
            continue;
        if (strcmp(next->domain, signer) == 0)
            signatures->count++;
        else
            dkim_signature_free(next);
    }
}

/* Whether all fields of that name are covered. If there is none, whether the signatures
 * say that there is none. */
static bool is_covered(const struct signatures *signatures, const char *name,
                       size_t count)
{
    for (size_t i = 0; i < signatures->count; i++) {
        size_t signed_count = dkim_signature_count(&signatures->items[i], name);

        if (signed_count == 0 || signed_count < count)
            return false;
    }
    return signatures->count > 0;
}

/* The fields on which the text can depend. No other field affects it. */
enum { TYPE, ENCODING, NAMES = 6 };
static const char *const names[NAMES] = {
    [TYPE] = "Content-Type",
    [ENCODING] = "Content-Transfer-Encoding",
    "Content-Disposition",
    "MIME-Version",
    "Subject",
    "From",
};

static bool add_relaxed(const struct mail_field *field, struct mail_header *header)
{
    char *value = malloc(field->value_length + 1);
    bool is_added =
        value &&
        mail_header_add(header, field->name, field->name_length, value,
                        signed_view_relax(field->value, field->value_length, value));

    free(value);
    return is_added;
}

static bool add_covered(const struct mail_header *header, const bool covered[NAMES],
                        struct mail_header *header_out)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];
        size_t place = 0;

        while (place < NAMES && !mail_field_is(field, names[place]))
            place++;
        if (place < NAMES && covered[place] && !add_relaxed(field, header_out))
            return false;
    }
    return true;
}

bool signed_view_make(const struct mail_header *header, const char *signer,
                      struct signed_view *view_out)
{
    struct signatures signatures = {.count = 0};
    bool covered[NAMES];

    *view_out = (struct signed_view){.header = {.has_end = true}};
    read_signatures(header, signer, &signatures);
    for (size_t i = NAMES; i > 0; i--) {
        const char *name = names[i - 1];

        covered[i - 1] = is_covered(&signatures, name, mail_header_count(header, name));
        if (!covered[i - 1])
            view_out->uncovered = name;
    }
    while (signatures.count > 0)
        dkim_signature_free(&signatures.items[--signatures.count]);
    view_out->covers_type = covered[TYPE];
    view_out->covers_encoding = covered[ENCODING];
    return add_covered(header, covered, &view_out->header);
}

void signed_view_free(struct signed_view *view)
{
    mail_header_free(&view->header);
}

/* ESC is no gap, because it begins letters in ISO-2022. */
static bool is_gap_octet(char c)
{
    return (unsigned char)c <= ' ' && c != '\x1B';
}

size_t signed_view_relax(const char *from, size_t length, char *to)
{
    size_t used = 0;
    bool is_gap = false;

    for (size_t i = 0; i < length; i++) {
        if (is_gap_octet(from[i])) {
            is_gap = used > 0;
            continue;
        }
        if (is_gap)
            to[used++] = ' ';
        is_gap = false;
        to[used++] = from[i];
    }
    return used;
}
