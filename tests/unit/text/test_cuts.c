/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/cuts.h"

static void a_cut_is_shown_by_its_beginning(void **state)
{
    static const struct {
        const char *name, *text, *beginning;
        size_t size;
    } rows[] = {
        {"a word", "Jo", "Jo", 2},
        {"its first line", "Jo\nHead", "Jo", 7},
        {"white space before it does not count", " \n Jo", "Jo", 2},
        {"white space alone is nothing", " \n\t", "", 0},
        {"nothing", "", "", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct cuts cuts = {0};
        const struct cut *cut = &cuts.by_reason[CUT_SIGNATURE];

        cuts_add(&cuts, CUT_SIGNATURE, rows[i].text, strlen(rows[i].text));
        check_text(rows[i].name, cut->beginning, rows[i].beginning);
        check_number(rows[i].name, (long long)cut->size_bytes, (long long)rows[i].size);
    }
}

static void the_first_piece_is_shown_and_all_are_counted(void **state)
{
    struct cuts cuts = {0};

    (void)state;
    cuts_add(&cuts, CUT_QUOTE, "one", 3);
    cuts_add(&cuts, CUT_QUOTE, "two!", 4);
    check_text("the first", cuts.by_reason[CUT_QUOTE].beginning, "one");
    check_number("both", (long long)cuts.by_reason[CUT_QUOTE].size_bytes, 7);
    check_number("nothing else", (long long)cuts.by_reason[CUT_STRIP].size_bytes, 0);
}

static void no_character_is_halved(void **state)
{
    char *text = unit_repeat("\u20ac", 50);

    (void)state;
    for (size_t shift = 0; shift < 3; shift++) {
        struct cuts cuts = {0};
        char shifted[160] = "ab";

        strcpy(shifted + shift, text);
        cuts_add(&cuts, CUT_OVERLONG, shifted, strlen(shifted));
        check_true("whole", utf8_is_valid(cuts.by_reason[CUT_OVERLONG].beginning));
        check_true("long", strlen(cuts.by_reason[CUT_OVERLONG].beginning) > 58);
    }
    free(text);
}

static void every_reason_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < CUT_REASONS; i++)
        for (int k = 0; k < i; k++)
            check_true(cuts_name((enum cut_reason)i),
                       strcmp(cuts_name((enum cut_reason)i),
                              cuts_name((enum cut_reason)k)) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_cut_is_shown_by_its_beginning),
        UNIT_TEST(the_first_piece_is_shown_and_all_are_counted),
        UNIT_TEST(no_character_is_halved),
        UNIT_TEST(every_reason_has_a_name_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
