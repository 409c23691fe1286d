/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/domain.h"

#define LABEL63 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggg"
/* 3 * 64 + 61 = 253 characters, the most there may be (RFC 1035 section 2.3.4). */
#define LABEL61 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffg"
#define DOMAIN253 LABEL63 "." LABEL63 "." LABEL63 "." LABEL61

static void a_domain_has_one_form(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"as it is", "example.org", "example.org"},
        {"upper case", "EXAMPLE.Org", "example.org"},
        {"the first and the last letter", "AZaz09.Example", "azaz09.example"},
        {"one label", "localhost", "localhost"},
        {"digits, hyphens and underscores", "a-1.b_2.3c", "a-1.b_2.3c"},
        {"U-label",
         "b\xC3\xBC"
         "cher.example",
         "xn--bcher-kva.example"},
        {"U-label in upper case",
         "B\xC3\x9C"
         "CHER.example",
         "xn--bcher-kva.example"},
        {"A-label", "xn--bcher-kva.example", "xn--bcher-kva.example"},
        {"A-label in upper case", "XN--BCHER-KVA.EXAMPLE", "xn--bcher-kva.example"},
        {"U-label, accent as a character of its own (NFD)",
         "bu\xCC\x88"
         "cher.example",
         "xn--bcher-kva.example"},
        {"sharp s is not ss (IDNA 2008, not transitional)",
         "fa\xC3\x9F"
         ".example",
         "xn--fa-hia.example"},
        {"final sigma is kept", "\xCE\xB2\xCF\x8C\xCE\xBB\xCE\xBF\xCF\x82.example",
         "xn--nxasmm1c.example"},
        {"Chinese", "\xE4\xBE\x8B\xE5\xAD\x90.example", "xn--fsqu00a.example"},
        {"the longest label", LABEL63 ".example", LABEL63 ".example"},
        {"the longest name", DOMAIN253, DOMAIN253},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[DOMAIN_SIZE] = "";
        struct error err = {.text = ""};

        if (!domain_normalize(rows[i].text, got, &err))
            check_text(rows[i].name, err.text, "no error");
        check_text(rows[i].name, got, rows[i].want);
    }
}

static void what_is_no_domain_is_refused(void **state)
{
    static const struct {
        const char *name, *text;
    } rows[] = {
        {"empty", ""},
        {"a dot", "."},
        {"dot before", ".example.org"},
        {"dot behind", "example.org."},
        {"empty label", "example..org"},
        {"address literal", "[192.0.2.1]"},
        {"IPv6 literal", "[IPv6:2001:db8::1]"},
        {"space", "exam ple.org"},
        {"at sign", "a@example.org"},
        {"percent", "a%example.org"},
        {"slash", "example.org/"},
        {"quote", "\"example.org\""},
        {"line end", "example.org\n"},
        {"control character", "exam\001ple.org"},
        {"not UTF-8", "b\xFC"
                      "cher.example"},
        {"invalid A-label", "xn--\xC3\xBC.example"},
        {"A-label of nothing", "xn--.example"},
        {"two hyphens in the place of an A-label's, reserved (RFC 5890 2.3.1)",
         "r3--sn.example"},
        {"label of 64", LABEL63 "x.example"},
        {"name of 254", DOMAIN253 "x"},
        {"name of 255 with a dot behind", DOMAIN253 "x."},
        {"symbol that IDNA 2008 does not have", "\xE2\x98\x95\xC2\xA0.example"},
        {"bidi override", "ex\xE2\x80\xAE"
                          "ample.org"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[DOMAIN_SIZE];
        struct error err;

        if (domain_normalize(rows[i].text, got, &err)) {
            check_text(rows[i].name, got, "an error");
            continue;
        }
        check_error(rows[i].name, &err, ERROR_REFUSED, "5.1.7", NULL);
        check_true(rows[i].name, strncmp(err.text, "is ", 3) == 0);
    }
}

static void the_domain_is_behind_the_last_at(void **state)
{
    static const struct {
        const char *name, *address, *want; /* NULL: it has none */
    } rows[] = {
        {"an address", "user@a.example", "a.example"},
        {"a local part with one of its own", "\"x@evil.example\"@a.example",
         "a.example"},
        {"nothing behind it", "user@", ""},
        {"nothing before it", "@a.example", "a.example"},
        {"none", "a.example", NULL},
        {"nothing at all", "", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].name, domain_find(rows[i].address, strlen(rows[i].address)),
                   rows[i].want);
    check_text("not what is behind the end", domain_find("u@a@b", 3), "a@b");
}

/* A name from an SMTP client may be of any length. */
static void a_huge_name_is_refused(void **state)
{
    char *huge = unit_repeat("\xC3\xBC.", 100000);
    char got[DOMAIN_SIZE];
    struct error err;

    (void)state;
    assert_false(domain_normalize(huge, got, &err));
    free(huge);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_domain_has_one_form),
        UNIT_TEST(what_is_no_domain_is_refused),
        UNIT_TEST(the_domain_is_behind_the_last_at),
        UNIT_TEST(a_huge_name_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
