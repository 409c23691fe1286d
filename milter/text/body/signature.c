/* SPDX-License-Identifier: ISC */
#include "text/body/signature.h"

#include <string.h>

#include "base/utf8.h"
#include "text/body/contact_line.h"
#include "text/body/phrase.h"
#include "text/language/language_index.h"

enum {
    MAX_TAIL_LINES = 25,         /* the last lines, which are looked at */
    MAX_LINES_BELOW = 15,        /* between a closing and the end; more are a text */
    MAX_NAME_CHARACTERS = 60,    /* of the line below a closing */
    MAX_NAME_WORDS_BELOW = 5,    /* of a name that is no title */
    MAX_CLOSING_CHARACTERS = 70, /* with a name on the same line */
    MAX_CLOSINGS = 4,            /* on a line: "Cofion gorau / Kind regards" */
    MAX_FORMULA_BYTES = 480,     /* of a closing of a whole sentence */
    MAX_FORMULA_CHARACTERS = 160,
    MAX_NAME_WORDS = 3,        /* on the same line as the closing */
    RUN_LINES = 3,             /* of contact data that need no closing above them */
    RUN_ITEMS = 2,             /* of contact data on one line that need none */
    MAX_LINES_ABOVE_ITEMS = 4, /* name, title and school above such a line */
    SENTENCE_ABOVE_WORDS = 2,  /* above a run that has no closing */
    TITLES_WITHOUT_GAP = 2,    /* name and title, with no blank line above them */
    MAX_GREETING_WORDS = 5,
    MAX_POSTSCRIPT_LINES = 15
};

bool signature_is_separator(const struct body_line *line)
{
    return line->words_bytes == 2 && memcmp(line->words, "--", 2) == 0;
}

/* The last lines that are seen, the last one first. */
struct tail {
    const struct body_line *lines;
    size_t at[MAX_TAIL_LINES];
    size_t count;
};

static struct tail read_tail(const struct body_line *lines, size_t count)
{
    struct tail tail = {.lines = lines};

    while (count > 0 && tail.count < MAX_TAIL_LINES) {
        const struct body_line *line = &lines[--count];

        if (line->words_bytes > 0 && !line->is_cut && !line->is_signature)
            tail.at[tail.count++] = count;
    }
    return tail;
}

static const struct body_line *tail_line(const struct tail *tail, size_t from_end)
{
    return &tail->lines[tail->at[from_end]];
}

static size_t count_words(const char *text, size_t length)
{
    size_t words = 0;

    for (size_t i = 0; i < length; i++)
        words += text[i] != ' ' && (i == 0 || text[i - 1] == ' ');
    return words;
}

/* Whether a word may be of a name: it begins with a capital, or with a letter that has
 * no case. */
static bool may_be_name(const char *word, const char *end)
{
    uint32_t first = utf8_first(word, (size_t)(end - word));

    return utf8_is_capital(first) || (first >= 0x80 && !utf8_is_small(first));
}

/* Whether the last words of the line could be a name. */
static bool ends_with_name(const struct body_line *line, size_t words)
{
    const char *end = line->words + line->words_bytes;

    if (words > MAX_NAME_WORDS)
        return false;
    for (; words > 0; words--) {
        while (end > line->words && end[-1] == ' ')
            end--;
        while (end > line->words && end[-1] != ' ')
            end--;
        if (!may_be_name(end, line->words + line->words_bytes))
            return false;
    }
    return true;
}

static bool begins_with(const struct body_line *line, enum language_list list)
{
    struct phrase_text text;

    phrase_text_read(&text, line->words, line->words_bytes);
    return phrase_begins(&text, list);
}

/* ---- closings ---- */

enum closing { CLOSING_NONE, CLOSING_ALONE, CLOSING_WITH_NAME };

/* The end of the longest closing of a list that stands here as whole words, and of the
 * punctuation after it; NULL if there is none. */
static const char *match_longest(const char *at, enum language_list list)
{
    struct language_walk walk = language_walk_at(list, at);
    const struct language_phrase *phrase;
    const char *longest = NULL;

    while ((phrase = language_walk_next(&walk))) {
        const char *end = phrase_match(at, phrase->text);

        if (!end)
            continue;
        end += strspn(end, ",.!;:-");
        if ((*end == '\0' || strchr(" /&", *end)) && (!longest || end > longest))
            longest = end;
    }
    return longest;
}

/* Skips "/", "&", "and" and other words that join two closings. Returns at if there is
 * none. */
static const char *skip_joint(const char *at)
{
    const char *behind = at + strspn(at, " /&+-");
    const char *end = phrase_end(behind, CLOSING_JOINT);

    return end && *end == ' ' ? end + 1 : behind;
}

/* "Veuillez agréer, Madame, Monsieur, nos salutations distinguées." */
static bool is_formula(const struct phrase_text *text)
{
    return utf8_count(text->text, text->length_bytes) <= MAX_FORMULA_CHARACTERS &&
           phrase_begins(text, FORMULA) && phrase_is_in(text, FORMULA_WISH);
}

