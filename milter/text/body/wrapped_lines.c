/* SPDX-License-Identifier: ISC */
#include "text/body/wrapped_lines.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/utf8.h"

enum {
    LEAST_WIDTH = 60, /* of a paragraph that a program wrapped, in characters */
    MOST_WIDTH = 80,
    MOST_BYTES = MOST_WIDTH * 4, /* that many characters can take */
    MAX_NUMBER_DIGITS = 3,       /* of an item in a list */
    FIELD_BYTES = 25             /* where the colon of "Next match: Friday" may stand */
};

/* A line without its end and the white space before that. */
struct line {
    const char *text;
    size_t length_bytes;
    size_t width; /* in characters; MOST_WIDTH + 1 stands for any more */
    bool is_one_word;
    const char *behind; /* the next line's beginning */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* How many characters bytes of UTF-8 are; no more than MOST_WIDTH + 1. */
static size_t count_characters(const char *text, size_t length_bytes)
{
    size_t count = 0;

    if (length_bytes > MOST_BYTES)
        return MOST_WIDTH + 1;
    for (size_t i = 0; i < length_bytes; i++)
        count += (text[i] & 0xC0) != 0x80;
    return count <= MOST_WIDTH ? count : MOST_WIDTH + 1;
}

static size_t word_bytes(const char *text, size_t length_bytes)
{
    size_t i = 0;

    while (i < length_bytes && !is_blank(text[i]))
        i++;
    return i;
}

static struct line read_line(const char *text, const char *end)
{
    const char *line_end = memchr(text, '\n', (size_t)(end - text));
    struct line line = {.text = text, .behind = line_end ? line_end + 1 : end};

