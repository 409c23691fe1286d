/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "delivery/mail_key.h"
#include "text/message.h"

static const struct text_options options = {.links = LINKS_BOTH};

static struct mail_key make_key_of(const char *mail, const char *customer,
                                   const char *sender, const char *queue_id,
                                   bool is_signed)
{
    struct message *message;
    struct mail_key key;
    struct error err;

    if (!message_parse(mail, strlen(mail), &options, &message, &err))
        fail_msg("%s", err.text);
    memset(&key, 0xA5, sizeof key);
    assert_true(mail_key_make(&(struct mail_key_question){.mail = {mail, strlen(mail)},
                                                          .message = message,
                                                          .customer = customer,
                                                          .sender = sender,
                                                          .queue_id = queue_id,
                                                          .is_signed = is_signed},
                              &key));
    message_free(&message);
    return key;
}

static struct mail_key make_key(const char *mail, const char *customer,
                                const char *sender, const char *queue_id)
{
    return make_key_of(mail, customer, sender, queue_id, false);
}

static struct mail_key key_of(const char *mail, const char *queue_id)
{
    return make_key(mail, "school", "head@school.example", queue_id);
}

static bool is_same(const struct mail_key *left, const struct mail_key *right)
{
    return memcmp(&left->digest, &right->digest, sizeof left->digest) == 0;
}

#define FROM "From: Head <head@school.example>\n"
#define REST FROM "Subject: Closed\n\nNo bus\n"
#define ID(id) "Message-ID: " id "\n"
#define DATE "Date: Mon, 23 Nov 2026 06:12:32 +0000\n"
#define LATER "Date: Mon, 23 Nov 2026 06:17:32 +0000\n"

/* The queue ids of the two tries. */
#define FIRST "1F02DA8088A"
#define SECOND "4bXyz1AbCdEf"

