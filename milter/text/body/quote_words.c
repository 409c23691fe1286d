/* SPDX-License-Identifier: ISC */
#include "text/body/quote_words.h"

#include <string.h>

#include "base/utf8.h"

/* What stands for a character: itself (KEEP), nothing (DROP), or an ASCII one. */
enum { KEEP = 0, DROP = -1 };

/* A character of two bytes: a no-break space, or a digit or comma of Arabic. */
static int simplify_short(const char *character)
{
    uint32_t point = 0;

    utf8_next(&character, &point);
    if (point == 0xA0)
        return ' ';
    if (point == 0x61C || point == 0x640)
        return DROP;
    if (point == 0x60C || (point >= 0x660 && point <= 0x669) ||
        (point >= 0x6F0 && point <= 0x6F9))
        return (int)utf8_fold(point);
    return KEEP;
}

static int simplify(const char *character, size_t length)
{
    const unsigned char *byte = (const unsigned char *)character;

    if (length == 1)
        return *byte <= ' ' ? ' ' : KEEP;
    if (length == 2)
        return simplify_short(character);
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
