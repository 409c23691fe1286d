/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "journal/journal_record.h"

static void a_state_has_one_name(void **state)
{
    static const struct {
        enum sms_state state;
        const char *name, *word; /* in the file, and for people */
    } rows[] = {
        {SMS_SENDING, "sending", "sending"}, {SMS_SENT, "sent", "sent"},
        {SMS_REFUSED, "refused", "refused"}, {SMS_FAILED, "failed", "deferred"},
        {SMS_UNKNOWN, "unknown", "unknown"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_text(rows[i].name, sms_state_name(rows[i].state), rows[i].name);
        check_text(rows[i].name, sms_state_word(rows[i].state), rows[i].word);
        check_number(rows[i].name, sms_state_read(rows[i].name), rows[i].state);
    }
}

static void a_verdict_has_one_name(void **state)
{
    static const struct {
        enum mail_verdict verdict;
        const char *name;
    } rows[] = {
        {MAIL_VERDICT_NONE, ""},
        {MAIL_VERDICT_DEFERRED, "deferred"},
        {MAIL_VERDICT_ACCEPTED, "accepted"},
        {MAIL_VERDICT_REJECTED, "rejected"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_text(rows[i].name, mail_verdict_name(rows[i].verdict), rows[i].name);
        check_number(rows[i].name, mail_verdict_read(rows[i].name), rows[i].verdict);
    }
}

static void a_name_that_is_none_is_the_first(void **state)
{
    static const char *const names[] = {"Sent", "sent ", "sen", "x", "accepted2", " "};

    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        check_number(names[i], sms_state_read(names[i]), SMS_SENDING);
        check_number(names[i], mail_verdict_read(names[i]), MAIL_VERDICT_NONE);
    }
    check_number("no name", sms_state_read(""), SMS_SENDING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_state_has_one_name),
        UNIT_TEST(a_verdict_has_one_name),
        UNIT_TEST(a_name_that_is_none_is_the_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
