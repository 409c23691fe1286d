/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html_token.h"

static void write_token(FILE *out, const struct html_token *token)
{
    const char *name = token->element ? token->element->name : "?";

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
    struct html_reader reader = {.at = html, .end = html + strlen(html)};
    struct html_token token;
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
        {"an end tag without end", "a</p", "[a]</p>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *got = read_tokens(rows[i].html);

        check_text(rows[i].name, got, rows[i].want);
        free(got);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(tokens_are_where_a_browser_sees_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
