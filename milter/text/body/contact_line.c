/* SPDX-License-Identifier: ISC */
#include "text/body/contact_line.h"

#include <string.h>

#include "base/utf8.h"
#include "text/body/phrase.h"
#include "text/language/language_index.h"

enum {
    MAX_LINE_BYTES = 250,
    LONE_NUMBER_DIGITS = 9, /* a number without a label: a date has 8 */
    LONE_NUMBER_MOST = 15,  /* ITU-T E.164: more are several numbers, or none */
    LABELLED_DIGITS = 5,    /* an extension has fewer, a local number more */
    /* How many other words a line may have beside its contact data: more if a label has
       a colon. */
    WORDS_WITH_COLON = 3,
    WORDS_WITHOUT_COLON = 1,
    WORDS_WITH_POSTCODE = 4, /* with the two of the postcode */
    OFFICIAL_DIGITS = 5,     /* of an organisation's number */
    MAX_TITLE_CHARACTERS = 90,
    MAX_TITLE_WORDS = 9,
    MAX_ABBREVIATION = 5, /* with a full stop at the end of a title */
    TOWN_CODE_DIGITS = 4, /* or 5, before the name of a town */
    MAX_TOWN_WORDS = 4
};

/* What the words of a line are. */
struct tally {
    unsigned digits, emails, home_pages, links, labels, words;
    bool has_colon;    /* after a label */
    bool has_slash;    /* in a number, as in a date */
    bool has_postcode; /* at the end */
};

/* A word of a phrase_text: up to the next space. */
struct word {
    const char *text;
    size_t length;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c & 0x80);
}

static bool begins(struct word word, const char *beginning)
{
    size_t length = strlen(beginning);

    return word.length >= length && memcmp(word.text, beginning, length) == 0;
}

static bool is_one_label(struct word word)
{
    return language_find(CONTACT_LABEL, word.text, word.length);
}

/* "tel", "tel.:", "ffôn/tel:". */
static bool is_label(struct word word)
{
    const char *slash = memchr(word.text, '/', word.length);

    while (word.length > 0 && strchr(".:", word.text[word.length - 1]))
        word.length--;
    if (slash && slash + 1 < word.text + word.length) {
        struct word first = {word.text, (size_t)(slash - word.text)};

        if (!is_one_label(first))
            return false;
        word.length -= first.length + 1;
        word.text = slash + 1;
    }
    return is_one_label(word);
}

static bool is_email(struct word word)
{
    const char *at_sign = memchr(word.text, '@', word.length);
    size_t before = at_sign ? (size_t)(at_sign - word.text) : 0;

    return before > 0 && memchr(at_sign, '.', word.length - before);
}

/* A page of a site has a path; its home page has none. */
static bool is_home_page(struct word url)
{
    const char *path = memchr(url.text, '/', url.length);

    if (path && begins(url, "http") && path[1] == '/') {
        size_t host = (size_t)(path + 2 - url.text);

        path = memchr(url.text + host, '/', url.length - host);
    }
    return !path || (size_t)(path + 1 - url.text) == url.length;
}

static void count_number(struct tally *tally, struct word word)
{
    for (size_t i = 0; i < word.length; i++) {
        tally->digits += is_digit(word.text[i]);
        tally->has_slash |= word.text[i] == '/';
    }
}

/* Digits and what is written between them. */
static bool is_number(struct word word)
{
    return strspn(word.text, "0123456789+-./,#;") >= word.length;
}

/* "school.example" after a label; a sentence does not end within a word. */
static bool is_host(struct word word)
{
    const char *dot = memchr(word.text, '.', word.length);
    const char *end = word.text + word.length;

    return dot && dot - word.text > 0 && end - dot > 2 && is_letter(dot[1]) &&
           is_letter(end[-1]);
}

static void count_word(struct tally *tally, struct word word)
{
    if (begins(word, "http://") || begins(word, "https://") || begins(word, "www."))
        (*(is_home_page(word) ? &tally->home_pages : &tally->links))++;
    else if (is_email(word))
        tally->emails++;
    else if (is_number(word))
        count_number(tally, word);
    else if (is_label(word)) {
        tally->labels++;
        tally->has_colon |= word.text[word.length - 1] == ':';
    } else if (tally->labels > 0 && is_host(word))
        tally->home_pages++;
    else
        tally->words++;
}

/* A label and its value without a space between them, "tel:01632", are two words. */
static void count_label_and_value(struct tally *tally, struct word word)
{
    const char *colon = memchr(word.text, ':', word.length);
    size_t label_length = colon ? (size_t)(colon + 1 - word.text) : 0;

    if (label_length > 0 && label_length < word.length &&
        is_label((struct word){word.text, label_length})) {
        count_word(tally, (struct word){word.text, label_length});
        word.text += label_length;
        word.length -= label_length;
    }
    count_word(tally, word);
}

