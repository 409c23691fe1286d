/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>
#include <string.h>

#include "ctl/bounce_text.h"

#define NUMBER "+447700900123"

/* As the journal has a record of which only these are known. */
static struct journal_record record_of(enum sms_state state, const char *status,
                                       const char *reason)
{
    return (struct journal_record){
        .number = NUMBER, .state = state, .status = status, .reason = reason};
}

#define UNKNOWN                                                                     \
    "5.4.2 " NUMBER                                                                 \
    ": it is not known whether the SMS was sent; ask the recipient before sending " \
    "it again"

static void the_line_says_why(void **state)
{
    static const struct {
        const char *name;
        enum sms_state state;
        const char *status, *reason, *want;
    } rows[] = {
        {"refused", SMS_REFUSED, "5.7.1", "barred", "5.7.1 " NUMBER ": barred"},
        {"refused, long status", SMS_REFUSED, "5.123.123", "barred",
         "5.123.123 " NUMBER ": barred"},
        {"refused for good after a 4xx", SMS_REFUSED, "4.7.1", "barred",
         "5.7.1 " NUMBER ": barred"},
        {"refused with a status of success", SMS_REFUSED, "2.0.0", "barred",
         "5.0.0 " NUMBER ": barred"},
        {"refused without status", SMS_REFUSED, "", "barred",
         "5.3.0 " NUMBER ": barred"},
        {"refused without words", SMS_REFUSED, "5.7.1", "",
         "5.7.1 " NUMBER ": the SMS was refused"},
        {"refused without anything", SMS_REFUSED, "", "",
         "5.3.0 " NUMBER ": the SMS was refused"},
        {"not sent", SMS_FAILED, "4.4.1", "no route",
         "5.4.1 " NUMBER ": not sent: no route"},
        {"not sent without status", SMS_FAILED, "", "no route",
         "5.4.0 " NUMBER ": not sent: no route"},
        {"not sent without words", SMS_FAILED, "4.4.1", "",
         "5.4.1 " NUMBER ": not sent"},
        {"unknown", SMS_UNKNOWN, "4.4.2", "no answer", UNKNOWN ": no answer"},
        {"unknown with a status of another kind", SMS_UNKNOWN, "4.3.0", "no answer",
         UNKNOWN ": no answer"},
        {"unknown without words", SMS_UNKNOWN, "", "", UNKNOWN},
        {"the daemon died while it was sending", SMS_SENDING, "", "", UNKNOWN},
        {"sent: there is nothing to bounce", SMS_SENT, "", "", ""},
        {"sent, with an earlier reason", SMS_SENT, "4.4.1", "no route", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_record record =
            record_of(rows[i].state, rows[i].status, rows[i].reason);

        check_text(rows[i].name, bounce_text_make(&record, true).line, rows[i].want);
    }
}

static void the_reason_of_another_mail_is_called_probable(void **state)
{
    const struct journal_record refused = record_of(SMS_REFUSED, "5.7.1", "a: b");
    const struct journal_record sent = record_of(SMS_SENT, "", "");

    (void)state;
    check_text("refused", bounce_text_make(&refused, false).line,
               "5.7.1 " NUMBER ": probably for the same reason as the last refused "
               "mail from this sender to this number: a: b");
    check_text("sent", bounce_text_make(&sent, false).line, "");
}

static void what_is_no_status_is_replaced(void **state)
{
    static const char *const rows[] = {
        "5",      "5.",     "5.7",    "5.7.",   "5.7.1.1", "5..1",     ".7.1",
        "57.1",   "3.7.1",  "x.7.1",  "5.x.1",  "5.7.x",   "5.1234.1", "5.1.1234",
        " 5.7.1", "5.7.1 ", "5.+7.1", "5. 7.1", "5.7.1\n", "-5.7.1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_record record = record_of(SMS_REFUSED, rows[i], "barred");

        check_text(rows[i], bounce_text_make(&record, true).line,
                   "5.3.0 " NUMBER ": barred");
    }
}

static void the_line_is_one_of_printable_ascii(void **state)
{
    static const struct {
        const char *name, *reason, *want;
    } rows[] = {
        {"line ends", "a\r\nSubject: b\n", "5.7.1 " NUMBER ": a??Subject: b?"},
        {"tab, escape, delete", "a\tb\x1b[2Jc\x7f", "5.7.1 " NUMBER ": a?b?[2Jc?"},
        {"one mark a character", "Num\xC3\xA9ro refus\xC3\xA9 \xF0\x9F\x98\x80",
         "5.7.1 " NUMBER ": Num?ro refus? ?"},
        {"what is no UTF-8", "a\xff\xC3", "5.7.1 " NUMBER ": a??"},
        {"C1 and bidi override", "a\xC2\x9B\xE2\x80\xAE", "5.7.1 " NUMBER ": a??"},
        {"a percent sign is no format", "100%s %n", "5.7.1 " NUMBER ": 100%s %n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_record record =
            record_of(SMS_REFUSED, "5.7.1", rows[i].reason);

        check_text(rows[i].name, bounce_text_make(&record, true).line, rows[i].want);
    }
}

/* 6 of status and space, 15 of number and colon; the rest is the reason's. */
static void a_long_line_is_cut(void **state)
{
    static const struct {
        const char *name;
        size_t letters;
        bool is_cut;
    } rows[] = {
        {"all that fits", BOUNCE_TEXT_SIZE - 1 - 21, false},
        {"one more", BOUNCE_TEXT_SIZE - 21, true},
        {"an error's whole text", ERROR_TEXT_SIZE - 1, true},
        {"more than any error's text", 10 * ERROR_TEXT_SIZE, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *reason = unit_repeat("x", rows[i].letters);
        const struct journal_record record = record_of(SMS_REFUSED, "5.7.1", reason);
        struct bounce_text text = bounce_text_make(&record, true);

        check_number(rows[i].name, (long long)strlen(text.line), BOUNCE_TEXT_SIZE - 1);
        check_text(rows[i].name, text.line + BOUNCE_TEXT_SIZE - 5,
                   rows[i].is_cut ? "x..." : "xxxx");
        free(reason);
    }
}

static void the_line_says_how_many_others_were_sent(void **state)
{
    struct bounce_text text = {.line = "5.7.1 barred"}, none = {.line = ""}, full;

    (void)state;
    bounce_text_add_others(&text, 0);
    check_text("none", text.line, "5.7.1 barred");
    bounce_text_add_others(&text, 1);
    check_text("one", text.line,
               "5.7.1 barred (the SMS to 1 other number of this mail was sent)");
    text = (struct bounce_text){.line = "5.7.1 barred"};
    bounce_text_add_others(&text, 12);
    check_text("more", text.line,
               "5.7.1 barred (the SMS to 12 other numbers of this mail were sent)");
    bounce_text_add_others(&none, 1);
    check_text("nothing to bounce", none.line, "");
    memset(full.line, 'x', sizeof full.line - 1);
    full.line[sizeof full.line - 1] = '\0';
    bounce_text_add_others(&full, UINT32_MAX);
    check_true("it is said after a long reason, too",
               strstr(full.line, "xxx... (the SMS to 4294967295 other numbers of this "
                                 "mail were sent)") != NULL);
    check_true("and fits", strlen(full.line) < BOUNCE_TEXT_SIZE);
}

static void the_fixed_lines_keep_to_the_same(void **state)
{
    const struct bounce_text with_number = bounce_text_no_record(NUMBER),
                             without_number = bounce_text_no_record("");
    const char *const lines[] = {with_number.line, without_number.line,
                                 bounce_text_no_journal};

    (void)state;
    check_true(with_number.line,
               strncmp(with_number.line, "5.3.0 " NUMBER ": no record", 29) == 0);
    check_true(without_number.line,
               strncmp(without_number.line, "5.3.0 no record", 15) == 0);
    for (size_t i = 0; i < COUNT(lines); i++) {
        check_true(lines[i], strncmp(lines[i], "5.3.0 ", 6) == 0);
        check_true(lines[i], strlen(lines[i]) < BOUNCE_TEXT_SIZE);
        for (const char *at = lines[i]; *at; at++)
            check_true(lines[i], *at >= ' ' && *at <= '~');
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        UNIT_TEST(the_line_says_why),
        UNIT_TEST(the_reason_of_another_mail_is_called_probable),
        UNIT_TEST(what_is_no_status_is_replaced),
        UNIT_TEST(the_line_is_one_of_printable_ascii),
        UNIT_TEST(a_long_line_is_cut),
        UNIT_TEST(the_line_says_how_many_others_were_sent),
        UNIT_TEST(the_fixed_lines_keep_to_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
