/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html/html_token.h"

/* Comments, declarations and the end tags of raw text are not written. */
static void write_token(FILE *out, const struct html_token *token)
{
    const char *name = token->element ? token->element->name : "?";

    if (token->kind == HTML_COMMENT || token->kind == HTML_DOCTYPE)
        return;
    if (token->kind == HTML_END_TAG && token->element &&
        html_role_is_raw((enum html_role)token->element->role))
        return;

    if (token->kind == HTML_TEXT) {
        fprintf(out, "[%.*s]", (int)token->text.length_bytes, token->text.text);
    } else if (token->kind == HTML_RAW_TEXT) {
        fprintf(out, "{%s:%.*s}", name, (int)token->text.length_bytes,
                token->text.text);
    } else if (token->kind == HTML_END_TAG) {
        fprintf(out, "</%s>", name);
    } else {
        fprintf(out, "<%s", name);
        for (unsigned i = 0; i < HTML_ATTRIBUTES; i++)
            if (token->given & 1U << i)
                fprintf(out, " %s=%.*s", html_attribute_name((enum html_attribute)i),
                        (int)token->values[i].length_bytes, token->values[i].text);
        fputs(token->is_closed ? "/>" : ">", out);
    }
}

static char *read_tokens(const char *html)
{
    struct html_reader reader = {
        .at = html, .end = html + strlen(html), .saves_text = true};
    struct html_token token = {0};
    char *written = NULL;
    size_t length;
    FILE *out = open_memstream(&written, &length);

    assert_non_null(out);
    while (html_token_read(&reader, &token))
        write_token(out, &token);
    fclose(out);
    return written;
}