/* Tells what follows the closings on their line: nothing, or a name if they may have
 * one. */
static enum closing read_rest(const struct body_line *line, const char *rest,
                              bool may_have_name)
{
    if (*rest == '\0')
        return CLOSING_ALONE;
    return may_have_name && *rest == ' ' &&
                   ends_with_name(line, count_words(rest, strlen(rest)))
               ? CLOSING_WITH_NAME
               : CLOSING_NONE;
}

/* "Kind regards,", "Cofion gorau / Kind regards" or "Kind regards, Jo Smith". */
static enum closing read_closing(const struct body_line *line)
{
    struct phrase_text text;
    const char *rest, *at;
    bool may_have_name = false;

    if (line->words_bytes > MAX_FORMULA_BYTES)
        return CLOSING_NONE;
    phrase_text_read(&text, line->words, line->words_bytes);
    if (is_formula(&text))
        return CLOSING_ALONE;
    if (utf8_count(line->words, line->words_bytes) > MAX_CLOSING_CHARACTERS)
        return CLOSING_NONE;
    at = rest = text.text;
    for (size_t i = 0; i < MAX_CLOSINGS && at; i++) {
        const char *end = match_longest(at, CLOSING);
        bool is_thanks = !end;

        if (is_thanks)
            end = match_longest(at, THANKS);
        if (!end)
            break;
        may_have_name = !is_thanks;
        rest = end;
        at = *end ? skip_joint(end) : NULL;
    }
    return rest > text.text ? read_rest(line, rest, may_have_name) : CLOSING_NONE;
}

/* ---- what stands below and above ---- */

static bool is_contact(const struct body_line *line)
{
    return contact_line_read(line) == CONTACT_DATA || contact_line_items(line) > 0;
}

/* "I work Monday to Wednesday." */
static bool is_about_the_sender(const struct body_line *line)
{
    struct phrase_text text;

    phrase_text_read(&text, line->words, line->words_bytes);
    return phrase_begins(&text, ABOUT_SENDER) && !phrase_is_in(&text, OF_TODAY);
}

/* A rule, a motto in quotation marks, or what HTML leaves of a logo. */
static bool is_ornament(const struct body_line *line)
{
    const char *first = line->words, *last = first + line->words_bytes - 1;
    static const char opening[] = "\xE2\x80\x9C", closing[] = "\xE2\x80\x9D";

    if (strspn(first, "_-=*~ ") >= line->words_bytes)
        return true;
    if (*first == '[' && *last == ']')
        return body_line_begins(line, "[cid:") || body_line_begins(line, "[image");
    if (line->words_bytes > 2 && (*first == '"' || *first == '\'') && *last == *first)
        return true;
    return line->words_bytes > 6 && memcmp(first, opening, 3) == 0 &&
           memcmp(last - 2, closing, 3) == 0;
}

/* Whether a line may belong to a signature and tells nothing that the reader needs. */
static bool is_of_signature(const struct body_line *line)
{
    return contact_line_read(line) != CONTACT_NO || contact_line_items(line) > 0 ||
           contact_line_is_title(line) || is_ornament(line) ||
           is_about_the_sender(line);
}

static bool ends_sentence(const struct body_line *line)
{
    return strchr(".!?", line->words[line->words_bytes - 1]);
}

/* Whether a line below a closing may be a name: a few words, the first of them with a
 * capital. This line stays in the text, so it need not be certain. */
static bool is_name(const struct body_line *line)
{
    size_t words = count_words(line->words, line->words_bytes);

    if (utf8_count(line->words, line->words_bytes) >= MAX_NAME_CHARACTERS ||
        is_contact(line))
        return false;
    return contact_line_is_title(line) || words == 1 ||
           (words <= MAX_NAME_WORDS_BELOW &&
            may_be_name(line->words, line->words + line->words_bytes) &&
            !strchr(".!?:", line->words[line->words_bytes - 1]));
}

/* Whether lines from this one to the end are a signature. */
static bool are_signature(const struct tail *tail, size_t from_end)
{
    bool has_contact = false;

    for (size_t i = 0; i <= from_end; i++) {
        const struct body_line *line = tail_line(tail, i);

        if (!is_of_signature(line))
            return false;
        has_contact |= is_contact(line);
    }
    return has_contact;
}

/* "Dear Mrs Smith", which says nothing yet. */
static bool is_greeting(const struct body_line *line)
{
    return count_words(line->words, line->words_bytes) <= MAX_GREETING_WORDS &&
           begins_with(line, GREETING) && !ends_sentence(line);
}

/* Whether one of the lines from this one up has a text of at least this many words. A
 * closing without a text above it closes nothing. */
static bool has_text(const struct tail *tail, size_t from_end, size_t words)
{
    for (; from_end < tail->count; from_end++) {
        const struct body_line *line = tail_line(tail, from_end);

        if (count_words(line->words, line->words_bytes) >= words && !is_contact(line) &&
            !is_greeting(line) && read_closing(line) == CLOSING_NONE)
            return true;
    }
    return false;
}