static void a_retry_has_the_key_of_the_first_try(void **state)
{
    static const struct {
        const char *name, *first, *second;
        bool is_same, is_of_content; /* the latter is of both */
    } rows[] = {
        {"the same mail", ID("<1@a>") DATE REST, ID("<1@a>") DATE REST, true, false},
        {"an id that identifies nothing", ID("<>") DATE REST, ID("<>") LATER REST,
         false, true},
        {"one without a left side", ID("<@device>") DATE REST,
         ID("<@device>") DATE REST, true, true},
        {"one without a right side", ID("<1@>") DATE REST, ID("<1@>") DATE REST, true,
         true},
        {"one without \"@\"", ID("<1>") DATE REST, ID("<1>") DATE REST, true, true},
        {"Received and other fields differ", "Received: a\n" ID("<1@a>") REST,
         "Received: b\nX-Y: z\n" ID("<1@a>") REST, true, false},
        {"Date differs, Message-ID is the same", ID("<1@a>") DATE REST,
         ID("<1@a>") LATER REST, true, false},
        {"From differs, Message-ID is the same", ID("<1@a>") FROM "Subject: s\n\nb\n",
         ID("<1@a>") "From: x@school.example\nSubject: s\n\nb\n", true, false},
        {"Message-ID differs", ID("<1@a>") REST, ID("<2@a>") REST, false, false},
        {"Message-ID differs in case", ID("<a@a>") REST, ID("<A@a>") REST, false,
         false},
        {"a device's one Message-ID, another text", ID("<1@a>") FROM "\nFire\n",
         ID("<1@a>") FROM "\nFire is out\n", false, false},
        {"a device's one Message-ID, another subject",
         ID("<1@a>") FROM "Subject: Fire\n\nx\n",
         ID("<1@a>") FROM "Subject: Smoke\n\nx\n", false, false},
        {"a word moves from subject to text", ID("<1@a>") FROM "Subject: a\n\nb\n",
         ID("<1@a>") FROM "Subject: ab\n\n\n", false, false},

        {"no Message-ID, all the same", DATE REST, DATE REST, true, true},
        {"an empty one is none", ID("") DATE REST, ID("  ") DATE REST, true, true},
        {"an empty one is none, and the Date below it the client's", ID("") DATE REST,
         ID("") LATER REST, false, true},
        {"no Message-ID, Date differs", DATE REST, LATER REST, false, true},
        {"no Message-ID, no Date", REST, REST, true, true},
        {"no Message-ID, a Date or none", DATE REST, REST, false, true},
        {"no Message-ID, From's address differs", DATE FROM "\nx\n",
         DATE "From: Head <x@school.example>\n\nx\n", false, true},
        {"no Message-ID, From's name differs", DATE FROM "\nx\n",
         DATE "From: X <head@school.example>\n\nx\n", false, true},
        {"no Message-ID, subject differs", DATE "Subject: a\n\nx\n",
         DATE "Subject: b\n\nx\n", false, true},
        {"no Message-ID, text differs", DATE FROM "\nx\n", DATE FROM "\ny\n", false,
         true},

        {"Postfix made Message-ID and Date",
         FROM "Subject: s\n" ID("<20261123061232." FIRST "@mx>") DATE "\nb\n",
         FROM "Subject: s\n" ID("<20261123061732." SECOND "@mx>") LATER "\nb\n", true,
         true},
        {"Postfix made them, the text differs",
         FROM ID("<20261123061232." FIRST "@mx>") DATE "\nb\n",
         FROM ID("<20261123061732." SECOND "@mx>") LATER "\nc\n", false, true},
        {"Postfix made them, From differs",
         FROM ID("<20261123061232." FIRST "@mx>") DATE "\nb\n",
         "From: x@a\n" ID("<20261123061732." SECOND "@mx>") LATER "\nb\n", false, true},
        {"Postfix made the Message-ID, the client the Date",
         DATE FROM ID("<20261123061232." FIRST "@mx>") "\nb\n",
         DATE FROM ID("<20261123061732." SECOND "@mx>") "\nb\n", true, true},
        {"Postfix made the Message-ID, the client another Date",
         DATE FROM ID("<20261123061232." FIRST "@mx>") "\nb\n",
         LATER FROM ID("<20261123061732." SECOND "@mx>") "\nb\n", false, true},
        {"Sendmail made them", FROM ID("<200611231234." FIRST "@host>") DATE "\nb\n",
         FROM ID("<200611231239." SECOND "@host>") LATER "\nb\n", true, true},
        {"the queue id alone", FROM ID("<" FIRST "@host>") DATE "\nb\n",
         FROM ID("<" SECOND "@host>") LATER "\nb\n", true, true},
        {"folded", FROM "Message-Id:\n <20261123061232." FIRST "@mx>\n" DATE "\nb\n",
         FROM "Message-Id:\n\t<20261123061732." SECOND "@mx>\n" LATER "\nb\n", true,
         true},
        {"a part of a longer word, then the word itself",
         FROM ID("<x" FIRST "x." FIRST "@mx>") DATE "\nb\n",
         FROM ID("<y" SECOND "y." SECOND "@mx>") LATER "\nb\n", true, true},
        {"the client's own Date below its Message-ID", ID("<1@a>") DATE REST,
         ID("<1@a>") LATER REST, true, false},

        {"the queue id as a part of a longer word",
         ID("<20261123061232" FIRST "@mx>") REST,
         ID("<20261123061732" SECOND "@mx>") REST, false, false},
        {"with letters behind it", ID("<" FIRST "a@mx>") REST,
         ID("<" SECOND "a@mx>") REST, false, false},
        {"with an underscore", ID("<_" FIRST "@mx>") REST, ID("<_" SECOND "@mx>") REST,
         false, false},
        {"in another case", ID("<1f02da8088a@mx>") REST, ID("<4bxyz1abcdef@mx>") REST,
         false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mail_key first = key_of(rows[i].first, FIRST);
        struct mail_key second = key_of(rows[i].second, SECOND);

        check_number(rows[i].name, is_same(&first, &second), rows[i].is_same);
        check_number(rows[i].name, first.identity == MAIL_IDENTITY_CONTENT,
                     rows[i].is_of_content);
        check_number(rows[i].name, second.identity == MAIL_IDENTITY_CONTENT,
                     rows[i].is_of_content);
    }
}

static void a_mail_is_its_senders(void **state)
{
    struct mail_key key = make_key(ID("<1@a>") REST, "school", "a@b", FIRST);
    struct mail_key same = make_key(ID("<1@a>") REST, "school", "a@b", SECOND);
    struct mail_key customer = make_key(ID("<1@a>") REST, "schoo", "a@b", FIRST);
    struct mail_key sender = make_key(ID("<1@a>") REST, "school", "c@b", FIRST);
    struct mail_key moved = make_key(ID("<1@a>") REST, "schoola", "@b", FIRST);
    struct mail_key nameless = make_key(ID("<1@a>") REST, "school", "a@b", "");

    (void)state;
    check_true("the same", is_same(&key, &same));
    check_true("another customer", !is_same(&key, &customer));
    check_true("another sender", !is_same(&key, &sender));
    check_true("a letter moves", !is_same(&key, &moved));
    check_true("a mail server that gives no queue id", is_same(&key, &nameless));
    check_true("is no reason to distrust its Message-ID",
               nameless.identity != MAIL_IDENTITY_CONTENT);
}

static void the_message_id_can_be_shown(void **state)
{
    static const struct {
        const char *name, *mail, *want;
    } rows[] = {
        {"as it stands", ID("<1@a>") REST, "<1@a>"},
        {"in any case of the field", "MESSAGE-id:\t<1@a> \n" REST, "<1@a>"},
        {"the first of two", ID("<1@a>") ID("<2@a>") REST, "<1@a>"},
        {"none", REST, ""},
        {"the mail server's", ID("<2026." FIRST "@mx>") REST, ""},
        {"no brackets", ID("a b") REST, "a b"},
        {"control characters", ID("<1\x1B[2J\x07@a>") REST, "<1?[2J?@a>"},
        {"folded within", "Message-ID: <1\n\t@a>\n" REST, "<1??@a>"},
        {"no UTF-8", ID("<1\xFF@a>") REST, "<1\xEF\xBF\xBD@a>"},
        {"UTF-8", ID("<\xC3\xA9@a>") REST, "<\xC3\xA9@a>"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct mail_key key = key_of(rows[i].mail, FIRST);

        check_text(rows[i].name, key.message_id, rows[i].want);
    }
}

/* Only what is shown is cut. */
static void a_long_message_id_is_cut(void **state)
{
    static const char *const units[] = {"i", "\xC3\xA9", "\xE2\x82\xAC",
                                        "\xF0\x9F\x98\x80"};

    (void)state;
    for (size_t i = 0; i < COUNT(units); i++) {
        char *id = unit_repeat(units[i], 900 / strlen(units[i]));
        char mail[2048], other[2048];
        struct mail_key key, another;

        snprintf(mail, sizeof mail, "Message-ID: <%s1@a>\n" REST, id);
        snprintf(other, sizeof other, "Message-ID: <%s2@a>\n" REST, id);
        key = key_of(mail, FIRST);
        another = key_of(other, FIRST);
        check_number(units[i], (long long)strlen(key.message_id), MAIL_KEY_ID_SIZE - 1);
        check_true(units[i], utf8_is_valid(key.message_id));
        check_true("the same is shown",
                   strcmp(key.message_id, another.message_id) == 0);
        check_true("another mail", !is_same(&key, &another));
        free(id);
    }
}

static void each_number_has_its_key(void **state)
{
    struct mail_key key = key_of(ID("<1@a>") REST, FIRST);
    struct mail_key other = key_of(ID("<2@a>") REST, FIRST);
    struct digest sms, same, number, mail;

    (void)state;
    mail_key_of_sms(&key, "+447700900123", &sms);
    mail_key_of_sms(&key, "+447700900123", &same);
    mail_key_of_sms(&key, "+447700900124", &number);
    mail_key_of_sms(&other, "+447700900123", &mail);
    check_true("the same", memcmp(&sms, &same, sizeof sms) == 0);
    check_true("another number", memcmp(&sms, &number, sizeof sms) != 0);
    check_true("another mail", memcmp(&sms, &mail, sizeof sms) != 0);
}

/* Who has a signed mail can send it as often as he likes, with all changed that is not
 * signed, or that does not matter to the signature. */
static void a_copy_of_a_signed_mail_is_that_mail(void **state)
{
    static const struct {
        const char *name, *copy;
        bool is_same;
    } rows[] = {
        {"as it was", ID("<1@a>") DATE REST, true},
        {"another Message-ID", ID("<2@a>") DATE REST, true},
        {"no Message-ID", DATE REST, true},
        {"a Message-ID of our mail server's", ID("<20261123." FIRST "@mx>") DATE REST,
         true},
        {"fields added", "X-Y: z\nReply-To: x@evil.example\n" ID("<1@a>") DATE REST,
         true},
        {"another name in From cannot be, but does not matter",
         ID("<1@a>") DATE "From: x <head@school.example>\nSubject: Closed\n\nNo bus\n",
         true},
        {"a folded subject", ID("<1@a>") DATE FROM "Subject:\n \tClosed\n\nNo bus\n",
         true},
        {"a folded Date",
         ID("<1@a>") "Date: Mon,\n 23 Nov 2026\t06:12:32  +0000\n" REST, true},
        {"lines of the wire", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo bus\r\n",
         true},
        {"blanks at the end of a line",
         ID("<1@a>") DATE FROM "Subject: Closed\n\nNo bus \t\n", true},
        {"blanks between words", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo \t bus\n",
         true},
        {"empty lines at the end",
         ID("<1@a>") DATE FROM "Subject: Closed\n\nNo bus\n\n \n\n", true},
        {"no line end", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo bus", true},

        {"another Date", ID("<1@a>") LATER REST, false},
        {"another subject", ID("<1@a>") DATE FROM "Subject: closed\n\nNo bus\n", false},
        {"another word", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo buses\n", false},
        {"words that become one", ID("<1@a>") DATE FROM "Subject: Closed\n\nNobus\n",
         false},
        {"a line more", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo\nbus\n", false},
        {"an empty line between", ID("<1@a>") DATE FROM "Subject: Closed\n\n\nNo bus\n",
         false},
        {"a blank at the beginning of a line",
         ID("<1@a>") DATE FROM "Subject: Closed\n\n No bus\n", false},
        {"another sender in From",
         ID("<1@a>") DATE "From: x@school.example\nSubject: Closed\n\nNo bus\n", false},
        {"a word moves from subject to text",
         ID("<1@a>") DATE FROM "Subject: Closed No\n\nbus\n", false},
    };
    struct mail_key first = make_key_of(ID("<1@a>") DATE REST, "school",
                                        "head@school.example", FIRST, true);
    struct mail_key other;

    (void)state;
    check_number("is found whatever became of it",
                 first.identity == MAIL_IDENTITY_CONTENT, false);
    check_text("shows the Message-ID", first.message_id, "<1@a>");
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct mail_key copy =
            make_key_of(rows[i].copy, "school", "x@school.example", SECOND, true);

        check_number(rows[i].name, is_same(&first, &copy), rows[i].is_same);
    }
    other =
        make_key_of(ID("<1@a>") DATE REST, "oak", "head@school.example", FIRST, true);
    check_true("another customer", !is_same(&first, &other));
    other = make_key(ID("<1@a>") DATE REST, "school", "head@school.example", FIRST);
    check_true("one that is not signed", !is_same(&first, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_retry_has_the_key_of_the_first_try),
        UNIT_TEST(a_mail_is_its_senders),
        UNIT_TEST(the_message_id_can_be_shown),
        UNIT_TEST(a_long_message_id_is_cut),
        UNIT_TEST(each_number_has_its_key),
        UNIT_TEST(a_copy_of_a_signed_mail_is_that_mail),
    };
    int failed;

    message_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return failed;
}
