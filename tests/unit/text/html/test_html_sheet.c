/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <string.h>

#include "text/html/html_sheet.h"

static struct html_slice slice(const char *text)
{
    return (struct html_slice){text, strlen(text)};
}

static void sheets_hide_by_class_and_id(void **state)
{
    static const struct {
        const char *name, *css, *element, *classes, *id;
        bool want;
    } rows[] = {
        {"class", ".x{display:none}", "p", "x", "", true},
        {"another class", ".x{display:none}", "p", "y", "", false},
        {"one of its classes", ".x{display:none}", "p", " a\nx b", "", true},
        {"id", "#x{display:none}", "p", "", "x", true},
        {"a class is no id", "#x{display:none}", "p", "x", "", false},
        {"element and class", "p.x{display:none}", "p", "x", "", true},
        {"another element", "p.x{display:none}", "div", "x", "", false},
        {"case", "P.X{DISPLAY:NONE}", "p", "x", "", true},
        {"list", "a , .x,.y { display : none }", "p", "y", "", true},
        {"without class", ".x{display:none}", "p", "", "", false},
        {"all elements of a kind", "p{display:none}", "p", "x", "", false},
        {"a class in a class", ".a .x{display:none}", "p", "x", "", false},
        {"pseudo class", ".x:hover{display:none}", "p", "x", "", false},
        {"another property", ".x{color:red}", "p", "x", "", false},
        {"hidden otherwise", ".x{max-height:0}", "p", "x", "", true},
        {"shown again", ".x{display:none}.x{display:block}", "p", "x", "", false},
        {"media", "@media (max-width:9px){.x{display:none}}", "p", "x", "", false},
        {"behind media", "@media x{.y{}}.x{display:none}", "p", "x", "", true},
        {"behind an import", "@import 'a';.x{display:none}", "p", "x", "", true},
        {"behind comments", "/* a{ */ <!-- .x{display:none}-->", "p", "x", "", true},
        {"in a comment", "/* .x{display:none} */", "p", "x", "", false},
        {"a comment without end", "/* .x{display:none}", "p", "x", "", false},
        {"a rule without end", ".x{display:none", "p", "x", "", true},
        {"behind nonsense", "}; x; .x{display:none}", "p", "x", "", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct html_sheet sheet = {0};

        html_sheet_add(&sheet, rows[i].css, strlen(rows[i].css));
        check_number(rows[i].name,
                     html_sheet_hides(&sheet, rows[i].element, slice(rows[i].classes),
                                      slice(rows[i].id)),
                     rows[i].want);
    }
}

static void too_many_rules_are_left_out(void **state)
{
    struct html_sheet sheet = {0};
    char css[64];

    (void)state;
    for (int i = 0; i < 10 * HTML_SHEET_RULES; i++) {
        snprintf(css, sizeof css, ".x%d{display:none}", i);
        html_sheet_add(&sheet, css, strlen(css));
    }
    check_number("as many as there is room for", (long long)sheet.rule_count,
                 HTML_SHEET_RULES);
    check_true("the first", html_sheet_hides(&sheet, "p", slice("x0"), slice("")));
    check_true("not the last",
               !html_sheet_hides(&sheet, "p", slice("x639"), slice("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(sheets_hide_by_class_and_id),
        UNIT_TEST(too_many_rules_are_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
