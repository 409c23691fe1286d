/* SPDX-License-Identifier: ISC */
#include "text/body/body_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/body/body_edit.h"
#include "text/body/body_quote.h"
#include "text/body/disclaimer.h"
#include "text/body/signature.h"
#include "text/body/wrapped_lines.h"
#include "text/tidy.h"

/* Customers' patterns see no more of a text than this, far more than an SMS can hold,
 * and take no more time for all of them; each has its share of it. */
enum { STRIP_BYTES = 16 * 1024, STRIP_BUDGET_US = 50000 };

static struct body_line *line_at(struct body_edit *edit, size_t i)
{
    return &edit->lines.items[i];
}

/* Whether a line is the text's own, and still in it. */
static bool is_own(const struct body_edit *edit, size_t i)
{
    const struct body_line *line = &edit->lines.items[i];

    return !line->is_cut && line->depth <= edit->base_depth;
}

/* ---- one stage after the other ---- */

/* The longest line that is looked at for the marker. */
enum { MAX_MARKER_LINE_BYTES = 200 };

/* Full-width forms (U+FF01 to U+FF5E) as what they are of ASCII, in place: they are
 * three octets each. */
static void narrow(char *text)
{
    const char *at = text;
    uint32_t point;

    for (const char *start = at; utf8_next(&at, &point); start = at) {
        size_t length = (size_t)(at - start);

        if (point >= 0xFF01 && point <= 0xFF5E)
            *text++ = (char)(point - 0xFF01 + '!');
        else
            text = (char *)memmove(text, start, length) + length;
    }
    *text = '\0';
}

/* Whether a line is the marker and nothing that is seen but, before it, the mark of a
 * list and, after it, where a link goes. What is below it is private, so in doubt it
 * is one. */
static bool says_marker(const char *line, const char *marker)
{
    size_t length = strlen(marker);

    if (strncmp(line, marker, length) != 0 && strncmp(line, "- ", 2) == 0)
        line += 2;
    return strncmp(line, marker, length) == 0 &&
           (line[length] == '\0' || strncmp(line + length, " (http", 6) == 0);
}

static bool is_marker(const struct body_line *line, const char *marker)
{
    char copy[MAX_MARKER_LINE_BYTES + 1];
    char *tidied;
    bool is_said;

    if (line->words_bytes == 0 || line->words_bytes >= sizeof copy)
        return false;
    if ((*line->words & 0x80) == 0 && *line->words != *marker && *line->words != '-')
        return false; /* nearly all lines */
    memcpy(copy, line->words, line->words_bytes);
    copy[line->words_bytes] = '\0';
    tidied = tidy_text(copy);
    if (!tidied)
        return false;
    narrow(tidied);
    is_said = says_marker(tidied, marker);
    free(tidied);
    return is_said;
}

static void cut_below_end_marker(struct body_edit *edit, const char *marker)
{
    if (!marker || *marker == '\0')
        return;
    for (size_t i = 0; i < edit->lines.count; i++) {
        const struct body_line *line = line_at(edit, i);

        if (!line->is_quote && line->depth == 0 && is_marker(line, marker)) {
            body_edit_cut(edit, i, edit->lines.count, CUT_END_MARKER);
            return;
        }
    }
}

/* A line of a text that is signed in clear (RFC 9580 section 7): "- " before a line
 * that begins with a dash is not of the text. */
static void undo_dash_escape(struct body_line *line)
{
    if (line->length_bytes < 2 || memcmp(line->text, "- ", 2) != 0)
        return;
    line->text += 2;
    line->length_bytes -= 2;
    line->words = line->text;
    line->words_bytes = line->length_bytes;
}

/* The armor around a text that is signed in clear, its header and its signature. */
static void cut_armor(struct body_edit *edit)
{
    size_t count = edit->lines.count, i = 0, end;

    while (i < count &&
           !body_line_is(line_at(edit, i), "-----begin pgp signed message-----"))
        i++;
    if (i == count)
        return;
    for (end = i; end < count && line_at(edit, end)->words_bytes > 0;)
        end++;
    body_edit_cut(edit, i, end, CUT_SIGNATURE);
    for (i = end;
         i < count && !body_line_is(line_at(edit, i), "-----begin pgp signature-----");
         i++)
        undo_dash_escape(line_at(edit, i));
    for (end = i; end < count &&
                  !body_line_is(line_at(edit, end), "-----end pgp signature-----");)
        end++;
    body_edit_cut(edit, i, end < count ? end + 1 : count, CUT_SIGNATURE);
}

