/* SPDX-License-Identifier: ISC */
#include "text/language/language_index.h"

#include <pthread.h>
#include <string.h>

#include "base/utf8.h"

enum {
    BUCKETS = 16384,
    FOLDED_BYTES = 192 * 1024 /* of all words that folding changes */
};

/* Words by a hash of their list and their first two letters, or of the whole word. */
static struct {
    uint16_t first[BUCKETS]; /* a phrase; 0: none */
    struct language_phrase
        phrases[1 + LANGUAGE_MOST_PHRASES]; /* the first is nobody's */
    size_t count, lost;
    uint16_t in_group[LANGUAGE_LISTS];
    char folded[FOLDED_BYTES];
    size_t folded_bytes;
} all;

static unsigned group_of(unsigned list)
{
    if (list <= LABEL_OTHER)
        return GROUP_LABELS;
    if (list >= DISCLAIMER_SELF)
        return GROUP_DISCLAIMERS;
    if (list >= FOOTER_SENT && list <= FOOTER_EXCUSE)
        return GROUP_FOOTER_WORDS;
    if (list >= ATTRIBUTION_VERB && list <= ATTRIBUTION_VERB_DATE_BEFORE)
        return GROUP_VERBS;
    return list;
}

/* Whether words of the list are looked up as a whole; the others may be the beginning
 * of what stands there. */
static bool is_whole(unsigned list)
{
    switch (group_of(list)) {
    case GROUP_LABELS:
    case GROUP_VERBS:
    case QUOTE_SEPARATOR:
    case QUOTE_ANNOUNCEMENT:
    case ATTRIBUTION_OPENER:
    case ATTRIBUTION_SENDER:
    case TIME_UNIT:
    case CONTACT_LABEL:
        return true;
    default:
        return false;
    }
}

/* Fowler, Noll and Vo's hash (FNV-1a), which goes on from another hash. */
static uint32_t go_on_hashing(uint32_t hash, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619U;
    return hash;
}

static uint32_t hash_of(unsigned group, const char *bytes, size_t length)
{
    return go_on_hashing((2166136261U ^ group) * 16777619U, bytes, length);
}

/* Where the chain of phrases with this hash, among others, begins. */
static uint16_t *chain_of(uint32_t hash)
{
    return &all.first[(hash ^ hash >> 16) % BUCKETS];
}

/* The length of the character here, 0 at the end of the string. */
static size_t character_length(const char *at)
{
    unsigned char byte = (unsigned char)*at;

    if (byte < 0xC0)
        return byte != 0;
    if (byte < 0xE0)
        return 1 + (at[1] != '\0');
    return 1 + strnlen(at + 1, byte < 0xF0 ? 2 : 3);
}

/* Whether this character of a phrase stands for itself. */
static bool is_literal(char c)
{
    return c != '\0' && !strchr(" %#*", c);
}

/* How much of a phrase must stand in the text as it is: its first two letters, or the
 * first one where the second is a sign. */
static size_t key_length(const char *phrase)
{
    size_t first = character_length(phrase);

    return is_literal(phrase[first]) ? first + character_length(phrase + first) : first;
}

static const char *last_word(const char *text)
{
    const char *space = strrchr(text, ' ');

    return space ? space + 1 : text;
}

static uint32_t hash_word(unsigned list, const char *text)
{
    unsigned group = group_of(list);

    if (group == GROUP_VERBS)
        text = last_word(text);
    return hash_of(group, text, is_whole(list) ? strlen(text) : key_length(text));
}

/* ---- building ---- */

/* The word as it is, or a copy where folding changes it; NULL without memory. */
static const char *fold_word(const char *word)
{
    char *folded = all.folded + all.folded_bytes;
    size_t length = strlen(word);

    if (length >= LANGUAGE_MOST_BYTES ||
        all.folded_bytes + length + 1 > sizeof all.folded)
        return NULL;
    if (utf8_fold_text(word, length, folded, length + 1) == length &&
        memcmp(word, folded, length) == 0)
        return word;
    all.folded_bytes += strlen(folded) + 1;
    return folded;
}

/* Whether a language before this one has it; of a disclaimer, whether this one has. */
static bool is_there(const struct language_phrase *phrase)
{
    for (uint16_t i = *chain_of(phrase->hash); i != 0; i = all.phrases[i].next) {
        const struct language_phrase *other = &all.phrases[i];

        if (other->list == phrase->list && strcmp(other->text, phrase->text) == 0 &&
            (phrase->list < DISCLAIMER_SELF || other->language == phrase->language))
            return true;
    }
    return false;
}

static void add_word(const char *word, unsigned list, size_t language)
{
    unsigned group = group_of(list);
    struct language_phrase phrase = {.text = fold_word(word),
                                     .number = all.in_group[group],
                                     .list = (uint8_t)list,
                                     .language = (uint8_t)language};

    if (!phrase.text || all.count == LANGUAGE_MOST_PHRASES ||
        phrase.number == LANGUAGE_MOST_IN_GROUP) {
        all.lost++;
        return;
    }
    phrase.hash = hash_word(list, phrase.text);
    if (is_there(&phrase))
        return;
    phrase.next = *chain_of(phrase.hash);
    all.phrases[++all.count] = phrase;
    *chain_of(phrase.hash) = (uint16_t)all.count;
    all.in_group[group]++;
}

