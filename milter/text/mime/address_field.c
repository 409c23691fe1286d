/* SPDX-License-Identifier: ISC */
#include "text/mime/address_field.h"

#include <gmime/gmime.h>

static bool add_addresses(InternetAddressList *list, struct string_list *addresses);

static bool add_one(InternetAddress *one, struct string_list *addresses)
{
    const char *text;

    if (INTERNET_ADDRESS_IS_GROUP(one))
        return add_addresses(
            internet_address_group_get_members(INTERNET_ADDRESS_GROUP(one)), addresses);
    text = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(one));
    return !text || string_list_add(addresses, text);
}

/* Groups do not nest (RFC 5322 section 3.4); if they do, mail_guard_check() limits
 * them. */
static bool add_addresses(InternetAddressList *list, struct string_list *addresses)
{
    int count = list ? internet_address_list_length(list) : 0;

    for (int i = 0; i < count; i++)
        if (!add_one(internet_address_list_get_address(list, i), addresses))
            return false;
    return true;
}

bool address_field_read(const char *value, struct string_list *addresses)
{
    InternetAddressList *list = internet_address_list_parse(NULL, value);
    bool is_read = add_addresses(list, addresses);

    if (list)
        g_object_unref(list);
    return is_read;
}

/* ---- one mailbox ---- */

/* Returns the text after the quoted string at text; NULL if it has no end. */
static const char *skip_quoted(const char *text)
{
    for (text++; *text && *text != '"'; text++)
        if (*text == '\\' && *++text == '\0')
            return NULL;
    return *text ? text + 1 : NULL;
}

static const char *skip_comment(const char *text)
{
    unsigned depth = 0;

    do {
        bool is_escaped = *text == '\\';

        text += is_escaped;
        if (*text == '\0')
            return NULL;
        if (!is_escaped)
            depth = depth + (*text == '(') - (*text == ')');
        text++;
    } while (depth > 0);
    return text;
}

bool address_field_is_single(const char *value)
{
    unsigned at_signs = 0;

    while (value && *value) {
        if (*value == '"') {
            value = skip_quoted(value);
        } else if (*value == '(') {
            value = skip_comment(value);
        } else if (strchr(",:;)", *value)) {
            return false;
        } else {
            at_signs += *value++ == '@';
        }
    }
    return value && at_signs == 1;
}

/* ---- the date ---- */

bool date_field_read(const char *value, int64_t *time_s_out)
{
    GDateTime *date = g_mime_utils_header_decode_date(value);

    if (!date)
        return false;
    *time_s_out = g_date_time_to_unix(date);
    g_date_time_unref(date);
    return true;
}
