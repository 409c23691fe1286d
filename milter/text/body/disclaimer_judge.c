/* SPDX-License-Identifier: ISC */
#include "text/body/disclaimer_judge.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "text/language/language_index.h"

/* How many points make a disclaimer. NOTICE_POINTS are enough only in a piece that
 * names the mail and has a word of lawyers. */
enum { NOTICE_POINTS = 3, COMPANY_POINTS = 2, LIST_POINTS = 3 };

/* After an opening, this many weak words count as one word of lawyers. */
enum { OPENING_WEAK_WORDS = 2 };

enum { COMPANY_DIGITS = 5 }; /* of its number */

enum {
    MAX_LANGUAGES = 64,
    /* At one word. All languages may have the same one: nearly all have "http". */
    MAX_MATCHES = 2 * MAX_LANGUAGES
};

/* What was found. Each language has its own points, so that a word that several
 * languages share counts once. */
struct findings {
    bool is_certain, has_self, has_any;
    bool has_digit, has_number; /* a company's, in the latter case */
    struct points {
        unsigned notice, weak, company, list;
        bool has_legal, has_list_key, has_opening, has_heading;
    } of_language[MAX_LANGUAGES];
    uint64_t seen[LANGUAGE_MOST_IN_GROUP / 64]; /* bits: a phrase counts once */
};

/* Where a phrase was found. */
struct place {
    const struct phrase_text *text;
    const char *at, *end;
    size_t first_line_bytes;
};

static bool is_line(const struct place *place)
{
    const char *line_end = place->text->text + place->first_line_bytes;

    return place->at == place->text->text && line_end - place->end <= 1 &&
           line_end >= place->end;
}

/* "Disclaimer: ...". */
static bool is_heading(const struct place *place)
{
    const char *behind = place->end + strspn(place->end, " ");

    return place->at == place->text->text && *behind == ':';
}

static void add_notice(struct points *points, unsigned count)
{
    points->notice += count;
    points->has_legal = true;
}

/* Whether a phrase alone makes the piece a disclaimer. */
static bool is_enough(const struct language_phrase *phrase, const struct place *place,
                      bool has_number)
{
    switch (phrase->list) {
    case DISCLAIMER_CERTAIN:
        return true;
    case DISCLAIMER_COMPANY_LINE:
        return place->at == place->text->text &&
               (has_number || strpbrk(phrase->text, "#:") || *place->end == ':');
    case DISCLAIMER_HEADING:
    case DISCLAIMER_TITLE:
        return is_line(place);
    default:
        return false;
    }
}

static void add_points(struct points *points, unsigned list)
{
    switch (list) {
    case DISCLAIMER_WEAK:
        points->notice++;
        points->weak++;
        break;
    case DISCLAIMER_LEGAL:
        add_notice(points, 1);
        break;
    case DISCLAIMER_LIKELY:
        add_notice(points, 2);
        break;
    case DISCLAIMER_OPENING:
        points->notice += 2;
        break;
    case DISCLAIMER_TELLING:
        add_notice(points, 3);
        break;
    case DISCLAIMER_COMPANY:
    case DISCLAIMER_COMPANY_LINE:
        points->company++;
        break;
    case DISCLAIMER_LIST:
        points->list++;
        break;
    case DISCLAIMER_LIST_KEY:
        points->list += 2;
        points->has_list_key = true;
        break;
    default:
        break;
    }
}

/* Whether it is met for the first time. */
static bool is_new(struct findings *findings, const struct language_phrase *phrase)
{
    uint64_t bit = (uint64_t)1 << phrase->number % 64;
    uint64_t *seen = &findings->seen[phrase->number / 64];
    bool is_first = !(*seen & bit);

    *seen |= bit;
    return is_first;
}

