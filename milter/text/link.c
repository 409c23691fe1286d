/* SPDX-License-Identifier: ISC */
#include "text/link.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

static const char *const url_beginnings[] = {"https://", "http://", "www."};

static bool is_alnum(char byte)
{
    return (byte & 0x80) == 0 && isalnum((unsigned char)byte);
}

/* Whether the character ends a URL. RFC 3986 allows ASCII only, but people copy URLs
 * with letters of any script. */
static bool ends_url(uint32_t point)
{
    return point <= ' ' || point == '<' || point == '>' || point == '"' ||
           (point >= 0x7F && point <= 0xA0) || point == 0xAB || point == 0xBB ||
           (point >= 0x2000 && point <= 0x206F) ||
           (point >= 0x3000 && point <= 0x303F) ||
           (point >= 0xFF00 && point <= 0xFF0F) || point == 0xFF1A || point == 0xFF1B ||
           point == 0xFF1F;
}

static size_t trim(const char *at, size_t length, const char *punctuation)
{
    while (length > 0 && strchr(punctuation, at[length - 1]))
        length--;
    return length;
}

static size_t url_bytes(const char *at)
{
    for (size_t i = 0; i < sizeof url_beginnings / sizeof *url_beginnings; i++) {
        size_t beginning = strlen(url_beginnings[i]), length = beginning;
        const char *end = at + beginning, *next = end;
        uint32_t point;

        if (strncasecmp(at, url_beginnings[i], beginning) != 0)
            continue;
        while (utf8_next(&next, &point) && !ends_url(point))
            end = next;
        length = trim(at, (size_t)(end - at), ".,;:!?)>\"'");
        return length > beginning ? length : 0;
    }
    return 0;
}

/* A character of a local part without quotes: fewer than RFC 5321 allows, but all that
 * people use. */
static bool is_local(char byte)
{
    return is_alnum(byte) || (byte != '\0' && strchr(".+-_%", byte));
}

static size_t email_bytes(const char *at)
{
    size_t local = 0, domain = 0;
    const char *after;

    while (is_local(at[local]))
        local++;
    if (local == 0 || at[local] != '@')
        return 0;
    after = at + local + 1;
    while (is_alnum(after[domain]) || after[domain] == '.' || after[domain] == '-')
        domain++;
    domain = trim(after, domain, ".-");
    return domain > 0 && is_alnum(*after) ? local + 1 + domain : 0;
}

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The length of a telephone number as people write it: "+44 (0)7700 900-123". */
static size_t phone_bytes(const char *at)
{
    enum { LEAST_DIGITS = 7, MOST_BYTES = 30 };
    size_t length = *at == '+', end = 0;
    unsigned digits = 0;

    for (; length < MOST_BYTES; length++) {
        if (is_digit(at[length])) {
            digits++;
            end = length + 1;
        } else if (at[length] == '\0' || !strchr(" -.()", at[length]) ||
                   (at[length] == ' ' && length > 0 && at[length - 1] == ' ')) {
            break;
        }
    }
    return digits >= LEAST_DIGITS && end > 0 ? end : 0;
}

size_t link_bytes(const char *text, const char *at)
{
    size_t length = 0;

    if (at == text || !is_alnum(at[-1]))
        length = url_bytes(at);
    if (length == 0 && (at == text || !is_local(at[-1])))
        length = email_bytes(at);
    if (length == 0 && (*at == '+' || is_digit(*at)) &&
        (at == text || !(is_alnum(at[-1]) || at[-1] == '+')))
        length = phone_bytes(at);
    return length;
}
