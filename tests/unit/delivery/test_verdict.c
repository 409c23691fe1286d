/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <string.h>

#include "delivery/verdict.h"

enum { MOST = 8 };

/* Recipients by a letter each. */
static struct delivery_recipient make_recipient(char letter)
{
    struct delivery_recipient recipient = {.state = RECIPIENT_FAILED,
                                           .error = {.text = "why"}};

    switch (letter) {
    case 'S': /* sent */
        recipient.state = RECIPIENT_SENT;
        break;
    case 'E': /* sent by an earlier try */
        recipient.state = RECIPIENT_SENT;
        recipient.is_earlier = true;
        break;
    case 'D': /* discarded; what an error says then is of no account */
        recipient.state = RECIPIENT_DISCARDED;
        recipient.error.kind = ERROR_TEMPORARY;
        break;
    case 'R': /* refused */
        recipient.error.kind = ERROR_REFUSED;
        break;
    case 'P': /* perhaps sent by an earlier try, and refused for that */
        recipient.error.kind = ERROR_REFUSED;
        recipient.is_perhaps_sent = true;
        break;
    case 'T': /* temporary */
        recipient.error.kind = ERROR_TEMPORARY;
        break;
    case 'U': /* unknown */
        recipient.error.kind = ERROR_UNCERTAIN;
        break;
    default:
        fail_msg("no recipient: %c", letter);
    }
    return recipient;
}

static struct delivery make_delivery(const char *letters, size_t ordinary,
                                     struct delivery_recipient recipients[MOST])
{
    size_t count = strlen(letters);

    for (size_t i = 0; i < count; i++)
        recipients[i] = make_recipient(letters[i]);
    return (struct delivery){.recipients = recipients,
                             .recipient_count = count,
                             .ordinary_recipient_count = ordinary};
}

