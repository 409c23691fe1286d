/* SPDX-License-Identifier: ISC */
#include "envelope/sender_header.h"

#include <stdlib.h>
#include <string.h>

#include "text/mime/address_field.h"
#include "text/mime/mail_guard.h"

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

static bool odd_from(struct error *err)
{
    return error_set(err, ERROR_REFUSED, NULL,
                     "From is not one field with one address");
}

/* Reads the domain of an address. Returns false if there is none. */
static bool read_domain(const char *address, char domain_out[DOMAIN_SIZE])
{
    const char *domain = domain_find(address, strlen(address));
    struct error ignored;

    return domain && domain_normalize(domain, domain_out, &ignored);
}

static bool read_from(const char *value, struct sender_header *header,
                      struct error *err)
{
    struct string_list addresses = {NULL, 0};
    bool is_good = ++header->from_count == 1 && address_field_is_single(value) &&
                   address_field_read(value, &addresses) && addresses.count == 1 &&
                   read_domain(addresses.items[0], header->from_domain);

    if (is_good)
        header->from = strdup(addresses.items[0]);
    string_list_free(&addresses);
    if (!is_good)
        return odd_from(err);
    return header->from || no_memory(err);
}

static bool read_value(const struct mail_field *field, const char *value,
                       struct sender_header *header, struct error *err)
{
    if (mail_field_is(field, "From"))
        return read_from(value, header, err);
    if (mail_field_is(field, "To")) {
        header->to_count++;
        return address_field_read(value, &header->to) || no_memory(err);
    }
    if (mail_field_is(field, "Cc")) {
        header->cc_count++;
        return address_field_read(value, &header->cc) || no_memory(err);
    }
    /* A date that cannot be read counts as 1970. */
    if (++header->date_count > 1 || !date_field_read(value, &header->date_s))
        header->date_s = 0;
    return true;
}

static bool is_wanted(const struct mail_field *field)
{
    return mail_field_is(field, "From") || mail_field_is(field, "To") ||
           mail_field_is(field, "Cc") || mail_field_is(field, "Date");
}

static bool read_field(const struct mail_field *field, struct sender_header *header,
                       struct error *err)
{
    char *value;
    bool is_read;

    header->subject_count += mail_field_is(field, "Subject");
    if (!is_wanted(field))
        return true;
    if (mail_field_is_odd(field))
        return error_set(err, ERROR_REFUSED, NULL,
                         "%s has a line break that is not folding white space",
                         field->name);
    value = mail_field_unfold(field);
    if (!value)
        return no_memory(err);
    is_read = read_value(field, value, header, err);
    free(value);
    return is_read;
}

/* GMime reads the addresses, so the same size limits apply as for a whole mail. */
static bool check_size(const struct mail_header *header, struct error *err)
{
    size_t length;
    char *text = mail_header_write(header, &length);
    const char *hostile;

    if (!text)
        return no_memory(err);
    hostile = mail_guard_check(text, length);
    free(text);
    return !hostile || error_set(err, ERROR_REFUSED, NULL, "%s", hostile);
}

bool sender_header_read(const struct mail_header *header,
                        struct sender_header *header_out, struct error *err)
{
    *header_out = (struct sender_header){.from = NULL};
    if (!check_size(header, err))
        return false;
    dkim_signatures_read(header, &header_out->signatures);
    for (size_t i = 0; i < header->count; i++)
        if (!read_field(&header->fields[i], header_out, err))
            return false;
    return header_out->from_count == 1 || odd_from(err);
}

void sender_header_free(struct sender_header *header)
{
    free(header->from);
    header->from = NULL;
    string_list_free(&header->to);
    string_list_free(&header->cc);
    dkim_signatures_free(&header->signatures);
}
