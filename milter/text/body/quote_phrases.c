/* SPDX-License-Identifier: ISC */
#include "text/body/quote_phrases.h"

#include "text/language/language_index.h"

enum quote_field quote_phrases_field(const char *label, size_t length)
{
    static const enum quote_field fields[] = {
        [LABEL_FROM] = QUOTE_FIELD_FROM,   [LABEL_SENT] = QUOTE_FIELD_SENT,
        [LABEL_DATE] = QUOTE_FIELD_DATE,   [LABEL_TO] = QUOTE_FIELD_TO,
        [LABEL_CC] = QUOTE_FIELD_CC,       [LABEL_SUBJECT] = QUOTE_FIELD_SUBJECT,
        [LABEL_OTHER] = QUOTE_FIELD_OTHER,
    };
    const struct language_phrase *known = language_find(GROUP_LABELS, label, length);

    if (known)
        return fields[known->list];
    return language_begins(LABEL_OTHER_BEGINNING, label, length) ? QUOTE_FIELD_OTHER
                                                                 : QUOTE_FIELD_NONE;
}

bool quote_phrases_is_separator(const char *words, size_t length)
{
    return language_find(QUOTE_SEPARATOR, words, length);
}

bool quote_phrases_begins_notes(const char *words, size_t length)
{
    return language_begins(QUOTE_NOTES, words, length);
}

bool quote_phrases_is_announcement(const char *words, size_t length)
{
    return language_find(QUOTE_ANNOUNCEMENT, words, length);
}

bool quote_phrases_begins_quoting(const char *words, size_t length)
{
    return language_begins(QUOTE_QUOTING, words, length);
}

bool quote_phrases_is_opener(const char *word, size_t length)
{
    return language_find(ATTRIBUTION_OPENER, word, length);
}

bool quote_phrases_is_sender_word(const char *word, size_t length)
{
    return language_find(ATTRIBUTION_SENDER, word, length);
}

bool quote_phrases_is_time_unit(const char *word, size_t length)
{
    return language_find(TIME_UNIT, word, length);
}

struct quote_verb quote_phrases_verb(const char *sentence, const char *word,
                                     size_t length)
{
    const struct language_phrase *verb = language_find_verb(sentence, word, length);
    struct quote_verb found = {0};

    if (!verb)
        return found;
    found.word_count = 1;
    for (const char *at = verb->text; *at; at++)
        found.word_count += *at == ' ';
    found.has_name_behind = verb->list == ATTRIBUTION_VERB_NAME_BEHIND;
    found.has_date_before = verb->list == ATTRIBUTION_VERB_DATE_BEFORE;
    return found;
}
