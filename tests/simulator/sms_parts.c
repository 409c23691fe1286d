/* SPDX-License-Identifier: ISC */
#include "sms_parts.h"

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#include <utf8proc.h>

/* The space in a single SMS, and in each part of a longer one, whose header takes 6 of
 * its 140 octets (TS 23.040, 9.2.3.24.1). */
enum { LONE_SEPTETS = 160, PART_SEPTETS = 153, LONE_UTF16 = 70, PART_UTF16 = 67 };

/* TS 23.038, 6.2.1: characters of the basic table that are not ASCII. */
static const wchar_t basic_beyond_ascii[] = L"£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà";

/* ASCII characters that are not in the basic table. */
static const wchar_t ascii_not_basic[] = L"`^{}\\[~]|";

/* 6.2.1.1: characters that need an escape before them. */
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

/* Returns 0 if the alphabet has no such character. */
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

/* Where the blocks of the Indic scripts have their consonants; most blocks have the
 * same layout. Myanmar has no other letters, Khmer few. */
static bool is_indic_consonant(uint32_t point)
{
    uint32_t place = point & 0x7F;

    if (utf8proc_category((utf8proc_int32_t)point) != UTF8PROC_CATEGORY_LO)
        return false;
    switch (point & ~0x7FU) {
    case 0x0900: /* Devanagari */
        return (place >= 0x15 && place <= 0x39) || (place >= 0x58 && place <= 0x5F) ||
               place >= 0x78;
    case 0x0980: /* Bengali */
    case 0x0A80: /* Gujarati */
    case 0x0B00: /* Oriya */
        return (place >= 0x15 && place <= 0x39) || (place >= 0x5C && place <= 0x5F) ||
               (place >= 0x70 && place <= 0x71) || place == 0x79;
    case 0x0C00: /* Telugu */
        return (place >= 0x15 && place <= 0x39) || (place >= 0x58 && place <= 0x5A);
    case 0x0D00: /* Malayalam */
        return place >= 0x15 && place <= 0x3A;
    case 0x1000: /* Myanmar */
    case 0x1080:
        return true;
    case 0x1780: /* Khmer */
        return place <= 0x33;
    default:
        return false;
    }
}

static bool is_virama(uint32_t point)
{
    return wcschr(L"\u094D\u09CD\u0ACD\u0B4D\u0C4D\u0D4D\u1039\u17D2",
                  (wchar_t)point) != NULL;
}

/* Whether the character belongs to the letter before it. Excludes vowel signs with a
 * width of their own, and the character that keeps a conjunct apart. */
static bool goes_on_in_conjunct(uint32_t point)
{
    return point != 0x200C && !utf8proc_grapheme_break('a', (utf8proc_int32_t)point) &&
           utf8proc_category((utf8proc_int32_t)point) != UTF8PROC_CATEGORY_MC;
}

/* The length of the grapheme cluster at utf8 (UAX #29). utf8proc applies all rules
 * except GB9c: a consonant after a virama after a consonant belongs to the same
 * syllable. */
static size_t cluster_length(const char *utf8)
{
    const char *at = utf8, *end;
    uint32_t last = next_character(&at);
    bool is_syllable = is_indic_consonant(last), has_virama = false;
    utf8proc_int32_t state = 0;

    for (end = at; *end != '\0'; end = at) {
        uint32_t point = next_character(&at);
        bool is_joined = has_virama && is_indic_consonant(point);

        if (utf8proc_grapheme_break_stateful((utf8proc_int32_t)last,
                                             (utf8proc_int32_t)point, &state) &&
            !is_joined)
            break;
        has_virama = is_syllable && !is_indic_consonant(point) &&
                     (has_virama || is_virama(point));
        is_syllable =
            is_indic_consonant(point) || (is_syllable && goes_on_in_conjunct(point));
        has_virama = has_virama && is_syllable;
        last = point;
    }
    return (size_t)(end - utf8);
}

/* A text while it is divided into parts. */
struct parcel {
    unsigned room, parts, used;
};

static void lay(struct parcel *parcel, unsigned units)
{
    if (parcel->used + units > parcel->room) {
        parcel->parts++;
        parcel->used = 0;
    }
    parcel->used += units;
}

/* Characters are not split: an escape in another part would mean another character. */
static unsigned count_gsm_parts(const char *utf8)
{
    struct parcel parcel = {PART_SEPTETS, 1, 0};

    while (*utf8 != '\0')
        lay(&parcel, septets(next_character(&utf8)));
    return parcel.parts;
}

/* Grapheme clusters are not split, unless one is longer than a part. */
static unsigned count_ucs2_parts(const char *utf8)
{
    struct parcel parcel = {PART_UTF16, 1, 0};

    while (*utf8 != '\0') {
        const char *at = utf8, *end = utf8 + cluster_length(utf8);
        unsigned units = 0;

        while (at < end)
            units += utf16_units(next_character(&at));
        if (units <= PART_UTF16)
            lay(&parcel, units);
        while (units > PART_UTF16 && utf8 < end)
            lay(&parcel, utf16_units(next_character(&utf8)));
        utf8 = end;
    }
    return parcel.parts;
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
        result.parts = result.is_ucs2 ? count_ucs2_parts(utf8) : count_gsm_parts(utf8);
    return result;
}
