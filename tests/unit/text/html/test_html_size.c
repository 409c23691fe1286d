/* SPDX-License-Identifier: ISC */
/* HTML that is long or deep, for html_text_append(). */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/html/html_text.h"

/* Kinds of HTML that made parsers quadratic or too deep. The test is that they finish:
 * with quadratic time each would take minutes. */
static void no_html_takes_long(void **state)
{
    enum { SIZE_BYTES = 1024 * 1024 };
    static const struct {
        const char *name, *beginning, *unit;
    } rows[] = {
        {"nested blocks", "", "<div>"},
        {"nested inline elements", "", "<b>"},
        {"nested tables", "", "<table>"},
        {"nested tables with cells", "", "<table><tr><td>a"},
        {"nested lists", "", "<ul><li>a"},
        {"nested styles", "", "<span style='color:red'>a"},
        {"nested quotes", "", "<div class=gmail_quote>a<blockquote type=cite>b"},
        {"nested signatures", "", "<p id=Signature>a"},
        {"nested headers", "", "<div style='border-top:#E1E1E1'>a:b<br>c:d<br>"},
        {"end tags that match nothing", "", "<b></i>"},
        {"end tags alone", "", "</p></div></td>"},
        {"paragraphs without end", "", "<p>a"},
        {"angles", "", "<"},
        {"angles and letters", "", "<a"},
        {"comments without end", "", "<!--"},
        {"attributes", "<p", " a b c"},
        {"one attribute again", "<p", " style=x"},
        {"an attribute without end", "<a href=\"", "aaaa"},
        {"quotes of two kinds", "", "<a x='\">"},
        {"links and formatting, crossed", "", "<a href=//x><b></a></b>"},
        {"formatting that blocks leave open", "", "<b><p></b>"},
        {"rows and cells", "<table>", "<tr><td>"},
        {"pictures that HTML ends", "", "<svg><p>"},
        {"sections of pictures", "<svg>", "<![CDATA["},
        {"comments in scripts", "", "<script><!--"},
        {"line ends", "", "\r"},
        {"references of two characters", "", "&nGt;"},
        {"references", "", "&amp;"},
        {"references that are none", "", "&abcdef"},
        {"ampersands", "", "&"},
        {"declarations", "<p style='", "a:b;"},
        {"classes", "<p class='", "x_x_a "},
        {"a style sheet", "<style>", ".a{display:none}#b,"},
        {"titles without end", "", "<title></titl"},
        {"links in links", "", "<a href=//x>"},
        {"links that are nearly said", "<a href=http://a.a.a.a.a.a.a.a/a.a>", "a.a/"},
        {"dropped elements", "", "<svg>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t beginning = strlen(rows[i].beginning);
        size_t count = (SIZE_BYTES - beginning) / strlen(rows[i].unit);
        char *units = unit_repeat(rows[i].unit, count);
        char *html = malloc(beginning + strlen(units) + 1);
        struct marked_text text = {0};

        assert_non_null(html);
        stpcpy(stpcpy(html, rows[i].beginning), units);
        html_text_append(html, strlen(html), LINKS_BOTH, &text);
        check_true(rows[i].name, !text.is_lost);
        check_true(rows[i].name, text.length_bytes <= 2 * SIZE_BYTES);
        check_true(rows[i].name, text.span_count <= SIZE_BYTES / 16);
        marked_text_free(&text);
        free(html);
        free(units);
    }
}

/* Text is told in pieces, and none may be lost or cut. */
static void long_text_is_whole(void **state)
{
    enum { COUNT_OF_UNITS = 30000 };
    static const struct {
        const char *name, *html, *want;
    } rows[] = {
        {"characters", "\u20AC", "\u20AC"},
        {"references", "&eacute;", "\u00E9"},
        {"references without semicolon", "&eacute", "\u00E9"},
        {"ampersands", "&a", "&a"},
        {"angles", "< ", "< "},
        {"elements", "<b>a</b>", "a"},
        {"lines", "a<p>", "a\n"},
        {"a pre element", "<pre>a\n\n</pre>", "a\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *html = unit_repeat(rows[i].html, COUNT_OF_UNITS);
        char *want = unit_repeat(rows[i].want, COUNT_OF_UNITS);
        size_t length = strlen(want);
        struct marked_text text = {0};

        while (want[length - 1] == '\n' || want[length - 1] == ' ')
            want[--length] = '\0';
        html_text_append(html, strlen(html), LINKS_BOTH, &text);
        check_true(rows[i].name, text.text && strcmp(text.text, want) == 0);
        marked_text_free(&text);
        free(want);
        free(html);
    }
}

/* The text of elements beyond the greatest depth is not lost. */
static void deep_text_is_not_lost(void **state)
{
    char *tables = unit_repeat("<table><tr><td>", 400);
    char *html = malloc(strlen(tables) + 64);
    struct marked_text text = {0};

    (void)state;
    assert_non_null(html);
    stpcpy(stpcpy(html, tables), "deep<p>down<p>there");
    html_text_append(html, strlen(html), LINKS_BOTH, &text);
    check_text("in lines", text.text, "deep\ndown\nthere");
    marked_text_free(&text);
    free(html);
    free(tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(no_html_takes_long),
        UNIT_TEST(long_text_is_whole),
        UNIT_TEST(deep_text_is_not_lost),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
