/* SPDX-License-Identifier: ISC */
#include "text/body/quote_intro.h"

#include <string.h>

#include "text/body/quote_attribution.h"
#include "text/body/quote_header.h"
#include "text/body/quote_phrases.h"
#include "text/body/quote_words.h"
#include "text/language/language.h"

enum {
    MIN_RULE_MARKS = 20,     /* of a rule above a header; Outlook writes 32 */
    MIN_SEPARATOR_MARKS = 2, /* before the words of a separator */
    MIN_NOTES_MARKS = 4,     /* before "Forwarded by", which prose may begin with */
    MAX_BLANK_LINES = 2,     /* between a separator and a header */
    MAX_ANNOUNCEMENT_BYTES = LANGUAGE_MOST_BYTES
};

enum separator {
    SEPARATOR_NONE,
    SEPARATOR_RULE,
    SEPARATOR_WORDS, /* "-----Original Message-----", "Begin forwarded message:" */
    SEPARATOR_NOTES  /* "----- Forwarded by Jo on 23/11/2026 09:12 -----" */
};

/* What a rule is drawn with, once its dashes are plain ones. */
static const char marks[] = "-_*=~";

static bool may_begin_rule(const struct body_line *line)
{
    return line->words_bytes > 0 &&
           (memchr(marks, *line->words, sizeof marks - 1) || *line->words == '\xE2');
}

static size_t count_marks(const char *text, size_t length)
{
    size_t count = 0;

    for (size_t i = 0; i < length; i++)
        count += text[i] != ' ';
    return count;
}

static bool has_digit(const char *text)
{
    return text[strcspn(text, "0123456789")] != '\0';
}

/* Of a line that begins as a rule. */
static enum separator read_rule(const struct body_line *line)
{
    struct quote_words words;
    size_t lead, end, found;

    quote_words_clear(&words);
    if (!quote_words_add(&words, line))
        return SEPARATOR_NONE;
    lead = strspn(words.text, "-_*=~ ");
    found = count_marks(words.text, lead);
    if (lead == words.length)
        return found >= MIN_RULE_MARKS ? SEPARATOR_RULE : SEPARATOR_NONE;
    end = words.length;
    while (end > lead && strchr("-_*=~: ", words.text[end - 1]))
        end--;
    if (found >= MIN_SEPARATOR_MARKS &&
        quote_phrases_is_separator(words.text + lead, end - lead))
        return SEPARATOR_WORDS;
    if (found >= MIN_NOTES_MARKS && has_digit(words.text) &&
        quote_phrases_begins_notes(words.text + lead, end - lead))
        return SEPARATOR_NOTES;
    return SEPARATOR_NONE;
}

/* French has a space before the colon. */
static bool is_announcement(const struct body_line *line)
{
    struct quote_words words;
    size_t length;

    if (line->words_bytes == 0 || line->words_bytes > MAX_ANNOUNCEMENT_BYTES ||
        line->words[line->words_bytes - 1] != ':')
        return false;
    quote_words_clear(&words);
    if (!quote_words_add(&words, line))
        return false;
    length = words.length;
    if (length > 1 && words.text[length - 2] == ' ') {
        words.text[length - 2] = ':';
        length--;
    }
    return quote_phrases_is_announcement(words.text, length);
}

static enum separator read_separator(const struct body_line *line)
{
    if (may_begin_rule(line))
        return read_rule(line);
    return is_announcement(line) ? SEPARATOR_WORDS : SEPARATOR_NONE;
}

/* The first line, from this index on, that is not blank and may follow a separator of
 * that depth; count if there is none. */
static size_t next_words(const struct body_line *lines, size_t count, size_t at)
{
    for (size_t end = at + MAX_BLANK_LINES; at < count && at <= end; at++)
        if (lines[at].words_bytes > 0)
            return lines[at].depth == lines->depth ? at : count;
    return count;
}

/* Notes wraps its line, whose last marks are on the next one then. */
static size_t notes_lines(const struct body_line *lines, size_t count)
{
    struct quote_words words;

    if (count < 2 || lines[1].depth != lines->depth || !may_begin_rule(&lines[1]))
        return 1;
    quote_words_clear(&words);
    if (!quote_words_add(&words, &lines[1]))
        return 1;
    return strspn(words.text, "-_*=~ ") == words.length ? 2 : 1;
}

/* With the header that follows a separator, or the attribution: some programs write
 * both. */
static size_t separated_lines(const struct body_line *lines, size_t count,
                              enum separator separator)
{
    size_t used = separator == SEPARATOR_NOTES ? notes_lines(lines, count) : 1;
    size_t at = next_words(lines, count, used), header;
    struct quote_attribution attribution;

    if (at == count)
        return used;
    header = quote_header_lines(lines + at, count - at, QUOTE_HEADER_SEPARATED);
    if (header > 0)
        return at + header;
    attribution = quote_attribution_read(lines + at, count - at);
    return attribution.is_certain ? at + attribution.line_count : used;
}

/* A rule counts where another introduction follows. People draw theirs with dashes;
 * underscores are Outlook's. */
static size_t ruled_lines(const struct body_line *lines, size_t count)
{
    enum quote_header_place place =
        *lines->words == '_' ? QUOTE_HEADER_RULED : QUOTE_HEADER_ALONE;
    size_t at = next_words(lines, count, 1), more;
    enum separator separator;

    if (at == count)
        return 0;
    separator = read_separator(&lines[at]);
    if (separator == SEPARATOR_WORDS || separator == SEPARATOR_NOTES)
        more = separated_lines(lines + at, count - at, separator);
    else
        more = quote_header_lines(lines + at, count - at, place);
    return more > 0 ? at + more : 0;
}

static size_t mail_lines(const struct body_line *lines, size_t count)
{
    enum separator separator = read_separator(lines);

    switch (separator) {
    case SEPARATOR_NONE:
        return quote_header_lines(lines, count, QUOTE_HEADER_ALONE);
    case SEPARATOR_RULE:
        return ruled_lines(lines, count);
    case SEPARATOR_WORDS:
    case SEPARATOR_NOTES:
        return separated_lines(lines, count, separator);
    }
    return 0;
}

struct quote_intro quote_intro_read(const struct body_line *lines, size_t count)
{
    struct quote_intro intro = {.kind = QUOTE_INTRO_NONE};
    struct quote_attribution attribution;

    if (count == 0)
        return intro;
    intro.line_count = mail_lines(lines, count);
    if (intro.line_count > 0) {
        intro.kind = QUOTE_INTRO_MAIL;
        return intro;
    }
    attribution = quote_attribution_read(lines, count);
    if (attribution.line_count > 0) {
        intro.kind = QUOTE_INTRO_ATTRIBUTION;
        intro.line_count = attribution.line_count;
        intro.is_certain = attribution.is_certain;
    }
    return intro;
}
