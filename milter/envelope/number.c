/* SPDX-License-Identifier: ISC */
#include "envelope/number.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/country_code.h"

/* Enough digits for every spelling of a valid number: 15 digits, an international
 * prefix and a trunk 0. */
enum { DIGITS_SIZE = 2 + NUMBER_MAX_DIGITS + 1 + 1 };

struct digits {
    char text[DIGITS_SIZE];
    size_t count;
    size_t bracketed; /* how many digits stand before "(0)"; 0 without "(0)" */
    bool has_plus;
};

static bool not_a_number(struct error *err, const char *why)
{
    return error_set(err, ERROR_REFUSED, "5.1.3", "%s", why);
}

/* "(0)", as in +44(0)7700 900123: the trunk prefix, for callers within the country. */
static bool is_bracketed_zero(const char *at, const char *end)
{
    return end - at >= 3 && at[0] == '(' && at[1] == '0' && at[2] == ')';
}

static bool is_separator(char c, bool is_quoted)
{
    return c == '.' || c == '-' || (is_quoted && (c == ' ' || c == '(' || c == ')'));
}

static bool collect_digits(const char *at, const char *end, bool is_quoted,
                           struct digits *digits, struct error *err)
{
    *digits = (struct digits){.count = 0};
    for (; at < end; at++) {
        if (*at == '+' && digits->count == 0 && !digits->has_plus) {
            digits->has_plus = true;
            continue;
        }
        if (is_bracketed_zero(at, end) && digits->bracketed == 0)
            digits->bracketed = digits->count;
        if (is_separator(*at, is_quoted))
            continue;
        if (*at < '0' || *at > '9')
            return not_a_number(err, "not a telephone number");
        if (digits->count == DIGITS_SIZE - 1)
            return not_a_number(err, "too many digits for a telephone number");
        digits->text[digits->count++] = *at;
    }
    return true;
}

static void drop_digits(struct digits *digits, size_t from, size_t count)
{
    memmove(digits->text + from, digits->text + from + count,
            digits->count - from - count + 1);
    digits->count -= count;
}

static bool put_country(struct digits *digits, const char *country, struct error *err)
{
    size_t length = strlen(country);

    if (!country_code_keeps_zero(country))
        drop_digits(digits, 0, 1);
    if (digits->count + length >= DIGITS_SIZE)
        return not_a_number(err, "too many digits for a telephone number");
    memmove(digits->text + length, digits->text, digits->count + 1);
    memcpy(digits->text, country, length);
    digits->count += length;
    return true;
}

/* In another place nobody knows whether the 0 is part of the number. */
static bool check_bracketed(const struct digits *digits, struct error *err)
{
    size_t prefix = !digits->has_plus && strncmp(digits->text, "00", 2) == 0 ? 2 : 0;
    const char *country = digits->text + prefix;

    return digits->bracketed == 0 ||
           (*country != '0' &&
            digits->bracketed == prefix + country_code_length(country)) ||
           not_a_number(err,
                        "(0) is possible only after a country code, as in +44 (0)7700");
}

/* Converts every form to country code and national number. */
static bool make_international(struct digits *digits, const char *country,
                               struct error *err)
{
    if (!digits->has_plus && strncmp(digits->text, "00", 2) == 0) {
        drop_digits(digits, 0, 2);
    } else if (!digits->has_plus && digits->text[0] == '0') {
        if (!country)
            return not_a_number(err, "a national number, and no default-country is "
                                     "configured: write it with + and country code");
        return put_country(digits, country, err);
    }
    return digits->text[0] != '0' || not_a_number(err, "no country code begins with 0");
}

static void skip_prefix(const char **at, const char *end)
{
    static const char prefix[] = "sms="; /* RFC 3191 section 3 */
    size_t length = sizeof prefix - 1;

    if ((size_t)(end - *at) >= length && strncasecmp(*at, prefix, length) == 0)
        *at += length;
}

bool number_parse(const char *local, size_t local_length, const char *default_country,
                  struct phone_number *number_out, struct error *err)
{
    const char *end = local + local_length;
    bool is_quoted = local_length >= 2 && local[0] == '"' && end[-1] == '"';
    struct digits digits;

    if (is_quoted) {
        local++;
        end--;
    }
    skip_prefix(&local, end);
    if (!collect_digits(local, end, is_quoted, &digits, err) ||
        !check_bracketed(&digits, err) ||
        !make_international(&digits, default_country, err))
        return false;
    if (!country_code_drop_trunk_zero(digits.text))
        return not_a_number(err, "two zeros after the country code");
    digits.count = strlen(digits.text);
    if (digits.count < NUMBER_MIN_DIGITS)
        return not_a_number(err, "too few digits for a telephone number");
    if (digits.count > NUMBER_MAX_DIGITS)
        return not_a_number(err, "too many digits for a telephone number");
    snprintf(number_out->e164, sizeof number_out->e164, "+%.*s", NUMBER_MAX_DIGITS,
             digits.text);
    return true;
}

static size_t longest_prefix(const struct string_list *prefixes, const char *number)
{
    size_t longest = 0;

    for (size_t i = 0; i < prefixes->count; i++) {
        size_t length = strlen(prefixes->items[i]);

        if (length > longest && strncmp(prefixes->items[i], number, length) == 0)
            longest = length;
    }
    return longest;
}

bool number_is_allowed(const struct phone_number *number,
                       const struct customer *customer)
{
    return longest_prefix(&customer->allow, number->e164) >
           longest_prefix(&customer->deny, number->e164);
}

struct masked_number number_mask(const char *e164)
{
    struct masked_number masked = {.text = ""};
    size_t length = strnlen(e164, sizeof masked.text - 1);

    memcpy(masked.text, e164, length);
    for (size_t i = 3; i + 3 < length; i++)
        masked.text[i] = '*';
    return masked;
}
