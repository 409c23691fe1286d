/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "journal/journal_hands.h"

enum {
    ID = MAIL_IDENTITY_MESSAGE_ID,
    CONTENT = MAIL_IDENTITY_CONTENT,
    SIGNED = MAIL_IDENTITY_SIGNATURE
};

/* A mail to one number: its key, and that of its signed copy; 0: none. */
struct try_of {
    int identity;
    unsigned char key, signed_key;
};

static struct journal_mail mail_of(const struct try_of *try)
{
    return (struct journal_mail){.identity = (enum mail_identity)try->identity};
}

static struct journal_sms sms_of(const struct try_of *try)
{
    return (struct journal_sms){.number = "+447700900123",
                                .key = {.octets = {try->key}},
                                .signed_key = {.octets = {try->signed_key}},
                                .has_signed_key = try->signed_key != 0};
}

static void who_waits_for_whom(void **state)
{
    static const struct {
        const char *name;
        struct try_of first, second;
        bool waits;
    } rows[] = {
        {"the same Message-ID", {ID, 1, 0}, {ID, 1, 0}, true},
        {"another one", {ID, 1, 0}, {ID, 2, 0}, false},
        {"another one that says the same", {ID, 1, 9}, {ID, 2, 9}, false},
        {"the same alarm", {CONTENT, 1, 0}, {CONTENT, 1, 0}, false},
        {"the same alarm, which could be signed",
         {CONTENT, 1, 9},
         {CONTENT, 1, 9},
         false},
        {"a signed one and its copy", {SIGNED, 9, 9}, {SIGNED, 9, 9}, true},
        {"a signed one without a key of its own", {SIGNED, 9, 0}, {SIGNED, 9, 9}, true},
        {"a signed copy of a Message-ID", {ID, 1, 9}, {SIGNED, 9, 9}, true},
        {"a signed copy of an alarm", {CONTENT, 1, 9}, {SIGNED, 9, 9}, true},
        {"a Message-ID of which a signed copy goes out",
         {SIGNED, 9, 9},
         {ID, 1, 9},
         true},
        {"an alarm of which a signed copy goes out",
         {SIGNED, 9, 9},
         {CONTENT, 1, 9},
         false},
        {"a signed copy of another", {ID, 1, 8}, {SIGNED, 9, 9}, false},
        {"a signed one beside one that is never signed",
         {ID, 1, 0},
         {SIGNED, 9, 9},
         false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct journal_mail first = mail_of(&rows[i].first),
                                  second = mail_of(&rows[i].second);
        const struct journal_sms sms = sms_of(&rows[i].first),
                                 other = sms_of(&rows[i].second);
        struct journal_hands hands = {.keys = NULL};

        check_true("nobody", journal_hands_are_free(&hands, &second, &other, 1));
        assert_true(journal_hands_take(&hands, &first, &sms, 1));
        check_number(rows[i].name, !journal_hands_are_free(&hands, &second, &other, 1),
                     rows[i].waits);
        journal_hands_release(&hands, &first, &sms, 1);
        check_true("free again", journal_hands_are_free(&hands, &second, &other, 1));
        check_true("and empty", hands.keys == NULL);
    }
}

static void the_last_one_frees(void **state)
{
    static const struct try_of alarm = {CONTENT, 1, 9}, copy = {SIGNED, 9, 9};
    const struct journal_mail mail = mail_of(&alarm), copy_mail = mail_of(&copy);
    const struct journal_sms sms = sms_of(&alarm), copy_sms = sms_of(&copy);
    struct journal_hands hands = {.keys = NULL};

    (void)state;
    assert_true(journal_hands_take(&hands, &mail, &sms, 1));
    assert_true(journal_hands_take(&hands, &mail, &sms, 1));
    journal_hands_release(&hands, &mail, &sms, 1);
    check_true("one is left",
               !journal_hands_are_free(&hands, &copy_mail, &copy_sms, 1));
    journal_hands_release(&hands, &mail, &sms, 1);
    check_true("none", journal_hands_are_free(&hands, &copy_mail, &copy_sms, 1));
    check_true("empty", hands.keys == NULL);
}

static void one_of_several_numbers_is_enough(void **state)
{
    static const struct try_of tries[] = {{ID, 1, 0}, {ID, 2, 0}, {ID, 3, 0}};
    const struct journal_mail mail = mail_of(&tries[0]);
    const struct journal_sms sms[] = {sms_of(&tries[0]), sms_of(&tries[1]),
                                      sms_of(&tries[2])};
    struct journal_hands hands = {.keys = NULL};

    (void)state;
    assert_true(journal_hands_take(&hands, &mail, sms + 1, 1));
    check_true("the second", !journal_hands_are_free(&hands, &mail, sms, COUNT(sms)));
    check_true("the others alone", journal_hands_are_free(&hands, &mail, sms, 1));
    journal_hands_release(&hands, &mail, sms + 1, 1);
    assert_true(journal_hands_take(&hands, &mail, sms, COUNT(sms)));
    check_true("all", !journal_hands_are_free(&hands, &mail, sms + 2, 1));
    journal_hands_release(&hands, &mail, sms, COUNT(sms));
    check_true("empty", hands.keys == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(who_waits_for_whom),
        UNIT_TEST(the_last_one_frees),
        UNIT_TEST(one_of_several_numbers_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
