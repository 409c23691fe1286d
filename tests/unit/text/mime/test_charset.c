/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/utf8.h"
#include "text/mime/charset.h"

static void octets_become_utf8(void **state)
{
    static const struct {
        const char *name, *charset, *bytes, *want;
    } rows[] = {
        {"nothing", "utf-8", "", ""},
        {"ASCII", "us-ascii", "Hello", "Hello"},
        {"UTF-8", "utf-8", "\xE2\x82\xAC", "\u20ac"},
        {"UTF-8 by another name", "UTF8", "\xE2\x82\xAC", "\u20ac"},
        {"no name", NULL, "\xE2\x82\xAC", "\u20ac"},
        {"an empty name", "", "\xE2\x82\xAC", "\u20ac"},
        {"a byte order mark of UTF-8", "iso-8859-1", "\xEF\xBB\xBF\xC3\xA9", "\u00e9"},
        {"Latin-1", "iso-8859-1", "Zo\xEB", "Zo\u00eb"},
        {"Latin-1 that is Windows-1252", "ISO-8859-1",
         "\x93"
         "a\x94 \x80",
         "\u201ca\u201d \u20ac"},
        {"Latin-1 that is UTF-8", "iso-8859-1", "Zo\xC3\xAB", "Zo\u00eb"},
        {"UTF-8 that is Windows-1252", "utf-8", "caf\xE9 \x96 th\xE9",
         "caf\u00e9 \u2013 th\u00e9"},
        {"8-bit octets that nobody declared", NULL, "caf\xE9", "caf\u00e9"},
        {"ASCII that is UTF-8", "us-ascii", "caf\xC3\xA9", "caf\u00e9"},
        {"UTF-8 with one bad octet stays UTF-8", "utf-8",
         "\xC3\xA9\xC3\xA8\xFF\xC3\xA9", "\u00e9\u00e8\ufffd\u00e9"},
        {"UTF-8 that is cut off", "utf-8", "\xC3\xA9\xC3\xA9\xE2",
         "\u00e9\u00e9\ufffd"},
        {"Latin-9", "iso-8859-15", "\xA4", "\u20ac"},
        {"Polish", "iso-8859-2", "\xB1", "\u0105"},
        {"Windows for Turkish by the name of Latin-5", "iso-8859-9", "\x80\xFE",
         "\u20ac\u015f"},
        {"KOI8-R", "koi8-r", "\xC1", "\u0430"},
        {"Shift_JIS", "Shift_JIS", "\x93\xFA", "\u65e5"},
        {"EUC-JP", "euc-jp", "\xC6\xFC", "\u65e5"},
        {"ISO-2022-JP", "iso-2022-jp", "\033$BF|\033(B", "\u65e5"},
        {"ISO-2022-JP that nobody declared", NULL, "\033$BF|\033(B", "\u65e5"},
        {"GB 2312 that is GB 18030", "gb2312", "\x81\x30\x86\x30", "\u00b8"},
        {"Big5", "big5", "\xA4\xE9", "\u65e5"},
        {"Korean by Windows' name", "ks_c_5601-1987", "\xC7\xD1", "\ud55c"},
        {"UTF-7", "utf-7", "a +AOk-", "a \u00e9"},
        {"a charset that there is not", "x-unknown", "caf\xE9", "caf\u00e9"},
        {"and UTF-8 in it", "default_charset", "caf\xC3\xA9", "caf\u00e9"},
        {"Vietnamese, whose last letter waits for an accent", "windows-1258", "chao",
         "chao"},
        {"and has one", "windows-1258", "e\xEC", "\u00e9"},
        {"a name with options of iconv's", "koi8-r//IGNORE", "\xC1", "\u00c1"},
        {"iconv's own form", "INTERNAL", "caf\xE9", "caf\u00e9"},
        {"malformed Shift_JIS", "shift_jis",
         "a\xFF"
         "b",
         "a\ufffdb"},
        {"Shift_JIS that is cut off", "shift_jis", "a\x93", "a\ufffd"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length;
        char *got = charset_to_utf8(rows[i].charset, rows[i].bytes,
                                    strlen(rows[i].bytes), &length);

        check_text(rows[i].name, got, rows[i].want);
        check_number(rows[i].name, (long long)length, (long long)strlen(got));
        free(got);
    }
}

static void octets_with_nul_become_utf8(void **state)
{
    static const struct {
        const char *name, *charset, *bytes;
        size_t size;
        const char *want;
    } rows[] = {
        {"a NUL is a space", "utf-8", "a\0b", 3, "a b"},
        {"UTF-16 with a mark", "utf-8",
         "\xFF\xFE"
         "a\0\xAC\x20",
         6, "a\u20ac"},
        {"UTF-16, the other way round", NULL, "\xFE\xFF\0a\x20\xAC", 6, "a\u20ac"},
        {"UTF-16 without a mark", "utf-16le", "a\0\xAC\x20", 4, "a\u20ac"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length;
        char *got =
            charset_to_utf8(rows[i].charset, rows[i].bytes, rows[i].size, &length);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

static const char *const charsets[] = {"utf-8",       NULL,     "iso-8859-1", "utf-7",
                                       "iso-2022-jp", "gb2312", "utf-16",     "big5",
                                       "shift_jis",   "koi8-r", "x-none"};

/* Whatever the octets are, what comes out is UTF-8. */
static void any_octets_give_valid_utf8(void **state)
{
    unsigned long long seed = 3;
    char bytes[64];

    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        size_t size = round % sizeof bytes, length;
        char *got;

        for (size_t i = 0; i < size; i++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            bytes[i] = (char)(seed >> 40);
        }
        got = charset_to_utf8(charsets[round % COUNT(charsets)], bytes, size, &length);
        assert_non_null(got);
        if (!utf8_is_valid(got) || strlen(got) != length)
            fail_msg("round %u gives no UTF-8", round);
        free(got);
    }
}

/* iconv opens files: a daemon that has no descriptor left must not hang. */
static void without_descriptors_there_is_a_text_all_the_same(void **state)
{
    struct rlimit limit, none;
    size_t length;
    char *got;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    none = limit;
    none.rlim_cur = 0;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    got = charset_to_utf8("x-none", "H\xE9llo", 5, &length);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_non_null(got);
    check_true("what can be read is there", strstr(got, "llo"));
    check_true("it is UTF-8", utf8_is_valid(got));
    free(got);
}

static void html_names_its_charset(void **state)
{
    static const struct {
        const char *name, *html, *want;
    } rows[] = {
        {"HTML 5", "<meta charset=\"koi8-r\">", "koi8-r"},
        {"without quotes", "<META CHARSET=koi8-r>", "koi8-r"},
        {"HTML 4",
         "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=iso-8859-2\">",
         "iso-8859-2"},
        {"none", "<p>charset=x</p>", NULL},
        {"no value", "<meta charset=", NULL},
        {"a name too long to be one",
         "<meta charset=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa>", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char name[CHARSET_NAME_SIZE];
        bool is_found = charset_of_html(rows[i].html, strlen(rows[i].html), name);

        check_text(rows[i].name, is_found ? name : NULL, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(octets_become_utf8),
        UNIT_TEST(octets_with_nul_become_utf8),
        UNIT_TEST(any_octets_give_valid_utf8),
        UNIT_TEST(without_descriptors_there_is_a_text_all_the_same),
        UNIT_TEST(html_names_its_charset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
