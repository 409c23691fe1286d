/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "envelope/number.h"

#define GOOD "+447700900123"

static void a_number_is_read(void **state)
{
    static const struct {
        const char *name, *local, *country, *want;
    } rows[] = {
        {"E.164", "+447700900123", "44", GOOD},
        {"E.164 without default-country", "+447700900123", NULL, GOOD},
        {"international prefix", "00447700900123", "44", GOOD},
        {"international prefix without default-country", "00447700900123", NULL, GOOD},
        {"international without +", "447700900123", "44", GOOD},
        {"national", "07700900123", "44", GOOD},
        {"RFC 3191", "sms=+447700900123", "44", GOOD},
        {"RFC 3191 in capitals, national", "SMS=07700900123", "44", GOOD},
        {"RFC 3191 in quotes", "\"sms=+447700900123\"", "44", GOOD},
        {"dots and hyphens", "+44.7700-900.123", "44", GOOD},
        {"quotes", "\"+447700900123\"", "44", GOOD},
        {"spaces in quotes", "\"+44 7700 900123\"", "44", GOOD},
        {"brackets in quotes", "\"(07700) 900123\"", "44", GOOD},
        {"country code in brackets", "\"(+44) 7700 900123\"", "44", GOOD},
        {"trunk 0 in brackets", "\"+44(0)7700 900123\"", "44", GOOD},
        {"trunk 0 in brackets without default-country", "\"+44 (0)7700 900123\"", NULL,
         GOOD},
        {"trunk 0 in brackets of another country", "\"+49(0)151 23456789\"", "44",
         "+4915123456789"},
        {"trunk 0", "+4407700900123", "44", GOOD},
        {"trunk 0 without default-country", "+4407700900123", NULL, GOOD},
        {"trunk 0 of another country", "+4407700900123", "33", GOOD},
        {"trunk 0 behind the international prefix", "004407700900123", "44", GOOD},
        {"Italian 0 stays", "+39061234567", "39", "+39061234567"},
        {"Italian 0 stays at home", "061234567", "39", "+39061234567"},
        {"Ivory Coast's 0 in brackets is no trunk prefix", "\"+225(0)701020304\"",
         "225", "+2250701020304"},
        {"Ivory Coast's 0 in brackets, texted from abroad", "\"+225(0)701020304\"",
         "44", "+2250701020304"},
        {"fewest digits", "+1234567", "44", "+1234567"},
        {"most digits", "+123456789012345", "44", "+123456789012345"},
        {"most digits behind 00", "00123456789012345", NULL, "+123456789012345"},
        {"most digits and a trunk 0",
         "0044"
         "0"
         "1234567890123",
         "44", "+441234567890123"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct phone_number number;
        struct error err;

        memset(&number, 'x', sizeof number);
        if (number_parse(rows[i].local, strlen(rows[i].local), rows[i].country, &number,
                         &err))
            check_text(rows[i].name, number.e164, rows[i].want);
        else
            check_text(rows[i].name, err.text, rows[i].want);
    }
}

#define NO_NUMBER "not a telephone number"
#define TOO_MANY "too many digits for a telephone number"
#define TOO_FEW "too few digits for a telephone number"
#define NO_COUNTRY "no country code begins with 0"

static void what_is_no_number_is_refused(void **state)
{
    static const struct {
        const char *name, *local, *country, *want;
    } rows[] = {
        {"empty", "", "44", TOO_FEW},
        {"empty quotes", "\"\"", "44", TOO_FEW},
        {"one quote", "\"", "44", NO_NUMBER},
        {"quote not closed", "\"+447700900123", "44", NO_NUMBER},
        {"quotes twice", "\"\"+447700900123\"\"", "44", NO_NUMBER},
        {"only +", "+", "44", TOO_FEW},
        {"only separators", ".-.", "44", TOO_FEW},
        {"only sms=", "sms=", "44", TOO_FEW},
        {"sms= twice", "sms=sms=+447700900123", "44", NO_NUMBER},
        {"another service", "fax=+447700900123", "44", NO_NUMBER},
        {"a name", "postmaster", "44", NO_NUMBER},
        {"letters behind", "+447700900123x1", "44", NO_NUMBER},
        {"address extension", "447700900123+ref", "44", NO_NUMBER},
        {"two +", "++447700900123", "44", NO_NUMBER},
        {"+ in the middle", "44+7700900123", "44", NO_NUMBER},
        {"space without quotes", "+44 7700900123", "44", NO_NUMBER},
        {"brackets without quotes", "+44(0)7700900123", "44", NO_NUMBER},
        {"slash", "+44/7700900123", "44", NO_NUMBER},
        {"tab in quotes", "\"+44\t7700900123\"", "44", NO_NUMBER},
        {"line end", "+447700900123\n", "44", NO_NUMBER},
        {"quoted pair", "\"\\+447700900123\"", "44", NO_NUMBER},
        {"full-width digits",
         "+44\xEF\xBC\x97\xEF\xBC\x97"
         "00900123",
         "44", NO_NUMBER},
        {"Arabic digits",
         "\xD9\xA4\xD9\xA4"
         "7700900123",
         "44", NO_NUMBER},
        {"full-width plus",
         "\xEF\xBC\x8B"
         "447700900123",
         "44", NO_NUMBER},
        {"no-break space in quotes",
         "\"+44\xC2\xA0"
         "7700900123\"",
         "44", NO_NUMBER},
        {"six digits", "+123456", "44", TOO_FEW},
        {"16 digits", "+1234567890123456", "44", TOO_MANY},
        {"16 digits behind 00", "001234567890123456", NULL, TOO_MANY},
        {"national with too many digits", "0123456789012345", "44", TOO_MANY},
        {"thousands of digits would not fit", "11111111111111111111111111111111111111",
         "44", TOO_MANY},
        {"zeros only", "0000000000", "44", NO_COUNTRY},
        {"+0", "+07700900123", "44", NO_COUNTRY},
        {"+00", "+00447700900123", "44", NO_COUNTRY},
        {"000", "000447700900123", "44", NO_COUNTRY},
        {"emergency", "999", "44", TOO_FEW},
        {"national without default-country", "07700900123", NULL,
         "a national number, and no default-country is configured: write it with + and "
         "country code"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        /* Not NUL-terminated, in memory of its own size. */
        size_t length = strlen(rows[i].local);
        char *local = malloc(length ? length : 1);
        struct phone_number number = {.e164 = "read"};
        struct error err;

        memcpy(local, rows[i].local, length);
        if (number_parse(local, length, rows[i].country, &number, &err))
            check_text(rows[i].name, number.e164, rows[i].want);
        else
            check_error(rows[i].name, &err, ERROR_REFUSED, "5.1.3", rows[i].want);
        free(local);
    }
}

/* The country codes that ITU-T has assigned, without those of countries where numbers
 * begin with 0. */
static const char *const codes[] = {
    "1",   "7",   "20",  "27",  "30",  "31",  "32",  "33",  "34",  "36",  "40",  "41",
    "43",  "44",  "45",  "46",  "47",  "48",  "49",  "51",  "52",  "53",  "54",  "55",
    "56",  "57",  "58",  "60",  "61",  "62",  "63",  "64",  "65",  "66",  "81",  "82",
    "84",  "86",  "90",  "91",  "92",  "93",  "94",  "95",  "98",  "211", "212", "213",
    "216", "218", "220", "221", "222", "223", "224", "227", "228", "230", "231", "232",
    "233", "234", "235", "236", "237", "238", "239", "240", "243", "244", "245", "246",
    "247", "248", "249", "250", "251", "252", "253", "254", "255", "256", "257", "258",
    "260", "261", "262", "263", "264", "265", "266", "267", "268", "269", "290", "291",
    "297", "298", "299", "350", "351", "352", "353", "354", "355", "356", "357", "358",
    "359", "370", "371", "372", "373", "374", "375", "376", "377", "379", "380", "381",
    "382", "383", "385", "386", "387", "389", "420", "421", "423", "500", "501", "502",
    "503", "504", "505", "506", "507", "508", "509", "590", "591", "592", "593", "594",
    "595", "596", "597", "598", "599", "670", "672", "673", "674", "675", "676", "677",
    "678", "679", "680", "681", "682", "683", "685", "686", "687", "688", "689", "690",
    "691", "692", "800", "808", "850", "852", "853", "855", "856", "870", "878", "880",
    "881", "882", "883", "886", "888", "960", "961", "962", "963", "964", "965", "966",
    "967", "968", "970", "971", "972", "973", "974", "975", "976", "977", "979", "993",
    "994", "995", "996", "998"};

static const char *const codes_with_zero[] = {"39",  "378", "225", "226",
                                              "229", "241", "242", "992"};

/* "#" stands for the country code. */
static const char *const spellings[] = {
    "+#234567890",
    "+#0234567890",
    "00#234567890",
    "00#0234567890",
    "#234567890",
    "#0234567890",
    "sms=+#0234567890",
    "SMS=00#0234567890",
    "sms=#0234567890",
    "+#-0-234.567.890",
    "+#.0.234567890",
    "\"+#0234567890\"",
    "\"+# 0 234 567 890\"",
    "\"+# (0)234 567-890\"",
    "\"+#(0)234567890\"",
    "\"00#(0)234567890\"",
    "\"00 # (0) 234567890\"",
    "\"#(0)234567890\"",
    "\"(+#) (0) 234567890\"",
    "\"(+#) ( 0 ) 234567890\"",
    "\"(+#) (0234) 567890\"",
    "\"sms=+# (0)234567890\"",
};

static void check_spelling(const char *spelling, const char *code, const char *country,
                           const char *want)
{
    size_t before = strcspn(spelling, "#");
    bool has_code = spelling[before] == '#';
    char local[80], row[120];
    struct phone_number number;
    struct error err;

    snprintf(local, sizeof local, "%.*s%s%s", (int)before, spelling,
             has_code ? code : "", spelling + before + has_code);
    snprintf(row, sizeof row, "%s with %s", local, country ? country : "no country");
    if (number_parse(local, strlen(local), country, &number, &err))
        check_text(row, number.e164, want);
    else
        check_text(row, err.text, want);
}

static void one_number_is_one_in_every_country(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
        char want[32];

        snprintf(want, sizeof want, "+%s234567890", codes[i]);
        for (size_t k = 0; k < COUNT(spellings); k++) {
            check_spelling(spellings[k], codes[i], NULL, want);
            check_spelling(spellings[k], codes[i], codes[i], want);
            check_spelling(spellings[k], codes[i], "44", want);
            check_spelling(spellings[k], codes[i], "39", want);
        }
        check_spelling("0234567890", codes[i], codes[i], want);
        check_spelling("\"(0)234 567890\"", codes[i], codes[i], want);
    }
}

static void a_zero_stays_where_numbers_begin_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(codes_with_zero); i++) {
        const char *code = codes_with_zero[i];
        char with[32], without[32];

        snprintf(with, sizeof with, "+%s0234567890", code);
        snprintf(without, sizeof without, "+%s234567890", code);
        for (size_t k = 0; k < COUNT(spellings); k++) {
            const char *want = strstr(spellings[k], "0234") || strchr(spellings[k], ')')
                                   ? with
                                   : without;

            if (strstr(spellings[k], "-0-") || strstr(spellings[k], ".0.") ||
                strstr(spellings[k], " 0 "))
                want = with;
            check_spelling(spellings[k], code, NULL, want);
            check_spelling(spellings[k], code, code, want);
        }
        check_spelling("0234567890", code, code, with);
    }
    check_spelling("+#007777777", "992", NULL, "+992007777777");
}

