/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>

#include "base/template.h"

static void values_are_filled_in(void **state)
{
    static const struct {
        const char *name, *template;
        const char *values[TEMPLATE_FIELDS]; /* subject, body, name, address */
        const char *want;
    } rows[] = {
        {"subject and body", "{subject}: {body}", {"S", "B", "N", "A"}, "S: B"},
        {"no subject", "{subject}: {body}", {"", "B", "N", "A"}, "B"},
        {"no body", "{subject}: {body}", {"S", "", "N", "A"}, "S"},
        {"nothing at all", "{subject}: {body}", {"", "", "", ""}, ""},
        {"every field",
         "{from-name} {from-address} {subject} {body}",
         {"S", "B", "N", "A"},
         "N A S B"},
        {"the middle of three takes the words before it",
         "{from-name}, {subject}: {body}",
         {"", "B", "N", ""},
         "N: B"},
        {"the first of three takes the words behind it",
         "{from-name}, {subject}: {body}",
         {"S", "B", "", ""},
         "S: B"},
        {"the first two of three take all words",
         "{from-name}, {subject}: {body}",
         {"", "B", "", ""},
         "B"},
        {"words before stay",
         "School: {subject}: {body}",
         {"", "B", "", ""},
         "School: B"},
        {"words behind stay",
         "{body} (do not reply)",
         {"S", "B", "", ""},
         "B (do not reply)"},
        {"words behind go with an empty last field",
         "{subject} - {body} (end)",
         {"S", "", "", ""},
         "S"},
        {"brackets around an empty field go with it",
         "[{subject}] {body}",
         {"", "B", "", ""},
         "B"},
        {"brackets around a field stay",
         "[{subject}] {body}",
         {"S", "B", "", ""},
         "[S] B"},
        {"words before the brackets stay",
         "School [{subject}] {body}",
         {"", "B", "", ""},
         "School B"},
        {"brackets in the middle",
         "{subject} ({from-name}): {body}",
         {"S", "B", "", ""},
         "S: B"},
        {"a bracket before an empty field is closed",
         "[{subject}] {body}",
         {"S", "", "", ""},
         "[S]"},
        {"a mark is not followed by a colon",
         "{subject}: {body}",
         {"Closed!", "B", "", ""},
         "Closed! B"},
        {"nor is a colon", "{subject}: {body}", {"Note:", "B", "", ""}, "Note: B"},
        {"quotes in brackets", "{body} (\"{from-name}\")", {"", "B", "", ""}, "B"},
        {"a bracket without its partner stays",
         "({subject}: {body}",
         {"", "B", "", ""},
         "(B"},
        {"a field twice", "{body} {body}", {"", "B", "", ""}, "B B"},
        {"a value is no template",
         "{subject}: {body}",
         {"{body}", "%s{", "", ""},
         "{body}: %s{"},
        {"no words between", "{subject}{body}", {"S", "B", "", ""}, "SB"},
        {"not ASCII",
         "\xC2\xBB{body}\xC2\xAB",
         {"", "B", "", ""},
         "\xC2\xBB"
         "B\xC2\xAB"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct template *template;
        struct error err;
        char *got;

        assert_true(template_new(rows[i].template, &template, &err));
        got = template_fill(template, rows[i].values);
        check_text(rows[i].name, got, rows[i].want);
        free(got);
        template_free(&template);
        check_true(rows[i].name, template == NULL);
        template_free(&template);
    }
}

#define FIELDS " (the fields are {subject}, {body}, {from-name} and {from-address})"

static void a_wrong_template_is_refused(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"empty", "", "contains no field: every SMS would be the same"},
        {"only words", "Hello", "contains no field: every SMS would be the same"},
        {"never closed", "{body} {subject", "has an unmatched brace"},
        {"never opened", "{body} subject}", "has an unmatched brace"},
        {"closed first", "}{body}", "has an unmatched brace"},
        {"unknown field", "{body} {sender}", "uses the unknown field {sender}" FIELDS},
        {"no name", "{}", "uses the unknown field {}" FIELDS},
        {"in capitals", "{Body}", "uses the unknown field {Body}" FIELDS},
        {"beginning of a name", "{bod}", "uses the unknown field {bod}" FIELDS},
        {"a space", "{ body}", "uses the unknown field { body}" FIELDS},
        {"brace in brace", "{{body}}", "uses the unknown field {{body}" FIELDS},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct template *template;
        struct error err = {.text = "no error"};

        check_true(rows[i].name, !template_new(rows[i].text, &template, &err));
        check_true(rows[i].name, template == NULL);
        check_error(rows[i].name, &err, ERROR_REFUSED, "", rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(values_are_filled_in),
        UNIT_TEST(a_wrong_template_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
