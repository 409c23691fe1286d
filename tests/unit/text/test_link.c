/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <string.h>

#include "text/link.h"

static void a_link_has_a_length(void **state)
{
    static const struct {
        const char *name, *text, *want; /* NULL: none begins there */
    } rows[] = {
        {"https", "https://a.example/x now", "https://a.example/x"},
        {"in capitals", "HTTP://A.EXAMPLE", "HTTP://A.EXAMPLE"},
        {"www.", "www.a.example", "www.a.example"},
        {"a full stop behind it", "https://a.example.", "https://a.example"},
        {"a bracket behind it", "https://a.example/x)?", "https://a.example/x"},
        {"an angle bracket ends it", "https://a.example<x", "https://a.example"},
        {"letters of any script", "https://a.example/\xC3\xA9 x",
         "https://a.example/\xC3\xA9"},
        {"a no-break space ends it", "https://a.example\xC2\xA0x", "https://a.example"},
        {"U+00A1 does not", "https://a.example/\xC2\xA1 x",
         "https://a.example/\xC2\xA1"},
        {"quotation marks end it", "https://a.example\xC2\xBBx", "https://a.example"},
        {"an ideographic full stop ends it", "https://a.example\xE3\x80\x82x",
         "https://a.example"},
        {"one character is enough", "https://a", "https://a"},
        {"a beginning alone", "https:// x", NULL},
        {"a beginning and punctuation", "www...", NULL},

        {"e-mail", "jo@school.example now", "jo@school.example"},
        {"one letter each", "a@b", "a@b"},
        {"all that people use", "a.b+c-d_e%f@g-h.example.", "a.b+c-d_e%f@g-h.example"},
        {"no local part", "@school.example", NULL},
        {"no domain", "jo@ school", NULL},
        {"a domain that begins with a dot", "jo@.example", NULL},
        {"a domain of punctuation", "jo@-.", NULL},

        {"telephone", "+44 (0)7700 900-123 now", "+44 (0)7700 900-123"},
        {"seven digits", "1234567", "1234567"},
        {"six digits", "123456", NULL},
        {"two spaces end it", "1234567  8", "1234567"},
        {"a full stop behind it", "1234567.", "1234567"},
        {"30 octets", "1234567890123456789012345678901",
         "123456789012345678901234567890"},

        {"a word", "school", NULL},
        {"nothing", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, (long long)link_bytes(rows[i].text, rows[i].text),
                     rows[i].want ? (long long)strlen(rows[i].want) : 0);
}

static void none_begins_within_a_word(void **state)
{
    static const struct {
        const char *name, *text;
        size_t at;
        bool want;
    } rows[] = {
        {"a URL behind a space", " www.a.example", 1, true},
        {"a URL behind a bracket", "(www.a.example", 1, true},
        {"a URL behind a letter", "xwww.a.example", 1, false},
        {"e-mail behind a bracket", "<jo@school.example", 1, true},
        {"e-mail behind what may be of it", "+jo@school.example", 1, false},
        {"telephone behind a space", " 01632 960123", 1, true},
        {"telephone behind a letter", "x01632 960123", 1, false},
        {"telephone behind its plus", "+441632960123", 1, false},
        {"telephone behind another digit", "01632 960123", 1, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name,
                     link_bytes(rows[i].text, rows[i].text + rows[i].at) > 0,
                     rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_link_has_a_length),
        UNIT_TEST(none_begins_within_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
