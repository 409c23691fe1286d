/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <string.h>

#include "text/html/html_entity.h"

static void references_are_read(void **state)
{
    static const struct {
        const char *name, *text;
        bool is_attribute;
        size_t want_bytes;
        uint32_t want_point;
    } rows[] = {
        {"name", "&eacute;x", false, 8, 0xE9},
        {"the first of the table", "&AElig;", false, 7, 0xC6},
        {"the last of the table", "&zwnj;", false, 6, 0x200C},
        {"the longest", "&thetasym;", false, 10, 0x3D1},
        {"of HTML 5", "&apos;", false, 6, '\''},
        {"case counts", "&Eacute;", false, 8, 0xC9},
        {"unknown", "&eacut;", false, 0, 0},
        {"too long", "&thetasymx;", false, 0, 0},
        {"lone", "&", false, 0, 0},
        {"with nothing", "&;", false, 0, 0},
        {"old name without semicolon", "&eacute x", false, 7, 0xE9},
        {"old name in a word", "&notit;", false, 4, 0xAC},
        {"new name without semicolon", "&euro x", false, 0, 0},
        {"at the end", "&lt", false, 3, '<'},
        {"in an attribute", "&lt;", true, 4, '<'},
        {"in an attribute, at its end", "&lt", true, 3, '<'},
        {"in an attribute, a word", "&copyx", true, 0, 0},
        {"in an attribute, a parameter", "&copy=1", true, 0, 0},
        {"decimal", "&#8364;", false, 7, 0x20AC},
        {"hexadecimal", "&#x20aC;", false, 8, 0x20AC},
        {"number without semicolon", "&#65x", false, 4, 'A'},
        {"decimal has no letters", "&#65a;", false, 4, 'A'},
        {"hexadecimal in capitals", "&#XFE;", false, 6, 0xFE},
        {"no number", "&#;", false, 0, 0},
        {"no hexadecimal number", "&#xg;", false, 0, 0},
        {"Windows-1252", "&#146;", false, 6, 0x2019},
        {"not in Windows-1252", "&#129;", false, 6, 0x81},
        {"NUL", "&#0;", false, 4, 0xFFFD},
        {"surrogate", "&#xD800;", false, 8, 0xFFFD},
        {"beyond Unicode", "&#x110000;", false, 10, 0xFFFD},
        {"wraps at 32 bits", "&#4294967361;", false, 13, 0xFFFD},
    };

    uint32_t points[2];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t used = html_entity_read(rows[i].text, strlen(rows[i].text),
                                       rows[i].is_attribute, points);

        check_number(rows[i].name, (long long)used, (long long)rows[i].want_bytes);
        check_number(rows[i].name, points[0], rows[i].want_point);
        check_number(rows[i].name, points[1], 0);
    }
    check_number("cut in its name",
                 (long long)html_entity_read("&eacute;", 4, false, points), 0);
}

static void all_names_of_the_standard_are_read(void **state)
{
    static const struct {
        const char *name, *text;
        bool is_attribute;
        size_t want_bytes;
        uint32_t want_points[2];
    } rows[] = {
        {"the longest", "&CounterClockwiseContourIntegral;", false, 33, {0x2233, 0}},
        {"longer than the longest",
         "&CounterClockwiseContourIntegrals;",
         false,
         0,
         {0}},
        {"two characters", "&nvlt;", false, 6, {'<', 0x20D2}},
        {"two characters that take more room than their name",
         "&nGt;",
         false,
         5,
         {0x226B, 0x20D2}},
        {"beyond the first 65536", "&Afr;", false, 5, {0x1D504, 0}},
        {"another character than in HTML 4", "&lang;", false, 6, {0x27E8, 0}},
        {"a name that another one begins with", "&notin;", false, 7, {0x2209, 0}},
        {"the same without its semicolon", "&notin", false, 4, {0xAC, 0}},
        {"in an attribute, an old name in a word", "&notit;", true, 0, {0}},
        {"a digit", "&sup1;", false, 6, {0xB9, 0}},
        {"a digit without semicolon", "&frac12", false, 7, {0xBD, 0}},
        {"a number without semicolon in an attribute", "&#65=", true, 4, {'A', 0}},
        {"a character that is none", "&#xFFFF;", false, 8, {0xFFFF, 0}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t points[2];
        size_t used = html_entity_read(rows[i].text, strlen(rows[i].text),
                                       rows[i].is_attribute, points);

        check_number(rows[i].name, (long long)used, (long long)rows[i].want_bytes);
        check_number(rows[i].name, points[0], rows[i].want_points[0]);
        check_number(rows[i].name, points[1], rows[i].want_points[1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(references_are_read),
        UNIT_TEST(all_names_of_the_standard_are_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