/* "ls1 4ab", "sw1a 2aa": a British postcode at the end of the text. */
static bool ends_in_postcode(const struct phrase_text *text)
{
    const char *end = text->text + text->length_bytes;
    size_t area = 0, district = 0;

    if (text->length_bytes > 0 && end[-1] == '.')
        end--;
    if (end - text->text < 6 || !is_letter(end[-1]) || !is_letter(end[-2]) ||
        !is_digit(end[-3]) || end[-4] != ' ')
        return false;
    end -= 4;
    while (end > text->text && end[-1] != ' ')
        end--;
    while (is_letter(end[area]))
        area++;
    while (is_digit(end[area + district]))
        district++;
    return area >= 1 && area <= 2 && district >= 1 && district <= 2 &&
           (end[area + district] == ' ' || end[area + district + 1] == ' ');
}

static struct tally count_words(const struct phrase_text *text)
{
    struct tally tally = {.has_postcode = ends_in_postcode(text)};
    struct word word = {text->text, 0};

    while (*word.text) {
        word.length = strcspn(word.text, " ");
        count_label_and_value(&tally, word);
        word.text += word.length;
        word.text += *word.text == ' ';
    }
    return tally;
}

static bool has_value(const struct tally *tally)
{
    return tally->digits >= LABELLED_DIGITS || tally->emails > 0 ||
           tally->home_pages > 0 || tally->links > 0;
}

static bool is_lone_number(const struct tally *tally)
{
    return tally->digits >= LONE_NUMBER_DIGITS && tally->digits <= LONE_NUMBER_MOST &&
           !tally->has_slash;
}

static bool is_labelled(const struct tally *tally)
{
    return tally->labels > 0 && has_value(tally) &&
           tally->words <= (tally->has_colon ? WORDS_WITH_COLON : WORDS_WITHOUT_COLON);
}

/* ---- words in the case they were written in ---- */

/* A word of a line without the punctuation around it, and its first character. */
struct line_word {
    const char *text;
    size_t length;
    uint32_t first;
};

/* The next word after *at, which moves after it; empty where it is punctuation. */
static struct line_word next_line_word(const char **at, const char *end)
{
    static const char around[] = "()[]{}<>*_-,;|/&\"'+.";
    struct line_word word;
    const char *word_end, *character;

    while (*at < end && strchr(" \t", **at))
        (*at)++;
    word.text = *at;
    while (*at < end && !strchr(" \t", **at))
        (*at)++;
    word_end = *at;
    while (word.text < word_end && strchr(around, *word.text))
        word.text++;
    while (word_end > word.text && strchr(around, word_end[-1]))
        word_end--;
    word.length = (size_t)(word_end - word.text);
    word.first = 0;
    character = word.text;
    if (utf8_length(word.text, word.length) > 0)
        utf8_next(&character, &word.first);
    return word;
}

/* Whether a word in small letters may stand in a title. */
static bool is_title_word(struct line_word word)
{
    struct phrase_text text;

    phrase_text_read(&text, word.text, word.length);
    return phrase_begins(&text, TITLE_WORD);
}

/* What the words of a line are, if it may be a title. */
struct title {
    unsigned words, numbers;
    bool begins_with_code; /* of a town */
};

/* Signs between words: bullets, dashes, quotation marks. */
static bool is_sign(struct line_word word)
{
    return (word.first >= 0xA1 && word.first <= 0xBF) ||
           (word.first >= 0x2000 && word.first <= 0x2BFF);
}

/* A small letter, or one of a script without case. */
static bool may_be_title_word(uint32_t first)
{
    return utf8_is_small(first) || (first >= 0x590 && first < 0x900);
}

static bool add_title_word(struct title *title, struct line_word word)
{
    if (word.length == 0 || is_sign(word))
        return true;
    if (is_digit(*word.text)) {
        title->begins_with_code =
            title->words == 0 &&
            (word.length == TOWN_CODE_DIGITS || word.length == TOWN_CODE_DIGITS + 1);
        title->numbers++;
    }
    title->words++;
    return is_digit(*word.text) || *word.text == '@' || utf8_is_capital(word.first) ||
           (may_be_title_word(word.first) && is_title_word(word));
}

/* Reads the words of a line; false if one of them is of a sentence. */
static bool read_title(struct title *title, const struct body_line *line)
{
    const char *at = line->words, *end = at + line->words_bytes;

    *title = (struct title){0};
    while (at < end)
        if (!add_title_word(title, next_line_word(&at, end)))
            return false;
    return title->words > 0;
}

