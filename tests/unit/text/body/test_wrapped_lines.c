/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/body/wrapped_lines.h"

/* 30, 60, 70, 72, 76 and 80 characters of words. */
#define W10 "word wor! "
#define W30 W10 W10 "word words"
#define W50 W10 W10 W30
#define W60 W10 W10 W10 W30
#define W70 W10 W60
#define W72 W70 "sx"
#define W76 W70 "sxxxxx"
#define W80 W10 W70

static char *joined(const char *text)
{
    char *copy = unit_repeat(text, 1);

    wrapped_lines_join(copy);
    return copy;
}

static void lines_that_a_program_broke_are_joined(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"72 characters", W72 "\nand on", W72 " and on"},
        {"60 characters", W60 "\nand on", W60 " and on"},
        {"76 characters", W76 "\nand on", W76 " and on"},
        {"80 characters", W80 "\nand on", W80 " and on"},
        {"entries that begin alike are no paragraph",
         "Host web1 of the school is DOWN since this morning at 09:12 o'clock\n"
         "Host web2 of the school is DOWN since this morning at 09:13 o'clock\n",
         "Host web1 of the school is DOWN since this morning at 09:12 o'clock\n"
         "Host web2 of the school is DOWN since this morning at 09:13 o'clock\n"},
        {"nor are sentences that end with their lines",
         "Monday: the hall is closed for exams, so lunch is in the gym today.\n"
         "Tuesday brings the photographer, please wear the school jumper then.\n",
         "Monday: the hall is closed for exams, so lunch is in the gym today.\n"
         "Tuesday brings the photographer, please wear the school jumper then.\n"},
        {"three lines", W72 "\n" W70 "\nand on", W72 " " W70 " and on"},
        {"the next word did not fit", W72 "\n" W60 "\nelectrocution is bad",
         W72 " " W60 " electrocution is bad"},
        {"not where the next word would have fitted", W72 "\n" W50 "\nand on",
         W72 " " W50 "\nand on"},
        {"not behind a short line", "Dear parents,\n" W72 "\nand on",
         "Dear parents,\n" W72 " and on"},
        {"line end at the end", W72 "\nand on\n", W72 " and on\n"},
        {"a space at the end", W72 " \nand on", W72 " and on"},
        {"spaces and a tab at the end", W72 "  \t\nand on", W72 " and on"},
        {"CR LF", W72 "\r\nand on\r\n", W72 " and on\r\n"},
        {"two paragraphs", W72 "\nand on\n\n" W72 "\nand on",
         W72 " and on\n\n" W72 " and on"},
        {"blank line of spaces divides", W72 "\nand on\n  \t\n" W60 "\nand on",
         W72 " and on\n  \t\n" W60 " and on"},
        {"a hyphen stays and takes no space", W70 "after-\nschool club",
         W70 "after-school club"},
        {"a hyphen before an umlaut", W70 "a-\nüber", W70 "a-über"},
        {"a hyphen before a capital", W70 "Mon-\nFri", W70 "Mon- Fri"},
        {"a hyphen behind a capital", W70 " A-\nlevel", W70 " A-level"},
        {"a dash is no hyphen", W70 " -\nand on", W70 " - and on"},
        {"a hyphen behind a digit", W70 "4-\nfive", W70 "4- five"},
        {"characters, not bytes",
         "ääääääääää ääääääääää ääääääääää ääääääääää ääääääääää ääääääääää "
         "ääääää\nund "
         "so weiter",
         "ääääääääää ääääääääää ääääääääää ääääääääää ääääääääää ääääääääää ääääää und "
         "so weiter"},
        {"a colon further on is no field", W72 "\nand we say to you all: come",
         W72 " and we say to you all: come"},
        {"a small letter begins no field", W72 "\nnote: come", W72 " note: come"},
        {"three words are no field", W72 "\nThe next match: come",
         W72 " The next match: come"},
        {"a time is no field", W72 "\nLunch 12:30", W72 " Lunch 12:30"},
        {"a year is no list", W72 "\n2026. We go", W72 " 2026. We go"},
        {"a time with a point is no list", W72 "\n10.30 we go", W72 " 10.30 we go"},
        {"a negative number is no list", W72 "\n-5 degrees", W72 " -5 degrees"},
        {"a list item goes on", "- " W70 "\nand on", "- " W70 " and on"},
        {"a long address on its own line does not count",
         W72 "\nand on\nhttps://school.example/a/very/long/address/that/no/program/"
             "wraps/at/all/since/it/has/no/space",
         W72 " and on\nhttps://school.example/a/very/long/address/that/no/program/"
             "wraps/at/all/since/it/has/no/space"},
        {"a short address goes on", W72 "\nhttps://school.example",
         W72 " https://school.example"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = joined(rows[i].text);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

static void lines_that_the_sender_broke_stay(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"nothing", ""},
        {"a line end", "\n"},
        {"blank lines", "\n\n \n\n"},
        {"one line", W72},
        {"short lines", "No bus today.\nSchool is open.\nJo"},
        {"50 characters", W50 "\nand on"},
        {"59 characters", W50 " wordword\nand on"},
        {"81 characters", W80 "x\nand on"},
        {"a long line", W80 W80 "\nand on\nand on"},
        {"paragraphs of a line", W72 "\n\n" W70 "\n\n" W60},
        {"a short line above a long one", "Dear parents,\n" W72},
        {"a short line between", W30 "\n" W72 "\n- x"},
        {"a paragraph's own width", W72 "\n\nNo bus\ntoday"},
        {"indented", W72 "\n  and on"},
        {"a tab before it", W72 "\n\tand on"},
        {"list with hyphens", W72 "\n- one\n- two"},
        {"list with stars", W72 "\n* one"},
        {"list with bullets", W72 "\n• one"},
        {"list with dashes", W72 "\n– one"},
        {"list with numbers", W72 "\n1. one"},
        {"list with numbers and brackets", W72 "\n12) one"},
        {"list with letters", W72 "\na) one"},
        {"list with letters in brackets", W72 "\n(b) one"},
        {"list below a colon", W70 "s:\n- one"},
        {"field", W72 "\nState: down"},
        {"field of two words", W72 "\nNext match: Friday"},
        {"field without a value", W72 "\nState:"},
        {"field that begins outside ASCII", W72 "\nÉtat: fermé"},
        {"quote", W72 "\n> and on"},
        {"a long address",
         W72 "\nhttps://school.example/a/very/long/address/that/is/over/sixty"},
        {"below a long address",
         "https://school.example/a/very/long/address/that/is/over/sixty\n" W72},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = joined(rows[i].text);

        check_text(rows[i].name, got, rows[i].text);
        free(got);
    }
}

static void size_does_not_matter(void **state)
{
    const struct {
        const char *name, *piece;
        size_t count;
        bool is_joined;
    } rows[] = {
        {"one line of a megabyte", "a", 1048576, false},
        {"one line of words", "word ", 209715, false},
        {"a million blank lines", "\n", 1000000, false},
        {"a million short lines", "a\n", 1000000, false},
        {"lines of spaces", "  \n", 300000, false},
        {"a paragraph of a megabyte", W72 "\n", 14000, true},
        {"paragraphs", W72 "\nand on\n\n", 12000, true},
        {"letters of several bytes", "ä", 500000, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *text = unit_repeat(rows[i].piece, rows[i].count);
        char *got = joined(text);

        check_number(rows[i].name, strcmp(got, text) != 0, rows[i].is_joined);
        check_true(rows[i].name, strlen(got) <= strlen(text) && utf8_is_valid(got));
        free(got);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(lines_that_a_program_broke_are_joined),
        UNIT_TEST(lines_that_the_sender_broke_stay),
        UNIT_TEST(size_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
