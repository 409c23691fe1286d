/* SPDX-License-Identifier: ISC */
#include "text/body/quote_words.h"

#include <string.h>

#include "base/utf8.h"

/* What stands for a character: itself (KEEP), nothing (DROP), or an ASCII one. */
enum { KEEP = 0, DROP = -1 };

static int simplify(const char *character, size_t length)
{
    const unsigned char *byte = (const unsigned char *)character;

    if (length == 1)
        return *byte <= ' ' ? ' ' : KEEP;
    if (length == 2)
        return memcmp(byte, "\xC2\xA0", 2) == 0 ? ' ' : KEEP;
    if (memcmp(byte, "\xEF\xBB\xBF", 3) == 0)
        return DROP;
    if (memcmp(byte, "\xE2\x94", 2) == 0 && byte[2] <= 0x81)
        return '-'; /* U+2500, U+2501: drawn lines */
    if (memcmp(byte, "\xE2\x81", 2) == 0)
        return byte[2] == 0xA0 || (byte[2] >= 0xA6 && byte[2] <= 0xA9) ? DROP : KEEP;
    if (memcmp(byte, "\xE2\x80", 2) != 0)
        return KEEP;
    if (byte[2] <= 0x8A || byte[2] == 0xAF)
        return ' '; /* U+2000 to U+200A, U+202F: spaces */
    if (byte[2] <= 0x8F || (byte[2] >= 0xAA && byte[2] <= 0xAE))
        return DROP; /* U+200B to U+200F, U+202A to U+202E */
    if (byte[2] <= 0x95)
        return '-'; /* U+2010 to U+2015 */
    return byte[2] == 0x98 || byte[2] == 0x99 ? '\'' : KEEP;
}

static bool append(struct quote_words *words, const char *bytes, size_t length)
{
    if (*bytes == ' ' && (words->length == 0 || words->text[words->length - 1] == ' '))
        return true;
    if (words->length + length >= sizeof words->text)
        return false;
    memcpy(words->text + words->length, bytes, length);
    words->length += length;
    words->text[words->length] = '\0';
    return true;
}

void quote_words_clear(struct quote_words *words)
{
    words->length = 0;
    words->text[0] = '\0';
}

bool quote_words_add(struct quote_words *words, const struct body_line *line)
{
    const char *at = line->words, *end = at + line->words_bytes;

    if (!append(words, " ", 1))
        return false;
    while (at < end) {
        size_t length = utf8_length(at, (size_t)(end - at));
        int simple = length > 0 ? simplify(at, length) : '?';
        char replacement = (char)simple;
        bool is_kept = simple == KEEP;

        if (simple != DROP &&
            !append(words, is_kept ? at : &replacement, is_kept ? length : 1))
            return false;
        at += length ? length : 1;
    }
    return true;
}

/* The small letter of ASCII or, behind the byte that leads to it, of Latin-1. */
static unsigned char fold(unsigned char byte, unsigned char before)
{
    if (byte >= 'A' && byte <= 'Z')
        return (unsigned char)(byte + 0x20);
    if (before == 0xC3 && byte >= 0x80 && byte <= 0x9E)
        return (unsigned char)(byte + 0x20);
    return byte;
}

/* How many bytes of the phrase these begin with, if it is all of them; else 0. */
static size_t match(const char *bytes, size_t length, const char *phrase)
{
    unsigned char before = 0;
    size_t i = 0;

    for (; phrase[i] != '\0'; i++) {
        unsigned char byte = i < length ? (unsigned char)bytes[i] : 0;

        if (fold(byte, before) != (unsigned char)phrase[i])
            return 0;
        before = byte;
    }
    return i;
}

bool quote_words_begin(const char *bytes, size_t length, const char *phrase)
{
    return match(bytes, length, phrase) > 0;
}

bool quote_words_are(const char *bytes, size_t length, const char *phrase)
{
    size_t matched = match(bytes, length, phrase);

    return matched > 0 && matched == length;
}
