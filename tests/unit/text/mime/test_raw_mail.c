/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/mime/raw_mail.h"

/* "name=value|name=value| and the body", values unfolded. */
static void describe(const struct raw_mail *mail, char *text, size_t size)
{
    size_t used;

    snprintf(text, size, "%s", mail->header.has_end ? "" : "endless ");
    for (size_t i = 0; i < mail->header.count; i++) {
        char *value = mail_field_unfold(&mail->header.fields[i]);

        used = strlen(text);
        snprintf(text + used, size - used, "%s=%s|", mail->header.fields[i].name,
                 value ? value : "(NUL)");
        free(value);
    }
    used = strlen(text);
    snprintf(text + used, size - used, "%.*s", (int)mail->body_size_bytes,
             mail->body ? mail->body : "");
}

static void a_text_is_header_and_body(void **state)
{
    static const struct {
        const char *name, *mail, *want;
    } rows[] = {
        {"two fields", "To: a\nFrom: b\n\nbody", "To=a|From=b|body"},
        {"line ends of the wire", "To: a\r\nFrom: b\r\n\r\nbody", "To=a|From=b|body"},
        {"a folded value", "To: a,\n b\n\tc \nFrom: d\n\n", "To=a, b\tc|From=d|"},
        {"a line of white space folds", "To: a\n \n b\n\n", "To=a  b|"},
        {"an empty value", "To:\nFrom: b\n\n", "To=|From=b|"},
        {"white space before the colon", "To \t: a\n\n", "To=a|"},
        {"the body is no header", "To: a\n\nFrom: b\n\n", "To=a|From: b\n\n"},
        {"no field at all", "\nbody", "body"},
        {"a mailbox's first line",
         "From x@a.example Mon Nov 23 06:12:32 2026\nTo: a\n\nbody", "To=a|body"},
        {"a mailbox's first line alone", "From x@a.example", "endless "},
        {"From with white space before the colon", "From : a\n\nbody", "From=a|body"},
        {"a line that is no field begins the body", "To: a\nHello\nCc: b\n\n",
         "endless To=a|Hello\nCc: b\n\n"},
        {"a blank in the name is none", "To: a\nDear all: b\n",
         "endless To=a|Dear all: b\n"},
        {"a colon alone has no name", ": a\nTo: b\n\n", "endless : a\nTo: b\n\n"},
        {"a fold at the very beginning", " a: b\nTo: c\n\n",
         "endless  a: b\nTo: c\n\n"},
        {"no empty line", "To: a\nFrom: b\n", "endless To=a|From=b|"},
        {"cut in a field", "To: a\nFro", "endless To=a|Fro"},
        {"nothing", "", "endless "},
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_mail mail = unit_read_mail(rows[i].mail, strlen(rows[i].mail));

        describe(&mail, text, sizeof text);
        check_text(rows[i].name, text, rows[i].want);
        raw_mail_free(&mail);
    }
}

static void a_body_is_kept_up_to_a_limit(void **state)
{
    static const struct {
        const char *name;
        size_t limit_bytes, want;
        bool is_cut;
    } rows[] = {
        {"none of it", 0, 0, true},        {"a part", 3, 3, true},
        {"all but one octet", 5, 5, true}, {"exactly all", 6, 6, false},
        {"room for more", 7, 6, false},
    };
    static const char text[] = "To: a\nX-Long: xxxxxxxxxxxxxxxx\n\nbody\r\n";

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_mail mail;

        assert_true(raw_mail_read(text, sizeof text - 1, rows[i].limit_bytes, &mail));
        check_number(rows[i].name, (long long)mail.body_size_bytes,
                     (long long)rows[i].want);
        check_number(rows[i].name, mail.is_body_cut, rows[i].is_cut);
        check_number("the header is not part of it", (long long)mail.header.count, 2);
        raw_mail_free(&mail);
    }
}

static void pieces_of_a_body_are_joined(void **state)
{
    struct raw_mail mail = {.body = NULL};

    (void)state;
    assert_true(raw_mail_add_body(&mail, "ab", 2, 5));
    assert_true(raw_mail_add_body(&mail, "", 0, 5));
    assert_true(raw_mail_add_body(&mail, "cde", 3, 5));
    check_true("all of it", !mail.is_body_cut);
    assert_true(raw_mail_add_body(&mail, "", 0, 5));
    check_true("nothing more came", !mail.is_body_cut);
    assert_true(raw_mail_add_body(&mail, "f", 1, 5));
    check_true("one more octet came", mail.is_body_cut);
    assert_memory_equal(mail.body, "abcde", 5);
    raw_mail_free(&mail);
    raw_mail_free(&mail);
}

static void a_mail_is_written_without_nuls(void **state)
{
    static const char text[] = "To: a\0b\n\nx\0y";
    struct raw_mail mail = unit_read_mail(text, sizeof text - 1);
    size_t length;
    char *written = raw_mail_write(&mail, &length);

    (void)state;
    check_text("spaces for NULs", written, "To: a b\n\nx y");
    check_number("its length", (long long)length, (long long)strlen(written));
    free(written);
    raw_mail_free(&mail);
    written = raw_mail_write(&mail, &length);
    check_text("an empty mail has a field", written, "MIME-Version: 1.0\n\n");
    free(written);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_text_is_header_and_body),
        UNIT_TEST(a_body_is_kept_up_to_a_limit),
        UNIT_TEST(pieces_of_a_body_are_joined),
        UNIT_TEST(a_mail_is_written_without_nuls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
