/* SPDX-License-Identifier: ISC */
/* The footers of phones and mail programs; signature.h declares the function. */
#include "text/body/signature.h"

#include <string.h>

#include "base/utf8.h"
#include "text/body/phrase.h"
#include "text/language/language_index.h"

enum {
    MAX_LINE_BYTES = 1000, /* links that a mail system has wrapped are long */
    MAX_CHARACTERS = 160,  /* without them */
    MAX_WORDS = 16,
    MAX_WORDS_WITH_LINK = 6, /* of a footer whose link says what it is */
    MAX_UNKNOWN_WORDS = 2,   /* a make of phones that the tables do not have */
    MAX_MODEL_DIGITS = 4,    /* "Windows 10"; more are a number to call */
    UNKNOWN = LANGUAGE_LISTS /* the role of a word that is in no list */
};

/* A word without the punctuation around it. */
struct word {
    const char *text;
    size_t length;
};

/* Whether it is a word of the lists; "*" at the end of one stands for any ending. */
static bool is_word(struct word word, const char *known)
{
    size_t length = strlen(known);

    if (known[length - 1] == '*')
        return word.length >= --length && memcmp(word.text, known, length) == 0;
    return word.length == length && memcmp(word.text, known, length) == 0;
}

/* A model's number, such as "10", "S21" or "K-9". */
static bool is_model(struct word word)
{
    size_t digits = 0;

    for (size_t i = 0; i < word.length; i++)
        digits += word.text[i] >= '0' && word.text[i] <= '9';
    return digits > 0 && digits <= MAX_MODEL_DIGITS;
}

/* The role of a word. If it has several, the one that language.h lists first counts. */
static unsigned read_role(struct word word)
{
    struct language_walk walk = language_walk_at(GROUP_FOOTER_WORDS, word.text);
    const struct language_phrase *known;
    unsigned role = UNKNOWN;

    while ((known = language_walk_next(&walk)))
        if (known->list < role && is_word(word, known->text))
            role = known->list;
    return role == UNKNOWN && is_model(word) ? FOOTER_FILLER : role;
}

/* The next word after *at, which moves after it; empty at the end. */
static struct word next_word(const char **at)
{
    static const char around[] = ".,;:!-";
    struct word word = {.text = *at + strspn(*at, " .,;:!-")};

    word.length = strcspn(word.text, " ");
    *at = word.text + word.length;
    while (word.length > 0 && strchr(around, word.text[word.length - 1]))
        word.length--;
    return word;
}

/* Which roles were met, as bits, and how many words have none. */
struct tally {
    unsigned roles, unknown;
};

static unsigned bit(unsigned role)
{
    return role == UNKNOWN ? 0 : 1U << (role - FOOTER_SENT);
}

static bool has(const struct tally *tally, unsigned role)
{
    return tally->roles & bit(role);
}

static bool is_complete(const struct tally *tally)
{
    bool has_device = has(tally, FOOTER_DEVICE) || has(tally, FOOTER_PROGRAM);

    return (has(tally, FOOTER_SENT) && has(tally, FOOTER_FROM) && has_device) ||
           (has(tally, FOOTER_SENT_FROM) && has_device) ||
           (has(tally, FOOTER_GET) && has(tally, FOOTER_PROGRAM));
}

/* Whether all words of a line belong to a footer; a sentence that says something else
 * has other words. Words that are not known may be the make of a phone, so a device
 * must follow them. */
static bool are_footer(const struct phrase_text *text, unsigned max_unknown)
{
    struct tally tally = {0};
    const char *at = text->text;
    bool is_open = false; /* a device is to follow */

    for (unsigned i = 0; i < MAX_WORDS; i++) {
        struct word word = next_word(&at);
        unsigned role;

        if (word.length == 0)
            return !is_open && is_complete(&tally);
        role = read_role(word);
        if (role == FOOTER_EXCUSE)
            return !is_open && is_complete(&tally) && phrase_is_in(text, FOOTER_FAULT);
        tally.roles |= bit(role);
        tally.unknown += role == UNKNOWN;
        if (tally.unknown > max_unknown)
            return false;
        is_open = role == UNKNOWN || (is_open && role != FOOTER_DEVICE);
    }
    return false;
}

/* The length of a link in brackets that begins here, with the brackets:
 * "<https://aka.ms>". 0 if there is none. */
static size_t link_length(const char *at, size_t length)
{
    const char *end;

    if (length < 6 || (*at != '<' && *at != '(') ||
        (memcmp(at + 1, "http", 4) != 0 && memcmp(at + 1, "www.", 4) != 0))
        return 0;
    end = memchr(at, *at == '<' ? '>' : ')', length);
    return end ? (size_t)(end + 1 - at) : 0;
}

/* The words of a line without the links in it, such as of
 * "Get Outlook for iOS<https://aka.ms/o0ukef>". Returns whether a link is one that only
 * footers have. */
static bool read_words(struct phrase_text *text, const struct body_line *line)
{
    bool has_footer_link = false;
    const char *at = line->words, *start = at, *end = at + line->words_bytes;

    phrase_text_begin(text);
    while (at < end) {
        size_t link = link_length(at, (size_t)(end - at));

        if (link > 0) {
            phrase_text_add(text, start, (size_t)(at - start));
            has_footer_link |= language_begins(FOOTER_LINK, at + 1, link - 1);
        }
        at += link > 0 ? link : 1;
        if (link > 0)
            start = at;
    }
    phrase_text_add(text, start, (size_t)(end - start));
    return has_footer_link;
}

/* "Outlook für iOS holen", in any language: few words above such a link, and one of
 * them the program. */
static bool are_few_words(const struct phrase_text *text)
{
    const char *at = text->text;
    bool has_program = false;

    for (unsigned i = 0; i <= MAX_WORDS_WITH_LINK; i++) {
        struct word word = next_word(&at);

        if (word.length == 0)
            return has_program;
        has_program |= read_role(word) == FOOTER_PROGRAM;
    }
    return false;
}

static bool is_slogan(const struct phrase_text *text)
{
    const char *end = phrase_end(text->text, FOOTER_SLOGAN);

    return end && end[strspn(end, ".! ")] == '\0';
}

/* Most lines are told apart by how they begin. */
static bool has_opening(const struct body_line *line)
{
    if (line->words_bytes < 2)
        return false;
    if (strchr("[*_", *line->words)) /* a link's text, emphasis */
        return true;
    return language_begins(FOOTER_OPENING, line->words, line->words_bytes);
}

/* A link in brackets is at the end of a footer. */
static bool may_have_link(const struct body_line *line)
{
    return line->words_bytes > 0 && strchr(">)", line->words[line->words_bytes - 1]);
}

bool signature_is_mobile_footer(const struct body_line *line)
{
    struct phrase_text text;

    if (line->words_bytes > MAX_LINE_BYTES ||
        !(has_opening(line) || may_have_link(line)))
        return false;
    if (read_words(&text, line) && are_few_words(&text))
        return true;
    if (!has_opening(line) || utf8_count(text.text, text.length_bytes) > MAX_CHARACTERS)
        return false;
    return is_slogan(&text) ||
           are_footer(&text,
                      phrase_begins(&text, FOOTER_FROM_MY) ? MAX_UNKNOWN_WORDS : 0);
}
