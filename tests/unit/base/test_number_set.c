/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/number_set.h"

#define GOOD "+447700900123"

static struct number_set *load(const char *row, const char *text)
{
    struct number_set *set;
    struct error err;

    unit_write_file("list", text, 0600);
    if (!number_set_load("list", &set, &err))
        check_text(row, err.text, "no error");
    return set;
}

static void a_line_is_read(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"E.164", "+447700900123\n", GOOD},
        {"no line end", "+447700900123", GOOD},
        {"CR LF", "+447700900123\r\n", GOOD},
        {"CR at the end", "+447700900123\r", GOOD},
        {"spaces", "+44 7700 900123\n", GOOD},
        {"tabs, blanks around", " \t+44\t7700 900123 \t\n", GOOD},
        {"dots and hyphens", "+44.7700-900.123\n", GOOD},
        {"brackets", "(+44) (7700) 900123\n", GOOD},
        {"international prefix", "00447700900123\n", GOOD},
        {"international prefix in brackets", "(0044) 7700 900123\n", GOOD},
        {"international without +", "447700900123\n", GOOD},
        {"a comment behind it", "+447700900123 # asked on 3 May, 07700\n", GOOD},
        {"a comment right behind it", "+447700900123#x\r\n", GOOD},
        {"a byte order mark", "\xEF\xBB\xBF+447700900123\r\n", GOOD},
        {"a byte order mark alone in its line", "\xEF\xBB\xBF\n+447700900123\n", GOOD},
        {"trunk 0 in brackets", "+44(0)7700 900123\n", GOOD},
        {"trunk 0 in brackets and blanks", "+44 (0) 7700-900123\n", GOOD},
        {"trunk 0 in brackets behind 00", "0044(0)7700 900123\n", GOOD},
        {"trunk 0 in brackets without +", "44(0)7700 900123\n", GOOD},
        {"trunk 0", "+4407700900123\n", GOOD},
        {"trunk 0 behind 00", "004407700900123\n", GOOD},
        {"trunk 0 behind three digits", "+353(0)851234567\n", "+353851234567"},
        {"a country code that ends in 0", "+40721234567\n", "+40721234567"},
        {"one of three digits that ends in 0", "+420601123456\n", "+420601123456"},
        {"one of three digits before a 0", "+3530851234567\n", "+353851234567"},
        {"an Italian 0 is part of the number", "+39061234567\n", "+39061234567"},
        {"an Italian 0 in brackets", "+39(0)61234567\n", "+39061234567"},
        {"the 0 of Tajikistan", "+992007777777\n", "+992007777777"},
        {"the 0 of Benin", "+229 01 97 00 00 00\n", "+2290197000000"},
        {"the 0 of Ivory Coast", "+2250701020304\n", "+2250701020304"},
        {"North America", "+1 (212) 555-0123\n", "+12125550123"},
        {"Russia", "+7 (912) 345-67-89\n", "+79123456789"},
        {"fewest digits", "+2901234\n", "+2901234"},
        {"most digits", "+491234567890123\n", "+491234567890123"},
        {"most digits, trunk 0, prefix", "004901234567890123\n", "+491234567890123"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct number_set *set = load(rows[i].name, rows[i].text);

        if (!set)
            continue;
        check_number(rows[i].name, (long long)number_set_count(set), 1);
        check_true(rows[i].name, number_set_contains(set, rows[i].want));
        check_true(rows[i].name, !number_set_contains(set, "+447700900124"));
        number_set_free(&set);
        check_true("cleared", !set);
        number_set_free(&set);
    }
}

#define NO_NUMBER "not a telephone number"
#define TOO_FEW "too few digits for a telephone number"
#define TOO_MANY "too many digits for a telephone number"
#define NATIONAL "a national number: write it with + and country code"
#define NO_COUNTRY "no country code begins with 0"
#define NOT_ELEVEN                                                                  \
    "a number of country code 1 or 7 has 11 digits: write the number with its own " \
    "country code"
#define NO_TEXT "a carriage return or NUL inside the line"
#define NO_TRUNK "(0) is possible only after a country code, as in +44 (0)7700"

