/* SPDX-License-Identifier: ISC */
#include "envelope/address.h"

#include <string.h>

bool address_is_null(const char *path)
{
    return *path == '\0' || strcmp(path, "<>") == 0;
}

/* What is between the angle brackets; without them all of it (some clients leave them
 * out, and Postfix lets that pass). */
static const char *strip_brackets(const char *path, size_t *length_out)
{
    size_t length = strlen(path);

    if (length >= 2 && path[0] == '<' && path[length - 1] == '>') {
        path++;
        length -= 2;
    }
    *length_out = length;
    return path;
}

static const char *find_last_at(const char *text, size_t length)
{
    while (length-- > 0)
        if (text[length] == '@')
            return text + length;
    return NULL;
}

static void read_domain(const char *text, size_t length, char domain_out[DOMAIN_SIZE])
{
    /* A U-label may take more octets than its A-label form, four times at the most. */
    char copy[4 * DOMAIN_SIZE];
    struct error ignored;

    *domain_out = '\0';
    if (length >= sizeof copy)
        return;
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (!domain_normalize(copy, domain_out, &ignored))
        *domain_out = '\0';
}

bool address_parse(const char *path, struct address *address_out)
{
    size_t length;
    const char *text = strip_brackets(path, &length);
    const char *end = text + length;
    const char *at;

    address_out->has_route = length > 0 && *text == '@';
    if (address_out->has_route) {
        const char *colon = memchr(text, ':', length);

        if (!colon)
            return false;
        text = colon + 1;
    }
    at = find_last_at(text, (size_t)(end - text));
    if (!at)
        return false;
    address_out->local = text;
    address_out->local_length = (size_t)(at - text);
    read_domain(at + 1, (size_t)(end - at - 1), address_out->domain);
    return true;
}
