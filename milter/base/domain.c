/* SPDX-License-Identifier: ISC */
#include "base/domain.h"

#include <idn2.h>
#include <string.h>

const char *domain_find(const char *address, size_t length)
{
    const char *at = memrchr(address, '@', length);

    return at ? at + 1 : NULL;
}

/* The characters of a host name, and "_", which some real sending domains contain. */
static bool is_domain_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

static void lower_ascii(char *text)
{
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static bool is_well_formed(const char *domain)
{
    size_t label_length = 0;

    for (const char *c = domain; *c; c++) {
        if (!is_domain_character(*c))
            return false;
        if (*c != '.') {
            label_length++;
            continue;
        }
        if (label_length == 0 || label_length > 63)
            return false;
        label_length = 0;
    }
    return label_length > 0 && label_length <= 63;
}

bool domain_normalize(const char *domain, char buffer_out[DOMAIN_SIZE],
                      struct error *err)
{
    char *ascii = NULL;
    int status;

    status = idn2_to_ascii_8z(domain, &ascii, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (status != IDN2_OK)
        return error_set(err, ERROR_REFUSED, "5.1.7", "is not a domain name: %s",
                         idn2_strerror(status));
    if (strlen(ascii) >= DOMAIN_SIZE) {
        idn2_free(ascii);
        return error_set(err, ERROR_REFUSED, "5.1.7", "is longer than a domain name");
    }
    strcpy(buffer_out, ascii);
    idn2_free(ascii);
    lower_ascii(buffer_out);
    if (!is_well_formed(buffer_out))
        return error_set(err, ERROR_REFUSED, "5.1.7", "is not a domain name");
    return true;
}
