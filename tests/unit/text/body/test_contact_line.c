/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/body/contact_line.h"

/* In a block of its own length, so that a sanitizer sees a read beyond the text. */
static struct body_line line_of(const char *text, char **copy_out)
{
    size_t length = strlen(text);

    *copy_out = malloc(length > 0 ? length : 1);
    assert_non_null(*copy_out);
    memcpy(*copy_out, text, length);
    return (struct body_line){.words = *copy_out, .words_bytes = length};
}

static enum contact read_line(const char *text)
{
    char *copy;
    const struct body_line line = line_of(text, &copy);
    enum contact contact = contact_line_read(&line);

    free(copy);
    return contact;
}

/* A link of this many bytes. */
static char *link_of(size_t length)
{
    char *link = unit_repeat("a", length);

    memcpy(link, "https://a.example/", strlen("https://a.example/"));
    return link;
}

static void a_line_is_contact_data_or_not(void **state)
{
    static const struct {
        const char *text;
        enum contact want;
    } rows[] = {
        {"", CONTACT_NO},
        {"x", CONTACT_NO},
        {"Tel: 01632 960123", CONTACT_DATA},
        {"Please call 01632 960123 before nine.", CONTACT_NO},
        {"Jo Ann Smith <jo@school.example>", CONTACT_DATA},
        {"Jo Ann Mary Smith <jo@school.example>", CONTACT_NO},
        {"Registered charity number 12345", CONTACT_DATA},
        {"Registered charity number 1234", CONTACT_NO},
    };
    char *longest = link_of(250), *longer = link_of(251);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].text, read_line(rows[i].text), rows[i].want);
    check_number("the longest line", read_line(longest), CONTACT_LINK);
    check_number("a longer one", read_line(longer), CONTACT_NO);
    free(longest);
    free(longer);
}

#define WORD9 "Aaaaaaaaa "

static void a_title_has_few_words(void **state)
{
    static const struct {
        const char *name, *text;
        bool want;
    } rows[] = {
        {"a name", "Jo Smith", true},
        {"nothing", "", false},
        {"nine words", "A B C D E F G H I", true},
        {"ten words", "A B C D E F G H I J", false},
        {"90 bytes", WORD9 WORD9 WORD9 WORD9 WORD9 WORD9 WORD9 WORD9 "Aaaaaaaaaa",
         true},
        {"91 bytes", WORD9 WORD9 WORD9 WORD9 WORD9 WORD9 WORD9 WORD9 "Aaaaaaaaaaa",
         false},
        {"an abbreviation at its end", "Greenfield Inst.", true},
        {"a sentence that ends", "Greenfield Insti.", false},
        {"a street with two numbers", "Unit 5, 6 High Street", true},
        {"a street with three numbers", "Unit 5, 6, 7 High Street", false},
        {"a code before a town", "54321 Neustadt Am Rübenberge", true},
        {"a code before more than a town", "54321 Neustadt Am Rübenberge Ost", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *copy;
        const struct body_line line = line_of(rows[i].text, &copy);

        check_number(rows[i].name, contact_line_is_title(&line), rows[i].want);
        free(copy);
    }
}

static void items_are_counted(void **state)
{
    static const struct {
        const char *text;
        unsigned want;
    } rows[] = {
        {"Jo Smith | Head | 01632 960123 | jo@school.example", 2},
        {"01632 960123 | jo@school.example", 2},
        {"Jo Smith | 01632 960123 |", 1},
        {"Bring a coat | 01632 960123", 0},
        {"01632 960123", 0},
        {"|", 0},
    };
    char *longest = unit_repeat("01632 960123| ", 18), *copy;
    struct body_line line;

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        line = line_of(rows[i].text, &copy);
        check_number(rows[i].text, contact_line_items(&line), rows[i].want);
        free(copy);
    }
    longest[250] = '\0';
    line = line_of(longest, &copy);
    check_number("the longest line", contact_line_items(&line), 18);
    free(copy);
    longest[250] = '0';
    longest[251] = '\0';
    line = line_of(longest, &copy);
    check_number("a longer one", contact_line_items(&line), 0);
    free(copy);
    free(longest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_line_is_contact_data_or_not),
        UNIT_TEST(a_title_has_few_words),
        UNIT_TEST(items_are_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
