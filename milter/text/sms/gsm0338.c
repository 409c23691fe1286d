/* SPDX-License-Identifier: ISC */
#include "text/sms/gsm0338.h"

#include <stddef.h>

/* The characters of clause 6.2.1 that are not printable ASCII, in the order of their
 * code points. */
static const uint16_t basic_beyond_ascii[] = {
    0x00A1, 0x00A3, 0x00A4, 0x00A5, 0x00A7, 0x00BF, 0x00C4, 0x00C5, 0x00C6, 0x00C7,
    0x00C9, 0x00D1, 0x00D6, 0x00D8, 0x00DC, 0x00DF, 0x00E0, 0x00E4, 0x00E5, 0x00E6,
    0x00E8, 0x00E9, 0x00EC, 0x00F1, 0x00F2, 0x00F6, 0x00F8, 0x00F9, 0x00FC, 0x0393,
    0x0394, 0x0398, 0x039B, 0x039E, 0x03A0, 0x03A3, 0x03A6, 0x03A8, 0x03A9,
};

static unsigned ascii_septets(uint32_t point)
{
    switch (point) {
    case '\n':
    case '\r':
        return 1;
    case '\f':
    case '[':
    case '\\':
    case ']':
    case '^':
    case '{':
    case '|':
    case '}':
    case '~':
        return 2; /* 6.2.1.1, the extension table */
    case '`':
        return 0;
    default:
        return point >= ' ' && point < 0x7F;
    }
}

unsigned gsm0338_septets(uint32_t point)
{
    size_t low = 0, high = sizeof basic_beyond_ascii / sizeof *basic_beyond_ascii;

    if (point < 0x80)
        return ascii_septets(point);
    if (point == 0x20AC) /* the euro sign, in the extension table */
        return 2;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (basic_beyond_ascii[middle] == point)
            return 1;
        if (basic_beyond_ascii[middle] < point)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}
