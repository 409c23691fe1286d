/* SPDX-License-Identifier: ISC */
#include "../unit.h"

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
            digits > NUMBER_MAX_DIGITS)
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
        UNIT_TEST(nothing_but_e164_comes_out),
        UNIT_TEST(the_longest_prefix_decides),
        UNIT_TEST(a_number_in_the_log_is_masked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
