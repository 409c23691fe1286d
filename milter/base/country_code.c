/* SPDX-License-Identifier: ISC */
#include "base/country_code.h"

#include <string.h>

/* The first two digits of all country codes of three digits. Codes that begin with 1 or
 * 7 have one digit; all others have two. */
static const char three_digits[][3] = {
    "21", "22", "23", "24", "25", "26", "28", "29", "35", "37", "38", "42", "50",
    "59", "67", "68", "69", "80", "83", "85", "87", "88", "89", "96", "97", "99"};

/* Countries in which the leading 0 is part of the number. In Italy (with the Vatican)
 * and San Marino landline numbers begin with 0. In Ivory Coast, Burkina Faso, Benin
 * (since 30 November 2024), Gabon, Congo and Tajikistan mobile numbers do (national
 * numbering plans as reported to ITU-T, E.129). In other countries an international
 * number that begins with 0 is at most a free-phone or service number, to which no SMS
 * can be sent. */
static const char zero_kept[][4] = {"39",  "378", "225", "226",
                                    "229", "241", "242", "992"};

size_t country_code_length(const char *number)
{
    if (*number == '1' || *number == '7')
        return 1;
    for (size_t i = 0; i < sizeof three_digits / sizeof *three_digits; i++)
        if (strncmp(number, three_digits[i], 2) == 0)
            return 3;
    return 2;
}

bool country_code_keeps_zero(const char *number)
{
    for (size_t i = 0; i < sizeof zero_kept / sizeof *zero_kept; i++)
        if (strncmp(number, zero_kept[i], strlen(zero_kept[i])) == 0)
            return true;
    return false;
}

bool country_code_has_trunk_zero(const char *number)
{
    size_t length = country_code_length(number);

    return strlen(number) > length && number[length] == '0' &&
           !country_code_keeps_zero(number);
}

bool country_code_drop_trunk_zero(char *number)
{
    size_t length = country_code_length(number);

    if (!country_code_has_trunk_zero(number))
        return true;
    memmove(number + length, number + length + 1, strlen(number + length));
    return !country_code_has_trunk_zero(number);
}
