/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/mail_header.h"

/* "name=value|name=value", as unfolded. */
static void describe(const char *mail, size_t size_bytes, char *text, size_t size)
{
    struct mail_header header;
    struct mail_field field;
    size_t used;

    snprintf(text, size, "%s",
             mail_header_begin(mail, size_bytes, &header) ? "" : "cut ");
    while (mail_header_next(&header, &field)) {
        char *value = mail_field_unfold(&field);

        used = strlen(text);
        snprintf(text + used, size - used, "%.*s=%s|", (int)field.name_length,
                 field.name, value ? value : "(NUL)");
        free(value);
    }
}

static void a_header_is_read_field_by_field(void **state)
{
    static const struct {
        const char *name, *mail, *want;
    } rows[] = {
        {"two fields", "To: a\nFrom: b\n\nbody", "To=a|From=b|"},
        {"line ends of the wire", "To: a\r\nFrom: b\r\n\r\nbody", "To=a|From=b|"},
        {"a folded value", "To: a,\n b\n\tc \nFrom: d\n\n", "To=a, b\tc|From=d|"},
        {"a line of white space folds", "To: a\n \n b\n\n", "To=a  b|"},
        {"an empty value", "To:\nFrom: b\n\n", "To=|From=b|"},
        {"white space before the colon", "To \t: a\n\n", "To=a|"},
        {"the body is no header", "To: a\n\nFrom: b\n\n", "To=a|"},
        {"no field at all", "\nbody", ""},
        {"a line without colon is left out", "From b\nTo: a\n\n", "To=a|"},
        {"a colon alone has no name", ": a\nTo: b\n\n", "To=b|"},
        {"a fold at the very beginning", " a: b\nTo: c\n\n", " a=b|To=c|"},
        {"a colon in the fold below a line without one", "From b\n x: y\nTo: a\n\n",
         "To=a|"},
        {"no empty line", "To: a\nFrom: b\n", "cut "},
        {"cut in a field", "To: a\nFro", "cut "},
        {"nothing", "", "cut "},
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        describe(rows[i].mail, strlen(rows[i].mail), text, sizeof text);
        check_text(rows[i].name, text, rows[i].want);
    }
    describe("To: a\0b\nCc: c\n\n", 16, text, sizeof text);
    check_text("a NUL in a value", text, "To=(NUL)|Cc=c|");
}

static void a_field_has_its_name_in_any_case(void **state)
{
    static const struct {
        const char *name, *asked;
        bool want;
    } rows[] = {
        {"the same", "Date", true},    {"capitals", "DATE", true},
        {"a beginning", "Dat", false}, {"longer", "Dates", false},
        {"another", "From", false},    {"nothing", "", false},
    };
    struct mail_header header;
    struct mail_field field;

    (void)state;
    assert_true(mail_header_begin("Date : x\n\n", 10, &header));
    assert_true(mail_header_next(&header, &field));
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, mail_field_is(&field, rows[i].asked), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_header_is_read_field_by_field),
        UNIT_TEST(a_field_has_its_name_in_any_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