#define TWO_ZEROS "two zeros after the country code"
#define NO_TRUNK "(0) is possible only after a country code, as in +44 (0)7700"

/* A superfluous 0 does not turn a denied number into another one, nor into a number of
 * an allowed country. */
static void no_zero_gets_past_deny(void **state)
{
    static const struct {
        const char *local, *want; /* what it is read as, or why it is no number */
    } rows[] = {
        {"+4409098790000", "+449098790000"},
        {"004409098790000", "+449098790000"},
        {"4409098790000", "+449098790000"},
        {"sms=+4409098790000", "+449098790000"},
        {"+44.0.9098790000", "+449098790000"},
        {"\"+44(0)9098790000\"", "+449098790000"},
        {"\"+44 ( 0 ) 9098 790000\"", "+449098790000"},
        {"\"(0044) 0 9098 790000\"", "+449098790000"},
        {"09098790000", "+449098790000"},
        {"\"(0)9098790000\"", "+449098790000"},
        {"+44009098790000", TWO_ZEROS},
        {"+440009098790000", TWO_ZEROS},
        {"\"+44(0)09098790000\"", TWO_ZEROS},
        {"\"+440(0)9098790000\"", NO_TRUNK},
        {"\"+44(0)(0)9098790000\"", TWO_ZEROS},
        {"\"+44 00 9098790000\"", TWO_ZEROS},
        {"00440 0 9098790000", NO_NUMBER},
        {"\"+449(0)098790000\"", NO_TRUNK},
        {"\"+4(0)49098790000\"", NO_TRUNK},
        {"\"004(0)49098790000\"", NO_TRUNK},
        {"\"0(0)449098790000\"", NO_TRUNK},
        {"\"00(0)449098790000\"", NO_TRUNK},
        {"\"09(0)98790000\"", NO_TRUNK},
        {"\"+(0)449098790000\"", NO_COUNTRY},
        {"+00449098790000", NO_COUNTRY},
        {"000449098790000", NO_COUNTRY},
        {"+1021255501234", "+121255501234"},
        {"+70912345678", "+7912345678"},
        {"+35308512345678", "+3538512345678"},
        {"+420060112345", "+42060112345"},
        {"+4200060112345", TWO_ZEROS},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_spelling("#", rows[i].local, "44", rows[i].want);
}

/* Every number that is taken is E.164, whatever was written. */
static void nothing_but_e164_comes_out(void **state)
{
    static const char alphabet[] = "+0()4 .-19\"";
    unsigned long long seed = 1;

    (void)state;
    for (int round = 0; round < 200000; round++) {
        char local[25];
        size_t length = 0;
        struct phone_number number;
        struct error err;
        size_t digits;

        for (; length < 1 + (size_t)round % 24; length++) {
            seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
            local[length] = alphabet[(seed >> 33) % (sizeof alphabet - 1)];
        }
        if (round % 5 != 0)
            local[0] = local[length - 1] = '"';
        local[length] = '\0';
        if (!number_parse(local, length, round % 2 ? "44" : NULL, &number, &err))
            continue;
        digits = strspn(number.e164 + 1, "0123456789");
        if (number.e164[0] != '+' || number.e164[1] == '0' ||
            number.e164[1 + digits] != '\0' || digits < NUMBER_MIN_DIGITS ||
            digits > NUMBER_MAX_DIGITS || strncmp(number.e164, "+440", 4) == 0 ||
            strncmp(number.e164, "+490", 4) == 0 || strncmp(number.e164, "+10", 3) == 0)
            fail_msg("%s is read as %s", local, number.e164);
    }
}

static void the_longest_prefix_decides(void **state)
{
    static const struct {
        const char *name;
        const char *allow[3], *deny[3];
        bool is_allowed;
    } rows[] = {
        {"allowed", {"+44"}, {NULL}, true},
        {"not allowed", {"+33"}, {NULL}, false},
        {"nothing is allowed", {NULL}, {NULL}, false},
        {"denied within what is allowed", {"+44"}, {"+4477"}, false},
        {"allowed within what is denied", {"+447700"}, {"+4477"}, true},
        {"of the same length deny wins", {"+4477"}, {"+4477"}, false},
        {"order does not count", {"+447700", "+44"}, {"+4", "+4477"}, true},
        {"deny beside it", {"+44"}, {"+4470"}, true},
        {"the whole number", {GOOD}, {"+44770090012"}, true},
        {"a longer number than this one", {GOOD "4"}, {NULL}, false},
        {"the whole number denied", {"+44"}, {GOOD}, false},
    };
    const struct phone_number number = {.e164 = GOOD};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct customer customer = {.name = NULL};

        for (size_t k = 0; k < 3 && rows[i].allow[k]; k++)
            assert_true(string_list_add(&customer.allow, rows[i].allow[k]));
        for (size_t k = 0; k < 3 && rows[i].deny[k]; k++)
            assert_true(string_list_add(&customer.deny, rows[i].deny[k]));
        check_number(rows[i].name, number_is_allowed(&number, &customer),
                     rows[i].is_allowed);
        string_list_free(&customer.allow);
        string_list_free(&customer.deny);
    }
}

static void a_number_in_the_log_is_masked(void **state)
{
    static const struct {
        const char *name, *number, *want;
    } rows[] = {
        {"as usual", GOOD, "+44*******123"},
        {"fewest digits", "+1234567", "+12**567"},
        {"most digits", "+123456789012345", "+12**********345"},
        {"nothing between the ends", "+12345", "+12345"},
        {"shorter than both ends", "+12", "+12"},
        {"empty", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].name, number_mask(rows[i].number).text, rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_number_is_read),
        UNIT_TEST(what_is_no_number_is_refused),
        UNIT_TEST(one_number_is_one_in_every_country),
        UNIT_TEST(a_zero_stays_where_numbers_begin_with_it),
        UNIT_TEST(no_zero_gets_past_deny),
        UNIT_TEST(nothing_but_e164_comes_out),
        UNIT_TEST(the_longest_prefix_decides),
        UNIT_TEST(a_number_in_the_log_is_masked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
