/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "envelope/address.h"

static void a_path_is_taken_apart(void **state)
{
    static const struct {
        const char *name, *path, *local, *domain;
        bool has_route;
    } rows[] = {
        {"path", "<user@example.org>", "user", "example.org", false},
        {"no angle brackets", "user@example.org", "user", "example.org", false},
        {"case of the local part is kept", "<User@EXAMPLE.org>", "User", "example.org",
         false},
        {"a number", "<+447700900123@SMS.local>", "+447700900123", "sms.local", false},
        {"quotes are kept", "<\"+44 7700\"@sms.local>", "\"+44 7700\"", "sms.local",
         false},
        {"the last @ divides", "<\"a@evil.example\"@example.org>", "\"a@evil.example\"",
         "example.org", false},
        {"two @ without quotes", "<a@b@example.org>", "a@b", "example.org", false},
        {"the percent hack stays in the local part", "<a%evil.example@example.org>",
         "a%evil.example", "example.org", false},
        {"brackets in quotes", "<\"<>\"@example.org>", "\"<>\"", "example.org", false},
        {"route", "<@relay.example:user@example.org>", "user", "example.org", true},
        {"route of two", "<@a.example,@b.example:user@example.org>", "user",
         "example.org", true},
        {"quoted @ first is no route", "<\"@a:b\"@example.org>", "\"@a:b\"",
         "example.org", false},
        {"empty local part", "<@a:@example.org>", "", "example.org", true},
        {"U-label",
         "<user@b\xC3\xBC"
         "cher.example>",
         "user", "xn--bcher-kva.example", false},
        {"address literal has no domain", "<user@[192.0.2.1]>", "user", "", false},
        {"IPv6 literal has no domain", "<user@[IPv6:::1]>", "user", "", false},
        {"trailing dot is no domain", "<user@example.org.>", "user", "", false},
        {"nothing behind the @", "<user@>", "user", "", false},
        {"@ in quotes only", "<\"a@b\">", "\"a", "", false},
        {"bracket never opened", "user@example.org>", "user", "", false},
        {"two paths in one", "<a@example.org><b@example.net>", "a@example.org><b",
         "example.net", false},
        {"parameters are no domain", "<user@example.org> SIZE=1", "<user", "", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct address address;
        char *local;

        if (!address_parse(rows[i].path, &address)) {
            check_text(rows[i].name, "refused", "an address");
            continue;
        }
        local = strndup(address.local, address.local_length);
        check_text(rows[i].name, local, rows[i].local);
        check_text(rows[i].name, address.domain, rows[i].domain);
        check_number(rows[i].name, address.has_route, rows[i].has_route);
        free(local);
    }
}

static void a_path_without_domain_is_refused(void **state)
{
    static const char *const paths[] = {
        "", "<>", "<", ">", "<user>", "user", "<@relay.example>", "@user"};

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        struct address address;

        check_true(paths[i], !address_parse(paths[i], &address));
    }
}

static void a_huge_domain_is_none(void **state)
{
    char *path = unit_repeat("<u@a.", 10000);
    struct address address;

    (void)state;
    check_true("parsed", address_parse(path, &address));
    check_text("domain", address.domain, "");
    free(path);
    /* 63 ideographs in each of four labels: near the longest in UTF-8. */
    path = unit_repeat("\xE4\xBE\x8B", 2000);
    memcpy(path, "u@a", 3);
    check_true("parsed", address_parse(path, &address));
    check_text("domain", address.domain, "");
    free(path);
}

static void only_the_null_path_is_null(void **state)
{
    (void)state;
    check_true("<>", address_is_null("<>"));
    check_true("empty", address_is_null(""));
    check_true("< >", !address_is_null("< >"));
    check_true("a path", !address_is_null("<a@b>"));
    check_true("an empty local part", !address_is_null("<@b>"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_path_is_taken_apart),
        UNIT_TEST(a_path_without_domain_is_refused),
        UNIT_TEST(a_huge_domain_is_none),
        UNIT_TEST(only_the_null_path_is_null),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