static void count_phrase(struct findings *findings,
                         const struct language_phrase *phrase,
                         const struct place *place)
{
    struct points *points = &findings->of_language[phrase->language];

    findings->has_any = true;
    if (phrase->list == DISCLAIMER_SELF || strchr(phrase->text, '%'))
        findings->has_self = true;
    if (is_enough(phrase, place, findings->has_number))
        findings->is_certain = true;
    if (phrase->list == DISCLAIMER_OPENING && place->at == place->text->text)
        points->has_opening = true;
    if (phrase->list == DISCLAIMER_HEADING && is_heading(place))
        points->has_heading = true;
    if (is_new(findings, phrase))
        add_points(points, phrase->list);
}

/* The phrases that begin at a word. */
struct matches {
    struct match {
        const struct language_phrase *phrase;
        const char *end;
    } items[MAX_MATCHES];
    size_t count;
};

/* Whether the same language has a longer phrase there, so that this one proves nothing
 * more. */
static bool is_part_of_longer(const struct matches *matches, const struct match *match)
{
    for (size_t i = 0; i < matches->count; i++) {
        const struct match *other = &matches->items[i];

        if (other->end > match->end &&
            other->phrase->language == match->phrase->language)
            return true;
    }
    return false;
}

static void find_matches(const char *at, struct matches *matches_out)
{
    struct language_walk walk = language_walk_at(GROUP_DISCLAIMERS, at);
    const struct language_phrase *phrase;

    matches_out->count = 0;
    while ((phrase = language_walk_next(&walk))) {
        const char *end = phrase_match(at, phrase->text);

        if (end && matches_out->count < MAX_MATCHES)
            matches_out->items[matches_out->count++] = (struct match){phrase, end};
    }
}

/* Counts the longest phrase of each language that begins here, and returns the end of
 * the longest of all; within an opening, more may begin ("and any attachments"). */
static const char *count_word(struct findings *findings, struct place *place)
{
    struct matches matches;
    const char *longest = place->at;

    find_matches(place->at, &matches);
    for (size_t i = 0; i < matches.count; i++) {
        const struct match *match = &matches.items[i];

        if (match->end > longest && match->phrase->list != DISCLAIMER_OPENING)
            longest = match->end;
        place->end = match->end;
        if (!is_part_of_longer(&matches, match))
            count_phrase(findings, match->phrase, place);
    }
    return longest;
}

/* Whether an opening or a heading has lawyers' words after it. */
static bool is_led(const struct points *points)
{
    return (points->has_opening &&
            (points->has_legal || points->weak >= OPENING_WEAK_WORDS)) ||
           (points->has_heading && points->has_legal);
}

static bool are_enough(const struct points *points, const struct findings *findings)
{
    return is_led(points) ||
           (findings->has_self && points->has_legal &&
            points->notice >= NOTICE_POINTS) ||
           (findings->has_digit && points->company >= COMPANY_POINTS) ||
           (points->has_list_key && points->list >= LIST_POINTS);
}

static enum disclaimer_verdict give_verdict(const struct findings *findings)
{
    bool has_points = false;

    if (findings->is_certain)
        return DISCLAIMER_YES;
    for (size_t i = 0; i < language_count; i++) {
        if (are_enough(&findings->of_language[i], findings))
            return DISCLAIMER_YES;
        has_points |=
            findings->of_language[i].notice > 0 || findings->of_language[i].list > 0;
    }
    if (findings->has_self && has_points)
        return DISCLAIMER_RELATED;
    return findings->has_any ? DISCLAIMER_WORDS : DISCLAIMER_NOT;
}

static void find_number(struct findings *findings, const char *text)
{
    for (size_t digits; *text; text += digits > 0 ? digits : 1) {
        digits = strspn(text, "0123456789");
        findings->has_digit |= digits > 0;
        findings->has_number |= digits >= COMPANY_DIGITS;
    }
}

enum disclaimer_verdict disclaimer_judge(const struct phrase_text *text,
                                         size_t first_line_bytes)
{
    struct findings findings = {0};
    struct place place = {.text = text, .first_line_bytes = first_line_bytes};
    const char *at = text->text;

    assert(language_count <= MAX_LANGUAGES);
    find_number(&findings, text->text);
    while (at && *at) {
        place.at = at;
        at = phrase_next_word(count_word(&findings, &place));
    }
    return give_verdict(&findings);
}
