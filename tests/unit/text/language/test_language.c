/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "text/language/language_index.h"

/* What a list wants of its words, beside small letters. */
enum {
    ONE_WORD = 1, /* no space in it */
    MAY_HAVE_STAR = 2,
    MAY_HAVE_SIGNS = 4, /* "%" and "#" */
    ENDS_IN_SPACE = 8,
    ENDS_IN_COLON = 16,
    NO_COLON = 32,
    EMAIL_WITHOUT_HYPHEN = 64
};

enum { PHRASE = MAY_HAVE_SIGNS | EMAIL_WITHOUT_HYPHEN };

static unsigned form_of(unsigned list)
{
    switch (list) {
    case QUOTE_SEPARATOR:
    case LABEL_OTHER_BEGINNING:
        return NO_COLON;
    case QUOTE_NOTES:
    case QUOTE_QUOTING:
        return ENDS_IN_SPACE;
    case QUOTE_ANNOUNCEMENT:
        return ENDS_IN_COLON;
    case ATTRIBUTION_OPENER:
    case ATTRIBUTION_SENDER:
    case TIME_UNIT:
        return ONE_WORD | NO_COLON;
    case CONTACT_LABEL:
        return ONE_WORD | NO_COLON | EMAIL_WITHOUT_HYPHEN;
    case CLOSING_JOINT:
        return ENDS_IN_SPACE | EMAIL_WITHOUT_HYPHEN;
    case FOOTER_OPENING:
    case FOOTER_LINK:
        return 0;
    case ATTRIBUTION_VERB:
    case ATTRIBUTION_VERB_NAME_BEHIND:
    case ATTRIBUTION_VERB_DATE_BEFORE:
        return NO_COLON;
    default:
        break;
    }
    if (list <= LABEL_OTHER)
        return NO_COLON;
    if (list >= FOOTER_SENT && list <= FOOTER_EXCUSE)
        return ONE_WORD | MAY_HAVE_STAR | NO_COLON;
    return PHRASE;
}

/* Where a word stands, for what is printed when a row fails. */
static const char *place(const struct language *language, unsigned list,
                         const char *word)
{
    static char text[256];

    snprintf(text, sizeof text, "%s, list %u: \"%s\"", language->name, list, word);
    return text;
}

static bool has_only_small_letters(const char *word)
{
    uint32_t point;

    while (utf8_next(&word, &point))
        if (utf8_is_capital(point) || (point >= 0x300 && point < 0x370) ||
            point == 0x2019 || point == 0xA0 || utf8_is_direction_mark(point))
            return false;
    return true;
}

static bool has_good_spaces(const char *word, unsigned form)
{
    size_t length = strlen(word);
    bool has_end = word[length - 1] == ' ';

    if (*word == ' ' || strstr(word, "  ") || strpbrk(word, "\t\n"))
        return false;
    if (form & ENDS_IN_SPACE)
        return has_end;
    return !(form & ONE_WORD) || !strchr(word, ' ');
}

static bool has_good_signs(const char *word, unsigned form)
{
    const char *star = strchr(word, '*');

    if (star && (!(form & MAY_HAVE_STAR) || star[1] != '\0' || star == word))
        return false;
    if (strpbrk(word, "%#") && !(form & MAY_HAVE_SIGNS))
        return false;
    if ((form & ENDS_IN_COLON) && word[strlen(word) - 1] != ':')
        return false;
    if ((form & NO_COLON) && strchr(word, ':'))
        return false;
    return !(form & EMAIL_WITHOUT_HYPHEN) || !strstr(word, "e-mail");
}

static void check_word(const struct language *language, unsigned list, const char *word)
{
    unsigned form = form_of(list);
    const char *name = place(language, list, word);

    if (*word == '\0') {
        check_true(name, false);
        return;
    }
    check_true(name, utf8_is_valid(word) && has_only_small_letters(word));
    check_true(name, has_good_spaces(word, form));
    check_true(name, has_good_signs(word, form));
    check_true(name, strlen(word) < LANGUAGE_MOST_BYTES);
    if (list <= LABEL_OTHER)
        check_true(name, utf8_count(word, strlen(word)) < LANGUAGE_LABEL_CHARACTERS);
}

static void words_have_the_form_of_their_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < language_count; i++)
        for (unsigned list = 0; list < LANGUAGE_LISTS; list++) {
            const char *const *word = languages[i]->lists[list].words;

            for (; word && *word; word++)
                check_word(languages[i], list, *word);
        }
}

static void a_list_without_words_says_why(void **state)
{
    (void)state;
    for (size_t i = 0; i < language_count; i++)
        for (unsigned list = 0; list < LANGUAGE_LISTS; list++) {
            const struct language_words *words = &languages[i]->lists[list];
            bool has_words = words->words && *words->words;
            bool has_reason = words->reason && *words->reason;

            if (strcmp(languages[i]->name, "Brands") == 0)
                continue;
            check_true(place(languages[i], list, "words or a reason, not both"),
                       has_words != has_reason);
        }
}

static bool are_same(const char *left, const char *right)
{
    char folded[2][LANGUAGE_MOST_BYTES];

    utf8_fold_text(left, strlen(left), folded[0], sizeof folded[0]);
    utf8_fold_text(right, strlen(right), folded[1], sizeof folded[1]);
    return strcmp(folded[0], folded[1]) == 0;
}