/* "1 High Street, Leeds LS1 4AB"; not "Meet at Leeds LS1 4AB". */
static bool is_address(const struct tally *tally, const struct body_line *line,
                       const struct phrase_text *text)
{
    struct title title;

    return tally->has_postcode && read_title(&title, line) &&
           !phrase_is_in(text, NEWS_WORD) &&
           (tally->words <= WORDS_WITH_POSTCODE ||
            memchr(line->words, ',', line->words_bytes) ||
            phrase_is_in(text, STREET_WORD));
}

/* "Jo Smith <jo@school.example>". */
static bool is_mailbox(const struct tally *tally, const struct body_line *line)
{
    return tally->emails > 0 && tally->words <= WORDS_WITH_COLON &&
           line->words[line->words_bytes - 1] == '>' &&
           memchr(line->words, '<', line->words_bytes);
}

static size_t count_digits(const char *text)
{
    size_t digits = 0;

    for (; *text; text++)
        digits += is_digit(*text);
    return digits;
}

/* The end of the longest phrase of a list that begins the text, and of the space after
 * it; NULL if there is none. */
static const char *behind_phrase(const struct phrase_text *text,
                                 enum language_list list)
{
    const char *end = phrase_end(text->text, list);

    return end ? end + strspn(end, " ") : NULL;
}

static bool is_official(const struct phrase_text *text)
{
    const char *place = behind_phrase(text, OFFICIAL_PLACE);
    const char *end = behind_phrase(text, OFFICIAL);

    if (place)
        return *place == ':';
    return end && (*end == ':' || count_digits(text->text) >= OFFICIAL_DIGITS);
}

enum contact contact_line_read(const struct body_line *line)
{
    struct phrase_text text;
    struct tally tally;

    if (line->words_bytes == 0 || line->words_bytes > MAX_LINE_BYTES)
        return CONTACT_NO;
    phrase_text_read(&text, line->words, line->words_bytes);
    tally = count_words(&text);
    if (tally.words == 0 && tally.labels == 0 && tally.links > 0 && tally.emails == 0 &&
        tally.home_pages == 0)
        return CONTACT_LINK;
    if (tally.words == 0 &&
        (tally.emails > 0 || tally.home_pages > 0 || is_lone_number(&tally)))
        return CONTACT_DATA;
    if (phrase_begins(&text, OF_OTHERS))
        return CONTACT_NO;
    if (is_labelled(&tally) || is_mailbox(&tally, line) ||
        is_address(&tally, line, &text) || is_official(&text))
        return CONTACT_DATA;
    return CONTACT_NO;
}

/* Whether the last character ends a sentence, and no abbreviation. */
static bool ends_like_sentence(const struct body_line *line)
{
    const char *start = line->words, *end = start + line->words_bytes, *word = end;

    if (strchr("!?:", end[-1]))
        return true;
    while (word > start && word[-1] != ' ')
        word--;
    return end[-1] == '.' && end - word > MAX_ABBREVIATION;
}

bool contact_line_is_title(const struct body_line *line)
{
    struct phrase_text text;
    struct title title;

    if (line->words_bytes == 0 ||
        utf8_count(line->words, line->words_bytes) > MAX_TITLE_CHARACTERS ||
        ends_like_sentence(line) || !read_title(&title, line) ||
        title.words > MAX_TITLE_WORDS || title.numbers > 2)
        return false;
    phrase_text_read(&text, line->words, line->words_bytes);
    if (phrase_is_in(&text, NEWS_WORD))
        return false;
    if (title.numbers == 0 || (title.begins_with_code && title.words <= MAX_TOWN_WORDS))
        return true;
    return phrase_is_within(&text, STREET_END) || phrase_is_in(&text, STREET_NUMBERED);
}

/* The part of a line that ends at its next bar, without white space around it. */
static struct body_line read_part(const char **at, const char *end)
{
    struct body_line part = {.words = *at};
    const char *bar = memchr(*at, '|', (size_t)(end - *at));
    const char *part_end = bar ? bar : end;

    *at = bar ? bar + 1 : end;
    while (part.words < part_end && *part.words == ' ')
        part.words++;
    while (part_end > part.words && part_end[-1] == ' ')
        part_end--;
    part.words_bytes = (size_t)(part_end - part.words);
    return part;
}

unsigned contact_line_items(const struct body_line *line)
{
    const char *at = line->words, *end = at + line->words_bytes;
    unsigned items = 0;

    if (line->words_bytes > MAX_LINE_BYTES || !memchr(at, '|', line->words_bytes))
        return 0;
    while (at < end) {
        struct body_line part = read_part(&at, end);

        if (contact_line_read(&part) == CONTACT_DATA)
            items++;
        else if (part.words_bytes > 0 && !contact_line_is_title(&part))
            return 0;
    }
    return items;
}