static void a_line_that_is_no_number_is_refused(void **state)
{
    static const struct {
        const char *name, *line, *want;
    } rows[] = {
        {"national", "07700900123", NATIONAL},
        {"national in brackets", "(07700) 900123", NATIONAL},
        {"national, the 0 in brackets", "(0)7700 900123", NATIONAL},
        {"American international prefix", "011447700900123", NATIONAL},
        {"0 behind +", "+07700900123", NO_COUNTRY},
        {"prefix behind +", "+00447700900123", NO_COUNTRY},
        {"three zeros", "000447700900123", NO_COUNTRY},
        {"a spreadsheet took the 0", "7700900123", NOT_ELEVEN},
        {"ten digits of North America", "+1212555012", NOT_ELEVEN},
        {"twelve digits of North America", "+121255501234", NOT_ELEVEN},
        {"a spreadsheet's exponent", "4.47701E+11", NO_NUMBER},
        {"too few", "+290123", TOO_FEW},
        {"too few behind the trunk 0", "+2900123", TOO_FEW},
        {"too many", "+4412345678901234", TOO_MANY},
        {"far too many", "+44123456789012345678901234567890", TOO_MANY},
        {"only a +", "+", TOO_FEW},
        {"only 00", "00", TOO_FEW},
        {"only separators", "-----", TOO_FEW},
        {"only 0", "0", NATIONAL},
        {"only 00 and a piece of a country code", "0080", TOO_FEW},
        {"a + within", "44+7700900123", NO_NUMBER},
        {"two +", "++447700900123", NO_NUMBER},
        {"two numbers", "+447700900123 +447700900124", NO_NUMBER},
        {"two numbers without +", "447700900123 447700900124", TOO_MANY},
        {"a comma behind it", "+447700900123,", NO_NUMBER},
        {"a name behind it", "+447700900123 Jo", NO_NUMBER},
        {"quotes", "\"+447700900123\"", NO_NUMBER},
        {"a header", "Mobile", NO_NUMBER},
        {"a slash", "+44/7700900123", NO_NUMBER},
        {"another comment sign", "; x", NO_NUMBER},
        {"an extension", "+447700900123x1", NO_NUMBER},
        {"a URI", "tel:+447700900123", NO_NUMBER},
        {"a no-break space",
         "+44\xC2\xA0"
         "7700900123",
         NO_NUMBER},
        {"a byte order mark elsewhere", "\xEF\xBB\xBF+447700900123", NO_NUMBER},
        {"Arabic digits", "\xD9\xA4\xD9\xA4", NO_NUMBER},
        {"CR within", "+447700900123\r+447700900124", NO_TEXT},
        {"two CR", "+447700900123\r\r", NO_TEXT},
        {"CR within a comment", "# x\r+447700900124", NO_TEXT},
        {"(0) within", "+4477(0)00900123", NO_TRUNK},
        {"(0) within a country code", "+4(0)47700900123", NO_TRUNK},
        {"(0) too early behind 00", "00(0)447700900123", NO_COUNTRY},
        {"(0) within behind 00", "004(0)47700900123", NO_TRUNK},
        {"two trunk zeros", "+44(0)07700900123", NO_NUMBER},
        {"two trunk zeros without brackets", "+44007700900123", NO_NUMBER},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct number_set *set = (struct number_set *)&state;
        struct error err = {.text = "no error"};
        char text[256], want[256];

        snprintf(text, sizeof text, "+447700900199\n\n%s\n", rows[i].line);
        snprintf(want, sizeof want, "list:3: %s", rows[i].want);
        unit_write_file("list", text, 0600);
        check_true(rows[i].name, !number_set_load("list", &set, &err));
        check_true(rows[i].name, !set);
        check_error(rows[i].name, &err, ERROR_REFUSED, "", want);
    }
}

