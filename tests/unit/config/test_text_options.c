/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>

#include "config/text_options.h"

static void options_are_set_by_name(void **state)
{
    static const struct {
        const char *name, *value, *want; /* "": it is good */
    } rows[] = {
        {"template", "{body}", ""},
        {"template", "none", "contains no field: every SMS would be the same"},
        {"max-parts", "3", ""},
        {"max-parts", "0", "is not a whole number from 1 to 255"},
        {"max-parts", "3x", "is not a whole number from 1 to 255"},
        {"overlong", "reject", ""},
        {"overlong", "cut", "is not one of: truncate, reject"},
        {"encoding", "gsm7", ""},
        {"encoding", "latin1", "is not one of: auto, gsm7, unicode"},
        {"links", "url", ""},
        {"links", "", "is not one of: text, url, both"},
        {"end-marker", "$$", ""},
        {"end-marker", "", ""},
        {"end-marker", "a b", "is not one word without spaces"},
        {"strip", "Tel.*", ""},
        {"strip", "", "is not a regular expression: it is empty or not UTF-8"},
        {"strip", "(",
         "is not a valid regular expression: missing closing parenthesis (at character "
         "2)"},
        {"Template", "{body}", "is not an option of the text section"},
        {"", "x", "is not an option of the text section"},
    };
    struct text_options options;

    (void)state;
    text_options_clear(&options);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = ""};

        check_number(rows[i].name,
                     text_options_set(&options, rows[i].name, rows[i].value, &err),
                     *rows[i].want == '\0');
        check_text(rows[i].name, err.text, rows[i].want);
    }
    check_number("max-parts", options.max_parts, 3);
    check_number("overlong", options.overlong, OVERLONG_REJECT);
    check_number("encoding", options.encoding, ENCODING_GSM7);
    check_number("links", options.links, LINKS_URL);
    check_text("end-marker", options.end_marker, "");
    check_number("strip", (long long)options.strip.count, 1);
    text_options_free(&options);
}

static void set(struct text_options *options, const char *name, const char *value)
{
    struct error err;

    if (!text_options_set(options, name, value, &err))
        fail_msg("%s: %s", name, err.text);
}

/* What a template makes of a mail. */
static void check_template(const char *name, const struct template *template,
                           const char *want)
{
    char *got = template_fill(template, (const char *const[TEMPLATE_FIELDS]){
                                            "Subject", "Body", "Name", "Address"});

    check_text(name, got, want);
    free(got);
}

static void what_is_not_set_is_inherited(void **state)
{
    struct text_options global, nothing, all;

    (void)state;
    text_options_clear(&global);
    text_options_clear(&nothing);
    text_options_clear(&all);
    set(&global, "template", "{subject}");
    set(&global, "max-parts", "2");
    set(&global, "overlong", "reject");
    set(&global, "encoding", "gsm7");
    set(&global, "links", "text");
    set(&global, "end-marker", "##");
    set(&global, "strip", "a");
    set(&global, "strip", "b");
    assert_true(text_options_inherit(&nothing, &global));
    check_template("template", nothing.template, "Subject");
    check_number("max-parts", nothing.max_parts, 2);
    check_number("overlong", nothing.overlong, OVERLONG_REJECT);
    check_number("encoding", nothing.encoding, ENCODING_GSM7);
    check_number("links", nothing.links, LINKS_TEXT);
    check_text("end-marker", nothing.end_marker, "##");
    check_number("strip", (long long)nothing.strip.count, 2);

    set(&all, "template", "{body}");
    set(&all, "max-parts", "1");
    set(&all, "overlong", "truncate");
    set(&all, "encoding", "auto");
    set(&all, "links", "both");
    set(&all, "end-marker", "");
    set(&all, "strip", "c");
    assert_true(text_options_inherit(&all, &global));
    check_template("own template", all.template, "Body");
    check_number("own max-parts", all.max_parts, 1);
    check_number("own overlong", all.overlong, OVERLONG_TRUNCATE);
    check_number("own encoding", all.encoding, ENCODING_AUTO);
    check_number("own links", all.links, LINKS_BOTH);
    check_text("no end-marker of its own", all.end_marker, "");
    assert_int_equal(all.strip.count, 1);
    check_text("own strip", pattern_text(all.strip.items[0]), "c");
    text_options_free(&all);
    text_options_free(&nothing);
    text_options_free(&global);
}

/* They are compiled once, and live as long as any customer that has them. */
static void what_is_inherited_is_not_compiled_again(void **state)
{
    struct text_options global, customer;

    (void)state;
    text_options_clear(&global);
    text_options_clear(&customer);
    set(&global, "template", "{subject}");
    set(&global, "end-marker", "##");
    set(&global, "strip", "a");
    assert_true(text_options_inherit(&customer, &global));
    check_true("one template", customer.template == global.template);
    check_true("one pattern", customer.strip.items[0] == global.strip.items[0]);
    text_options_free(&global);
    check_true("the template is still there",
               template_has_field(customer.template, TEMPLATE_SUBJECT));
    check_text("the pattern is, too", pattern_text(customer.strip.items[0]), "a");
    text_options_free(&customer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(options_are_set_by_name),
        UNIT_TEST(what_is_not_set_is_inherited),
        UNIT_TEST(what_is_inherited_is_not_compiled_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
