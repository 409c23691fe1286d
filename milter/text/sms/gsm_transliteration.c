/* SPDX-License-Identifier: ISC */
#include "text/sms/gsm_transliteration.h"

#include <stddef.h>

/* U+0400 to U+045F, sixteen to a group. */
static const char *const cyrillic[] = {
    "E",  "Yo",   "Dj", "G",  "Ye", "Dz",   "I",  "Yi", "J", "Lj", "Nj", "C",
    "K",  "I",    "U",  "Dz", "A",  "B",    "V",  "G",  "D", "E",  "Zh", "Z",
    "I",  "Y",    "K",  "L",  "M",  "N",    "O",  "P",  "R", "S",  "T",  "U",
    "F",  "Kh",   "Ts", "Ch", "Sh", "Shch", "",   "Y",  "",  "E",  "Yu", "Ya",
    "a",  "b",    "v",  "g",  "d",  "e",    "zh", "z",  "i", "y",  "k",  "l",
    "m",  "n",    "o",  "p",  "r",  "s",    "t",  "u",  "f", "kh", "ts", "ch",
    "sh", "shch", "",   "y",  "",   "e",    "yu", "ya", "e", "yo", "dj", "g",
    "ye", "dz",   "i",  "yi", "j",  "lj",   "nj", "c",  "k", "i",  "u",  "dz",
};
enum { FIRST_CYRILLIC = 0x0400 };

/* U+03B1 to U+03C9 as capitals, which are in the alphabet or look like Latin
 * letters. */
static const char *const greek[] = {
    "A", "B", "Γ", "Δ", "E", "Z", "H", "Θ", "I", "K", "Λ", "M", "N",
    "Ξ", "O", "Π", "P", "Σ", "Σ", "T", "Y", "Φ", "X", "Ψ", "Ω",
};
enum { FIRST_GREEK = 0x03B1 };

/* The zeros of the scripts whose own digits are in use. */
static const uint16_t zeros[] = {0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6,
                                 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0DE6, 0x0E50,
                                 0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810};
static const char *const digits[] = {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

static const struct {
    uint16_t point;
    char form[6];
} others[] = {
    {0x00B0, "deg"}, {0x00B5, "u"},    {0x00B7, "."},   {0x018F, "E"},
    {0x0259, "e"},   {0x02BE, "'"},    {0x02BF, "'"},   {0x037E, "?"},
    {0x0387, ";"},   {0x0490, "G"},    {0x0491, "g"},   {0x0492, "G"},
    {0x0493, "g"},   {0x049A, "K"},    {0x049B, "k"},   {0x04A2, "N"},
    {0x04A3, "n"},   {0x04AE, "U"},    {0x04AF, "u"},   {0x04B0, "U"},
    {0x04B1, "u"},   {0x04B2, "H"},    {0x04B3, "h"},   {0x04BA, "H"},
    {0x04BB, "h"},   {0x04D8, "A"},    {0x04D9, "a"},   {0x04E8, "Ö"},
    {0x04E9, "ö"},   {0x058A, "-"},    {0x05BE, "-"},   {0x05F3, "'"},
    {0x05F4, "\""},  {0x060C, ","},    {0x061B, ";"},   {0x061F, "?"},
    {0x066A, "%"},   {0x066B, "."},    {0x066C, ","},   {0x06D4, "."},
    {0x0964, "."},   {0x2030, "0/00"}, {0x20A9, "KRW"}, {0x20AA, "ILS"},
    {0x20AB, "VND"}, {0x20B4, "UAH"},  {0x20BA, "TRY"}, {0x20BD, "RUB"},
    {0x20E3, ""},    {0x21D0, "<="},   {0x22C5, "*"},   {0x3001, ","},
    {0x3002, "."},   {0x300C, "\""},   {0x300D, "\""},  {0x300E, "\""},
    {0x300F, "\""},  {0x3010, "["},    {0x3011, "]"},   {0x30FB, "-"},
};

enum { LAST_OTHER = 0x30FB };

static const char *digit(uint32_t point)
{
    for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++)
        if (point - zeros[i] < 10)
            return digits[point - zeros[i]];
    return NULL;
}

const char *gsm_transliterate(uint32_t point)
{
    if (point > LAST_OTHER)
        return NULL;
    if (point - FIRST_CYRILLIC < sizeof cyrillic / sizeof *cyrillic)
        return cyrillic[point - FIRST_CYRILLIC];
    if (point - FIRST_GREEK < sizeof greek / sizeof *greek)
        return greek[point - FIRST_GREEK];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].point == point)
            return others[i].form;
    return digit(point);
}
