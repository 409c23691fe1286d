/* SPDX-License-Identifier: ISC */
#include "text/body/quote_date.h"

#include <string.h>

#include "base/utf8.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80);
}

static size_t count_digits(const char *text, size_t length)
{
    size_t count = 0;

    while (count < length && is_digit(text[count]))
        count++;
    return count;
}

/* A month's name between numbers counts as a number: 23-Nov-2026. */
static size_t count_month(const char *text, size_t length)
{
    size_t count = count_digits(text, length);

    if (count == 0)
        while (count < length && is_letter(text[count]))
            count++;
    return count;
}

static unsigned read_time(const char *text, size_t length, size_t digits)
{
    if (digits > 2 || digits == length || text[digits] == '\0' ||
        !strchr(":.h", text[digits]))
        return 0;
    if (count_digits(text + digits + 1, length - digits - 1) != 2)
        return 0;
    return QUOTE_DATE_TIME;
}

/* Three numbers with the same character between them. */
static bool is_whole_date(const char *text, size_t length, size_t digits)
{
    char divider = digits < length ? text[digits] : '\0';
    size_t at = digits + 1, month;

    if (digits > 4 || !(divider == '/' || divider == '.' || divider == '-'))
        return false;
    month = count_month(text + at, length - at);
    at += month;
    return month > 0 && at + 1 < length && text[at] == divider &&
           is_digit(text[at + 1]);
}

unsigned quote_date_read_word(const char *word, size_t length)
{
    size_t digits = count_digits(word, length);
    unsigned time;

    if (digits == 0)
        return 0;
    if (digits == 4 && (memcmp(word, "19", 2) == 0 || memcmp(word, "20", 2) == 0) &&
        digits == length)
        return QUOTE_DATE_YEAR;
    if (is_whole_date(word, length, digits))
        return QUOTE_DATE_WHOLE;
    time = read_time(word, length, digits);
    if (time)
        return time;
    return digits <= 2 ? QUOTE_DATE_DAY : 0;
}

static bool is_around(char c)
{
    return c != '\0' && strchr("\"'()[]<>,;.*_", c);
}

/* Three letters or more. */
static bool is_name(const char *word, size_t length)
{
    return utf8_count(word, length) >= 3 && is_letter(word[0]) && is_letter(word[1]) &&
           is_letter(word[2]);
}

unsigned quote_date_read_text(const char *text, size_t length)
{
    const char *end = text + length;
    unsigned parts = 0;

    while (text < end) {
        const char *space = memchr(text, ' ', (size_t)(end - text));
        const char *next = space ? space + 1 : end;
        const char *word_end = space ? space : end;

        while (text < word_end && is_around(*text))
            text++;
        while (word_end > text && is_around(word_end[-1]))
            word_end--;
        parts |= quote_date_read_word(text, (size_t)(word_end - text));
        if (is_name(text, (size_t)(word_end - text)))
            parts |= QUOTE_DATE_MONTH;
        text = next;
    }
    return parts;
}

bool quote_date_is_date(unsigned parts)
{
    const unsigned year_and_day = QUOTE_DATE_YEAR | QUOTE_DATE_DAY,
                   day_and_time = QUOTE_DATE_DAY | QUOTE_DATE_TIME;

    return (parts & QUOTE_DATE_WHOLE) || (parts & year_and_day) == year_and_day ||
           (parts & day_and_time) == day_and_time;
}

bool quote_date_is_full(unsigned parts)
{
    const unsigned with_name = QUOTE_DATE_DAY | QUOTE_DATE_MONTH | QUOTE_DATE_YEAR;

    return (parts & QUOTE_DATE_TIME) &&
           ((parts & QUOTE_DATE_WHOLE) || (parts & with_name) == with_name);
}