/* "Please call:" announces the number below it. */
static bool announces(const struct body_line *line)
{
    return line->words[line->words_bytes - 1] == ':';
}

/* The signature below the closing that stands so far from the end; count if there is
 * none. */
static size_t find_below_closing(const struct tail *tail, size_t from_end, size_t count)
{
    enum closing closing = read_closing(tail_line(tail, from_end));
    size_t first = from_end - 1; /* the line below */

    if (closing == CLOSING_NONE || !has_text(tail, from_end + 1, 1) ||
        announces(tail_line(tail, from_end + 1)))
        return count;
    if (closing == CLOSING_ALONE && is_name(tail_line(tail, first))) {
        if (first == 0)
            return count;
        first--;
    }
    return are_signature(tail, first) ? tail->at[first] : count;
}

/* ---- contact data that no closing announces ---- */

/* Whether a blank line stands above. */
static bool has_gap_above(const struct tail *tail, size_t from_end)
{
    return from_end + 1 < tail->count &&
           tail->at[from_end] - tail->at[from_end + 1] > 1;
}

/* Whether the text ends above this line and does not announce it: the text ends with a
 * whole sentence, and a blank line follows, or two titles (HTML often has no blank
 * line). Titles may stand between. */
static bool text_ends_above(const struct tail *tail, size_t from_end)
{
    struct phrase_text text;
    const struct body_line *above;
    size_t titles = 0;

    for (; from_end + 1 < tail->count &&
           contact_line_is_title(tail_line(tail, from_end + 1));
         from_end++)
        titles++;
    if (from_end + 1 == tail->count ||
        (!has_gap_above(tail, from_end) && titles < TITLES_WITHOUT_GAP))
        return false;
    above = tail_line(tail, from_end + 1);
    if (read_closing(above) != CLOSING_NONE)
        return has_text(tail, from_end + 2, 1);
    phrase_text_read(&text, above->words, above->words_bytes);
    return ends_sentence(above) && !phrase_is_in(&text, LEAD) &&
           has_text(tail, from_end + 1, SENTENCE_ABOVE_WORDS);
}

/* Several lines of contact data; count if there are none. */
static size_t find_run(const struct tail *tail, size_t count)
{
    size_t run = 0;

    while (run < tail->count && is_contact(tail_line(tail, run)))
        run++;
    return run >= RUN_LINES && run < tail->count && text_ends_above(tail, run - 1)
               ? tail->at[run - 1]
               : count;
}

/* Contact data on one line with bars, below or after name, title and school; the name
 * stays if it has a line of its own. */
static size_t find_items(const struct tail *tail, size_t count)
{
    size_t top = 0;

    if (tail->count == 0 || contact_line_items(tail_line(tail, 0)) < RUN_ITEMS)
        return count;
    while (!has_gap_above(tail, top) && top < MAX_LINES_ABOVE_ITEMS &&
           top + 1 < tail->count && contact_line_is_title(tail_line(tail, top + 1)))
        top++;
    if (!text_ends_above(tail, top))
        return count;
    return tail->at[top > 0 ? top - 1 : 0];
}

size_t signature_find(const struct body_line *lines, size_t count)
{
    const struct tail tail = read_tail(lines, count);
    size_t found;

    for (size_t i = 1; i < tail.count && i <= MAX_LINES_BELOW; i++) {
        found = find_below_closing(&tail, i, count);
        if (found < count)
            return found;
    }
    found = find_run(&tail, count);
    return found < count ? found : find_items(&tail, count);
}

size_t signature_find_postscript(const struct body_line *lines, size_t count)
{
    const struct tail tail = read_tail(lines, count);

    for (size_t i = 0; i + 1 < tail.count && i < MAX_POSTSCRIPT_LINES; i++)
        if (begins_with(tail_line(&tail, i), AFTERTHOUGHT))
            return tail.at[i];
    return count;
}

/* "Kind regards" alone on its line. */
static bool is_formal_closing(const struct body_line *line)
{
    struct phrase_text text;

    if (read_closing(line) != CLOSING_ALONE)
        return false;
    phrase_text_read(&text, line->words, line->words_bytes);
    return !match_longest(text.text, THANKS);
}

bool signature_is_all(const struct body_line *lines, size_t count)
{
    size_t seen = 0;

    for (size_t i = 0; i < count && seen <= MAX_TAIL_LINES; i++) {
        const struct body_line *line = &lines[i];

        if (line->is_cut || line->words_bytes == 0)
            continue;
        if (seen++ == 0
                ? !is_formal_closing(line)
                : contact_line_read(line) == CONTACT_NO &&
                      !contact_line_is_title(line) && contact_line_items(line) == 0)
            return false;
    }
    return seen > 0 && seen <= MAX_TAIL_LINES;
}
