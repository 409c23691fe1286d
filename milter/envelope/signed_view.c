/* SPDX-License-Identifier: ISC */
#include "envelope/signed_view.h"

#include <stdlib.h>
#include <string.h>

#include "base/white_space.h"

static const char *const names[SIGNED_NAMES] = {
    [SIGNED_TYPE] = "Content-Type",
    [SIGNED_ENCODING] = "Content-Transfer-Encoding",
    [SIGNED_DISPOSITION] = "Content-Disposition",
    [SIGNED_VERSION] = "MIME-Version",
    [SIGNED_SUBJECT] = "Subject",
    [SIGNED_FROM] = "From",
};

static bool is_covered(const struct mail_header *header,
                       const struct dkim_signatures *signatures, const char *signer,
                       const char *name)
{
    size_t count = mail_header_count(header, name);
    bool has_any = false;

    for (size_t i = 0; i < signatures->count; i++) {
        const struct dkim_signature *signature = &signatures->items[i];
        size_t signed_count = dkim_signature_count(signature, name);

        if (strcmp(signature->domain, signer) != 0)
            continue;
        if (signed_count == 0 || signed_count < count)
            return false;
        has_any = true;
    }
    return has_any;
}

void signed_cover_make(const struct mail_header *header,
                       const struct dkim_signatures *signatures, const char *signer,
                       struct signed_cover *cover_out)
{
    for (size_t i = 0; i < SIGNED_NAMES; i++)
        cover_out->is_covered[i] = is_covered(header, signatures, signer, names[i]);
}

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

static bool add_covered(const struct mail_header *header,
                        const struct signed_cover *cover,
                        struct mail_header *header_out)
{
    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];
        size_t place = 0;

        while (place < SIGNED_NAMES && !mail_field_is(field, names[place]))
            place++;
        if (place < SIGNED_NAMES && cover->is_covered[place] &&
            !add_relaxed(field, header_out))
            return false;
    }
    return true;
}

bool signed_view_make(const struct mail_header *header,
                      const struct signed_cover *cover, struct signed_view *view_out)
{
    *view_out = (struct signed_view){.header = {.has_end = true}};
    for (size_t i = SIGNED_NAMES; i > 0; i--)
        if (!cover->is_covered[i - 1])
            view_out->uncovered = names[i - 1];
    return add_covered(header, cover, &view_out->header);
}

void signed_view_free(struct signed_view *view)
{
    mail_header_free(&view->header);
}

size_t signed_view_relax(const char *from, size_t length, char *to)
{
    size_t used = 0;
    bool is_gap = false;

    for (size_t i = 0; i < length; i++) {
        if (white_space_is_unsigned(from[i])) {
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
