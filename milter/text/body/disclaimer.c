/* SPDX-License-Identifier: ISC */
#include "text/body/disclaimer.h"

#include <stdbool.h>
#include <string.h>

#include "text/body/contact_line.h"
#include "text/body/disclaimer_judge.h"
#include "text/body/phrase.h"

enum {
    MAX_PARAGRAPHS = 60,   /* that are looked at from the end up */
    MAX_LINES = 80,        /* of a paragraph; above them begins another one */
    MAX_CONTACT_LINES = 8, /* of what may stand below a disclaimer: an address */
    SHORT_BYTES = 45,      /* a line that ends before this was not wrapped */
    RULE_CHARACTERS = 2,   /* that are a rule, with "--" the shortest */
    LIST_RULE_BYTES = 40
};

static bool is_seen(const struct body_line *line)
{
    return !line->is_cut && line->words_bytes > 0;
}

/* A line of one character, such as "_____" or "* * * *". */
static bool is_rule(const struct body_line *line)
{
    char mark = line->words_bytes > 0 ? line->words[0] : '\0';
    size_t marks = 0;

    if (!mark || !strchr("_-*=~", mark))
        return false;
    for (size_t i = 0; i < line->words_bytes; i++) {
        if (line->words[i] == mark)
            marks++;
        else if (line->words[i] != ' ')
            return false;
    }
    return marks >= RULE_CHARACTERS;
}

/* What Mailman draws above its footer, which is a paragraph of short lines. */
static bool is_list_rule(const struct body_line *line)
{
    return is_rule(line) && *line->words == '_' && line->words_bytes >= LIST_RULE_BYTES;
}

/* What HTML leaves of a logo: "[cid:image001.png@01D0]", "[image: logo]". */
static bool is_picture(const struct body_line *line)
{
    return line->words_bytes > 2 && line->words[line->words_bytes - 1] == ']' &&
           (body_line_begins(line, "[cid:") || body_line_begins(line, "[image"));
}

static bool is_gap(const struct body_line *line)
{
    return !is_seen(line) || is_rule(line) || is_picture(line);
}

/* Where the blank lines, rules and pictures before this line begin. */
static size_t skip_gap(const struct body_line *lines, size_t end)
{
    while (end > 0 && is_gap(&lines[end - 1]))
        end--;
    return end;
}

/* Where the paragraph that ends here begins. */
static size_t find_paragraph(const struct body_line *lines, size_t end)
{
    size_t start = end;

    for (size_t count = 0; start > 0 && count < MAX_LINES; start--) {
        const struct body_line *line = &lines[start - 1];

        if (line->is_cut)
            continue;
        if (is_gap(line))
            break;
        count++;
    }
    return start;
}

/* Whether something else may begin with the next line. */
static bool ends_piece(const struct body_line *line)
{
    return line->words_bytes < SHORT_BYTES ||
           strchr(".!?:", line->words[line->words_bytes - 1]);
}

/* The end of the piece that begins here: whole sentences, if a line ends with one. */
static size_t find_piece_end(const struct body_line *lines, size_t start, size_t end)
{
    while (start < end) {
        const struct body_line *line = &lines[start++];

        if (is_seen(line) && ends_piece(line))
            break;
    }
    return start;
}

static enum disclaimer_verdict judge_lines(const struct body_line *lines, size_t start,
                                           size_t end)
{
    struct phrase_text text;
    size_t first_line_bytes = 0;

    phrase_text_begin(&text);
    for (; start < end; start++) {
        if (!is_seen(&lines[start]))
            continue;
        phrase_text_add(&text, lines[start].words, lines[start].words_bytes);
        if (first_line_bytes == 0)
            first_line_bytes = text.length_bytes;
        if (text.length_bytes > PHRASE_TEXT_SIZE - 8)
            break;
    }
    return disclaimer_judge(&text, first_line_bytes);
}

/* The first line of the disclaimer in a paragraph, which may have the sender's own
 * words above it without a blank line between; end if there is none. */
static size_t find_in_paragraph(const struct body_line *lines, size_t start, size_t end)
{
    enum disclaimer_verdict whole = judge_lines(lines, start, end);
    size_t related = end, touched = end;

    if (whole == DISCLAIMER_NOT)
        return end;
    if (whole == DISCLAIMER_YES && start > 0 && is_list_rule(&lines[start - 1]))
        return start;
    for (size_t piece = start; piece < end;) {
        size_t piece_end = find_piece_end(lines, piece, end);
        enum disclaimer_verdict verdict = judge_lines(lines, piece, piece_end);

        if (verdict > DISCLAIMER_NOT && touched == end)
            touched = piece;
        if (verdict < DISCLAIMER_RELATED)
            related = end;
        else if (related == end)
            related = piece;
        if (verdict == DISCLAIMER_YES)
            return related;
        piece = piece_end;
    }
    return whole == DISCLAIMER_YES ? touched : end;
}

/* An address below a disclaimer. */
static bool is_contact_paragraph(const struct body_line *lines, size_t start,
                                 size_t end)
{
    size_t count = 0;

    for (; start < end; start++) {
        if (!is_seen(&lines[start]))
            continue;
        if (++count > MAX_CONTACT_LINES ||
            contact_line_read(&lines[start]) == CONTACT_NO)
            return false;
    }
    return true;
}

size_t disclaimer_find(const struct body_line *lines, size_t count)
{
    size_t found = count, end = skip_gap(lines, count);

    for (size_t i = 0; i < MAX_PARAGRAPHS && end > 0; i++) {
        size_t start = find_paragraph(lines, end);
        size_t first = find_in_paragraph(lines, start, end);

        if (first < end)
            found = first;
        else if (!is_contact_paragraph(lines, start, end))
            break;
        if (first > start && first < end)
            break;
        end = skip_gap(lines, start);
    }
    return found < count ? skip_gap(lines, found) : count;
}
