/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/html/html_decode.h"

#define SLICE(text)           \
    {                         \
        text, sizeof text - 1 \
    }

static void a_value_is_decoded(void **state)
{
    static const struct {
        const char *name;
        struct html_slice value;
        bool is_plain;
        const char *want;
    } rows[] = {
        {"plain", SLICE("b c"), true, "b c"},
        {"references", SLICE("b&#99;&lt;&d"), false, "bc<&d"},
        {"nothing", SLICE(""), true, ""},
        {"no reference before an equals sign", SLICE("?a=1&copy=2&copy;"), false,
         "?a=1&copy=2\u00A9"},
        {"line ends", SLICE("a\r\nb\rc\n"), false, "a\nb\nc\n"},
        {"a NUL", SLICE("a\0b"), false, "a\uFFFDb"},
        {"longer than its source", SLICE("&nGt;\0\0"), false,
         "\u226B\u20D2\uFFFD\uFFFD"},
    };
    struct html_string string = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_true(rows[i].name, html_decode_value(rows[i].value, &string));
        check_text(rows[i].name, string.text, rows[i].want);
        check_number(rows[i].name, (long long)string.length_bytes,
                     (long long)strlen(rows[i].want));
        check_true(rows[i].name,
                   html_decode_is_plain(rows[i].value) == rows[i].is_plain);
    }
    free(string.text);
}

static void a_piece_is_of_the_source_if_it_can_be(void **state)
{
    static const char source[] = "a&amp;\0b";
    struct html_decoder decoder = {.at = source, .end = source + sizeof source - 1};
    struct html_slice piece;

    (void)state;
    assert_true(html_decode_next(&decoder, &piece));
    check_true("text", piece.text == source && piece.length_bytes == 1);
    assert_true(html_decode_next(&decoder, &piece));
    check_true("reference", piece.length_bytes == 1 && *piece.text == '&');
    assert_true(html_decode_next(&decoder, &piece));
    check_true("NUL", piece.length_bytes == 1 && *piece.text == '\0');
    assert_true(html_decode_next(&decoder, &piece));
    check_true("the rest", piece.length_bytes == 1 && *piece.text == 'b');
    assert_false(html_decode_next(&decoder, &piece));
}

static void verbatim_has_no_references(void **state)
{
    static const char source[] = "&amp;\r\n";
    struct html_decoder decoder = {
        .at = source, .end = source + sizeof source - 1, .context = HTML_VERBATIM};
    struct html_slice piece;
    size_t length = 0;

    (void)state;
    while (html_decode_next(&decoder, &piece))
        length += piece.length_bytes;
    check_number("all but the CR", (long long)length, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_value_is_decoded),
        UNIT_TEST(a_piece_is_of_the_source_if_it_can_be),
        UNIT_TEST(verbatim_has_no_references),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
