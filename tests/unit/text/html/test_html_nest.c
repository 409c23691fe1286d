/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html/html_nest.h"

#define BEGIN "<html><body>"
#define END "</body></html>"
#define LINE "\xE2\x80\xA8"

static void write_piece(void *context, const char *text, size_t length_bytes)
{
    check_number("written", (long long)fwrite(text, 1, length_bytes, context),
                 (long long)length_bytes);
}

static char *nest(const char *html)
{
    char *nested = NULL;
    size_t length;
    FILE *out = open_memstream(&nested, &length);

    assert_non_null(out);
    assert_true(html_nest(html, strlen(html), write_piece, out));
    fclose(out);
    return nested;
}

static void elements_nest(void **state)
{
    static const struct {
        const char *name, *html, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"blocks are lines", "<div><p>a</div>b<br>c", LINE "a" LINE "b" LINE "c"},
        {"inline elements are nothing", "<b>a<span lang=x>b</span></b>", "ab"},
        {"a link", "<a href=x class=y>a</a>", "<span href=\"x\">a</span>"},
        {"an anchor", "<a name=x>a</a>", "a"},
        {"only a link has a href", "<span href=x>a</span>", "a"},
        {"a container", "<P ID=Signature lang=x>a", "<div id=\"Signature\">a</div>"},
        {"cited", "<blockquote type=cite>a",
         "<blockquote type=\"cite\">a</blockquote>"},
        {"not cited", "<blockquote>a", LINE "a" LINE},
        {"white space by style", "<b style='white-space:pre'>a",
         "<span style=\"white-space:pre\">a</span>"},
        {"unclosed items", "<ul><li>a<li>b", "<ul><li>a</li><li>b</li></ul>"},
        {"unclosed cells", "<table><tbody><tr><td>a<th>b<tr><td>c",
         "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"},
        {"a list in an item is not ended by the next item",
         "<ul><li><ul><li>a</ul><li>b</ul>",
         "<ul><li><ul><li>a</li></ul></li><li>b</li></ul>"},
        {"an end tag reaches through what is open in it", "<ul><li><a href=x>a</ul>b",
         "<ul><li><span href=\"x\">a</span></li></ul>b"},
        {"an end tag does not leave its cell", "<div><table><td>a</div>b</table>",
         LINE "<table><td>ab</td></table>" LINE},
        {"the next link ends a link", "<a href=x>a<a href=y>b",
         "<span href=\"x\">a</span><span href=\"y\">b</span>"},
        {"an attribute twice", "<a href=x href=y>a", "<span href=\"x\">a</span>"},
        {"what needs to be escaped", "<a href='\"<&amp;&eacute;'>\"<&gt;&amp;&lt;",
         "<span href=\"&quot;&lt;&amp;\u00E9\">\"&lt;>&amp;&lt;</span>"},
        {"what XML does not allow", "a\001\f\r&#1;\uFFFE\uFFFF&#xFFFE;b", "a   b"},
        {"dropped and hidden", "a<svg>b</svg><div hidden>c</div><script>d</script>e",
         "ae"},
        {"dropped up to the end of what is around it", "<table><td><svg>a</table>b",
         "<table><td></td></table>b"},
        {"elements in what is hidden", "<div hidden><ul><li>a<a href=x>b</ul></div>c",
         "c"},
        {"an image", "<img alt=a src=x width=2>", "<img width=\"2\" alt=\"a\">"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = nest(rows[i].html);
        char *want = malloc(strlen(rows[i].want) + sizeof BEGIN END);

        assert_non_null(want);
        stpcpy(stpcpy(stpcpy(want, BEGIN), rows[i].want), END);
        check_text(rows[i].name, got, want);
        free(want);
        free(got);
    }
}

static unsigned deepest(const char *html)
{
    unsigned depth = 0, most = 0;

    for (; (html = strchr(html, '<')); html++) {
        depth += html[1] == '/' ? -1U : 1U;
        if (depth > most)
            most = depth;
    }
    check_number("all is closed", depth, 0);
    return most;
}

static void nothing_is_too_deep(void **state)
{
    static const char *const units[] = {"<table><tr><td>", "<ul><li>", "<pre>",
                                        "<a href=x><table><td>"};

    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        char *html = unit_repeat(units[i], 1000);
        char *nested = nest(html);

        check_number(units[i], deepest(nested), HTML_DEEPEST + 2);
        free(nested);
        free(html);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(elements_nest),
        UNIT_TEST(nothing_is_too_deep),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
