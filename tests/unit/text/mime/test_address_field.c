/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <string.h>

#include "text/mime/address_field.h"
#include "text/mime/message.h"

static void addresses_are_read_as_gmime_reads_them(void **state)
{
    static const struct {
        const char *name, *value, *want;
    } rows[] = {
        {"one", "a@b.example", "a@b.example|"},
        {"with a name", "A B <a@b.example>", "a@b.example|"},
        {"several", "a@b.example, C <c@d.example>", "a@b.example|c@d.example|"},
        {"a group", "staff: a@b.example, c@d.example;", "a@b.example|c@d.example|"},
        {"an empty group", "undisclosed-recipients:;", ""},
        {"a comment", "a@b.example (x@evil.example)", "a@b.example|"},
        {"a quoted name", "\"x@evil.example\" <a@b.example>", "a@b.example|"},
        {"a plus", "+447700900123@sms.local", "+447700900123@sms.local|"},
        {"a quoted local part", "\"+44 7700 900123\"@sms.local",
         "\"+44 7700 900123\"@sms.local|"},
        {"nothing", "", ""},
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct string_list list = {NULL, 0};

        assert_true(address_field_read(rows[i].value, &list));
        *text = '\0';
        for (size_t k = 0; k < list.count; k++)
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s|",
                     list.items[k]);
        check_text(rows[i].name, text, rows[i].want);
        string_list_free(&list);
    }
}

static void one_mailbox_is_told_from_what_could_be_several(void **state)
{
    static const struct {
        const char *name, *value;
        bool want;
    } rows[] = {
        {"an address", "a@b.example", true},
        {"in brackets", "<a@b.example>", true},
        {"with a name", "Head Office <a@b.example>", true},
        {"with a name in quotes that has all marks", "\"x@y, z: (;)\" <a@b.example>",
         true},
        {"with a comment that has all marks", "a@b.example (x@y, z: \\) (;) \")", true},
        {"a quoted local part", "\"a@x\"@b.example", true},
        {"an escaped quote in quotes", "\"a\\\"@x\"@b.example", true},
        {"two", "a@b.example, c@d.example", false},
        {"two without comma", "a@b.example c@d.example", false},
        {"two in brackets", "<a@b.example> <c@d.example>", false},
        {"a comma behind it", "a@b.example,", false},
        {"a group", "staff: a@b.example;", false},
        {"a route", "<@x.example:a@b.example>", false},
        {"none", "Head Office", false},
        {"nothing", "", false},
        {"a quote without end", "\"a@b.example", false},
        {"a comment without end", "(a@b.example", false},
        {"an escape at the end of a quote", "\"a@b.example\\", false},
        {"an escape at the end of a comment", "(a@b.example\\", false},
        {"a comment that ends twice", "a@b.example (x))", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, address_field_is_single(rows[i].value),
                     rows[i].want);
}

static void a_date_is_a_time(void **state)
{
    static const struct {
        const char *name, *value;
        long long want; /* -1: none */
    } rows[] = {
        {"RFC 5322", "Wed, 25 Nov 2026 07:00:00 +0000", 1795590000},
        {"a zone", "Wed, 25 Nov 2026 07:00:00 +0100", 1795586400},
        {"a zone by name", "Wed, 25 Nov 2026 07:00:00 GMT", 1795590000},
        {"without weekday", "25 Nov 2026 07:00:00 +0000", 1795590000},
        {"words", "yesterday", -1},
        {"nothing", "", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t time_s = -1;

        if (!date_field_read(rows[i].value, &time_s))
            time_s = -1;
        check_number(rows[i].name, time_s, rows[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(addresses_are_read_as_gmime_reads_them),
        UNIT_TEST(one_mailbox_is_told_from_what_could_be_several),
        UNIT_TEST(a_date_is_a_time),
    };
    int status;

    message_init();
    status = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return status;
}