static void tokens_are_where_a_browser_sees_them(void **state)
{
    static const struct {
        const char *name, *html, *want;
    } rows[] = {
        {"text and tags", "a<b>c</b >d", "[a]<b>[c]</b>[d]"},
        {"names of any case, known or not", "<DIV></Foo><o:p>", "<div></?><?>"},
        {"the first and the last letter", "<A>a</z>b<a>c<Z>d",
         "<a>[a]</?>[b]<a>[c]<?>[d]"},
        {"what stands before and behind them", "<@>a<[>b<`>c<{>d",
         "[<@>a][<[>b][<`>c][<{>d]"},
        {"attributes", "<a href=x/y CLASS = 'b c'id=\"d>e\" foo hidden style=\"'\" >",
         "<a style=' class=b c id=d>e hidden= href=x/y>"},
        {"the first of an attribute", "<p id=a id=b>", "<p id=a>"},
        {"an equals sign in the first place", "<p =id=a>", "<p>"},
        {"an empty value", "<p id=>a", "<p id=>[a]"},
        {"closed at once", "<br/><p id=a />", "<br/><p id=a/>"},
        {"comments", "a<!-- > -->b<!-->c<!--->d<!-- --!>e", "[a][b][c][d][e]"},
        {"a comment without end", "a<!-- b > c --", "[a][ c --]"},
        {"bogus comments", "<!doctype html>a<?x?>b</>c</ d>e<![if x]>f",
         "[a][b][c][e][f]"},
        {"raw text", "<script>a<b>'</p></script >c", "<script>{script:a<b>'</p>}[c]"},
        {"raw text, and a name that only begins like its end",
         "<title>a</titles></TITLE>b", "<title>{title:a</titles>}[b]"},
        {"raw text without end", "<title>a<p>b", "<title>{title:a}<p>[b]"},
        {"no tags", "1 < 2, a <3, <", "[1 ][< 2, a ][<3, ][<]"},
        {"an address", "<a@b.example> c", "[<a@b.example> c]"},
        {"a URL", "<https://a.example/>", "[<https://a.example/>]"},
        {"a tag without end", "a<div class=x", "[a]<div class=x>"},
        {"a word without end", "x <y z", "[x ][<y z]"},
        {"a quote without end", "<a id=\"x>b</a>", "<a>[b]</a>"},
        {"a quote without end, behind an attribute", "<a class=c id='x>b",
         "<a class=c>[b]"},
        {"a quote without end, behind one that holds an angle", "<a id='>' class=\"x>b",
         "<a id=>>[b]"},
        {"a quote without end, and no angle behind it", "<a id='>b' class=\"x",
         "<a id=>b>"},
        {"a quote without end, then one of the other kind", "<a id='x>b<i id=\"y>z\">c",
         "<a>[b]<i id=y>z>[c]"},
        {"a quote without end in two tags", "<a id='x'>b<i id=\"y>c<i id=\"",
         "<a id=x>[b]<i id=y>c<i id=>"},
        {"a quote without end in a tag closed at once", "a<br id='x/>b", "[a]<br/>[b]"},
        {"a vertical tab is no white space", "<p\vid=x><p id=x\v>", "<?><p id=x\v>"},
        {"an end tag without end", "a</p", "[a]</p>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = read_tokens(rows[i].html);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

/* How many octets memchr() has read. The linker puts this in its place. */
static size_t searched_bytes;

void *__real_memchr(const void *bytes, int byte, size_t length);
void *__wrap_memchr(const void *bytes, int byte, size_t length);

void *__wrap_memchr(const void *bytes, int byte, size_t length)
{
    void *found = __real_memchr(bytes, byte, length);

    searched_bytes +=
        found ? (size_t)((char *)found - (const char *)bytes) + 1 : length;
    return found;
}

static size_t count_tokens(const char *html, size_t size_bytes)
{
    struct html_reader reader = {
        .at = html, .end = html + size_bytes, .saves_text = true};
    struct html_token token = {0};
    size_t count = 0;

    while (html_token_read(&reader, &token))
        count++;
    return count;
}

/* What looks for an end that is not there, or is far away. Each kind of end is searched
 * in vain at most once, so that a source is looked at a few times, however long it is.
 */
static void no_source_is_searched_often(void **state)
{
    enum { MOST_TIMES = 12 };
    static const size_t sizes_bytes[] = {64 * 1024, 1024 * 1024};
    static const struct {
        const char *name, *beginning, *unit, *ending;
    } rows[] = {
        {"quotes that hold tags, the last without end", "", "<a b='>' ", "c=\""},
        {"the same of the other kind", "", "<a b=\">\" ", "c='"},
        {"the same in a title", "", "<title b='>' ", "c=\""},
        {"the same in style elements", "", "<style><a b='>' ", "c=\""},
        {"both kinds without end", "", "<a b='>' ", "c=\" d='"},
        {"both kinds in turn", "", "<a b='>' c=\">\" ", "c=\""},
        {"each second quote without end", "", "<a b='>' c=\"x>", ""},
        {"a quote without end, and no angle", "", "<a b='x' ", "c=\""},
        {"quotes in names", "", "<a b\"c='d>", ""},
        {"white space before a quote without end", "<a b=", " ", "\""},
        {"comments, the last with an end", "", "<!--", "-->"},
        {"comments without end", "", "<!--", ""},
        {"words in angles without end", "", "<y ", ""},
        {"dashes in a comment", "<!--", "-", ""},
        {"tags, the last with an end", "", "<a ", ">"},
        {"end tags, the last with an end", "", "</a b='", ">"},
        {"declarations", "", "<!a '", ""},
        {"declarations of a DOCTYPE", "", "<!doctype '", ""},
        {"tags without end", "", "<p ", ""},
        {"comments in scripts", "", "<script><!--<script></script>", ""},
        {"angles", "", "<", ""},
        {"ampersands", "", "&", ""},
        {"addresses", "", "<a@", ">"},
        {"raw text of all kinds", "",
         "<title><script><style><iframe><noembed><noframes><textarea>", ""},
        {"ends of raw text that are none", "<script>", "</scriptx", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows) * COUNT(sizes_bytes); i++) {
        size_t size_bytes = sizes_bytes[i % COUNT(sizes_bytes)],
               row = i / COUNT(sizes_bytes);
        char *units = unit_repeat(rows[row].unit, size_bytes / strlen(rows[row].unit));
        char *html = NULL;
        int length =
            asprintf(&html, "%s%s%s", rows[row].beginning, units, rows[row].ending);

        assert_true(length > 0);
        searched_bytes = 0;
        check_true(rows[row].name,
                   count_tokens(html, (size_t)length) <= (size_t)length);
        check_true(rows[row].name, searched_bytes <= MOST_TIMES * (size_t)length);
        free(html);
        free(units);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(tokens_are_where_a_browser_sees_them),
        UNIT_TEST(no_source_is_searched_often),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
