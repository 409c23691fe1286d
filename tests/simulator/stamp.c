/* SPDX-License-Identifier: ISC */
#include "stamp.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

enum { CUSTOMER_SHOWN = 64 };

void stamp_time(char out[STAMP_TIME_BYTES], int digits)
{
    struct timespec now;
    struct tm utc;
    char seconds[24], fraction[16];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(seconds, sizeof(seconds), "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(fraction, sizeof(fraction), "%09ld", now.tv_nsec);
    snprintf(out, STAMP_TIME_BYTES, "%s.%.*sZ", seconds, digits, fraction);
}

/* Makes a version 4 UUID from sixteen random bytes (RFC 4122, 4.4). If getrandom()
 * fails they are zeros, which /messages then shows. */
static void make_uuid(char out[37])
{
    uint8_t b[16] = {0};

    if (getrandom(b, sizeof(b), 0) != (ssize_t)sizeof(b))
        b[0] = 0;
    b[6] = (uint8_t)((b[6] & 0x0F) | 0x40);
    b[8] = (uint8_t)((b[8] & 0x3F) | 0x80);
    snprintf(out, 37,
             "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
             b[12], b[13], b[14], b[15]);
}

void stamp_message_id(char out[STAMP_ID_BYTES], const char *customer)
{
    struct timespec now;
    struct tm utc;
    char day[16], uuid[37];
    uint64_t count;

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(day, sizeof(day), "%Y%m%d", &utc);
    make_uuid(uuid);
    count = (uint64_t)(now.tv_sec % 86400) * 1000000000 + (uint64_t)now.tv_nsec;
    snprintf(out, STAMP_ID_BYTES, "%.*s.%s.%016llu-%s", CUSTOMER_SHOWN, customer, day,
             (unsigned long long)count, uuid);
}
