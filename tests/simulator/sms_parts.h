/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_SMS_PARTS_H
#define SIMULATOR_SMS_PARTS_H

#include <stdbool.h>

/* How a network would carry a text: 3GPP TS 23.038 clause 6.2 (alphabets), TS 23.040
 * clause 9.2.3.24.1 (parts). It is written independently of the milter's own counting,
 * so that each can show mistakes of the other. */
struct sms_parts {
    bool is_ucs2;            /* otherwise the GSM 7 bit default alphabet */
    unsigned characters;     /* Unicode characters */
    unsigned units;          /* septets, or UTF-16 units */
    unsigned parts;          /* at least 1 */
    unsigned api_characters; /* as the vendor counts: a non-ASCII character is 2 */
};

/* utf8 must be valid UTF-8. */
struct sms_parts sms_parts_count(const char *utf8);

#endif
