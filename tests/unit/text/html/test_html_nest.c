/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html/html_nest.h"
#include "text/html/html_rules.h"

#define LINE "\xE2\x80\xA8"

/* The elements that are told, as a simple HTML. */
struct writer {
    FILE *out;
    unsigned depth, deepest;
    bool is_line; /* the last that was written is LINE */
    const char *names[HTML_DEEPEST];
};

/* Elements that are told alike have one name. */
static const char *const names[HTML_ROLES] = {
    [HTML_INLINE] = "span",      [HTML_FORMAT] = "span",   [HTML_LINK] = "span",
    [HTML_BLOCK] = "div",        [HTML_PARAGRAPH] = "div", [HTML_TERM] = "div",
    [HTML_QUOTE] = "blockquote", [HTML_PRE] = "pre",       [HTML_RAW_PRE] = "pre",
    [HTML_PLAIN] = "pre",        [HTML_LIST] = "ul",       [HTML_ROWS] = "span",
    [HTML_ORDERED_LIST] = "ol",  [HTML_ITEM] = "li",       [HTML_TABLE] = "table",
    [HTML_ROW] = "tr",           [HTML_CELL] = "td",
};

static void write_escaped(FILE *out, const char *text, size_t length, bool is_attribute)
{
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '<')
            fputs("&lt;", out);
        else if (text[i] == '&')
            fputs("&amp;", out);
        else if (text[i] == '"' && is_attribute)
            fputs("&quot;", out);
        else
            fputc(text[i], out);
    }
}

static void write_tag(struct writer *writer, const char *name,
                      const struct html_seen *element)
{
    writer->is_line = false;
    fprintf(writer->out, "<%s", name);
    for (unsigned i = 0; i < HTML_ATTRIBUTES; i++) {
        const char *value = element->values[i];

        if (!value)
            continue;
        fprintf(writer->out, " %s=\"", html_attribute_name((enum html_attribute)i));
        write_escaped(writer->out, value, strlen(value), true);
        fputc('"', writer->out);
    }
    fputc('>', writer->out);
}

static void on_start(void *context, const struct html_seen *element)
{
    struct writer *writer = context;
    const char *name = names[element->role];

    assert_non_null(name);
    assert_true(writer->depth < HTML_DEEPEST);
    write_tag(writer, name, element);
    writer->names[writer->depth++] = name;
    if (writer->depth > writer->deepest)
        writer->deepest = writer->depth;
}

static void on_end(void *context)
{
    struct writer *writer = context;

    assert_true(writer->depth > 0);
    writer->is_line = false;
    fprintf(writer->out, "</%s>", writer->names[--writer->depth]);
}

static void on_image(void *context, const struct html_seen *image)
{
    write_tag(context, "img", image);
}

static void on_text(void *context, const char *text, size_t length_bytes)
{
    struct writer *writer = context;

    assert_true(length_bytes > 0);
    writer->is_line = false;
    write_escaped(writer->out, text, length_bytes, false);
}

static void on_line(void *context)
{
    struct writer *writer = context;

    if (!writer->is_line)
        fputs(LINE, writer->out);
    writer->is_line = true;
}

/* deepest_out may be NULL. */
static char *nest(const char *html, unsigned *deepest_out)
{
    static const struct html_taker taker = {.start = on_start,
                                            .end = on_end,
                                            .image = on_image,
                                            .text = on_text,
                                            .line = on_line};
    struct writer writer = {.depth = 0};
    char *nested = NULL;
    size_t length;

    writer.out = open_memstream(&nested, &length);
    assert_non_null(writer.out);
    assert_true(html_nest(html, strlen(html), &taker, &writer));
    fclose(writer.out);
    check_number("all is closed", writer.depth, 0);
    if (deepest_out)
        *deepest_out = writer.deepest;
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
        {"a row ends a cell without a row", "<table><td>a<tr><td>b</table>",
         "<table><td>a</td><tr><td>b</td></tr></table>"},
        {"rows end a cell", "<table><td hidden>a<tbody><tr><td>b</table>",
         "<table><tr><td>b</td></tr></table>"},
        {"a cell without a table", "<td>a<tr>b", "<td>a<tr>b</tr></td>"},
        {"a list in a list", "<ul>a<ul>b</ul>c</ul>d", "<ul>a<ul>b</ul>c</ul>d"},
        {"a list in a pre element", "<pre>a<ul>b</ul>c</pre>",
         "<pre>a<ul>b</ul>c</pre>"},
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
        {"control characters and line ends", "a\001&#1;\r\nb\rc", "a\001\001\nb\nc"},
        {"dropped and hidden", "a<svg>b</svg><div hidden>c</div><script>d</script>e",
         "ae"},
        {"a picture ends where HTML begins", "<svg><path><text>a<p>b</svg>c",
         LINE "bc" LINE},
        {"a picture does not end at its own elements",
         "<svg><a href=x>a</a><font>b</svg>c", "c"},
        {"a picture in what is hidden", "<div hidden><svg><p>a</svg>b</div>c", "c"},
        {"in a picture, a style element is no style sheet",
         "<svg><style>.x{display:none}</style></svg><b class=x>a</b>", "a"},
        {"in a picture, a section with an end tag", "<svg><![CDATA[</svg>]]></svg>a",
         "a"},
        {"dropped up to the end of what is around it", "<table><td><svg>a</table>b",
         "<table><td></td></table>b"},
        {"elements in what is hidden", "<div hidden><ul><li>a<a href=x>b</ul></div>c",
         "c"},
        {"a line end behind pre", "<pre>\r\n\na</pre>", "<pre>\na</pre>"},
        {"a line end behind a tag in pre", "<pre><b>\na</pre>", "<pre>\na</pre>"},
        {"a line end behind a comment in pre", "<pre><!--b-->\na</pre>",
         "<pre>\na</pre>"},
        {"raw text that is shown", "<xmp><b>&lt;\n</xmp>a<plaintext></plaintext>",
         "<pre>&lt;b>&amp;lt;\n</pre>a<pre>&lt;/plaintext></pre>"},
        {"a container's name with a reference", "<p id='&#83;ignature'>a",
         "<div id=\"Signature\">a</div>"},
        {"a style sheet's name with a reference",
         "<style>.a{display:none}</style><p class='&#97;'>b", ""},
        {"an image holds nothing", "<img id=Signature alt=a>b", "<img alt=\"a\">b"},
        {"an image", "<img alt=a src=x width=2>", "<img width=\"2\" alt=\"a\">"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = nest(rows[i].html, NULL);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

static void nothing_is_too_deep(void **state)
{
    static const char *const units[] = {"<table><tr><td>", "<ul><li>", "<pre>",
                                        "<a href=x><table><td>"};

    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        char *html = unit_repeat(units[i], 1000);
        unsigned deepest;
        char *nested = nest(html, &deepest);

        check_number(units[i], deepest, HTML_DEEPEST);
        free(nested);
        free(html);
    }
}

/* HTML that ends pictures ends those beyond HTML_DEEPEST too. */
static void deep_pictures_end(void **state)
{
    char *pictures = unit_repeat("<svg>", HTML_DEEPEST + 40), *html = NULL, *nested;

    (void)state;
    assert_true(asprintf(&html, "%s<div>a</div>b", pictures) > 0);
    nested = nest(html, NULL);
    check_text("the end tag is that of the block", nested, LINE "a" LINE "b");
    free(nested);
    free(html);
    free(pictures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(elements_nest),
        UNIT_TEST(nothing_is_too_deep),
        UNIT_TEST(deep_pictures_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