static void no_word_is_twice_in_a_list(void **state)
{
    (void)state;
    for (size_t i = 0; i < language_count; i++)
        for (unsigned list = 0; list < LANGUAGE_LISTS; list++) {
            const char *const *words = languages[i]->lists[list].words;

            for (size_t k = 0; words && words[k]; k++)
                for (size_t other = 0; other < k; other++)
                    check_true(place(languages[i], list, words[k]),
                               !are_same(words[k], words[other]));
        }
}

/* Whether the words of a list are found as what they are, and not as something else
 * that another list or language makes of them. */
static void check_kinds(unsigned first, unsigned last)
{
    for (size_t i = 0; i < language_count; i++)
        for (unsigned list = first; list <= last; list++) {
            const char *const *word = languages[i]->lists[list].words;

            for (; word && *word; word++) {
                const struct language_phrase *found =
                    language_find(list, *word, strlen(*word));

                check_number(place(languages[i], list, *word), found ? found->list : -1,
                             list);
            }
        }
}

static void a_label_has_one_field_in_all_languages(void **state)
{
    (void)state;
    check_kinds(LABEL_FROM, LABEL_OTHER);
}

static void a_verb_has_one_place_in_all_languages(void **state)
{
    (void)state;
    for (size_t i = 0; i < language_count; i++)
        for (unsigned list = ATTRIBUTION_VERB; list <= ATTRIBUTION_VERB_DATE_BEFORE;
             list++) {
            const char *const *verb = languages[i]->lists[list].words;

            for (; verb && *verb; verb++) {
                const char *space = strrchr(*verb, ' ');
                const char *last = space ? space + 1 : *verb;
                const struct language_phrase *found =
                    language_find_verb(*verb, last, strlen(last));

                check_number(place(languages[i], list, *verb), found ? found->list : -1,
                             list);
            }
        }
}

static bool is_closing(const char *phrase)
{
    for (size_t i = 0; i < language_count; i++) {
        const char *const *closing = languages[i]->lists[CLOSING].words;

        for (; closing && *closing; closing++)
            if (are_same(*closing, phrase))
                return true;
    }
    return false;
}

/* If a word is a closing in one language and thanks in another, it counts as a
 * closing. Then the name of the person who is thanked would count as the sender's. */
static void a_closing_is_no_thanks_in_another_language(void **state)
{
    (void)state;
    for (size_t i = 0; i < language_count; i++) {
        const char *const *thanks = languages[i]->lists[THANKS].words;

        for (; thanks && *thanks; thanks++)
            check_true(place(languages[i], THANKS, *thanks), !is_closing(*thanks));
    }
}

static void all_words_are_in_the_index(void **state)
{
    (void)state;
    check_true("there are words", language_phrase_count() > 0);
    check_number("none is left out", (long long)language_phrases_lost(), 0);
}

static void words_are_found_in_any_form(void **state)
{
    static const struct {
        const char *name, *text;
        unsigned list;
        bool want;
    } rows[] = {
        {"as it is", "from", LABEL_FROM, true},
        {"in capitals", "FROM", LABEL_FROM, true},
        {"with an accent", "À", LABEL_TO, true},
        {"outside Latin-1", "WYSŁANO", LABEL_SENT, true},
        {"in another list", "from", QUOTE_SEPARATOR, false},
        {"a word of it", "original", QUOTE_SEPARATOR, false},
        {"more than it", "from you", LABEL_FROM, false},
        {"nothing", "", LABEL_FROM, false},
        {"with marks of direction", "\u202bfrom\u200f", LABEL_FROM, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name,
                     language_find(rows[i].list, rows[i].text, strlen(rows[i].text)) !=
                         NULL,
                     rows[i].want);
}

static void verbs_have_their_words_before_them(void **state)
{
    static const struct {
        const char *name, *sentence, *verb;
        int want; /* -1: none */
    } rows[] = {
        {"one word", "Jo wrote", "wrote", ATTRIBUTION_VERB},
        {"the name may follow", "am Montag schrieb Jo", "schrieb Jo",
         ATTRIBUTION_VERB_NAME_BEHIND},
        {"with its auxiliary", "Jo has written", "written", ATTRIBUTION_VERB},
        {"without it", "Jo was written", "written", -1},
        {"the end of another word", "Jo, Has written", "written", ATTRIBUTION_VERB},
        {"within a word", "alohas written", "written", -1},
        {"at the beginning", "written", "written", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *word = strstr(rows[i].sentence, rows[i].verb);
        const struct language_phrase *found =
            language_find_verb(rows[i].sentence, word, strcspn(word, " "));

        check_number(rows[i].name, found ? found->list : -1, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(words_have_the_form_of_their_list),
        UNIT_TEST(a_list_without_words_says_why),
        UNIT_TEST(no_word_is_twice_in_a_list),
        UNIT_TEST(a_label_has_one_field_in_all_languages),
        UNIT_TEST(a_verb_has_one_place_in_all_languages),
        UNIT_TEST(a_closing_is_no_thanks_in_another_language),
        UNIT_TEST(all_words_are_in_the_index),
        UNIT_TEST(words_are_found_in_any_form),
        UNIT_TEST(verbs_have_their_words_before_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
