/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <string.h>

#include "text/html/html_element.h"

static void elements_are_found(void **state)
{
    static const struct {
        const char *name;
        int want_role;
    } rows[] = {
        {"a", HTML_LINK},
        {"P", HTML_PARAGRAPH},
        {"bLockQuote", HTML_QUOTE},
        {"figcaption", HTML_BLOCK},
        {"xml", HTML_DROPPED},
        {"br", HTML_BREAK},
        {"", -1},
        {"o:p", -1},
        {"blockquotes", -1},
        {"brr", -1},
        {"\xC3\xA9", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct html_element *found =
            html_element_find(rows[i].name, strlen(rows[i].name));

        check_number(rows[i].name, found ? found->role : -1, rows[i].want_role);
    }
    check_true("the name ends where its length says",
               html_element_find("pre", 1) == html_element_find("p", 1));
    check_number("the first", (long long)html_element_index(html_element_find("a", 1)),
                 0);
    check_true("the last",
               html_element_index(html_element_find("xml", 3)) < HTML_ELEMENTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(elements_are_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
