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

/* RFC 5321 section 4.1.2, RFC 6531 section 3.3. */
static void a_path_has_a_grammar(void **state)
{
    static const struct {
        const char *name, *path;
        bool is_good;
    } rows[] = {
        {"a path", "<user@example.org>", true},
        {"no angle brackets", "user@example.org", true},
        {"all that an atom may have", "<a!#$%&'*+-/=?^_`{|}~.Z9@example.org>", true},
        {"BATV", "<prvs=1234abcdef=user@example.org>", true},
        {"VERP", "<list-return-1-user=host.example@example.org>", true},
        {"SRS", "<SRS0=HHH=TT=example.com=user@example.org>", true},
        {"digits", "<0123456789@example.org>", true},
        {"UTF-8",
         "<gr\xC3\xBCn@b\xC3\xBC"
         "cher.example>",
         true},
        {"a quoted local part", "<\"the head\"@example.org>", true},
        {"an at sign in quotes", "<\"a@b\"@example.org>", true},
        {"brackets in quotes", "<\"<a>(b)\"@example.org>", true},
        {"dots in quotes", "<\"..a..\"@example.org>", true},
        {"nothing in quotes", "<\"\"@example.org>", true},
        {"an escaped quote", "<\"a\\\"b\"@example.org>", true},
        {"an escaped backslash", "<\"a\\\\\"@example.org>", true},
        {"UTF-8 in quotes", "<\"gr\xC3\xBCn x\"@example.org>", true},
        {"an address literal", "<user@[192.0.2.1]>", true},
        {"an IPv6 literal", "<user@[IPv6:2001:db8::1]>", true},
        {"a literal of another kind", "<user@[x:y]>", true},
        {"one label", "<user@localhost>", true},
        {"an underscore in the domain", "<user@_a_b.example>", true},
        {"a user of this machine", "<root>", true},
        {"a quoted one", "<\"the root\">", true},
        {"a source route", "<@relay.example:user@example.org>", true},
        {"a source route of two", "<@a.example,@b.example:user@example.org>", true},

        {"nothing", "", false},
        {"the null path, which is no address", "<>", false},
        {"a blank", "< >", false},
        {"two @", "<x@evil.example@example.org>", false},
        {"three @", "<a@b@c@example.org>", false},
        {"a question mark before the second @", "<a?@b@example.org>", false},
        {"two @ next to each other", "<a@@example.org>", false},
        {"two @ behind quotes", "<\"a\"@b@example.org>", false},
        {"CR in the local part", "<a\rb@example.org>", false},
        {"LF in the local part", "<a\nb@example.org>", false},
        {"a tab", "<a\tb@example.org>", false},
        {"DEL", "<a\x7F@example.org>", false},
        {"an escape character", "<a\x1B[31m@example.org>", false},
        {"CR in quotes", "<\"a\rb\"@example.org>", false},
        {"a tab in quotes", "<\"a\tb\"@example.org>", false},
        {"a control behind a backslash", "<\"a\\\rb\"@example.org>", false},
        {"DEL in quotes", "<\"a\x7F\"@example.org>", false},
        {"a space", "<a b@example.org>", false},
        {"a space before", "< user@example.org>", false},
        {"a space behind", "<user@example.org >", false},
        {"a space before the @", "<user @example.org>", false},
        {"a space behind the @", "<user@ example.org>", false},
        {"a dot first", "<.user@example.org>", false},
        {"a dot last", "<user.@docomo.example>", false},
        {"two dots", "<a..b@example.org>", false},
        {"only a dot", "<.@example.org>", false},
        {"no local part", "<@example.org>", false},
        {"no local part behind a route", "<@a.example:@example.org>", false},
        {"nothing behind the @", "<user@>", false},
        {"only an @", "<@>", false},
        {"a quote first", "<\"user@example.org>", false},
        {"a quote last", "<user\"@example.org>", false},
        {"a quote within", "<us\"er@example.org>", false},
        {"quotes around a part", "<\"us\"er@example.org>", false},
        {"quotes behind a part", "<us\"er\"@example.org>", false},
        {"two quoted strings", "<\"us\".\"er\"@example.org>", false},
        {"an escaped last quote", "<\"user\\\"@example.org>", false},
        {"quotes around all", "<\"user@example.org\"@>", false},
        {"an escape outside quotes", "<us\\er@example.org>", false},
        {"a comment", "<user(x)@example.org>", false},
        {"a comment behind", "<user@example.org(x)>", false},
        {"a comma", "<a,b@example.org>", false},
        {"a semicolon", "<a;b@example.org>", false},
        {"a colon", "<a:b@example.org>", false},
        {"brackets", "<a[b]@example.org>", false},
        {"a display name", "Head <user@example.org>", false},
        {"a display name in brackets", "<Head <user@example.org>>", false},
        {"nested brackets", "<<user@example.org>>", false},
        {"a bracket never closed", "<user@example.org", false},
        {"a bracket never opened", "user@example.org>", false},
        {"a path and more", "<user@example.org> SIZE=1", false},
        {"two paths", "<a@example.org><b@example.org>", false},
        {"two paths with a comma", "<a@example.org,b@example.org>", false},
        {"a trailing dot", "<user@example.org.>", false},
        {"two dots in the domain", "<user@example..org>", false},
        {"a dot before the domain", "<user@.example.org>", false},
        {"a quoted domain", "<user@\"example.org\">", false},
        {"a slash in the domain", "<user@example.org/x>", false},
        {"a control in the domain", "<user@exam\rple.org>", false},
        {"a literal not closed", "<user@[192.0.2.1>", false},
        {"a literal and more", "<user@[192.0.2.1]x>", false},
        {"a literal in a literal", "<user@[[192.0.2.1]]>", false},
        {"a blank in a literal", "<user@[192.0.2.1 ]>", false},
        {"a route without an address", "<@relay.example>", false},
        {"a route to nowhere", "<@relay.example:>", false},
        {"a literal in a route", "<@[192.0.2.1]:user@example.org>", false},
        {"an address in a route", "<@[IPv6:x@evil.example]:user@example.org>", false},
        {"a route to a user of this machine", "<@relay.example:root>", false},
        {"a route without @", "<relay.example:user@example.org>", false},
        {"a route with a user", "<@x@relay.example:user@example.org>", false},
        {"a route of nothing", "<@:user@example.org>", false},
        {"a comma too many", "<@a.example,:user@example.org>", false},
        {"Latin-1", "<h\xE9@example.org>", false},
        {"half a character", "<user@example.org\xE2\x80>", false},
        {"overlong UTF-8",
         "<us\xC0\xBC"
         "er@example.org>",
         false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, address_is_well_formed(rows[i].path),
                     rows[i].is_good);
}

static void a_long_path_has_the_same_grammar(void **state)
{
    char *path = unit_repeat("a.", 50000);

    (void)state;
    memcpy(path + 100000 - 5, "a@b.c", 5);
    check_true("long", address_is_well_formed(path));
    path[50000] = '.';
    check_true("two dots in the middle", !address_is_well_formed(path));
    free(path);
}

/* Quotes and escapes that change nothing make no other sender (RFC 5321 section 4.1.2).
 */
static void an_address_has_one_form(void **state)
{
    static const struct {
        const char *name, *path, *want;
    } rows[] = {
        {"as it is", "<user@example.org>", "user@example.org"},
        {"case of the local part", "<User@EXAMPLE.org>", "User@example.org"},
        {"needless quotes", "<\"user\"@example.org>", "user@example.org"},
        {"needless quotes around dots", "<\"a.b\"@example.org>", "a.b@example.org"},
        {"a needless escape", "<\"us\\er\"@example.org>", "user@example.org"},
        {"quotes that are needed", "<\"the head\"@example.org>",
         "\"the head\"@example.org"},
        {"a needless escape in them", "<\"the\\ h\\ead\"@example.org>",
         "\"the head\"@example.org"},
        {"an escape that is needed", "<\"a\\\"b\\\\\"@example.org>",
         "\"a\\\"b\\\\\"@example.org"},
        {"an at sign", "<\"a@b\"@example.org>", "\"a@b\"@example.org"},
        {"a dot at the end", "<\"user.\"@example.org>", "\"user.\"@example.org"},
        {"nothing", "<\"\"@example.org>", "\"\"@example.org"},
        {"an odd one stays as it is", "<us\"er@example.org>", "us\"er@example.org"},
        {"a route goes", "<@relay.example:user@example.org>", "user@example.org"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct address address;
        char *written;

        assert_true(address_parse(rows[i].path, &address));
        written = address_write(&address);
        check_text(rows[i].name, written, rows[i].want);
        free(written);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_path_is_taken_apart),   UNIT_TEST(a_path_without_domain_is_refused),
        UNIT_TEST(a_huge_domain_is_none),   UNIT_TEST(only_the_null_path_is_null),
        UNIT_TEST(a_path_has_a_grammar),    UNIT_TEST(a_long_path_has_the_same_grammar),
        UNIT_TEST(an_address_has_one_form),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