static void build(void)
{
    for (size_t i = 0; i < language_count; i++)
        for (unsigned list = 0; list < LANGUAGE_LISTS; list++) {
            const char *const *word = languages[i]->lists[list].words;

            for (; word && *word; word++)
                add_word(*word, list, i);
        }
}

static void need_index(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, build);
}

/* ---- asking ---- */

struct language_walk language_walk_at(unsigned list, const char *at)
{
    size_t first = character_length(at),
           second = first ? character_length(at + first) : 0;
    struct language_walk walk = {.at = at};

    need_index();
    if (first == 0)
        return walk;
    walk.hashes[0] = hash_of(group_of(list), at, first);
    walk.chains[0] = *chain_of(walk.hashes[0]);
    if (second > 0) {
        walk.hashes[1] = go_on_hashing(walk.hashes[0], at + first, second);
        walk.chains[1] = *chain_of(walk.hashes[1]);
    }
    return walk;
}

const struct language_phrase *language_walk_next(struct language_walk *walk)
{
    for (size_t i = 0; i < 2; i++)
        while (walk->chains[i] != 0) {
            const struct language_phrase *phrase = &all.phrases[walk->chains[i]];

            walk->chains[i] = phrase->next;
            if (phrase->hash == walk->hashes[i] && *phrase->text == *walk->at)
                return phrase;
        }
    return NULL;
}

static bool is_before(const struct language_phrase *phrase,
                      const struct language_phrase *other)
{
    return !other || phrase->list < other->list ||
           (phrase->list == other->list && phrase->language < other->language);
}

const struct language_phrase *language_find(unsigned list, const char *bytes,
                                            size_t length)
{
    const struct language_phrase *found = NULL;
    unsigned group = group_of(list);
    char word[LANGUAGE_MOST_BYTES];
    uint32_t hash;

    need_index();
    if (length >= sizeof word)
        return NULL;
    length = utf8_fold_text(bytes, length, word, sizeof word);
    hash = hash_of(group, word, length);
    for (uint16_t i = *chain_of(hash); i != 0; i = all.phrases[i].next) {
        const struct language_phrase *phrase = &all.phrases[i];

        if (phrase->hash == hash && group_of(phrase->list) == group &&
            strcmp(phrase->text, word) == 0 && is_before(phrase, found))
            found = phrase;
    }
    return found;
}

/* Whether the words of a verb before its last one end where that begins. */
static bool has_words_before(const struct language_phrase *verb, const char *start,
                             const char *word)
{
    size_t wanted = (size_t)(last_word(verb->text) - verb->text);
    char folded[4 * LANGUAGE_MOST_BYTES];
    size_t length;

    if (wanted == 0)
        return true;
    if (word - start > (ptrdiff_t)sizeof folded / 2) {
        start = word - sizeof folded / 2;
        start += strcspn(start, " ");
    }
    length = utf8_fold_text(start, (size_t)(word - start), folded, sizeof folded);
    while (length > 0 && strchr(" \"'([<", folded[length - 1]))
        length--;
    wanted--; /* the space before the last word */
    return length >= wanted &&
           memcmp(folded + length - wanted, verb->text, wanted) == 0 &&
           (length == wanted || strchr(" \"'([<-*_", folded[length - wanted - 1]));
}

const struct language_phrase *language_find_verb(const char *start, const char *word,
                                                 size_t length)
{
    const struct language_phrase *found = NULL;
    char last[LANGUAGE_MOST_BYTES];
    uint32_t hash;

    need_index();
    if (length >= sizeof last)
        return NULL;
    length = utf8_fold_text(word, length, last, sizeof last);
    hash = hash_of(GROUP_VERBS, last, length);
    for (uint16_t i = *chain_of(hash); i != 0; i = all.phrases[i].next) {
        const struct language_phrase *verb = &all.phrases[i];

        if (verb->hash == hash && group_of(verb->list) == GROUP_VERBS &&
            strcmp(last_word(verb->text), last) == 0 &&
            has_words_before(verb, start, word) &&
            (!found || strlen(verb->text) > strlen(found->text)))
            found = verb;
    }
    return found;
}

bool language_begins(unsigned list, const char *bytes, size_t length)
{
    const struct language_phrase *phrase;
    char beginning[LANGUAGE_MOST_BYTES];
    struct language_walk walk;

    if (length > sizeof beginning - 1)
        length = utf8_floor(bytes, sizeof beginning - 1);
    utf8_fold_text(bytes, length, beginning, sizeof beginning);
    walk = language_walk_at(list, beginning);
    while ((phrase = language_walk_next(&walk)))
        if (strncmp(beginning, phrase->text, strlen(phrase->text)) == 0)
            return true;
    return false;
}

size_t language_phrase_count(void)
{
    need_index();
    return all.count;
}

size_t language_phrases_lost(void)
{
    need_index();
    return all.lost;
}
