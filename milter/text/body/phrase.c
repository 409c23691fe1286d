/* SPDX-License-Identifier: ISC */
#include "text/body/phrase.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"
#include "text/language/language_index.h"

/* The longest character that is appended, with the space before it and the NUL. */
enum { APPEND_BYTES = 1 + 4 + 1 };

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80);
}

/* The plain form of a character: a small letter, a space for what is no part of a
 * phrase, 0 for what nobody sees. */
static uint32_t plain_form(uint32_t point)
{
    static const char dropped[] = "()[]{}<>\"*|\t\r\n\f\v";

    if (point < 0x80)
        return strchr(dropped, (int)point) ? ' ' : utf8_small_letter(point);
    switch (point) {
    case 0xA0:   /* no-break space */
    case 0xA9:   /* copyright */
    case 0xAB:   /* quotation marks */
    case 0xAE:   /* registered */
    case 0xB7:   /* middle dot */
    case 0xBB:   /* quotation marks */
    case 0x2022: /* bullet */
    case 0x202F: /* narrow no-break space */
    case 0x2122: /* trade mark */
    case 0x3000: /* ideographic space */
        return ' ';
    case 0x2212: /* minus */
        return '-';
    default:
        break;
    }
    if (point >= 0x2000 && point <= 0x200A)
        return ' ';
    if (point >= 0x2010 && point <= 0x2015)
        return '-';
    return point >= 0x201A && point <= 0x201F ? ' ' : utf8_fold(point);
}

static void append_bytes(struct phrase_text *text, const char *bytes, size_t count)
{
    if (text->has_gap && text->length_bytes > 0)
        text->text[text->length_bytes++] = ' ';
    text->has_gap = false;
    memcpy(text->text + text->length_bytes, bytes, count);
    text->length_bytes += count;
}

/* Letters whose form was changed have two bytes at most. */
static void append_point(struct phrase_text *text, uint32_t point)
{
    char bytes[2];

    append_bytes(text, bytes, utf8_write_short(point, bytes));
}

/* Whether the text ends in an "e" that is a word so far. */
static bool ends_in_lone_e(const struct phrase_text *text)
{
    const char *end = text->text + text->length_bytes;

    if (text->has_gap || text->length_bytes == 0 || end[-1] != 'e')
        return false;
    return text->length_bytes == 1 || !is_word_byte(end[-2]);
}

/* An underscore is emphasis, except within a word, which is a name then. */
static bool is_emphasis(const struct phrase_text *text, char next)
{
    return text->has_gap || text->length_bytes == 0 ||
           !is_word_byte((char)utf8_small_letter((unsigned char)next));
}

static void add_character(struct phrase_text *text, const char *at, size_t length,
                          char next)
{
    const char *behind = at;
    uint32_t point = (unsigned char)*at, plain;

    if (length > 1)
        utf8_next(&behind, &point);
    plain = point == 0 ? ' ' : plain_form(point);
    if (plain == ' ' || (plain == '_' && is_emphasis(text, next)))
        text->has_gap = true;
    else if (plain == 0 || (plain == '-' && ends_in_lone_e(text)))
        return;
    else if (plain == point)
        append_bytes(text, at, length);
    else
        append_point(text, plain);
}

void phrase_text_begin(struct phrase_text *text)
{
    text->length_bytes = 0;
    text->text[0] = '\0';
    text->has_gap = false;
}

void phrase_text_add(struct phrase_text *text, const char *bytes, size_t length_bytes)
{
    const char *end = bytes + length_bytes;

    text->has_gap = true;
    while (bytes < end && text->length_bytes + APPEND_BYTES <= sizeof text->text) {
        size_t length =
            (*bytes & 0x80) == 0 ? 1 : utf8_length(bytes, (size_t)(end - bytes));

        if (length == 0)
            break;
        add_character(text, bytes, length, bytes + length < end ? bytes[length] : ' ');
        bytes += length;
    }
    text->text[text->length_bytes] = '\0';
}

void phrase_text_read(struct phrase_text *text, const char *bytes, size_t length_bytes)
{
    phrase_text_begin(text);
    phrase_text_add(text, bytes, length_bytes);
}

