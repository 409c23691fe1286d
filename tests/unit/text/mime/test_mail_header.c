/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include "text/mime/mail_header.h"
#include "text/mime/message.h"
#include "text/mime/message_parts.h"

static void add(struct mail_header *header, const char *name, const char *value)
{
    assert_true(mail_header_add(header, name, strlen(name), value, strlen(value)));
}

static void a_field_is_kept_as_it_came(void **state)
{
    static const struct {
        const char *name, *field, *value, *want_name, *want_value;
    } rows[] = {
        {"as it is", "To", " a", "To", " a"},
        {"folded", "To", " a,\n b", "To", " a,\n b"},
        {"a line break without a fold", "To", "a\nFrom: b", "To", "a\nFrom: b"},
        {"an end of the header", "To", "a\n\nb", "To", "a\n\nb"},
        {"line breaks at its end", "To", "a\r\n\n", "To", "a"},
        {"white space before the colon", "To \t", "a", "To", "a"},
        {"a colon in the name", "X: y\nFrom", "a", "X: y\nFrom", "a"},
        {"no name", "", "a", "", "a"},
        {"no value", "To", "", "To", ""},
    };
    struct mail_header header = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        add(&header, rows[i].field, rows[i].value);
        check_text(rows[i].name, header.fields[i].name, rows[i].want_name);
        check_text(rows[i].name, header.fields[i].value, rows[i].want_value);
    }
    check_number("fields", (long long)header.count, COUNT(rows));
    check_number("To", (long long)mail_header_count(&header, "TO"), 7);
    check_number("From is none", (long long)mail_header_count(&header, "From"), 0);
    check_text("the last", mail_header_find_last(&header, "to")->value, "");
    check_true("none", !mail_header_find_last(&header, "From"));
    mail_header_free(&header);
    check_number("empty", (long long)header.count, 0);
}

static void a_header_has_a_bound(void **state)
{
    static const size_t sizes[] = {0, 1, 1000, 57 * 1024, MAIL_HEADER_MAX_BYTES};

    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        char *value = unit_repeat("x", sizes[i]);
        struct mail_header header = {0};
        size_t count, given = 0;

        while (!header.is_cut && given++ < MAIL_HEADER_MAX_BYTES)
            add(&header, "X", value);
        check_true("it is reached", header.is_cut);
        check_true("no more is kept", header.size_bytes <= MAIL_HEADER_MAX_BYTES);
        count = header.count;
        check_number("the one too many is left out", (long long)count,
                     (long long)given - 1);
        add(&header, "Y", "");
        check_number("and what is behind it", (long long)header.count,
                     (long long)count);
        mail_header_free(&header);
        free(value);
    }
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
    struct mail_header header = {0};

    (void)state;
    add(&header, "Date", "x");
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, mail_field_is(&header.fields[0], rows[i].asked),
                     rows[i].want);
    mail_header_free(&header);
}

static void a_field_is_looked_at(void **state)
{
    static const struct {
        const char *name, *field, *value, *unfolded;
        bool has_name, is_odd;
    } rows[] = {
        {"plain", "To", " a ", "a", true, false},
        {"folded", "To", "a,\n b\n\tc", "a, b\tc", true, false},
        {"folded as on the wire", "To", "a,\r\n b", "a, b", true, false},
        {"a line of white space folds", "To", "a\n \n b", "a  b", true, false},
        {"empty", "To", "", "", true, false},
        {"a line break alone", "To", "a\nb", "a b", true, true},
        {"two", "To", "a\n\nb", "a b", true, true},
        {"two as on the wire", "To", "a\r\n\r\nb", "a b", true, true},
        {"a CR alone", "To", "a\rb", "a b", true, true},
        {"a CR alone and a blank", "To", "a\r b", "a b", true, true},
        {"a line break before the fold", "To", "a\n\n b", "a b", true, true},
        {"all printable octets", "!\"#$%&'()*+,-./09;<=>?@AZ[\\]^_`az{|}~", "", "",
         true, false},
        {"no name", "", "", "", false, false},
        {"a colon", "a:b", "", "", false, false},
        {"a blank within", "a b", "", "", false, false},
        {"a blank before", " a", "", "", false, false},
        {"a tab within", "a\tb", "", "", false, false},
        {"a line break", "a\nb", "", "", false, false},
        {"a control character", "a\x01", "", "", false, false},
        {"DEL", "a\x7F", "", "", false, false},
        {"an octet beyond ASCII", "\xC3\xA9", "", "", false, false},
    };
    struct mail_header header = {0};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *unfolded;

        add(&header, rows[i].field, rows[i].value);
        unfolded = mail_field_unfold(&header.fields[i]);
        check_text(rows[i].name, unfolded, rows[i].unfolded);
        check_number(rows[i].name, mail_field_has_name(&header.fields[i]),
                     rows[i].has_name);
        check_number(rows[i].name, mail_field_is_odd(&header.fields[i]),
                     rows[i].is_odd);
        free(unfolded);
    }
    assert_true(mail_header_add(&header, "To", 2, "a\0b", 3));
    check_true("a NUL is odd", mail_field_is_odd(&header.fields[header.count - 1]));
    check_true("and is no text", !mail_field_unfold(&header.fields[header.count - 1]));
    mail_header_free(&header);
}

