/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdlib.h>
#include <string.h>

#include "text/html/html_markup.h"

static struct html_slice slice(const char *text)
{
    return (struct html_slice){text, strlen(text)};
}

static void check_written(const char *row, const struct html_markup *markup,
                          const char *want)
{
    char *got = strndup(markup->text, markup->length_bytes);

    check_text(row, got, want);
    check_true(row, !markup->is_lost);
    free(got);
}

static void text_is_escaped(void **state)
{
    struct html_markup markup;

    (void)state;
    html_markup_start(&markup, 0);
    html_markup_add_word(&markup, "<a");
    html_markup_add_attribute(&markup, "b", slice("<\"&copy&lt;'&quot;&copy=1\001"));
    html_markup_add(&markup, ">x", 1);
    html_markup_add_text(&markup,
                         slice("\"<&&copyx&#x1F600;\xEF\xBF\xBE\xEF\xBF\xBD\r\n"));
    check_written("with the characters that references mean", &markup,
                  "<a b=\"&lt;&quot;\u00A9&lt;'&quot;&amp;copy=1 \">"
                  "\"&lt;&amp;\u00A9x\U0001F600\uFFFD\n");
    free(markup.text);
}

static void lines_end_once(void **state)
{
    struct html_markup markup;

    (void)state;
    html_markup_start(&markup, 1);
    html_markup_end_line(&markup);
    html_markup_end_line(&markup);
    html_markup_add_word(&markup, "a");
    html_markup_end_line(&markup);
    check_written("where there are words", &markup, "\u2028a\u2028");
    free(markup.text);
}

static void values_are_decoded(void **state)
{
    struct html_markup markup;
    struct html_slice decoded;

    (void)state;
    html_markup_start(&markup, 1);
    html_markup_add_word(&markup, "a");
    decoded = html_markup_decode(&markup, slice("b&#99;&lt;&d"));
    check_number("length", (long long)decoded.length_bytes, 5);
    check_true("what it means", memcmp(decoded.text, "bc<&d", 5) == 0);
    decoded = html_markup_decode(&markup, slice(""));
    check_number("nothing", (long long)decoded.length_bytes, 0);
    check_written("nothing is written", &markup, "a");
    free(markup.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(text_is_escaped),
        UNIT_TEST(lines_end_once),
        UNIT_TEST(values_are_decoded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
