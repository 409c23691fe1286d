/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/mime/encoded_words.h"

static void words_are_decoded(void **state)
{
    static const struct {
        const char *name, *field, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"ASCII", "Hello world", "Hello world"},
        {"raw UTF-8", "Caf\xC3\xA9", "Caf\u00e9"},
        {"raw Windows-1252", "Caf\xE9 \x96", "Caf\u00e9 \u2013"},
        {"Q", "=?utf-8?Q?=E2=82=AC_5?=", "\u20ac 5"},
        {"B", "=?utf-8?B?4oKs?=", "\u20ac"},
        {"B without padding", "=?utf-8?b?SGVsbG8?=", "Hello"},
        {"words between words", "a =?utf-8?q?b?= c", "a b c"},
        {"white space between two words is none",
         "=?utf-8?q?a?= \t =?utf-8?q?b?=", "ab"},
        {"words of two charsets",
         "=?utf-8?q?=C3=A9?= =?iso-8859-1?q?=E9?=", "\u00e9\u00e9"},
        {"a character cut between two words",
         "=?utf-8?B?Q2Fmww==?= =?utf-8?B?qQ==?=", "Caf\u00e9"},
        {"and between the two forms",
         "=?utf-8?B?Q2Fmww==?= =?utf-8?Q?=A9?=", "Caf\u00e9"},
        {"Windows-1252 by the name of Latin-1",
         "=?iso-8859-1?Q?=93closed=94_=96_bring_=805?=",
         "\u201cclosed\u201d \u2013 bring \u20ac5"},
        {"Latin-1 by the name of UTF-8", "=?utf-8?Q?Gr=FC=DFe?=", "Gr\u00fc\u00dfe"},
        {"UTF-8 by the name of ASCII", "=?us-ascii?Q?Caf=C3=A9?=", "Caf\u00e9"},
        {"a language", "=?utf-8*en?Q?=C3=A9?=", "\u00e9"},
        {"UTF-7", "=?utf-7?Q?+AOk-?=", "\u00e9"},
        {"ISO-2022-JP", "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\u65e5\u672c"},
        {"spaces in a word", "=?utf-8?Q?a b?=", "a b"},
        {"a broken escape stays", "=?utf-8?Q?=ZZ=4?=", "=ZZ=4"},
        {"a word without an end stays", "=?utf-8?Q?abc", "=?utf-8?Q?abc"},
        {"another form stays", "=?utf-8?X?abc?=", "=?utf-8?X?abc?="},
        {"no charset",
         "=?"
         "?Q?abc?=",
         "=?"
         "?Q?abc?="},
        {"an empty word",
         "a=?utf-8?Q?"
         "?=b",
         "ab"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = encoded_words_decode(rows[i].field);

        check_text(rows[i].name, got, rows[i].want);
        check_true(rows[i].name, got && utf8_is_valid(got));
        free(got);
    }
}

static void long_fields_are_read_once(void **state)
{
    static const char *const pieces[] = {"=?a?q? ", "=?", "=?utf-8?b?",
                                         "?=", "=?utf-8?q?=C3?= "};

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        char *field = unit_repeat(pieces[i], 20000);
        char *got = encoded_words_decode(field);

        check_true(pieces[i], got && utf8_is_valid(got));
        free(got);
        free(field);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(words_are_decoded),
        UNIT_TEST(long_fields_are_read_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
