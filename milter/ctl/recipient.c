/* SPDX-License-Identifier: ISC */
#include "ctl/recipient.h"

#include <stdio.h>
#include <string.h>

#include "envelope/address.h"

/* Longer than any spelling of 15 digits. A local part has at most 64 octets (RFC 5321
 * section 4.5.3.1.1). */
enum { QUOTED_SIZE = 64 + 1 };

static const char *find_country(const struct config *config, const char *customer)
{
    for (size_t i = 0; customer && i < config->customer_count; i++)
        if (strcmp(config->customers[i].name, customer) == 0)
            return config->customers[i].default_country;
    return config->default_country;
}

static bool parse_local(const char *local, size_t length, const char *country,
                        struct phone_number *number_out, struct error *err)
{
    char quoted[QUOTED_SIZE];

    if ((length > 0 && *local == '"') || length + 2 >= sizeof quoted)
        return number_parse(local, length, country, number_out, err);
    snprintf(quoted, sizeof quoted, "\"%.*s\"", (int)length, local);
    return number_parse(quoted, length + 2, country, number_out, err);
}

bool recipient_parse(const struct config *config, const char *customer,
                     const char *recipient, struct phone_number *number_out,
                     struct error *err)
{
    const char *country = find_country(config, customer);
    struct address address;

    if (address_parse(recipient, &address))
        return parse_local(address.local, address.local_length, country, number_out,
                           err);
    return parse_local(recipient, strlen(recipient), country, number_out, err);
}
