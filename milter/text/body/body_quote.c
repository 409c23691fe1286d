/* SPDX-License-Identifier: ISC */
#include "text/body/body_quote.h"

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "text/body/quote_intro.h"
#include "text/body/signature.h"

/* A forward of a forward of a forward: beyond this the text is taken as it is. */
enum { MAX_LEVELS = 8 };

/* What is looked at: the lines from first on that are no deeper than the mail they are
 * of. Marks of HTML containers count only in the first mail. */
struct view {
    const struct body_edit *edit;
    size_t first;
    unsigned depth;
    bool has_marks;
    bool is_depth_quote; /* deeper lines are a quote, not a text with ">" in it */
};

/* Where the first quote begins that goes to the end, with its introduction. */
struct tail {
    size_t first, intro_end; /* both the count of lines: there is none */
};

static const struct body_line *line_at(const struct view *view, size_t i)
{
    return &view->edit->lines.items[i];
}

static bool is_quoted(const struct view *view, size_t i)
{
    const struct body_line *line = line_at(view, i);

    return (view->has_marks && line->is_quote) ||
           (view->is_depth_quote && line->depth > view->depth);
}

/* The next line from i on that is not blank; the count if there is none. A line of
 * nothing but quote marks is of the quote. */
static size_t next_line(const struct view *view, size_t i)
{
    while (i < view->edit->lines.count && line_at(view, i)->words_bytes == 0 &&
           line_at(view, i)->depth == 0)
        i++;
    return i;
}

static struct quote_intro read_intro(const struct view *view, size_t i)
{
    static const struct quote_intro none = {.kind = QUOTE_INTRO_NONE};

    if (line_at(view, i)->words_bytes == 0 || line_at(view, i)->is_cut)
        return none;
    return quote_intro_read(line_at(view, i), view->edit->lines.count - i);
}

/* A lone line with ">" before it amid other text is more likely "> 5 pupils absent"
 * than a quote, unless somebody is said to have written it. */
static bool has_depth_quote(const struct view *view)
{
    size_t lines = 0, others = 0;
    size_t first = 0;

    for (size_t i = view->first; i < view->edit->lines.count; i++) {
        if (line_at(view, i)->depth <= view->depth) {
            others += body_edit_is_wordy(line_at(view, i));
        } else if (lines++ == 0) {
            first = i;
        }
    }
    if (lines != 1 || others == 0)
        return lines > 0;
    for (size_t i = first, back = 0; i > view->first && back < 4; back++) {
        struct quote_intro intro = read_intro(view, --i);

        if (intro.kind != QUOTE_INTRO_NONE &&
            next_line(view, i + intro.line_count) == first)
            return true;
    }
    return false;
}

/* The last line that is quoted, plus one; 0 if none is. */
static size_t quotes_end(const struct view *view)
{
    size_t end = view->edit->lines.count;

    while (end > view->first && !is_quoted(view, end - 1))
        end--;
    return end > view->first ? end : 0;
}

/* Finds what goes to the end without marks on its lines: after "-----Original
 * Message-----", a block of fields, or "On ..., Jo wrote:" with no quote after it. */
static struct tail find_tail(const struct view *view)
{
    size_t count = view->edit->lines.count;
    size_t last_quote = quotes_end(view);

    for (size_t i = view->first; i < count;) {
        struct quote_intro intro = {.kind = QUOTE_INTRO_NONE};

        if (!is_quoted(view, i) && line_at(view, i)->depth == view->depth)
            intro = read_intro(view, i);
        if (intro.kind == QUOTE_INTRO_MAIL || (intro.kind == QUOTE_INTRO_ATTRIBUTION &&
                                               intro.is_certain && last_quote <= i))
            return (struct tail){i, i + intro.line_count};
        i += intro.line_count > 1 ? intro.line_count : 1;
    }
    return (struct tail){count, count};
}

/* Whether the lines from i on introduce the quote that follows directly. Returns how
 * many, 0 if they do not. */