static const char *word_end(const char *at)
{
    while (is_word_byte(*at))
        at++;
    return at;
}

/* The end of the word that stands here, if the list has its beginning; NULL if not. */
static const char *match_word(const char *at, enum language_list list)
{
    const char *end = phrase_end(at, list);

    return end && is_word_byte(end[-1]) ? word_end(end) : end;
}

static const char *match_adjective(const char *at)
{
    const char *end = match_word(at, MAIL_ADJECTIVE);

    return end && *end == ' ' ? end + 1 : NULL;
}

/* "Electronic message", "messaggio di posta elettronica": a noun, with adjectives
 * before and after it, and with more nouns. */
static const char *match_mail(const char *at)
{
    const char *noun = match_adjective(at);
    const char *end = match_word(noun ? noun : at, MAIL_WORD), *next;

    while (end && *end == ' ') {
        next = match_word(end + 1, MAIL_ADJECTIVE);
        if (!next)
            next = match_word(end + 1, MAIL_WORD);
        if (!next)
            break;
        end = next;
    }
    return end;
}

/* "123", "no. 123", "number: 123", "nr 123". */
static const char *match_number(const char *at)
{
    const char *end;

    at += strspn(at, " .:#");
    end = match_word(at, NUMBER_WORD);
    if (end)
        at = end + strspn(end, " .:#");
    return *at >= '0' && *at <= '9' ? at + strspn(at, "0123456789") : NULL;
}

/* Matches one character of a phrase, which may be a sign: "%", "#" or a space. */
static const char *match_special(const char *at, const char *phrase)
{
    switch (*phrase) {
    case '%':
        return match_mail(at);
    case '#':
        return match_number(at);
    case ' ':
        if (phrase[1] == '\0')
            return is_word_byte(*at) ? NULL : at;
        if (*at == ',')
            at++;
        break;
    default:
        break;
    }
    return *at == *phrase ? at + 1 : NULL;
}

const char *phrase_match(const char *at, const char *phrase)
{
    for (; *phrase && at; phrase++)
        at = match_special(at, phrase);
    return at;
}

const char *phrase_end(const char *at, enum language_list list)
{
    struct language_walk walk = language_walk_at(list, at);
    const struct language_phrase *phrase;
    const char *longest = NULL;

    while ((phrase = language_walk_next(&walk))) {
        const char *end = phrase_match(at, phrase->text);

        if (end && (!longest || end > longest))
            longest = end;
    }
    return longest;
}

const char *phrase_next_word(const char *at)
{
    at = word_end(at);
    while (*at && !is_word_byte(*at))
        at++;
    return *at ? at : NULL;
}

/* Whether a phrase of the list that does not begin with "%" stands here. */
static bool is_one_here(const char *at, enum language_list list)
{
    struct language_walk walk = language_walk_at(list, at);
    const struct language_phrase *phrase;

    while ((phrase = language_walk_next(&walk)))
        if (phrase_match(at, phrase->text))
            return true;
    return false;
}

/* Whether one that begins with "%" stands here; walk is at the first of those. */
static bool is_mail_phrase_here(const char *at, struct language_walk walk)
{
    const struct language_phrase *phrase = language_walk_next(&walk);
    const char *mail_end = phrase ? match_mail(at) : NULL;

    for (; mail_end && phrase; phrase = language_walk_next(&walk))
        if (phrase_match(mail_end, phrase->text + 1))
            return true;
    return false;
}

bool phrase_begins(const struct phrase_text *text, enum language_list list)
{
    return is_one_here(text->text, list);
}

bool phrase_is_in(const struct phrase_text *text, enum language_list list)
{
    const struct language_walk mail_phrases = language_walk_at(list, "%");

    for (const char *at = text->text; at; at = phrase_next_word(at))
        if (is_one_here(at, list) || is_mail_phrase_here(at, mail_phrases))
            return true;
    return false;
}

bool phrase_is_within(const struct phrase_text *text, enum language_list list)
{
    for (const char *at = text->text; *at; at++)
        if (is_one_here(at, list))
            return true;
    return false;
}