static void what_is_written_for_a_parser(void **state)
{
    static const struct {
        const char *name, *field, *value, *want;
    } rows[] = {
        {"as it is", "To", " a", "To: a\n\n"},
        {"a fold stays", "To", " a,\n\tb", "To: a,\n\tb\n\n"},
        {"a line break becomes one", "To", " a\nFrom: b", "To: a\n From: b\n\n"},
        {"a CR does", "To", " a\rFrom: b", "To: a\n From: b\n\n"},
        {"CR LF is one", "To", " a\r\nb", "To: a\n b\n\n"},
        {"an empty line is none", "To", " a\n\nb", "To: a\n \n b\n\n"},
        {"a name that is none is left out", "X: y\nTo", "a", "MIME-Version: 1.0\n\n"},
        {"an empty name is none", "", "a", "MIME-Version: 1.0\n\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mail_header header = {0};
        size_t length;
        char *text;

        add(&header, rows[i].field, rows[i].value);
        text = mail_header_write(&header, &length);
        assert_non_null(text);
        check_number(rows[i].name, (long long)length, (long long)strlen(rows[i].want));
        check_true(rows[i].name, strncmp(text, rows[i].want, length) == 0);
        free(text);
        mail_header_free(&header);
    }
}

/* ---- whatever the fields are, a parser finds these and no others ---- */

static uint32_t random_state = 1;

static size_t pick(size_t count)
{
    random_state = random_state * 1664525 + 1013904223;
    return (random_state >> 16) % count;
}

static void fill(char *text, const char *const *pieces, size_t count)
{
    *text = '\0';
    for (size_t i = pick(6); i > 0; i--)
        strcat(text, pieces[pick(count)]);
}

static void add_random_field(struct mail_header *header)
{
    static const char *const names[] = {
        "Subject", "From", "X", ":", " ", "\n", "\r", "\t", "\x01", "\xC3\xA9", "-"};
    static const char *const values[] = {"\n",         "\r", "\r\n",    " ",
                                         "\t",         "a",  "From: x", "\n\n",
                                         "Subject: y", ":",  "\x01"};
    char name[64], value[64];

    fill(name, names, COUNT(names));
    fill(value, values, COUNT(values));
    add(header, name, value);
}

/* The octets that are not white space, since line breaks become white space. */
static bool is_same_but_space(const char *one, const char *other)
{
    static const char space[] = " \t\r\n";

    for (;; one++, other++) {
        one += strspn(one, space);
        other += strspn(other, space);
        if (*one != *other)
            return false;
        if (*one == '\0')
            return true;
    }
}

static bool has_the_same_fields(const struct mail_header *header,
                                GMimeHeaderList *found)
{
    int place = 0;

    for (size_t i = 0; i < header->count; i++) {
        const struct mail_field *field = &header->fields[i];
        GMimeHeader *got;

        if (!mail_field_has_name(field))
            continue;
        got = g_mime_header_list_get_header_at(found, place++);
        if (!got || strcmp(g_mime_header_get_name(got), field->name) != 0 ||
            !is_same_but_space(g_mime_header_get_raw_value(got), field->value))
            return false;
    }
    return place == g_mime_header_list_get_count(found) || place == 0;
}

static void a_parser_finds_the_fields_that_were_given(void **state)
{
    enum { HEADERS = 20000, MAX_FIELDS = 6 };

    (void)state;
    for (int i = 0; i < HEADERS; i++) {
        struct mail_header header = {0};
        GMimeMessage *mime;
        size_t length;
        char *text;

        for (size_t k = pick(MAX_FIELDS + 1); k > 0; k--)
            add_random_field(&header);
        text = mail_header_write(&header, &length);
        assert_non_null(text);
        mime = message_parts_parse(text, length);
        if (!mime || !has_the_same_fields(
                         &header, g_mime_object_get_header_list(GMIME_OBJECT(mime))))
            fail_msg("other fields are read from: %.*s", (int)length, text);
        g_object_unref(mime);
        free(text);
        mail_header_free(&header);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_field_is_kept_as_it_came),
        UNIT_TEST(a_header_has_a_bound),
        UNIT_TEST(a_field_has_its_name_in_any_case),
        UNIT_TEST(a_field_is_looked_at),
        UNIT_TEST(what_is_written_for_a_parser),
        UNIT_TEST(a_parser_finds_the_fields_that_were_given),
    };
    int failed;

    message_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return failed;
}