static size_t intro_lines(const struct view *view, size_t i)
{
    struct quote_intro intro = {.kind = QUOTE_INTRO_NONE};
    size_t next;

    if (line_at(view, i)->depth == view->depth)
        intro = read_intro(view, i);
    if (intro.kind == QUOTE_INTRO_NONE)
        return 0;
    next = next_line(view, i + intro.line_count);
    return next < view->edit->lines.count && is_quoted(view, next) ? intro.line_count
                                                                   : 0;
}

/* Calls cut for each run of lines that is quoted or introduces a quote, up to the tail.
 */
static void cut_quotes(struct body_edit *edit, const struct view *view,
                       size_t tail_first)
{
    for (size_t i = view->first; i < tail_first;) {
        size_t length = is_quoted(view, i) ? 1 : intro_lines(view, i);

        if (length > 0)
            body_edit_cut(edit, i, i + length, CUT_QUOTE);
        i += length ? length : 1;
    }
}

static bool is_own_word(const struct body_line *line, unsigned depth)
{
    return line->depth >= depth && body_edit_is_wordy(line) && !line->is_signature &&
           !signature_is_mobile_footer(line);
}

/* Whether the sender's own lines say something: not only the footer of a phone, nor a
 * signature. */
static bool has_own_words(const struct view *view, size_t tail_first)
{
    if (tail_first < view->edit->lines.count &&
        signature_is_all(line_at(view, view->first), tail_first - view->first))
        return false;
    for (size_t i = view->first; i < tail_first;) {
        size_t intro;

        if (!is_quoted(view, i) && signature_is_separator(line_at(view, i)))
            return false;
        intro = is_quoted(view, i) ? 1 : intro_lines(view, i);
        if (intro == 0 && is_own_word(line_at(view, i), view->depth))
            return true;
        i += intro ? intro : 1;
    }
    return false;
}

/* Goes into the mail that is quoted: after its introduction, or into its quote marks.
 * False if there is no way further. */
static bool enter_quote(struct view *view, const struct tail *tail)
{
    size_t count = view->edit->lines.count;
    size_t i = view->first;

    while (i < tail->first && !is_quoted(view, i))
        i++;
    if (i == tail->first) { /* no quote before it */
        view->first = tail->intro_end;
        return tail->intro_end < count;
    }
    if (line_at(view, i)->depth > view->depth) {
        unsigned least = UINT_MAX;

        for (size_t k = i; k < tail->first; k++)
            if (line_at(view, k)->depth > view->depth &&
                line_at(view, k)->depth < least)
                least = line_at(view, k)->depth;
        view->depth = least;
        view->first = i;
        return true;
    }
    view->has_marks = false;
    view->first = i;
    return true;
}

/* What a quoted mail has above its text, and the footers and signatures around it that
 * led here. */
static void take_quoted_mail(struct body_edit *edit, const struct view *view)
{
    body_edit_cut(edit, 0, view->first, CUT_QUOTE);
    edit->base_depth = view->depth;
    for (size_t i = view->first; i < edit->lines.count && view->depth > 0; i++)
        if (edit->lines.items[i].depth < view->depth)
            body_edit_cut(edit, i, i + 1, CUT_QUOTE);
}

void body_quote_cut(struct body_edit *edit)
{
    struct view view = {.edit = edit, .has_marks = true};
    struct tail tail;

    for (int level = 0;; level++) {
        view.is_depth_quote = has_depth_quote(&view);
        tail = find_tail(&view);
        if (has_own_words(&view, tail.first))
            break;
        if (level == MAX_LEVELS || !enter_quote(&view, &tail))
            return; /* nothing but introductions: they are all there is to send */
    }
    if (view.first > 0 || view.depth > 0)
        take_quoted_mail(edit, &view);
    cut_quotes(edit, &view, tail.first);
    body_edit_cut(edit, tail.first, edit->lines.count, CUT_QUOTE);
}
