/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "delivery/mail_key.h"
#include "text/mime/message.h"

static struct text_options options = {.links = LINKS_BOTH};

/* One try of a mail. */
struct
try {
    const char *mail, *customer, *sender, *queue_id;
    bool is_signed, may_come_signed;
    const struct string_list *reused_ids;
};

static struct mail_key key_of_try(const struct try *try)
{
    struct raw_mail raw = unit_read_mail(try->mail, strlen(try->mail));
    struct mail_key_question question = {.mail = &raw,
                                         .customer = try->customer,
                                         .sender = try->sender,
                                         .queue_id = try->queue_id,
                                         .reused_ids = {try->reused_ids, NULL},
                                         .is_signed = try->is_signed,
                                         .may_come_signed = try->may_come_signed};
    struct message *message;
    struct mail_key key;
    struct error err;

    if (!message_parse(&raw, &options, &message, &err))
        fail_msg("%s", err.text);
    question.message = message;
    memset(&key, 0xA5, sizeof key);
    assert_true(mail_key_make(&question, &key));
    message_free(&message);
    raw_mail_free(&raw);
    return key;
}

static struct mail_key make_key_of(const char *mail, const char *customer,
                                   const char *sender, const char *queue_id,
                                   bool is_signed)
{
    return key_of_try(
        &(struct try){mail, customer, sender, queue_id, is_signed, false, NULL});
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
    mail_key_of_sms(&key.digest, "+447700900123", &sms);
    mail_key_of_sms(&key.digest, "+447700900123", &same);
    mail_key_of_sms(&key.digest, "+447700900124", &number);
    mail_key_of_sms(&other.digest, "+447700900123", &mail);
    check_true("the same", memcmp(&sms, &same, sizeof sms) == 0);
    check_true("another number", memcmp(&sms, &number, sizeof sms) != 0);
    check_true("another mail", memcmp(&sms, &mail, sizeof sms) != 0);
}