static void the_outcomes_make_the_verdict(void **state)
{
    static const struct {
        const char *recipients;
        /* Without and with an ordinary recipient. */
        enum verdict alone, with_others;
        int deciding; /* the place of the recipient that does, or -1 */
        const char *outcome;
    } rows[] = {
        {"S", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "sent"},
        {"SSS", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "sent"},
        {"E", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "sent"},
        {"EE", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "sent"},
        {"SE", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "sent"},
        {"D", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "discarded"},
        {"DD", VERDICT_DISCARD, VERDICT_ACCEPT, -1, "discarded"},
        {"R", VERDICT_REJECT, VERDICT_ACCEPT, 0, "refused"},
        {"RR", VERDICT_REJECT, VERDICT_ACCEPT, 0, "refused"},
        {"SR", VERDICT_ACCEPT, VERDICT_ACCEPT, 1, "refused"},
        {"RS", VERDICT_ACCEPT, VERDICT_ACCEPT, 0, "refused"},
        {"ER", VERDICT_ACCEPT, VERDICT_ACCEPT, 1, "refused"},
        {"T", VERDICT_DEFER, VERDICT_DEFER, 0, "deferred"},
        {"ST", VERDICT_DEFER, VERDICT_DEFER, 1, "deferred"},
        {"RT", VERDICT_DEFER, VERDICT_DEFER, 1, "deferred"},
        {"SRTT", VERDICT_DEFER, VERDICT_DEFER, 2, "deferred"},
        {"U", VERDICT_DEFER, VERDICT_DEFER, 0, "unknown"},
        {"RSU", VERDICT_DEFER, VERDICT_DEFER, 2, "unknown"},
        {"P", VERDICT_REJECT, VERDICT_ACCEPT, 0, "unknown"},
        {"SRP", VERDICT_ACCEPT, VERDICT_ACCEPT, 1, "unknown"},
        {"PT", VERDICT_DEFER, VERDICT_DEFER, 1, "unknown"},
        {"TU", VERDICT_DEFER, VERDICT_DEFER, 1, "unknown"},
        {"UT", VERDICT_DEFER, VERDICT_DEFER, 0, "unknown"},
        {"SERTU", VERDICT_DEFER, VERDICT_DEFER, 4, "unknown"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct delivery_recipient recipients[MOST];
        struct delivery delivery = make_delivery(rows[i].recipients, 0, recipients);
        const struct tally tally = verdict_count(&delivery);
        const struct delivery_recipient *deciding = verdict_find_deciding(&delivery);

        check_number(rows[i].recipients, verdict_decide(&delivery), rows[i].alone);
        delivery.ordinary_recipient_count = 2;
        check_number(rows[i].recipients, verdict_decide(&delivery),
                     rows[i].with_others);
        check_number(rows[i].recipients, deciding ? deciding - recipients : -1,
                     rows[i].deciding);
        check_text(rows[i].recipients, verdict_name_outcome(&tally), rows[i].outcome);
    }
}

/* In the words of sms-milter(8). */
static void each_recipient_has_its_word(void **state)
{
    static const struct {
        char letter;
        const char *word;
    } rows[] = {{'S', "sent"},    {'E', "sent"},     {'D', "discarded"},
                {'R', "refused"}, {'T', "deferred"}, {'U', "unknown"},
                {'P', "unknown"}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct delivery_recipient recipient = make_recipient(rows[i].letter);

        check_text(rows[i].word, verdict_name_state(&recipient), rows[i].word);
    }
}

static void recipients_are_counted(void **state)
{
    struct delivery_recipient recipients[MOST];
    struct delivery delivery = make_delivery("SEEDRTUU", 0, recipients);
    struct tally tally = verdict_count(&delivery);

    (void)state;
    check_number("sent", (long long)tally.sent, 3);
    check_number("earlier", (long long)tally.earlier, 2);
    check_number("discarded", (long long)tally.discarded, 1);
    check_number("refused", (long long)tally.refused, 1);
    check_number("temporary", (long long)tally.temporary, 1);
    check_number("uncertain", (long long)tally.uncertain, 2);
}

static void all_may_fail_for_one_reason(void **state)
{
    struct delivery_recipient recipients[MOST];
    struct delivery delivery = make_delivery("SERD", 0, recipients);
    struct error why;
    struct tally tally;

    (void)state;
    error_set(&why, ERROR_TEMPORARY, "4.3.0", "no memory");
    verdict_fail_all(&delivery, &why);
    for (size_t i = 0; i < delivery.recipient_count; i++)
        check_error("each", &recipients[i].error, ERROR_TEMPORARY, "4.3.0",
                    "no memory");
    tally = verdict_count(&delivery);
    check_number("temporary", (long long)tally.temporary, 4);
    check_number("sent", (long long)tally.sent, 0);
    check_number("earlier", (long long)tally.earlier, 0);
}

static void the_journal_keeps_what_a_retry_must_know(void **state)
{
    (void)state;
    check_number("accept", verdict_for_journal(VERDICT_ACCEPT), MAIL_VERDICT_ACCEPTED);
    check_number("discard", verdict_for_journal(VERDICT_DISCARD),
                 MAIL_VERDICT_ACCEPTED);
    check_number("reject", verdict_for_journal(VERDICT_REJECT), MAIL_VERDICT_REJECTED);
    check_number("defer", verdict_for_journal(VERDICT_DEFER), MAIL_VERDICT_DEFERRED);
}

static void the_journal_keeps_what_was_sent_too(void **state)
{
    static const struct {
        struct delivery_recipient recipient;
        enum sms_state want;
    } rows[] = {
        {{.state = RECIPIENT_SENT}, SMS_SENT},
        {{.state = RECIPIENT_FAILED, .error = {.kind = ERROR_REFUSED}}, SMS_REFUSED},
        {{.state = RECIPIENT_FAILED, .error = {.kind = ERROR_UNCERTAIN}}, SMS_UNKNOWN},
        {{.state = RECIPIENT_FAILED, .error = {.kind = ERROR_TEMPORARY}}, SMS_FAILED},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number("state", verdict_state(&rows[i].recipient), rows[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_outcomes_make_the_verdict),
        UNIT_TEST(each_recipient_has_its_word),
        UNIT_TEST(recipients_are_counted),
        UNIT_TEST(all_may_fail_for_one_reason),
        UNIT_TEST(the_journal_keeps_what_a_retry_must_know),
        UNIT_TEST(the_journal_keeps_what_was_sent_too),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