    line.length_bytes = (size_t)((line_end ? line_end : end) - text);
    while (line.length_bytes > 0 && is_blank(text[line.length_bytes - 1]))
        line.length_bytes--;
    line.width = count_characters(text, line.length_bytes);
    line.is_one_word = word_bytes(text, line.length_bytes) == line.length_bytes;
    return line;
}

/* A long address stands on a line of its own however wide the text is. */
static bool is_long_word(const struct line *line)
{
    return line->is_one_word && line->width > LEAST_WIDTH;
}

static bool begins(const struct line *line, const char *beginning)
{
    size_t length = strlen(beginning);

    return line->length_bytes >= length && memcmp(line->text, beginning, length) == 0;
}

/* "1. ", "12) ", "a) ", "(b) ". */
static bool is_numbered(const struct line *line)
{
    size_t at = begins(line, "(") ? 1 : 0, start = at;
    const char *text = line->text;

    while (at < line->length_bytes && is_digit(text[at]) &&
           at - start < MAX_NUMBER_DIGITS)
        at++;
    if (at == start && at < line->length_bytes &&
        (is_small(text[at]) || is_capital(text[at])))
        at++;
    else if (at > start && at < line->length_bytes && text[at] == '.')
        return at + 1 == line->length_bytes || is_blank(text[at + 1]);
    return at > start && at < line->length_bytes && text[at] == ')' &&
           (at + 1 == line->length_bytes || is_blank(text[at + 1]));
}

static bool is_list_item(const struct line *line)
{
    static const char *const bullets[] = {"- ", "* ", "+ ", "– ", "— ", "•",
                                          "·",  "◦",  "▪",  "●",  "‣",  "➢"};

    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
        if (begins(line, bullets[i]))
            return true;
    return is_numbered(line);
}

/* Whether it begins with anything but a small letter. */
static bool may_begin_sentence(const struct line *line)
{
    return !utf8_is_small(utf8_first(line->text, line->length_bytes));
}

/* Whether it begins with a letter, or something else outside ASCII. */
static bool has_letter(const struct line *line)
{
    return is_small(*line->text) || is_capital(*line->text) || (*line->text & 0x80);
}

/* "Key: value" or "Two words: value". */
static bool is_field(const struct line *line)
{
    size_t at = 0, spaces = 0;

    if (line->length_bytes == 0 || !may_begin_sentence(line) || !has_letter(line))
        return false;
    while (at < line->length_bytes && at < FIELD_BYTES && line->text[at] != ':')
        spaces += line->text[at++] == ' ';
    return at < line->length_bytes && line->text[at] == ':' && spaces <= 1 &&
           (at + 1 == line->length_bytes || is_blank(line->text[at + 1]));
}

/* Whether a line may be what is left of the one above it. */
static bool may_go_on(const struct line *line)
{
    return line->length_bytes > 0 && !is_blank(*line->text) && *line->text != '>' &&
           !is_long_word(line) && !is_list_item(line) && !is_field(line);
}

/* Whether two lines begin with the same word, in a capital, as the entries of a list
 * do.
 */
static bool begin_alike(const struct line *line, const struct line *next)
{
    size_t word = word_bytes(line->text, line->length_bytes);

    return word > 0 && may_begin_sentence(line) &&
           word == word_bytes(next->text, next->length_bytes) &&
           memcmp(line->text, next->text, word) == 0;
}

/* Whether a sentence ends with a line and another begins with the next. Then the line
 * may have been broken on purpose, and it does no harm to leave it so. */
static bool is_sentence_between(const struct line *line, const struct line *next)
{
    return line->length_bytes > 0 &&
           strchr(".!?:;)", line->text[line->length_bytes - 1]) &&
           next->length_bytes > 0 && may_begin_sentence(next);
}

/* Whether a program broke the text between two lines because the next word did not fit
 * in a paragraph of that width. */
static bool is_wrapped(const struct line *line, const struct line *next, size_t width)
{
    size_t word = word_bytes(next->text, next->length_bytes);

    return width >= LEAST_WIDTH && width <= MOST_WIDTH && !is_long_word(line) &&
           may_go_on(next) && !begin_alike(line, next) &&
           !is_sentence_between(line, next) &&
           line->width + 1 + count_characters(next->text, word) > width;
}

/* "after-" and "school" are one word. */
static bool is_hyphenated(const struct line *line, const struct line *next)
{
    const char *end = line->text + line->length_bytes;

    return line->length_bytes > 1 && end[-1] == '-' &&
           (is_small(end[-2]) || is_capital(end[-2]) || (end[-2] & 0x80)) &&
           (is_small(*next->text) || (*next->text & 0x80));
}

/* The width of the paragraph that begins here: of its longest line. */
static size_t measure_paragraph(const char *text, const char *end,
                                const char **behind_out)
{
    size_t width = 0;

    while (text < end) {
        struct line line = read_line(text, end);

        if (line.length_bytes == 0)
            break;
        if (line.width > width && !is_long_word(&line))
            width = line.width;
        text = line.behind;
    }
    *behind_out = text;
    return width;
}

/* Moves a line to its new place, which is not after its old one. If next goes on with
 * it, a space or nothing stands for its line end. Returns the new end. */
static char *move_line(char *to, const struct line *line, const struct line *next)
{
    size_t length = next ? line->length_bytes : (size_t)(line->behind - line->text);
    bool has_space = next && !is_hyphenated(line, next);

    if (to != line->text)
        memmove(to, line->text, length);
    to += length;
    if (has_space)
        *to++ = ' ';
    return to;
}

/* The same for the lines of a paragraph. */
static char *move_paragraph(char *to, const char *text, const char *end, size_t width)
{
    struct line line = read_line(text, end), next;

    for (; line.behind < end; line = next) {
        next = read_line(line.behind, end);
        to = move_line(to, &line, is_wrapped(&line, &next, width) ? &next : NULL);
    }
    return move_line(to, &line, NULL);
}

void wrapped_lines_join(char *text)
{
    const char *at = text, *end = text + strlen(text), *behind;
    char *to = text;

    while (at < end) {
        struct line line = read_line(at, end);
        size_t width;

        if (line.length_bytes == 0) {
            to = move_line(to, &line, NULL);
            at = line.behind;
            continue;
        }
        width = measure_paragraph(at, end, &behind);
        to = move_paragraph(to, at, behind, width);
        at = behind;
    }
    *to = '\0';
}
