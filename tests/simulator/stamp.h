/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_STAMP_H
#define SIMULATOR_STAMP_H

#include <stddef.h>

enum {
    STAMP_TIME_BYTES = 40,
    STAMP_ID_BYTES = 160 /* a longer CustomerId is cut */
};

/* The current time in UTC, ISO 8601. digits is the length of the second's fraction: 1
 * to 9. */
void stamp_time(char out[STAMP_TIME_BYTES], int digits);

/* Makes a unique MessageId in the vendor's form:
 * 1469.20250704.0251650650665726-e068aa5c-93b4-4d0c-a4b6-0c6a2a0d2f6e */
void stamp_message_id(char out[STAMP_ID_BYTES], const char *customer);

#endif