static void cut_banner(struct body_edit *edit)
{
    size_t first = 0, length;

    while (first < edit->lines.count &&
           (line_at(edit, first)->is_cut || line_at(edit, first)->words_bytes == 0))
        first++;
    if (first == edit->lines.count)
        return;
    length = disclaimer_banner_lines(line_at(edit, first), edit->lines.count - first);
    body_edit_try_cut(edit, first, first + length, CUT_DISCLAIMER);
}

/* The footers of phones are the last lines that are left. */
static void cut_mobile_footers(struct body_edit *edit)
{
    for (size_t i = edit->lines.count; i-- > 0;) {
        const struct body_line *line = line_at(edit, i);

        if (line->is_cut || line->words_bytes == 0)
            continue;
        if (!signature_is_mobile_footer(line) ||
            !body_edit_try_cut(edit, i, i + 1, CUT_MOBILE_FOOTER))
            return;
    }
}

/* Disclaimers are the last lines that are left, or stand above a postscript. */
static void cut_disclaimers(struct body_edit *edit)
{
    size_t count = edit->lines.count, postscript;

    body_edit_try_cut(edit, disclaimer_find(edit->lines.items, count), count,
                      CUT_DISCLAIMER);
    postscript = signature_find_postscript(edit->lines.items, count);
    if (postscript < count)
        body_edit_try_cut(edit, disclaimer_find(edit->lines.items, postscript),
                          postscript, CUT_DISCLAIMER);
}

static void cut_marked_signatures(struct body_edit *edit)
{
    for (size_t i = 0, end; i < edit->lines.count; i = end) {
        for (end = i; end < edit->lines.count && line_at(edit, end)->is_signature;)
            end++;
        if (end > i)
            body_edit_try_cut(edit, i, end, CUT_SIGNATURE);
        else
            end = i + 1;
    }
}

/* Without the space that it should have, the separator must be near the end: people
 * draw lines with two dashes. */
enum { MAX_LINES_BELOW_BARE_DASHES = 15 };

/* The separator of the signature, the count if there is none. */
static size_t find_separator(struct body_edit *edit)
{
    size_t bare = edit->lines.count, below = 0;

    for (size_t i = 0; i < edit->lines.count; i++) {
        const struct body_line *line = line_at(edit, i);

        if (!is_own(edit, i))
            continue;
        if (!signature_is_separator(line)) {
            below += line->words_bytes > 0;
            continue;
        }
        if (line->words + 2 < line->text + line->length_bytes && line->words[2] == ' ')
            return i;
        bare = i;
        below = 0;
    }
    return below <= MAX_LINES_BELOW_BARE_DASHES ? bare : edit->lines.count;
}

static void cut_signature(struct body_edit *edit)
{
    size_t count = edit->lines.count, separator = find_separator(edit);

    cut_marked_signatures(edit);
    body_edit_try_cut(edit, separator, count, CUT_SIGNATURE);
    if (separator < count)
        return;
    count = signature_find_postscript(edit->lines.items, count);
    body_edit_try_cut(edit, signature_find(edit->lines.items, count), count,
                      CUT_SIGNATURE);
}

/* What stands below the text was put there one below the other, in any order. */
static void cut_tail(struct body_edit *edit)
{
    cut_mobile_footers(edit);
    cut_disclaimers(edit);
    cut_mobile_footers(edit);
    cut_signature(edit);
    cut_disclaimers(edit);
    cut_mobile_footers(edit);
}

/* ---- what is left ---- */

static char *join_lines(struct body_edit *edit, size_t size_bytes)
{
    char *text = malloc(size_bytes + edit->lines.count + 1);
    char *end = text;

    for (size_t i = 0; text && i < edit->lines.count; i++) {
        const struct body_line *line = line_at(edit, i);
        bool is_quoted = edit->base_depth > 0;
        size_t length = is_quoted ? line->words_bytes : line->length_bytes;

        if (line->is_cut)
            continue;
        if (length > 0)
            memcpy(end, is_quoted ? line->words : line->text, length);
        end += length;
        *end++ = '\n';
    }
    if (text)
        *end = '\0';
    return text;
}