static void write_bytes(const char *bytes, size_t size)
{
    int fd = open("list", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
}

static void a_nul_ends_no_line(void **state)
{
    static const char bytes[] = "+447700900123\n\n+447700900124\0"
                                "5\n";
    static const char wide[] = "\xFF\xFE+\0"
                               "4\0"
                               "4\0";
    struct number_set *set;
    struct error err;

    (void)state;
    write_bytes(bytes, sizeof bytes - 1);
    check_true("in a line", !number_set_load("list", &set, &err));
    check_text("in a line", err.text, "list:3: " NO_TEXT);
    write_bytes(wide, sizeof wide - 1);
    check_true("UTF-16", !number_set_load("list", &set, &err));
    check_text("UTF-16", err.text, "list:1: " NO_TEXT);
    write_bytes("\0", 1);
    check_true("alone", !number_set_load("list", &set, &err));
    check_text("alone", err.text, "list:1: " NO_TEXT);
    write_bytes("#\0\n", 3);
    check_true("in a comment", !number_set_load("list", &set, &err));
    check_text("in a comment", err.text, "list:1: " NO_TEXT);
}

static void a_line_has_a_greatest_length(void **state)
{
    static const struct {
        const char *name;
        size_t length;
        const char *end;
        bool is_good;
    } rows[] = {
        {"the longest", NUMBER_SET_LINE_BYTES, "", true},
        {"the longest with LF", NUMBER_SET_LINE_BYTES, "\n", true},
        {"the longest with CR LF", NUMBER_SET_LINE_BYTES, "\r\n", true},
        {"one more", NUMBER_SET_LINE_BYTES + 1, "", false},
        {"one more with LF", NUMBER_SET_LINE_BYTES + 1, "\n", false},
        {"one more with CR LF", NUMBER_SET_LINE_BYTES + 1, "\r\n", false},
        {"two more", NUMBER_SET_LINE_BYTES + 2, "\n", false},
        {"many more", 100 * NUMBER_SET_LINE_BYTES, "\n", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *line = unit_repeat("#", rows[i].length), *text = NULL;
        struct number_set *set;
        struct error err = {.text = "no error"};

        assert_true(asprintf(&text, "\n%s%s", line, rows[i].end) >= 0);
        unit_write_file("list", text, 0600);
        check_true(rows[i].name,
                   number_set_load("list", &set, &err) == rows[i].is_good);
        check_text(rows[i].name, err.text,
                   rows[i].is_good ? "no error" : "list:2: longer than 1000 bytes");
        number_set_free(&set);
        free(line);
        free(text);
    }
}

static void lines_are_counted_behind_the_longest(void **state)
{
    char *line = unit_repeat("#", NUMBER_SET_LINE_BYTES), *text = NULL;
    struct number_set *set;
    struct error err;

    (void)state;
    assert_true(asprintf(&text, "%s\r\n%s\nx\n", line, line) >= 0);
    unit_write_file("list", text, 0600);
    check_true("x", !number_set_load("list", &set, &err));
    check_text("x", err.text, "list:3: " NO_NUMBER);
    free(line);
    free(text);
}

/* One or more of each two digits that country codes begin with (ITU-T E.164). */
static void a_trunk_zero_is_known_behind_each_country_code(void **state)
{
    static const char *const codes[] = {
        "20", "211", "221", "234", "245", "254", "263", "27",  "290", "30",
        "31", "32",  "33",  "34",  "353", "36",  "371", "386", "39",  "40",
        "41", "420", "43",  "44",  "45",  "46",  "47",  "48",  "49",  "502",
        "51", "52",  "53",  "54",  "55",  "56",  "57",  "58",  "593", "60",
        "61", "62",  "63",  "64",  "65",  "66",  "673", "685", "692", "800",
        "81", "82",  "84",  "852", "86",  "870", "880", "90",  "91",  "92",
        "93", "94",  "95",  "961", "972", "98",  "994",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        char text[32], number[32];
        struct number_set *set;

        snprintf(text, sizeof text, "+%s (0) 23 45 67 89", codes[i]);
        snprintf(number, sizeof number, "+%s23456789", codes[i]);
        set = load(text, text);
        check_true(text, set && number_set_contains(set, number));
        number_set_free(&set);
    }
}

static void an_empty_file_is_an_empty_set(void **state)
{
    static const char *const texts[] = {
        "", "\n", "\r\n\r\n", " \t\n", "# nobody yet", "\xEF\xBB\xBF", "  # x\n\n#\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        struct number_set *set = load(texts[i], texts[i]);

        if (!set)
            continue;
        check_number(texts[i], (long long)number_set_count(set), 0);
        check_true(texts[i], !number_set_contains(set, GOOD));
        number_set_free(&set);
    }
}

/* More than 32 bits apart from first to last, and many times so. */
static uint64_t nth_number(uint64_t n)
{
    return UINT64_C(491000000000000) + n * UINT64_C(100000003);
}

/* The last first, and each twice. */
static void write_many(uint64_t count)
{
    FILE *file = fopen("list", "we");

    assert_non_null(file);
    for (uint64_t n = count; n-- > 0;)
        fprintf(file, "+%" PRIu64 "\n00%" PRIu64 " # again\n", nth_number(n),
                nth_number(n));
    assert_int_equal(fclose(file), 0);
}

static void each_of_many_is_found_and_no_other(void **state)
{
    enum { NUMBERS = 5000 };
    struct number_set *set;
    struct error err;

    (void)state;
    write_many(NUMBERS);
    assert_true(number_set_load("list", &set, &err));
    check_number("each once", (long long)number_set_count(set), NUMBERS);
    for (uint64_t n = 0; n <= NUMBERS; n++) {
        char e164[32];

        snprintf(e164, sizeof e164, "+%" PRIu64, nth_number(n));
        check_true(e164, number_set_contains(set, e164) == (n < NUMBERS));
        snprintf(e164, sizeof e164, "+%" PRIu64, nth_number(n) + 1);
        check_true(e164, !number_set_contains(set, e164));
    }
    number_set_free(&set);
}

static void a_number_is_looked_up(void **state)
{
    static const struct {
        const char *name, *number;
        bool is_in;
    } rows[] = {
        {"in", "+447700900123", true},
        {"not in", "+447700900124", false},
        {"its beginning", "+44770090012", false},
        {"one digit more", "+4477009001230", false},
        {"its trunk 0 kept", "+4407700900123", true},
        {"two trunk zeros", "+44007700900124", true},
        {"another's trunk 0", "+4407700900124", false},
        {"Italian, with its 0", "+39061234567", true},
        {"North American", "+12125550123", true},
        {"Russian", "+79123456789", true},
        {"fewest digits", "+2901235", true},
        {"most digits", "+491234567890123", true},
        {"the greatest", "+999999999999998", true},
        {"most digits, not in", "+999999999999999", false},
        {"fewest digits, not in", "+2901234", false},
        {"no +", "447700900124", true},
        {"empty", "", true},
        {"only a +", "+", true},
        {"too few", "+290123", true},
        {"too many", "+4477009001230000", true},
        {"far too many", "+44770090012300000000000000000000", true},
        {"a letter", "+44770090012x", true},
        {"no country", "+07700900124", true},
    };
    struct number_set *set = load("list", "+999999999999998\n+447700900123\n"
                                          "+39 06 1234567\n+2901235\n+12125550123\n"
                                          "+79123456789\n+491234567890123\n");

    (void)state;
    assert_non_null(set);
    for (size_t i = 0; i < COUNT(rows); i++)
        check_true(rows[i].name,
                   number_set_contains(set, rows[i].number) == rows[i].is_in);
    number_set_free(&set);
}

static void check_unreadable(const char *row, const char *path, const char *want)
{
    struct number_set *set = (struct number_set *)&row;
    struct error err = {.text = "no error"};

    check_true(row, !number_set_load(path, &set, &err));
    check_true(row, !set);
    check_error(row, &err, ERROR_REFUSED, "", want);
}

static void what_is_no_file_is_refused(void **state)
{
    struct number_set *set;
    struct error err;

    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(mkfifo("fifo", 0600), 0);
    check_unreadable("a folder", "folder", "folder is not a regular file");
    check_unreadable("a FIFO, without waiting for a writer", "fifo",
                     "fifo is not a regular file");
    check_unreadable("a device", "/dev/null", "/dev/null is not a regular file");
    check_unreadable("missing", "missing", "missing: No such file or directory");
    check_unreadable("empty path", "", ": No such file or directory");
    check_unreadable("cannot be read", "/proc/self/mem",
                     "/proc/self/mem: Input/output error");
    unit_write_file("large", "", 0600);
    assert_int_equal(truncate("large", 256 * 1024 * 1024 + 1), 0);
    check_unreadable("too large", "large", "large is larger than 268435456 bytes");
    assert_int_equal(truncate("large", 256 * 1024 * 1024), 0);
    check_unreadable("as large as may be", "large", "large:1: longer than 1000 bytes");
    unit_write_file("good", GOOD, 0400);
    assert_int_equal(symlink("good", "link"), 0);
    assert_true(number_set_load("link", &set, &err));
    check_true("a link is followed", number_set_contains(set, GOOD));
    number_set_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_line_is_read),
        UNIT_TEST(a_line_that_is_no_number_is_refused),
        UNIT_TEST(a_nul_ends_no_line),
        UNIT_TEST(a_line_has_a_greatest_length),
        UNIT_TEST(lines_are_counted_behind_the_longest),
        UNIT_TEST(a_trunk_zero_is_known_behind_each_country_code),
        UNIT_TEST(an_empty_file_is_an_empty_set),
        UNIT_TEST(each_of_many_is_found_and_no_other),
        UNIT_TEST(a_number_is_looked_up),
        UNIT_TEST(what_is_no_file_is_refused),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
