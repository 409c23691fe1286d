/* SPDX-License-Identifier: ISC */
/* The warnings that mail systems put above mail from outside; disclaimer.h declares the
 * function. */
#include "text/body/disclaimer.h"

#include <string.h>

#include "base/utf8.h"
#include "text/body/phrase.h"
#include "text/language/language_index.h"

enum {
    MAX_BANNERS = 4,
    MAX_LINES = 8,           /* of a banner */
    MAX_LINE_BYTES = 600,    /* the text of the mail may stand on the same line */
    WRAPPED_CHARACTERS = 50, /* a line of at least this many may have been wrapped */
    RULE_CHARACTERS = 3
};

static bool is_rule(const struct body_line *line)
{
    char mark = line->words_bytes > 0 ? line->words[0] : '\0';

    if (!mark || !strchr("_-*=~", mark) || line->words_bytes < RULE_CHARACTERS)
        return false;
    for (size_t i = 0; i < line->words_bytes; i++)
        if (line->words[i] != mark && line->words[i] != ' ')
            return false;
    return true;
}

static bool is_gap(const struct body_line *line)
{
    return line->words_bytes == 0 || is_rule(line);
}

static size_t skip_gap(const struct body_line *lines, size_t start, size_t count)
{
    while (start < count && is_gap(&lines[start]))
        start++;
    return start;
}

/* The words of this line and those below it in its paragraph. */
static void read_paragraph(struct phrase_text *text, const struct body_line *lines,
                           size_t start, size_t count)
{
    phrase_text_begin(text);
    for (size_t i = start; i < count && i - start < MAX_LINES && !is_gap(&lines[i]);
         i++)
        phrase_text_add(text, lines[i].words, lines[i].words_bytes);
}

/* "External email", with or without brackets and a colon. */
static bool is_tag(const struct phrase_text *text)
{
    struct language_walk walk = language_walk_at(BANNER_TAG, text->text);
    const struct language_phrase *tag;

    while ((tag = language_walk_next(&walk))) {
        const char *end = phrase_match(text->text, tag->text);

        if (end && end[strspn(end, ".:!- ")] == '\0')
            return true;
    }
    return false;
}

static bool gives_advice(const struct phrase_text *text)
{
    return phrase_is_in(text, BANNER_ADVICE);
}

/* Whether the text begins with an alert and says that the mail comes from outside.
 */
static bool is_warning(const struct phrase_text *text)
{
    if (!phrase_begins(text, BANNER_ALERT))
        return false;
    return phrase_is_in(text, BANNER_FROM_ELSEWHERE) ||
           (phrase_is_in(text, BANNER_ELSEWHERE) && gives_advice(text));
}

/* Whether a program broke the line: a sentence goes on, or its link stands alone. */
static bool is_broken(const struct body_line *line, const struct body_line *next)
{
    uint32_t first = utf8_first(next->words, next->words_bytes);

    return (utf8_count(line->words, line->words_bytes) >= WRAPPED_CHARACTERS &&
            utf8_is_small(first)) ||
           body_line_begins(next, "<http");
}

/* Finds the end of a banner that begins with this line, whose words are in *banner. The
 * banner goes on until it has warned, and as long as its lines give advice. The text of
 * the mail may follow without a blank line. */
static size_t find_end(const struct body_line *lines, size_t start, size_t count,
                       struct phrase_text *banner, bool is_warned)
{
    size_t at = start + 1;

    for (; at < count && at - start < MAX_LINES && !is_gap(&lines[at]); at++) {
        struct phrase_text text;

        phrase_text_read(&text, lines[at].words, lines[at].words_bytes);
        if (is_warned && !gives_advice(&text) && !is_broken(&lines[at - 1], &lines[at]))
            break;
        phrase_text_add(banner, lines[at].words, lines[at].words_bytes);
        is_warned |= is_warning(banner);
    }
    return at;
}

/* Whether the link of Exchange's tip on first contact is on the first line, or on the
 * next one if the first may have been wrapped. The link is the same in all languages.
 */
static bool has_tip_link(const struct body_line *lines, size_t start, size_t count)
{
    struct phrase_text text;

    phrase_text_read(&text, lines[start].words, lines[start].words_bytes);
    if (start + 1 < count && !is_gap(&lines[start + 1]) &&
        utf8_count(lines[start].words, lines[start].words_bytes) >= WRAPPED_CHARACTERS)
        phrase_text_add(&text, lines[start + 1].words, lines[start + 1].words_bytes);
    return phrase_is_in(&text, BANNER_LINK);
}

/* The end of the banner that begins with this line; the line itself if none does. */
static size_t read_banner(const struct body_line *lines, size_t start, size_t count)
{
    struct phrase_text line, paragraph;

    if (lines[start].words_bytes > MAX_LINE_BYTES)
        return start;
    phrase_text_read(&line, lines[start].words, lines[start].words_bytes);
    if (is_tag(&line))
        return start + 1;
    if (phrase_begins(&line, BANNER_FIRST_CONTACT) || has_tip_link(lines, start, count))
        return find_end(lines, start, count, &line, true);
    read_paragraph(&paragraph, lines, start, count);
    if (!is_warning(&paragraph))
        return start;
    return find_end(lines, start, count, &line, is_warning(&line));
}

size_t disclaimer_banner_lines(const struct body_line *lines, size_t count)
{
    size_t found = 0;

    for (size_t i = 0; i < MAX_BANNERS; i++) {
        size_t start = skip_gap(lines, found, count), end;

        if (start == count)
            break;
        end = read_banner(lines, start, count);
        if (end == start)
            break;
        found = skip_gap(lines, end, count);
    }
    return found;
}
