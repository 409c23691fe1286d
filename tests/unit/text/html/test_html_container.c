/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <string.h>

#include "text/html/html_container.h"

static void containers_are_known(void **state)
{
    static const struct {
        const char *name, *classes, *id;
        enum html_container want;
    } rows[] = {
        {"neither", "", "", HTML_OWN},
        {"class", "gmail_quote", "", HTML_GMAIL_QUOTE},
        {"one of its classes", "a\tmoz-signature\nb", "", HTML_SIGNATURE},
        {"in another case", "GMAIL_ATTR", "", HTML_INTRODUCED},
        {"answered by Outlook", "x_moz-cite-prefix", "", HTML_QUOTED},
        {"answered twice", "x_x_gmail_signature", "", HTML_SIGNATURE},
        {"a longer name", "gmail_quotes", "", HTML_OWN},
        {"a shorter name", "gmail_quot", "", HTML_OWN},
        {"id", "", "divRplyFwdMsg", HTML_QUOTED_ON},
        {"id in another case", "", "x_signature", HTML_SIGNATURE},
        {"id of Yahoo", "", "yahoo_quoted_123", HTML_QUOTED},
        {"an id is no class", "divRplyFwdMsg", "", HTML_OWN},
        {"a class is no id", "", "gmail_quote", HTML_OWN},
        {"the id counts first", "gmail_quote", "Signature", HTML_SIGNATURE},
        {"Outlook's text", "WordSection1", "", HTML_OWN},
        {"prefix alone", "x_", "x_x_", HTML_OWN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct html_slice classes = {rows[i].classes, strlen(rows[i].classes)};
        struct html_slice id = {rows[i].id, strlen(rows[i].id)};

        check_number(rows[i].name, html_container_find(classes, id), rows[i].want);
    }
    check_number("a prefix that goes on behind its end",
                 html_container_find((struct html_slice){"x_x_gmail_signature", 3},
                                     (struct html_slice){"", 0}),
                 HTML_OWN);
    check_number(
        "a NUL in a name",
        html_container_find((struct html_slice){"gmail_quote\0xxxxxxxxxxxx", 24},
                            (struct html_slice){"", 0}),
        HTML_OWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(containers_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
