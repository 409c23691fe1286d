/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "api/account_state.h"

static const struct secret *keys[2];

static int make_keys(void **state)
{
    struct error err;

    (void)state;
    return secret_from_text("first-key", &keys[0], &err) &&
                   secret_from_text("second-key", &keys[1], &err)
               ? 0
               : -1;
}

static int release_keys(void **state)
{
    (void)state;
    secret_release(&keys[0]);
    secret_release(&keys[1]);
    return 0;
}

/* Answers by a letter each: Q an SMS was queued, q one was and another refused in the
 * words, R one was refused so, M as many as make a key doubtful at once, N nothing is
 * said of the key, 1 and 3 HTTP 401 and 403; t lets the time pass in which a success
 * is fresh, k takes the other key, c another
 * customer, i another customer-id, u another address. */
struct question {
    struct customer customer;
    struct account_answer answer;
    char name[8], id[8], url[32];
};

static void begin_question(struct question *question)
{
    snprintf(question->name, sizeof question->name, "school");
    snprintf(question->id, sizeof question->id, "1469");
    snprintf(question->url, sizeof question->url, "https://api.example/");
    question->customer = (struct customer){
        .name = question->name, .customer_id = question->id, .api_url = question->url};
    question->answer =
        (struct account_answer){.customer = &question->customer, .key = keys[0]};
}

/* False for a letter that is no answer. */
static bool take_letter(struct question *question, char letter)
{
    question->answer.queued = letter == 'Q' || letter == 'q';
    question->answer.refused = letter == 'R' || letter == 'q' ? 1 : 0;
    question->answer.http_status = letter == '1' ? 401 : letter == '3' ? 403 : 0;
    if (letter == 'M')
        question->answer.refused = ACCOUNT_MAX_REFUSALS;
    if (letter == 't')
        question->answer.now_ms += ACCOUNT_FRESH_MS;
    if (letter == 'k')
        question->answer.key = keys[question->answer.key == keys[0]];
    if (letter == 'c')
        question->name[0] = 'S';
    if (letter == 'i')
        question->id[0] = '2';
    if (letter == 'u')
        question->url[8] = 's';
    return !strchr("tkciu", letter);
}

/* What the module decides after each answer: r the key is right, d it is in doubt;
 * then ! if that must be reported, and + if it is over. */
static void judge_all(const char *letters, char *opinions)
{
    struct account_states *states = account_states_new();
    struct question question;

    assert_non_null(states);
    begin_question(&question);
    for (; *letters; letters++) {
        struct account_opinion opinion;

        if (!take_letter(&question, *letters))
            continue;
        opinion = account_states_judge(states, &question.answer);
        *opinions++ = opinion.is_key_right ? 'r' : 'd';
        if (opinion.news != ACCOUNT_NOTHING_NEW)
            *opinions++ = opinion.news == ACCOUNT_REFUSED ? '!' : '+';
    }
    *opinions = '\0';
    account_states_free(&states);
    check_true("cleared", states == NULL);
}

static void answers_make_an_opinion(void **state)
{
    static const struct {
        const char *name, *answers, *opinions;
    } rows[] = {
        {"the first SMS shows that the key is right", "Q", "r"},
        {"the first that is refused shows nothing", "R", "d!"},
        {"it is told once", "RRRRRRRR", "d!ddddddd"},
        {"nothing is no proof", "N", "d"},
        {"nothing tells nothing", "NR", "dd!"},
        {"one that is queued ends it, and that is told", "RRQ", "d!dr+"},
        {"and is told once", "RQQ", "d!r+r"},
        {"with a right key an SMS is refused for itself", "QR", "rr"},
        {"in one answer, too", "q", "r"},
        {"in one answer, that comes first", "qR", "rr"},
        {"four in a row", "QRRRR", "rrrrr"},
        {"the fifth makes the key doubtful", "QRRRRR", "rrrrrd!"},
        {"and stays so", "QRRRRRRR", "rrrrrd!dd"},
        {"not with one queued among them", "QRRRRQRRRR", "rrrrrrrrrr"},
        {"nor with one in the same answer", "QRRRRqRRRR", "rrrrrrrrrr"},
        {"nothing between them does not count", "QRRNRRNR", "rrrrrrrd!"},
        {"one mail to five numbers", "QtM", "rd!"},
        {"with a key that was right just now it counts once", "QMMMMM", "rrrrrd!"},
        {"four mails to one", "QtRRRR", "rrrrr"},
        {"one queued makes it right again", "QtMQR", "rd!r+r"},
        {"HTTP 401 is the key's", "1", "d!"},
        {"and told once", "1111", "d!ddd"},
        {"HTTP 403 is another cause", "1133", "d!dd!d"},
        {"and so are the words", "1RR3", "d!d!dd!"},
        {"HTTP 401 makes a right key doubtful", "Q1R", "rd!d!"},
        {"until one is queued", "Q1QR", "rd!r+r"},
        {"told again after it was over", "1Q1", "d!r+d!"},
        {"another key is to be shown right itself", "QkR", "rd!"},
        {"and is told of itself", "RkR", "d!d!"},
        {"the old key is still known", "QkRkR", "rd!r"},
        {"another customer's is its own", "QcR", "rd!"},
        {"another customer-id is another account", "QiR", "rd!"},
        {"another address too", "QuR", "rd!"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char opinions[64];

        judge_all(rows[i].answers, opinions);
        check_text(rows[i].name, opinions, rows[i].opinions);
    }
}

/* Old accounts are forgotten, so that a configuration that changes for years needs no
 * more memory. */
static void the_last_accounts_of_a_customer_are_known(void **state)
{
    static const struct {
        const char *name;
        unsigned others;
        bool is_known;
    } rows[] = {{"none since", 0, true}, {"three", 3, true}, {"four", 4, false}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct account_states *states = account_states_new();
        struct question question;

        assert_non_null(states);
        begin_question(&question);
        question.answer.queued = 1;
        for (unsigned k = 0; k <= rows[i].others; k++) {
            question.id[0] = (char)('1' + k);
            account_states_judge(states, &question.answer);
        }
        question.answer.queued = 0;
        question.answer.refused = 1;
        question.id[0] = '1';
        check_true(rows[i].name,
                   account_states_judge(states, &question.answer).is_key_right ==
                       rows[i].is_known);
        account_states_free(&states);
    }
}

static void many_customers_do_not_meet(void **state)
{
    enum { CUSTOMERS = 2000 };
    struct account_states *states = account_states_new();
    struct question question;
    char name[16];
    unsigned right = 0;

    (void)state;
    assert_non_null(states);
    begin_question(&question);
    question.customer.name = name;
    for (unsigned i = 0; i < CUSTOMERS; i++) {
        snprintf(name, sizeof name, "school-%u", i);
        take_letter(&question, i % 2 ? 'Q' : 'R');
        account_states_judge(states, &question.answer);
    }
    take_letter(&question, 'R');
    for (unsigned i = 0; i < CUSTOMERS; i++) {
        snprintf(name, sizeof name, "school-%u", i);
        right +=
            account_states_judge(states, &question.answer).is_key_right == (i % 2 == 1);
    }
    check_number("each has its own", right, CUSTOMERS);
    account_states_free(&states);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(answers_make_an_opinion),
        UNIT_TEST(the_last_accounts_of_a_customer_are_known),
        UNIT_TEST(many_customers_do_not_meet),
    };

    return cmocka_run_group_tests(tests, make_keys, release_keys);
}
