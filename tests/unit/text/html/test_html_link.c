/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html/html_link.h"

#define SAFE "https://eur01.safelinks.protection.outlook.com/"

static void links_are_read(void **state)
{
    static const struct {
        const char *name, *href;
        enum html_link_kind want_kind;
        const char *want;
    } rows[] = {
        {"URL", "https://a.example/x?y=1#z", HTML_LINK_WEB,
         "https://a.example/x?y=1#z"},
        {"scheme in capitals", "HTTP://a.example", HTML_LINK_WEB, "HTTP://a.example"},
        {"without scheme", "//a.example/x", HTML_LINK_WEB, "https://a.example/x"},
        {"with white space", " \nhttps://a.example/\n\tx y \r\n", HTML_LINK_WEB,
         "https://a.example/x%20y"},
        {"mail", "mailto:a@b.example?subject=x%20y", HTML_LINK_ADDRESS, "a@b.example"},
        {"mail, encoded", "MAILTO:a%2Bb@c.example", HTML_LINK_ADDRESS, "a+b@c.example"},
        {"mail that is not UTF-8", "mailto:%FF", HTML_LINK_NOWHERE, NULL},
        {"telephone", "tel:+442079460000", HTML_LINK_ADDRESS, "+442079460000"},
        {"SMS", "sms:+442079460000?body=x", HTML_LINK_ADDRESS, "+442079460000"},
        {"nothing", "", HTML_LINK_NOWHERE, NULL},
        {"anchor", "#x", HTML_LINK_NOWHERE, NULL},
        {"relative", "x/y.html", HTML_LINK_NOWHERE, NULL},
        {"script", "javascript:x('https://a.example')", HTML_LINK_NOWHERE, NULL},
        {"slashes alone", "//", HTML_LINK_NOWHERE, NULL},

        {"safe link", SAFE "?url=https%3A%2F%2Fa.example%2Fx%3Fy%3D1%26z&data=05%7C",
         HTML_LINK_WEB, "https://a.example/x?y=1&z"},
        {"safe link in a safe link",
         SAFE "?url=https%3A%2F%2Feur02.safelinks.protection.outlook.com%2F%3Furl%3D"
              "https%253A%252F%252Fa.example%252F",
         HTML_LINK_WEB, "https://a.example/"},
        {"safe link to a script", SAFE "?url=javascript%3Ax&data=1", HTML_LINK_WEB,
         SAFE "?url=javascript%3Ax&data=1"},
        {"safe link that is not UTF-8", SAFE "?url=https%3A%2F%2Fa%FF", HTML_LINK_WEB,
         SAFE "?url=https%3A%2F%2Fa%FF"},
        {"safe link with NUL and line end",
         SAFE "?url=https%3A%2F%2Fa.example%2F%00%0Ab%20c", HTML_LINK_WEB,
         "https://a.example/%00b%20c"},
        {"looks like a safe link",
         "https://safelinks.protection.outlook.com.a.example/?url=https%3A%2F%2Fb",
         HTML_LINK_WEB,
         "https://safelinks.protection.outlook.com.a.example/?url=https%3A%2F%2Fb"},
        {"Proofpoint, first form",
         "https://urldefense.proofpoint.com/v1/url?u=http://a.example/x&k=1",
         HTML_LINK_WEB, "http://a.example/x"},
        {"Proofpoint, second form",
         "https://urldefense.proofpoint.com/v2/url?u=https-3A__a.example_x-3Fy-3D1"
         "&d=Dw",
         HTML_LINK_WEB, "https://a.example/x?y=1"},
        {"Proofpoint, third form",
         "https://urldefense.com/v3/__https://a.example/x__;!!abc$", HTML_LINK_WEB,
         "https://a.example/x"},
        {"Proofpoint, third form, with characters put aside",
         "https://urldefense.com/v3/__https://a.example/*x?y=**A__;I-KCrMOp!!abc$",
         HTML_LINK_WEB, "https://a.example/#x?y=\u20AC\u00E9"},
        {"Proofpoint, without an end",
         "https://urldefense.com/v3/__https://a.example/x", HTML_LINK_WEB,
         "https://urldefense.com/v3/__https://a.example/x"},
        {"Google", "https://www.google.com/url?sa=D&q=https://a.example/x&ust=1",
         HTML_LINK_WEB, "https://a.example/x"},
        {"Google's other name",
         "https://www.google.co.uk/url?sa=D&url=https%3A%2F%2Fa.example", HTML_LINK_WEB,
         "https://a.example"},
        {"a search at Google", "https://www.google.com/search?q=https://a.example",
         HTML_LINK_WEB, "https://www.google.com/search?q=https://a.example"},
        {"Barracuda",
         "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fa.example%2fx&c=E,1",
         HTML_LINK_WEB, "https://a.example/x"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct html_link link;

        assert_true(html_link_read(rows[i].href, &link));
        check_number(rows[i].name, link.kind, rows[i].want_kind);
        check_text(rows[i].name, link.target, rows[i].want);
        html_link_free(&link);
        check_true(rows[i].name, link.kind == HTML_LINK_NOWHERE && !link.target);
    }
}

static void what_was_wrapped_is_kept(void **state)
{
    struct html_link link;

    (void)state;
    assert_true(html_link_read(SAFE "?url=http%3A%2F%2Fa.example", &link));
    check_text("wrapped", link.wrapped, SAFE "?url=http%3A%2F%2Fa.example");
    html_link_free(&link);
    assert_true(html_link_read("http://a.example", &link));
    check_text("not wrapped", link.wrapped, NULL);
    html_link_free(&link);
}

static void a_text_says_a_url(void **state)
{
    static const struct {
        const char *name, *text, *url;
        bool want;
    } rows[] = {
        {"the same", "https://a.example/x", "https://a.example/x", true},
        {"without scheme", "a.example/x", "https://a.example/x", true},
        {"another scheme", "http://a.example/x", "https://a.example/x", true},
        {"www. in the text", "www.a.example", "https://a.example/", true},
        {"www. in the URL", "a.example", "https://www.a.example", true},
        {"slash in the text", "a.example/x/", "https://a.example/x", true},
        {"slash in the URL", "a.example/x", "https://a.example/x/", true},
        {"case of the host", "A.Example/x", "https://a.example/x", true},
        {"case of the path", "a.example/X", "https://a.example/x", false},
        {"in a sentence", "Go to a.example/x, now", "https://a.example/x", true},
        {"in brackets", "Us (a.example)", "https://a.example", true},
        {"at the end of a sentence", "Go to a.example.", "https://a.example", true},
        {"a longer path", "a.example/xy", "https://a.example/x", false},
        {"a shorter path", "a.example", "https://a.example/x", false},
        {"another host", "a.example.org", "https://a.example", false},
        {"the end of a host", "b.a.example", "https://a.example", false},
        {"the end of an address", "x@a.example", "https://a.example", false},
        {"behind words that begin alike",
         "a a a a a a a a a a a a a a a a a a a a.example", "https://a.example", true},
        {"a host of one letter", "b a", "https://a", true},
        {"a host that only begins alike", "long-host.example.org",
         "https://long-host.example", false},
        {"a longer host, letter a", "a.examplea", "https://a.example", false},
        {"a longer host, letter z", "a.examplez", "https://a.example", false},
        {"a longer host, letter A", "a.exampleA", "https://a.example", false},
        {"a longer host, letter Z", "a.exampleZ", "https://a.example", false},
        {"a longer host, digit 0", "a.example0", "https://a.example", false},
        {"a longer host, digit 9", "a.example9", "https://a.example", false},
        {"a longer host, hyphen", "a.example-b", "https://a.example", false},
        {"a longer host, underscore", "a.example_b", "https://a.example", false},
        {"a longer path, escaped", "a.example/x%20y", "https://a.example/x", false},
        {"a longer path, not ASCII", "a.example/x\x80", "https://a.example/x", false},
        {"www. right behind another word", "xwww.a.example", "https://a.example", true},
        {"four octets that are no www.", "wwwxa.example", "https://a.example", false},
        {"something else", "here", "https://a.example/x", false},
        {"nothing", "", "https://a.example/x", false},
        {"no host", "a", "https:///x", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name,
                     html_link_is_said(rows[i].text, strlen(rows[i].text), rows[i].url),
                     rows[i].want);
    check_true("the text ends where its length says",
               !html_link_is_said("a.example/x", 10, "https://a.example/x"));
}

static void an_address_is_said_or_not(void **state)
{
    static const struct {
        const char *text, *address;
        bool is_said;
    } rows[] = {
        {"Write to jo@school.example now", "jo@school.example", true},
        {"JO@School.Example", "jo@school.example", true},
        {"the office", "jo@school.example", false},
        {"01632 960-123", "+441632960123", true},
        {"Call 01632 960 123", "+441632960123", true},
        {"Call 01632 960 124", "+441632960123", false},
        {"the office", "+441632960123", false},
        {"room 123", "+441632960123", false},
        {"123", "123", true},
        {"", "123", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].text,
                     html_link_address_is_said(rows[i].text, strlen(rows[i].text),
                                               rows[i].address),
                     rows[i].is_said);
}

/* count times unit, and then end. */
static char *repeat_and_end(const char *unit, size_t count, const char *end)
{
    char *units = unit_repeat(unit, count), *text = NULL;

    assert_true(asprintf(&text, "%s%s", units, end) >= 0);
    free(units);
    return text;
}

static void a_host_has_a_longest(void **state)
{
    static const struct {
        const char *name;
        size_t length;
        bool want;
    } rows[] = {
        {"the longest host", HTML_LINK_LONGEST_HOST, true},
        {"a longer one", HTML_LINK_LONGEST_HOST + 1, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *url = repeat_and_end("a", rows[i].length, "/x");

        check_number(rows[i].name, html_link_is_said(url, strlen(url), url),
                     rows[i].want);
        free(url);
    }
}

static void an_address_has_a_longest(void **state)
{
    static const struct {
        const char *name;
        size_t length;
        bool want;
    } rows[] = {
        {"the longest address", HTML_LINK_LONGEST_ADDRESS, true},
        {"a longer one", HTML_LINK_LONGEST_ADDRESS + 1, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *address = repeat_and_end("a", rows[i].length - 2, "@b"), *href = NULL;
        struct html_link link;

        assert_true(asprintf(&href, "mailto:%s", address) >= 0);
        assert_true(html_link_read(href, &link));
        check_text(rows[i].name, link.target, rows[i].want ? address : NULL);
        check_number(rows[i].name, link.kind,
                     rows[i].want ? HTML_LINK_ADDRESS : HTML_LINK_NOWHERE);
        check_number(rows[i].name,
                     html_link_address_is_said(address, strlen(address), address),
                     rows[i].want);
        html_link_free(&link);
        free(href);
        free(address);
    }
}

/* The test is that it finishes: with quadratic time each row would take minutes. */
static void nothing_takes_long_to_look_for(void **state)
{
    enum { SIZE_BYTES = 4 * 1024 * 1024 };
    static const struct {
        const char *name, *unit;
        size_t wanted_bytes;
    } rows[] = {
        {"a large host", "a(", SIZE_BYTES / 2},
        {"the longest host", "a(", HTML_LINK_LONGEST_HOST - 1},
        {"a large path", "a/", SIZE_BYTES / 2},
        {"a large address", "a", SIZE_BYTES / 2},
        {"the longest address", "a", HTML_LINK_LONGEST_ADDRESS - 2},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i].unit);
        char *text = unit_repeat(rows[i].unit, SIZE_BYTES / length);
        char *url = repeat_and_end(rows[i].unit, rows[i].wanted_bytes / length, "b");
        char *mail = repeat_and_end(rows[i].unit, rows[i].wanted_bytes / length, "@b");

        check_true(rows[i].name, !html_link_is_said(text, SIZE_BYTES, url));
        check_true(rows[i].name, !html_link_address_is_said(text, SIZE_BYTES, mail));
        free(mail);
        free(url);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(an_address_is_said_or_not),      UNIT_TEST(links_are_read),
        UNIT_TEST(what_was_wrapped_is_kept),       UNIT_TEST(a_text_says_a_url),
        UNIT_TEST(a_host_has_a_longest),           UNIT_TEST(an_address_has_a_longest),
        UNIT_TEST(nothing_takes_long_to_look_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
