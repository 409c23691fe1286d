/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/mime/plain_text.h"

#define SAFE                                          \
    "https://eur01.safelinks.protection.outlook.com/" \
    "?url=https%3A%2F%2Fgreenfield.sch."              \
    "example%2Fsnow&data=05%7C01"

static void traces_of_html_are_read(void **state)
{
    static const struct {
        const char *name, *text;
        enum links links;
        const char *want;
    } rows[] = {
        {"nothing", "", LINKS_BOTH, ""},
        {"prose", "He is [here] <now> http\n", LINKS_BOTH, "He is [here] <now> http\n"},
        {"a picture's name goes", "[cid:image001.png@01DD62A7]\nShut.", LINKS_BOTH,
         "\nShut."},
        {"so does Gmail's", "a [image: logo.png] b", LINKS_BOTH, "a  b"},
        {"Outlook's description of a picture",
         "a\n[A picture containing text\n\nDescription automatically generated]\nb",
         LINKS_BOTH, "a\n\nb"},
        {"other words in brackets stay", "[Bring a coat]", LINKS_BOTH,
         "[Bring a coat]"},
        {"what was bold", "*Important:* it is *cancelled*.", LINKS_BOTH,
         "Important: it is cancelled."},
        {"an item of a list is not", "* one\n* two *\n", LINKS_BOTH,
         "* one\n* two *\n"},
        {"nor is a product", "2*3*4 and a *b", LINKS_BOTH, "2*3*4 and a *b"},
        {"nor are stars", "*** now ***", LINKS_BOTH, "*** now ***"},
        {"a name without an end stays", "[cid:x\n]", LINKS_BOTH, "[cid:x\n]"},
        {"where a link goes", "See our page<https://greenfield.sch.example/a>.",
         LINKS_BOTH, "See our page (https://greenfield.sch.example/a)."},
        {"or not", "See our page<https://greenfield.sch.example/a>.", LINKS_TEXT,
         "See our page."},
        {"a link that is said",
         "See www.greenfield.sch.example<http://www.greenfield.sch."
         "example/> now",
         LINKS_BOTH, "See www.greenfield.sch.example now"},
        {"an address that is said", "jo@school.example<mailto:jo@school.example>",
         LINKS_BOTH, "jo@school.example"},
        {"an address that is not", "Jo<mailto:jo@school.example>", LINKS_BOTH,
         "Jo (jo@school.example)"},
        {"a link in brackets of its own", "See <https://greenfield.sch.example/a>",
         LINKS_BOTH, "See https://greenfield.sch.example/a"},
        {"brackets that do not close", "page<https://a.example", LINKS_BOTH,
         "page<https://a.example"},
        {"brackets with a space", "page<https://a.example b>", LINKS_BOTH,
         "page<https://a.example b>"},
        {"a wrapped URL", "See " SAFE " now", LINKS_BOTH,
         "See https://greenfield.sch.example/snow now"},
        {"a wrapped link", "our page<" SAFE ">", LINKS_BOTH,
         "our page (https://greenfield.sch.example/snow)"},
        {"another URL stays", "See https://a.example/?q=1 now", LINKS_BOTH,
         "See https://a.example/?q=1 now"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct marked_text out = {0};

        plain_text_append(rows[i].text, rows[i].links, &out);
        check_text(rows[i].name, out.text ? out.text : "", rows[i].want);
        marked_text_free(&out);
    }
}

static void long_texts_are_read_once(void **state)
{
    static const char *const pieces[] = {
        "*a ", "[a", "<", "[cid:", "<https://", "http://a ", "a<https://b>"};

    (void)state;
    for (size_t i = 0; i < COUNT(pieces); i++) {
        char *text = unit_repeat(pieces[i], 100000);
        struct marked_text out = {0};

        plain_text_append(text, LINKS_BOTH, &out);
        check_true(pieces[i], out.length_bytes <= 2 * strlen(text));
        marked_text_free(&out);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(traces_of_html_are_read),
        UNIT_TEST(long_texts_are_read_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