/* Anyone who has a signed mail can send it again and again, and change everything that
 * is not signed or does not matter to the signature. */
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
        {"a folded From",
         ID("<1@a>") DATE "From:  Head\n\t<head@school.example>\n"
                          "Subject: Closed\n\nNo bus\n",
         true},
        {"another charset and encoding of a body that stays",
         ID("<1@a>") DATE "Content-Type: application/octet-stream\n"
                          "Content-Transfer-Encoding: base64\n" REST,
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
        {"a form feed between words",
         ID("<1@a>") DATE FROM "Subject: Closed\n\nNo \f bus\n", true},
        {"a vertical tab at the end of a line",
         ID("<1@a>") DATE FROM "Subject: Closed\n\nNo bus \v\n", true},
        {"a form feed at the end of the subject",
         ID("<1@a>") DATE FROM "Subject: Closed \f\n\nNo bus\n", true},
        {"a form feed and a vertical tab in From",
         ID("<1@a>") DATE "From: Head\f\v<head@school.example>\n"
                          "Subject: Closed\n\nNo bus\n",
         true},
        {"a CR that ends a line", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo bus\r",
         true},
        {"a line that ends with CR, LF or both",
         ID("<1@a>") DATE FROM "Subject: Closed\n\nNo\r\r\n\nbus\n", true},

        {"another Date", ID("<1@a>") LATER REST, false},
        {"another subject", ID("<1@a>") DATE FROM "Subject: closed\n\nNo bus\n", false},
        {"another word", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo buses\n", false},
        {"words that become one", ID("<1@a>") DATE FROM "Subject: Closed\n\nNobus\n",
         false},
        {"another name in From",
         ID("<1@a>") DATE "From: x <head@school.example>\nSubject: Closed\n\nNo bus\n",
         false},
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

/* ---- the page of mail_key.h, row by row ---- */

#define SENDER "head@school.example"
#define MIME(fields) "MIME-Version: 1.0\n" fields
#define TEXT(charset, encoding)                            \
    MIME("Content-Type: text/plain; charset=" charset "\n" \
         "Content-Transfer-Encoding: " encoding "\n")
#define TWO_FORMS(boundary, plain, html)                                     \
    MIME("Content-Type: multipart/alternative; boundary=\"" boundary "\"\n") \
    "\n--" boundary "\n" plain "\n--" boundary "\n" html "\n--" boundary "--\n"
#define PHOTO(type, octets)                             \
    MIME("Content-Type: multipart/mixed; boundary=b\n") \
    "\n--b\n\nFire\n--b\n"                              \
    "Content-Type: " type "\nContent-Transfer-Encoding: base64\n\n" octets "\n--b--\n"

/* "Grüße, 5 € für Zoë" */
#define WORDS            \
    "Gr\xC3\xBC\xC3\x9F" \
    "e, 5 \xE2\x82\xAC f\xC3\xBCr Zo\xC3\xAB"
#define WORDS_1252 \
    "Gr\xFC\xDF"   \
    "e, 5 \x80 f\xFCr Zo\xEB"
#define WORDS_QP "Gr=C3=BC=C3=9Fe, 5 =E2=82=AC f=C3=BCr Zo=C3=AB"
#define WORDS_BASE64 "R3LDvMOfZSwgNSDigqwgZsO8ciBab8OrCg=="

/* How a mail server may change a mail between two tries. Each row is tried with a
 * Message-ID of the sender, and without one. */
static void what_a_mail_server_changes_is_no_other_mail(void **state)
{
    static const struct {
        const char *name, *first, *second;
        bool is_same;
    } rows[] = {
        {"nothing changes", REST, REST, true},
        {"8bit to quoted-printable", FROM TEXT("utf-8", "8bit") "\n" WORDS "\n",
         FROM TEXT("utf-8", "quoted-printable") "\n" WORDS_QP "\n", true},
        {"8bit to base64", FROM TEXT("utf-8", "8bit") "\n" WORDS "\n",
         FROM TEXT("utf-8", "base64") "\n" WORDS_BASE64 "\n", true},
        {"quoted-printable to base64",
         FROM TEXT("utf-8", "quoted-printable") "\n" WORDS_QP "\n",
         FROM TEXT("utf-8", "base64") "\n" WORDS_BASE64 "\n", true},
        {"quoted-printable to 8bit",
         FROM TEXT("utf-8", "quoted-printable") "\n" WORDS_QP "\n",
         FROM TEXT("utf-8", "8bit") "\n" WORDS "\n", true},
        {"another charset", FROM TEXT("utf-8", "8bit") "\n" WORDS "\n",
         FROM TEXT("windows-1252", "8bit") "\n" WORDS_1252 "\n", true},
        {"a charset that nobody names", FROM TEXT("utf-8", "8bit") "\n" WORDS "\n",
         FROM "\n" WORDS "\n", true},
        {"lines broken otherwise in quoted-printable",
         FROM TEXT("utf-8", "quoted-printable") "\nNo bus to=\nday\n",
         FROM TEXT("utf-8", "quoted-printable") "\nNo b=\nus today\n", true},
        {"another order of the fields of MIME", FROM TEXT("utf-8", "8bit") "\nNo bus\n",
         "Content-Transfer-Encoding: 8bit\nContent-Type: text/plain;\n"
         " charset=\"UTF-8\"\n" FROM "Mime-Version: 1.0\n\nNo bus\n",
         true},
        {"another boundary",
         FROM TWO_FORMS("a", "\nFire", "Content-Type: text/html\n\n<p>Fire"),
         FROM TWO_FORMS("=_zz9", "\nFire", "Content-Type: text/html\n\n<p>Fire"), true},
        {"a prologue and an epilogue",
         FROM TWO_FORMS("a", "\nFire", "Content-Type: text/html\n\n<p>Fire"),
         FROM MIME(
             "Content-Type: multipart/alternative; boundary=a\n") "\nThis is "
                                                                  "MIME.\n--"
                                                                  "a\n\nFire\n--"
                                                                  "a\nContent-Type: "
                                                                  "text/"
                                                                  "html\n\n<p>Fire\n"
                                                                  "--a--\nThe end.\n",
         true},
        {"a part encoded otherwise",
         FROM TWO_FORMS("a", "\nFire", "Content-Type: text/html\n\n<p>Fire"),
         FROM TWO_FORMS("a", "Content-Transfer-Encoding: base64\n\nRmlyZQ==",
                        "Content-Type: text/html\nContent-Transfer-Encoding: "
                        "quoted-printable\n\n<p>F=69re"),
         true},
        {"fields of a part",
         FROM TWO_FORMS("a", "\nFire", "Content-Type: text/html\n\n<p>Fire"),
         FROM TWO_FORMS("a", "Content-Type: text/plain; name=x; format=flowed\n\nFire",
                        "Content-ID: <1@a>\nContent-Type: text/html\n\n<p>Fire"),
         true},
        {"line ends of the wire", FROM "Subject: a\n\nNo\nbus\n",
         "From: Head <head@school.example>\r\nSubject: a\r\n\r\nNo\r\nbus\r\n", true},
        {"white space at the end of lines", FROM "\nNo\nbus\n", FROM "\nNo \t\nbus  \n",
         true},
        {"empty lines at the end", FROM "\nNo bus\n", FROM "\nNo bus\n\n\n", true},
        {"no line end at the end", FROM "\nNo bus\n", FROM "\nNo bus", true},
        {"a long line is broken", FROM "\nNo bus today\n", FROM "\nNo bus\n today\n",
         true},
        {"a folded subject", FROM "Subject: No bus today\n\nx\n",
         FROM "Subject: No\n bus\n\ttoday\n\nx\n", true},
        {"a subject in raw UTF-8, then encoded", FROM "Subject: " WORDS "\n\nx\n",
         FROM "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe=2C_5_=E2=82=AC_f=C3=BCr_Zo=C3=AB?="
              "\n\nx\n",
         true},
        {"a subject in another encoding",
         FROM "Subject: =?utf-8?b?R3LDvMOfZSwgNSDigqwgZsO8ciBab8Or?=\n\nx\n",
         FROM "Subject: =?windows-1252?q?Gr=FC=DFe=2C_5_=80?=\n "
              "=?utf-8?q?_f=C3=BCr_Zo=C3=AB?=\n\nx\n",
         true},
        {"a name in From, encoded otherwise",
         "From: \"Zo\xC3\xAB\" <a@b.example>\n\nx\n",
         "From: =?iso-8859-1?q?Zo=EB?=\n <a@b.example>\n\nx\n", true},
        {"case in From's address", "From: Head@School.example\n\nx\n",
         "From: head@SCHOOL.EXAMPLE\n\nx\n", true},
        {"fields added and taken away", "X-A: 1\n" REST, "X-B: 2\nX-C: 3\n" REST, true},
        {"an attachment is taken away", FROM PHOTO("image/jpeg", "AAAA"),
         FROM MIME(
             "Content-Type: multipart/mixed; boundary=b\n") "\n--b\n\nFire\n--b--\n",
         true},
        {"another picture", FROM PHOTO("image/jpeg", "AAAA"),
         FROM PHOTO("image/jpeg", "BBBB"), true},

        {"another word", FROM "\nNo bus\n", FROM "\nNo car\n", false},
        {"another letter", FROM TEXT("utf-8", "8bit") "\n" WORDS "\n",
         FROM TEXT("utf-8", "8bit") "\n" WORDS "\xC2\xA4\n", false},
        {"octets that are another letter in another charset",
         FROM TEXT("iso-8859-1", "8bit") "\n\xE4 x\n",
         FROM TEXT("koi8-r", "8bit") "\n\xE4 x\n", false},
        {"a word more", FROM "\nNo bus\n", FROM "\nNo bus today\n", false},
        {"case in the text", FROM "\nNo bus\n", FROM "\nNo Bus\n", false},
        {"white space that parts two words", FROM "\nzone 1 2\n", FROM "\nzone 12\n",
         false},
        {"another subject", FROM "Subject: a\n\nx\n", FROM "Subject: b\n\nx\n", false},
        {"no subject", FROM "Subject: a\n\nx\n", FROM "\nx\n", false},
        {"what is below a signature", FROM "\nNo bus\n-- \nHead\n",
         FROM "\nNo bus\n-- \nDeputy\n", false},
        {"another text attached", FROM PHOTO("text/plain", "YQ=="),
         FROM PHOTO("text/plain", "Yg=="), false},
        {"another form of the text says something else",
         FROM TWO_FORMS("a", "\nFire", "Content-Type: text/html\n\n<p>Fire"),
         FROM TWO_FORMS("a", "\nFire", "Content-Type: text/html\n\n<p>Smoke"), false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        static const char *const heads[] = {ID("<1@a.example>") DATE, DATE};

        for (size_t k = 0; k < COUNT(heads); k++) {
            char first[4096], second[4096];
            struct mail_key one, other;

            snprintf(first, sizeof first, "%s%s", heads[k], rows[i].first);
            snprintf(second, sizeof second, "%s%s", heads[k], rows[i].second);
            one = key_of(first, FIRST);
            other = key_of(second, SECOND);
            check_number(rows[i].name, is_same(&one, &other), rows[i].is_same);
            check_number(rows[i].name, one.identity,
                         k == 0 ? MAIL_IDENTITY_MESSAGE_ID : MAIL_IDENTITY_CONTENT);
        }
    }
}

/* It does not matter where we stop reading a mail, or how its text was encoded. */
static void the_beginning_of_a_long_text_counts(void **state)
{
    static const struct {
        const char *name;
        size_t first, second; /* how often the words stand there */
        bool is_same;
    } rows[] = {
        {"short, and one word more", 10, 11, false},
        {"almost as long as counts", 9000, 9001, false},
        {"longer than counts", 12000, 12001, true},
        {"much longer", 12000, 40000, true},
    };
    static const char head[] = ID("<1@a.example>") DATE FROM "\n";

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *words[2] = {unit_repeat("No bus\n", rows[i].first),
                          unit_repeat("No bus\n", rows[i].second)};
        struct mail_key keys[2];

        for (size_t k = 0; k < COUNT(words); k++) {
            char *mail = NULL;

            assert_true(asprintf(&mail, "%s%s", head, words[k]) > 0);
            keys[k] = key_of(mail, FIRST);
            free(mail);
            free(words[k]);
        }
        check_number(rows[i].name, is_same(&keys[0], &keys[1]), rows[i].is_same);
    }
}

static void the_sender_has_many_spellings(void **state)
{
    static const struct {
        const char *name, *first, *second;
        bool is_same;
    } rows[] = {
        {"the same", SENDER, SENDER, true},
        {"case", SENDER, "Head@School.example", true},
        {"BATV", SENDER, "prvs=1234567890=head@school.example", true},
        {"BATV of another day", "prvs=1234567890=head@school.example",
         "prvs=2345abcdef=head@school.example", true},
        {"BATV in capitals", SENDER, "PRVS=1234ABCDEF=Head@school.example", true},
        {"Barracuda's", SENDER, "btv1==0123abcdef4==head@school.example", true},
        {"another sender", SENDER, "prvs=1234567890=caretaker@school.example", false},
        {"a tag that is too short", SENDER, "prvs=123=head@school.example", false},
        {"a tag that is none", SENDER, "prvs=12345678zz=head@school.example", false},
        {"a tag and nobody", "@school.example", "prvs=1234567890=@school.example",
         false},
        {"Barracuda's without an end", SENDER, "btv1==0123=head@school.example", false},
        {"VERP is as it is", SENDER, "head+1=x.example@school.example", false},
        {"SRS is as it is", SENDER, "SRS0=HHH=TT=school.example=head@school.example",
         false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mail_key first =
            make_key(ID("<1@a>") REST, "school", rows[i].first, FIRST);
        struct mail_key second =
            make_key(ID("<1@a>") REST, "school", rows[i].second, SECOND);

        check_number(rows[i].name, is_same(&first, &second), rows[i].is_same);
    }
}

static void an_id_that_is_reused_is_none(void **state)
{
    static const struct {
        const char *name, *id;
        bool is_reused;
    } rows[] = {
        {"a pattern", "<1@ups.example>", true},
        {"in capitals", "<1@UPS.Example>", true},
        {"a whole id", "<alarm@panel.example>", true},
        {"another host", "<1@cups.example.org>", false},
        {"another id of that host", "<alarm2@panel.example>", false},
        {"the pattern within", "<1@ups.example.org>", false},
        {"something behind it", "<1@ups.example> x", false},
    };
    struct string_list patterns = {NULL, 0};

    (void)state;
    assert_true(string_list_add(&patterns, "*@ups.example") &&
                string_list_add(&patterns, "alarm@panel.example"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        char first[512], second[512];
        struct mail_key one, other;

        snprintf(first, sizeof first, "Message-ID: %s\n" DATE REST, rows[i].id);
        snprintf(second, sizeof second, "Message-ID: %s\n" LATER REST, rows[i].id);
        one = key_of_try(
            &(struct try){first, "school", SENDER, FIRST, .reused_ids = &patterns});
        other = key_of_try(
            &(struct try){second, "school", SENDER, FIRST, .reused_ids = &patterns});
        check_number(rows[i].name, one.identity,
                     rows[i].is_reused ? MAIL_IDENTITY_CONTENT
                                       : MAIL_IDENTITY_MESSAGE_ID);
        check_number("its Date tells", is_same(&one, &other), !rows[i].is_reused);
        check_text("it is shown", one.message_id, rows[i].id);
    }
    string_list_free(&patterns);
}

/* If an SMS was sent because of a login, the same mail with a signature sends no
 * second one; nor the other way round. */
static void the_signed_form_is_known_of_every_mail(void **state)
{
    static const char copy[] =
        "DKIM-Signature: d=school.example\n" ID("<1@a>") DATE REST;
    static const struct {
        const char *name, *mail;
        bool may_come_signed, is_known;
    } rows[] = {
        {"as it was", ID("<1@a>") DATE REST, true, true},
        {"without Message-ID", DATE REST, true, true},
        {"with one of our mail server's", ID("<1." FIRST "@mx>") DATE REST, true, true},
        {"white space",
         DATE "From:  Head <head@school.example>\nSubject:\n Closed\n\n"
              "No  bus \n\n",
         true, true},
        {"of a customer who takes no signature", ID("<1@a>") DATE REST, false, false},
        {"another text", ID("<1@a>") DATE FROM "Subject: Closed\n\nNo car\n", true,
         false},
        {"the last Subject is the one that is signed",
         "Subject: x\n" ID("<1@a>") DATE REST, true, true},
        {"another last Subject",
         ID("<1@a>") DATE FROM "Subject: Closed\nSubject: x\n\nNo bus\n", true, false},
    };
    struct mail_key signed_copy =
        make_key_of(copy, "school", "x@y.example", SECOND, true);

    (void)state;
    check_true("a signed mail has it too", signed_copy.has_signed_digest);
    check_number("and is known by it", signed_copy.identity, MAIL_IDENTITY_SIGNATURE);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct mail_key key =
            key_of_try(&(struct try){rows[i].mail, "school", SENDER, FIRST,
                                     .may_come_signed = rows[i].may_come_signed});

        check_number(rows[i].name, key.has_signed_digest, rows[i].may_come_signed);
        check_number(rows[i].name,
                     key.has_signed_digest &&
                         memcmp(&key.signed_digest, &signed_copy.digest,
                                sizeof key.signed_digest) == 0,
                     rows[i].is_known);
        check_true("is known by its own key", key.identity != MAIL_IDENTITY_SIGNATURE);
    }
}

/* The template, the patterns to strip and the option links decide what is sent, but
 * not which mail it is. */
static void no_option_makes_another_mail(void **state)
{
    static char marker[] = "bus";
    static const struct text_options others[] = {
        {.links = LINKS_TEXT},
        {.links = LINKS_URL},
        {.links = LINKS_BOTH, .end_marker = marker},
    };
    static const char mail[] = ID("<1@a>") DATE FROM
        "Content-Type: text/html\n\n<p>No <a href=\"https://a.example/\">bus</a>\n"
        "<p>bus\n<p>x\n";
    struct mail_key wanted = key_of(mail, FIRST);

    (void)state;
    for (size_t i = 0; i < COUNT(others); i++) {
        struct text_options before = options;
        struct mail_key key;

        options = others[i];
        key = key_of(mail, FIRST);
        options = before;
        check_true("the same mail", is_same(&wanted, &key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_retry_has_the_key_of_the_first_try),
        UNIT_TEST(a_mail_is_its_senders),
        UNIT_TEST(the_message_id_can_be_shown),
        UNIT_TEST(a_long_message_id_is_cut),
        UNIT_TEST(each_number_has_its_key),
        UNIT_TEST(what_a_mail_server_changes_is_no_other_mail),
        UNIT_TEST(the_beginning_of_a_long_text_counts),
        UNIT_TEST(the_sender_has_many_spellings),
        UNIT_TEST(an_id_that_is_reused_is_none),
        UNIT_TEST(the_signed_form_is_known_of_every_mail),
        UNIT_TEST(no_option_makes_another_mail),
        UNIT_TEST(a_copy_of_a_signed_mail_is_that_mail),
    };
    int failed;

    message_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return failed;
}
