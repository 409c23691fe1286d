/* SPDX-License-Identifier: ISC */
#include "sms_parts.h"

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

/* Room in a lone SMS, and in each part of a longer one, whose header takes 6 of its
 * 140 octets (TS 23.040, 9.2.3.24.1). */
enum { LONE_SEPTETS = 160, PART_SEPTETS = 153, LONE_UTF16 = 70, PART_UTF16 = 67 };

/* TS 23.038, 6.2.1: what the basic table has beside the ASCII below. */
static const wchar_t basic_beyond_ascii[] = L"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/* ASCII that the basic table lacks. */
static const wchar_t ascii_not_basic[] = L"`^{}\\[~]|";

/* 6.2.1.1: these take an escape before them. */
static const wchar_t extension[] = L"\f^{}\\[~]|€";

static uint32_t next_character(const char **utf8)
{
    const unsigned char *at = (const unsigned char *)*utf8;
    unsigned more = at[0] < 0x80 ? 0 : at[0] < 0xE0 ? 1 : at[0] < 0xF0 ? 2 : 3;
    uint32_t point = more == 0 ? at[0] : at[0] & (0x3FU >> more);

    for (unsigned i = 1; i <= more; i++)
        point = point << 6 | (at[i] & 0x3FU);
    *utf8 += 1 + more;
    return point;
}

static bool is_basic(wchar_t point)
{
    if (point == L'\n' || point == L'\r')
        return true;
    if (point < 0x80)
        return point >= L' ' && point != 0x7F && wcschr(ascii_not_basic, point) == NULL;
    return wcschr(basic_beyond_ascii, point) != NULL;
}

/* 0: the alphabet has no such character. */
static unsigned septets(uint32_t point)
{
    if (is_basic((wchar_t)point))
        return 1;
    return wcschr(extension, (wchar_t)point) != NULL ? 2 : 0;
}

static unsigned utf16_units(uint32_t point)
{
    return point > 0xFFFF ? 2 : 1;
}

/* Packs whole characters: an escape or surrogate pair split over two parts would be
 * two wrong characters. */
static unsigned count_parts(const char *utf8, unsigned (*units)(uint32_t),
                            unsigned part_room)
{
    unsigned parts = 1, used = 0;

    while (*utf8 != '\0') {
        unsigned needed = units(next_character(&utf8));
        if (used + needed > part_room) {
            parts++;
            used = 0;
        }
        used += needed;
    }
    return parts;
}

struct sms_parts sms_parts_count(const char *utf8)
{
    struct sms_parts result = {.parts = 1};
    unsigned gsm7 = 0, utf16 = 0;

    for (const char *at = utf8; *at != '\0';) {
        uint32_t point = next_character(&at);
        result.characters++;
        result.api_characters += point < 0x80 ? 1 : 2;
        result.is_ucs2 = result.is_ucs2 || septets(point) == 0;
        gsm7 += septets(point);
        utf16 += utf16_units(point);
    }
    result.units = result.is_ucs2 ? utf16 : gsm7;
    if (result.units > (result.is_ucs2 ? LONE_UTF16 : LONE_SEPTETS))
        result.parts = result.is_ucs2 ? count_parts(utf8, utf16_units, PART_UTF16)
                                      : count_parts(utf8, septets, PART_SEPTETS);
    return result;
}