/* ---- the customer's patterns ---- */

static bool has_words(const char *text, size_t length_bytes)
{
    const struct body_line line = {.words = text, .words_bytes = length_bytes};

    return body_edit_is_wordy(&line);
}

/* How much of a text patterns see, without half a character at its end. */
static size_t strip_length(const char *text)
{
    size_t length = strnlen(text, STRIP_BYTES + 1);

    return length > STRIP_BYTES ? utf8_floor(text, STRIP_BYTES) : length;
}

/* A text with one pattern's matches taken out, and what came of it. */
struct stripping {
    const char *text;
    size_t length;
    char *left; /* as much room as the text */
    size_t left_length;
    struct cuts cuts;
};

/* Copies what does not match; false where the pattern could not be searched for. */
static bool strip_one(const struct pattern *pattern, struct stripping *strip,
                      long budget_us)
{
    enum pattern_result result;
    struct pattern_match match;
    size_t at = 0;

    strip->left_length = 0;
    while ((result = pattern_find(pattern, strip->text, strip->length, at, &budget_us,
                                  &match)) == PATTERN_FOUND) {
        memcpy(strip->left + strip->left_length, strip->text + at,
               match.start_bytes - at);
        strip->left_length += match.start_bytes - at;
        cuts_add(&strip->cuts, CUT_STRIP, strip->text + match.start_bytes,
                 match.end_bytes - match.start_bytes);
        at = match.end_bytes;
    }
    memcpy(strip->left + strip->left_length, strip->text + at, strip->length - at);
    strip->left_length += strip->length - at;
    if (result != PATTERN_NOT_FOUND)
        strip->cuts.costly_pattern = pattern_text(pattern);
    return result == PATTERN_NOT_FOUND;
}

/* Takes out of text what a pattern matches, in place, unless nothing would be left that
 * has to be. */
static void strip_pattern(char *text, const struct pattern *pattern, bool may_be_empty,
                          char *room, long budget_us, struct cuts *cuts)
{
    struct stripping strip = {
        .text = text, .length = strip_length(text), .left = room, .cuts = *cuts};
    size_t behind = strlen(text + strip.length);

    if (!strip_one(pattern, &strip, budget_us)) {
        cuts->costly_pattern = strip.cuts.costly_pattern;
        return;
    }
    if (strip.left_length == strip.length)
        return;
    if (!may_be_empty && !has_words(strip.left, strip.left_length) &&
        !has_words(text + strip.length, behind))
        return;
    memcpy(text, strip.left, strip.left_length);
    memmove(text + strip.left_length, text + strip.length, behind + 1);
    *cuts = strip.cuts;
}

static bool strip_patterns(char *text, const struct pattern_list *patterns,
                           bool may_be_empty, struct cuts *cuts)
{
    long share_us;
    char *room;

    if (patterns->count == 0)
        return true;
    share_us = STRIP_BUDGET_US / (long)patterns->count;
    room = malloc(STRIP_BYTES + 1);
    for (size_t i = 0; i < patterns->count && room; i++)
        strip_pattern(text, patterns->items[i], may_be_empty, room, share_us, cuts);
    free(room);
    return room;
}

/* ---- the whole ---- */

char *body_text_new(const struct marked_text *body, const struct text_options *options,
                    bool may_be_empty, struct cuts *cuts)
{
    struct body_edit edit;
    char *text;

    if (!body_edit_begin(&edit, body, may_be_empty, cuts))
        return NULL;
    cut_below_end_marker(&edit, options->end_marker);
    cut_armor(&edit);
    cut_banner(&edit);
    body_quote_cut(&edit);
    cut_tail(&edit);
    text = join_lines(&edit, body->length_bytes);
    body_edit_end(&edit);
    if (!text)
        return NULL;
    if (!strip_patterns(text, &options->strip, may_be_empty, cuts)) {
        free(text);
        return NULL;
    }
    wrapped_lines_join(text);
    return text;
}
