/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/compose.h"

static void a_mail_is_put_in_words(void **state)
{
    static const struct {
        const char *name, *template, *subject, *body, *want;
    } rows[] = {
        {"subject and body", "{subject}: {body}", "Closed", "No bus", "Closed: No bus"},
        {"no subject", "{subject}: {body}", "", "No bus", "No bus"},
        {"no body", "{subject}: {body}", "Closed", "", "Closed"},
        {"subject of white space", "{subject}: {body}", " \t ", "No bus", "No bus"},
        {"body of white space", "{subject}: {body}", "Closed", "\n \xC2\xA0\n",
         "Closed"},
        {"nothing", "{subject}: {body}", "", "", ""},
        {"nothing, but words of the template", "School: {body}", " ", "\n", ""},
        {"nothing, but a sender", "{from-name}: {body}", "", "", ""},
        {"sender", "{from-name} <{from-address}> {body}", "S", "B",
         "Head <head@school.example> B"},

        {"the subject is one tidy line", "{subject}: {body}", " A \r\n\tB ", "C",
         "A B: C"},
        {"other characters stay", "{body}", "", "\xE2\x82\xAC \xF0\x9F\x98\x80",
         "\xE2\x82\xAC \xF0\x9F\x98\x80"},

        {"body begins with the subject", "{subject}: {body}", "Closed today",
         "Closed today. No bus", "Closed today. No bus"},
        {"in another case", "{subject}: {body}", "closed TODAY", "Closed today.",
         "Closed today."},
        {"body is the subject", "{subject}: {body}", "Closed", "Closed", "Closed"},
        {"on a line of its own", "{subject}: {body}", "Closed", "Closed\nNo bus",
         "Closed\nNo bus"},
        {"not at the end of a word", "{subject}: {body}", "Close", "Closed today",
         "Close: Closed today"},
        {"body says it later", "{subject}: {body}", "Closed", "We are Closed",
         "Closed: We are Closed"},
        {"body is shorter than the subject", "{subject}: {body}", "Closed today",
         "Closed", "Closed today: Closed"},
        {"a template without body says the subject", "{subject}", "Closed",
         "Closed today", "Closed"},
        {"a template of subject and sender says the subject", "{from-name}: {subject}",
         "Closed", "Closed today", "Head: Closed"},
        {"a subject is no template", "{subject}: {body}", "{body} %s %n", "B",
         "{body} %s %n: B"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *subject = unit_repeat(rows[i].subject, 1);
        char *body = unit_repeat(rows[i].body, 1);
        const struct message message = {
            .subject = subject,
            .body = {.text = body, .length_bytes = strlen(body)},
            .from_name = (char[]){"Head"},
            .from_address = (char[]){"head@school.example"},
        };
        struct text_options options = {.end_marker = NULL};
        struct cuts cuts = {0};
        struct error err;
        char *got;

        assert_true(template_new(rows[i].template, &options.template, &err));
        got = compose_text(&message, &options, &cuts);
        check_text(rows[i].name, got, rows[i].want);
        check_true(rows[i].name, got && utf8_is_valid(got));
        free(got);
        template_free(&options.template);
        free(subject);
        free(body);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_mail_is_put_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
