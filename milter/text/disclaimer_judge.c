/* SPDX-License-Identifier: ISC */
#include "text/disclaimer_judge.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#include "text/disclaimer_phrases.h"

/* Points that are enough; those of lawyers' words only in a piece that names the mail
 * and has one of their own words. */
enum { NOTICE_POINTS = 3, COMPANY_POINTS = 2, LIST_POINTS = 3 };

enum { MAX_MATCHES = 32 }; /* at one word; there are never so many */

static const struct disclaimer_phrases *const languages[] = {
    &disclaimer_english, &disclaimer_welsh,     &disclaimer_french,
    &disclaimer_german,  &disclaimer_spanish,   &disclaimer_italian,
    &disclaimer_dutch,   &disclaimer_polish,    &disclaimer_portuguese,
    &disclaimer_swedish, &disclaimer_danish,    &disclaimer_norwegian,
    &disclaimer_finnish, &disclaimer_icelandic,
};

enum { LANGUAGES = sizeof languages / sizeof *languages };

/* Of two bytes; the second one may be a NUL. */
static size_t bucket_of(const char *at)
{
    return ((unsigned char)at[0] * 37U + (unsigned char)at[1]) % DISCLAIMER_BUCKETS;
}

static void add_entry(struct disclaimer_index *index, const char *phrase, size_t kind,
                      size_t language)
{
    uint16_t *first = &index->first[bucket_of(phrase)];
    struct disclaimer_entry *entry;

    assert(index->count < DISCLAIMER_MAX_PHRASES);
    entry = &index->entries[++index->count];
    *entry = (struct disclaimer_entry){.phrase = phrase,
                                       .next = *first,
                                       .kind = (uint8_t)kind,
                                       .language = (uint8_t)language};
    *first = index->count;
}

void disclaimer_index_fill(struct disclaimer_index *index_out)
{
    memset(index_out->first, 0, sizeof index_out->first);
    index_out->count = 0;
    for (size_t language = 0; language < LANGUAGES; language++)
        for (size_t kind = 0; kind < DISCLAIMER_KINDS; kind++) {
            const char *const *phrase = languages[language]->of_kind[kind];

            for (; phrase && *phrase; phrase++)
                add_entry(index_out, *phrase, kind, language);
        }
}

/* What was found. Points are counted for each language by itself, or a word that
 * several of them share would count more than once. */
struct findings {
    bool is_certain, has_self, has_any;
    struct points {
        unsigned notice, company, list;
        bool has_legal, has_list_key;
    } of_language[LANGUAGES];
    bool is_seen[1 + DISCLAIMER_MAX_PHRASES]; /* a phrase counts once */
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

static bool is_heading(const struct place *place)
{
    const char *behind = place->end + strspn(place->end, " ");

    return is_line(place) || (place->at == place->text->text && *behind == ':');
}

static void add_notice(struct points *points, unsigned count)
{
    points->notice += count;
    points->has_legal = true;
}

/* Whether a phrase alone makes the piece a disclaimer. */
static bool is_enough(enum disclaimer_kind kind, const struct place *place)
{
    switch (kind) {
    case DISCLAIMER_CERTAIN:
        return true;
    case DISCLAIMER_OPENING:
    case DISCLAIMER_COMPANY_LINE:
        return place->at == place->text->text;
    case DISCLAIMER_HEADING:
        return is_heading(place);
    case DISCLAIMER_TITLE:
        return is_line(place);
    default:
        return false;
    }
}

static void add_points(struct points *points, enum disclaimer_kind kind)
{
    switch (kind) {
    case DISCLAIMER_WEAK:
        points->notice++;
        break;
    case DISCLAIMER_LEGAL:
        add_notice(points, 1);
        break;
    case DISCLAIMER_LIKELY:
    case DISCLAIMER_OPENING:
        add_notice(points, 2);
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

static void count_phrase(struct findings *findings,
                         const struct disclaimer_index *index, uint16_t number,
                         const struct place *place)
{
    const struct disclaimer_entry *entry = &index->entries[number];

    findings->has_any = true;
    if (entry->kind == DISCLAIMER_SELF || strchr(entry->phrase, '%'))
        findings->has_self = true;
    if (is_enough(entry->kind, place))
        findings->is_certain = true;
    if (!findings->is_seen[number])
        add_points(&findings->of_language[entry->language], entry->kind);
    findings->is_seen[number] = true;
}

/* The phrases that begin at a word. */
struct matches {
    struct match {
        uint16_t number;
        const char *end;
    } items[MAX_MATCHES];
    size_t count;
};

/* Whether its language has a longer phrase there: this one is no further evidence. */
static bool is_part_of_longer(const struct matches *matches, const struct match *match,
                              const struct disclaimer_index *index)
{
    for (size_t i = 0; i < matches->count; i++) {
        const struct match *other = &matches->items[i];

        if (other->end > match->end && index->entries[other->number].language ==
                                           index->entries[match->number].language)
            return true;
    }
    return false;
}

static void find_matches(const struct disclaimer_index *index, const char *at,
                         struct matches *matches_out)
{
    matches_out->count = 0;
    for (uint16_t i = index->first[bucket_of(at)]; i != 0; i = index->entries[i].next) {
        const char *end = phrase_match(at, index->entries[i].phrase);

        if (end && matches_out->count < MAX_MATCHES)
            matches_out->items[matches_out->count++] = (struct match){i, end};
    }
}

/* Counts the longest phrase of each language that begins here, and returns the end of
 * the longest of all. */
static const char *count_word(struct findings *findings,
                              const struct disclaimer_index *index, struct place *place)
{
    struct matches matches;
    const char *longest = place->at;

    find_matches(index, place->at, &matches);
    for (size_t i = 0; i < matches.count; i++) {
        const struct match *match = &matches.items[i];

        if (match->end > longest)
            longest = match->end;
        place->end = match->end;
        if (!is_part_of_longer(&matches, match, index))
            count_phrase(findings, index, match->number, place);
    }
    return longest;
}

static bool are_enough(const struct points *points, bool has_self)
{
    return (has_self && points->has_legal && points->notice >= NOTICE_POINTS) ||
           points->company >= COMPANY_POINTS ||
           (points->has_list_key && points->list >= LIST_POINTS);
}

static enum disclaimer_verdict give_verdict(const struct findings *findings)
{
    bool has_points = false;

    if (findings->is_certain)
        return DISCLAIMER_YES;
    for (size_t i = 0; i < LANGUAGES; i++) {
        if (are_enough(&findings->of_language[i], findings->has_self))
            return DISCLAIMER_YES;
        has_points |=
            findings->of_language[i].notice > 0 || findings->of_language[i].list > 0;
    }
    if (findings->has_self && has_points)
        return DISCLAIMER_RELATED;
    return findings->has_any ? DISCLAIMER_WORDS : DISCLAIMER_NOT;
}

enum disclaimer_verdict disclaimer_judge(const struct disclaimer_index *index,
                                         const struct phrase_text *text,
                                         size_t first_line_bytes)
{
    struct findings findings = {0};
    struct place place = {.text = text, .first_line_bytes = first_line_bytes};
    const char *at = text->text;

    while (at && *at) {
        place.at = at;
        at = phrase_next_word(count_word(&findings, index, &place));
    }
    return give_verdict(&findings);
}
