/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>

#include "text/tidy.h"

static void white_space_folds_and_the_unseen_goes(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"white space alone", " \t\n \xC2\xA0", ""},
        {"a word", "a", "a"},
        {"spaces fold", "a  b \t c", "a b c"},
        {"line ends fold to one", "a \n \n\n b", "a\nb"},
        {"white space at the ends goes", "\n  a\n ", "a"},
        {"a no-break space is a space", "a\u00a0b", "a b"},
        {"an em space", "a\u2003b", "a b"},
        {"an ideographic space", "\u5b66\u3000\u6821", "\u5b66 \u6821"},
        {"a lone CR is a space", "a\rb", "a b"},
        {"a form feed is a line end", "a\fb", "a\nb"},
        {"a line separator", "a\u2028b", "a\nb"},
        {"a paragraph separator", "a\u2029b", "a\nb"},
        {"next line (C1) divides words",
         "a\xC2\x85"
         "b",
         "a\nb"},
        {"control characters go",
         "a\001b\033\177c\xC2\x9B"
         "d",
         "abcd"},
        {"a soft hyphen goes", "clo\u00adsed", "closed"},
        {"zero-width spaces go", "a\u200bb\ufeffc", "abc"},
        {"what Unicode says is no character goes", "a\uFFFEb\uFFFFc", "abc"},
        {"a word joiner goes", "a\u2060b", "ab"},
        {"overrides of direction go", "a\u202eb\u202c\u2066c\u2069\u200f", "abc"},
        {"the padding of preheaders goes", "\u034f \u200c \u034f \u200c a", "a"},
        {"a Hangul filler goes", "a\u3164b", "ab"},
        {"an unknown character is a question mark", "a\ufffdb", "a?b"},
        {"a joiner within an emoji stays", "\U0001F468\u200d\U0001F469",
         "\U0001F468\u200d\U0001F469"},
        {"a joiner at the end goes", "\U0001F468\u200d", "\U0001F468"},
        {"a joiner before a space goes", "\U0001F468\u200d a", "\U0001F468 a"},
        {"a joiner behind a space goes", "\u06cc \u200d\u06cc", "\u06cc \u06cc"},
        {"a non-joiner in Persian stays", "\u0645\u06cc\u200c\u0634",
         "\u0645\u06cc\u200c\u0634"},
        {"a joiner in an Indic syllable stays", "\u0915\u094d\u200d\u0937",
         "\u0915\u094d\u200d\u0937"},
        {"a non-joiner between Latin letters goes", "a\u200cb", "ab"},
        {"two joiners are none", "\U0001F468\u200d\u200d\U0001F469",
         "\U0001F468\u200d\U0001F469"},
        {"a variation selector stays", "\u2764\ufe0f", "\u2764\ufe0f"},
        {"the flag of Wales stays",
         "\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F",
         "\U0001F3F4\U000E0067\U000E0062\U000E0077\U000E006C\U000E0073\U000E007F"},
        {"tags elsewhere go", "a\U000E0067\U000E007Fb", "ab"},
        {"other characters stay", "\u20ac \U0001F600", "\u20ac \U0001F600"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = tidy_text(rows[i].text);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(white_space_folds_and_the_unseen_goes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
