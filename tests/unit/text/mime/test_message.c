/* SPDX-License-Identifier: ISC */
#include "../../unit.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "text/mime/message.h"

#define MULTIPART(subtype) \
    "MIME-Version: 1.0\nContent-Type: multipart/" subtype "; boundary=\"b\"\n\n"
#define PART(fields) "--b\n" fields "\n"
#define END "--b--\n"

static const struct text_options options = {.links = LINKS_BOTH};

static const char *text_of(const struct message *message)
{
    return message->body.text ? message->body.text : "";
}

static bool try_parse(const char *mail, size_t size, struct message **message_out,
                      struct error *err)
{
    struct raw_mail raw = unit_read_mail(mail, size);
    bool is_parsed = message_parse(&raw, &options, message_out, err);

    raw_mail_free(&raw);
    return is_parsed;
}

static struct message *parse(const char *mail, size_t size)
{
    struct message *message;
    struct error err;

    if (!try_parse(mail, size, &message, &err))
        fail_msg("%s", err.text);
    return message;
}

static void text_is_found_and_decoded(void **state)
{
    static const struct {
        const char *name, *mail, *want;
    } rows[] = {
        {"no MIME at all", "Subject: x\n\nHello\n", "Hello\n"},
        {"CR LF becomes LF", "Subject: x\r\n\r\nHello\r\nthere\r\n", "Hello\nthere\n"},
        {"lone CR becomes LF", "Subject: x\n\na\rb", "a\nb"},
        {"no body", "Subject: x\n\n", ""},
        {"no empty line behind the header", "Subject: x\n", ""},
        {"no header", "\nHello\n", "Hello\n"},
        {"UTF-8", "Content-Type: text/plain; charset=utf-8\n\n\xE2\x82\xAC",
         "\xE2\x82\xAC"},
        {"Latin-1", "Content-Type: text/plain; charset=iso-8859-1\n\nZo\xEB",
         "Zo\xC3\xAB"},
        {"Windows-1252", "Content-Type: text/plain; charset=windows-1252\n\n\x80 5",
         "\xE2\x82\xAC 5"},
        {"quoted-printable",
         "Content-Type: text/plain; charset=utf-8\n"
         "Content-Transfer-Encoding: quoted-printable\n\n"
         "=E2=82=AC 5 =\nfee\n",
         "\xE2\x82\xAC 5 fee\n"},
        {"base64",
         "Content-Type: text/plain; charset=utf-8\n"
         "Content-Transfer-Encoding: base64\n\nSGVsbG8g4oKs\n",
         "Hello \xE2\x82\xAC"},
        {"base64 cut off in the middle",
         "Content-Type: text/plain; charset=utf-8\n"
         "Content-Transfer-Encoding: base64\n\nSGVsbG8gd",
         "Hello "},
        {"plain and HTML",
         MULTIPART("alternative") PART("Content-Type: text/plain\n") "plain\n" PART(
             "Content-Type: text/html\n") "<p>html</p>\n" END,
         "plain"},
        {"HTML first",
         MULTIPART("alternative")
             PART("Content-Type: text/html\n") "<p>html</p>\n" PART(
                 "Content-Type: text/plain\n") "plain\n" END,
         "plain"},
        {"an attachment is not the text",
         MULTIPART("mixed") PART(
             "Content-Type: text/plain\nContent-Disposition: "
             "attachment\n") "attached\n" PART("Content-Type: text/plain\n") "said"
                                                                             "\n" END,
         "said"},
        {"an attachment in capitals",
         MULTIPART("mixed")
             PART("Content-Type: text/plain\nContent-Disposition: ATTACHMENT; "
                  "filename=a.txt\n") "attached\n" END,
         ""},
        {"a mail that only forwards another says what that says",
         MULTIPART("mixed")
             PART("Content-Type: message/rfc822\n") "Subject: y\n\ninner\n" END,
         "inner"},
        {"so does one that forwards a forward",
         "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\n\n"
         "Subject: y\n\ninner\n",
         "inner\n"},
        {"a forwarded mail is not what its sender says",
         MULTIPART("mixed") PART("Content-Type: text/plain\n") "FYI\n" PART(
             "Content-Type: message/rfc822\n") "Subject: y\n\ninner\n" END,
         "FYI"},
        {"a file shown within is not the text",
         MULTIPART("mixed") PART("Content-Type: text/plain\n") "said\n" PART(
             "Content-Type: text/plain; name=a.txt\n") "file\n" END,
         "said"},
        {"text around a picture is one text",
         MULTIPART("mixed") PART("Content-Type: text/plain\n") "one\n" PART(
             "Content-Type: image/png\n") "x\n" PART("Content-Type: "
                                                     "text/plain\n") "two\n" END,
         "one\ntwo"},
        {"plain text that is empty",
         MULTIPART("alternative") PART("Content-Type: text/plain\n") " \xC2\xA0\n" PART(
             "Content-Type: text/html\n") "<p>html</p>\n" END,
         "html"},
        {"plain text that only says there is HTML",
         MULTIPART("alternative") PART(
             "Content-Type: text/plain\n") "Your mail program "
                                           "shows no HTML.\n" PART(
                                               "Content-Type: text/html\n") "<p>html</"
                                                                            "p>\n" END,
         "html"},
        {"it says so and there is none",
         MULTIPART("alternative")
             PART("Content-Type: text/plain\n") "No HTML here.\n" END,
         "No HTML here."},
        {"an invitation",
         MULTIPART("alternative")
             PART("Content-Type: text/plain\n") "When: then\n" PART(
                 "Content-Type: text/calendar; method=REQUEST\n") "BEGIN:"
                                                                  "VEVENT\nSUMMARY:"
                                                                  "Fair\nEND:"
                                                                  "VEVENT\n" END,
         "Fair\n"},
        {"the root of related parts",
         "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b; "
         "start=\"<r>\"\n"
         "\n" PART("Content-Type: text/plain\n") "other\n" PART(
             "Content-ID: <r>\nContent-Type: text/plain\n") "root\n" END,
         "root"},
        {"the root of related parts, not one that only ends alike",
         "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b; "
         "start=\"<root11@x>\"\n\n" PART(
             "Content-ID: <11@x>\nContent-Type: "
             "text/plain\n") "other\n" PART("Content-ID: <root11@x>\nContent-Type: "
                                            "text/plain\n") "root\n" END,
         "root"},
        {"a type older than MIME", "Content-Type: text\n\nHello\n", "Hello\n"},
        {"a boundary that the header does not name",
         "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=other\n\n" PART(
             "Content-Type: text/plain\n") "said\n" END,
         "said"},
        {"a multipart that has no parts", MULTIPART("mixed") "just text\n",
         "just text\n"},
        {"an undeclared charset in HTML",
         "Content-Type: text/html\n\n<meta charset=koi8-r><p>\xC1</p>\n", "\xD0\xB0"},
        {"a picture is no text",
         "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n",
         ""},
        {"an encrypted mail has no text",
         "Content-Type: multipart/encrypted; boundary=b; "
         "protocol=\"application/pgp-encrypted\"\n\n" PART(
             "Content-Type: application/pgp-encrypted\n") "Version: 1\n" PART("Content-"
                                                                              "Type: "
                                                                              "applicat"
                                                                              "ion/"
                                                                              "octet-"
                                                                              "stream"
                                                                              "\n") "--"
                                                                                    "--"
                                                                                    "-B"
                                                                                    "EG"
                                                                                    "IN"
                                                                                    "\n" END,
         ""},
        {"S/MIME has no text",
         "Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n"
         "SGVsbG8=\n",
         ""},
        {"nested parts",
         MULTIPART("mixed") "--b\nContent-Type: multipart/alternative; boundary=c\n\n"
                            "--c\nContent-Type: text/plain\n\ninner\n--c--\n" END,
         "inner"},
        {"boundary never closed",
         MULTIPART("mixed") PART("Content-Type: text/plain\n") "said\n", "said\n"},
        {"malformed bytes are replaced",
         "Content-Type: text/plain; charset=utf-8\n\na\xFF"
         "b",
         NULL},
        {"unknown charset", "Content-Type: text/plain; charset=x-none\n\nHello\xE9\n",
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message *message = parse(rows[i].mail, strlen(rows[i].mail));

        if (rows[i].want)
            check_text(rows[i].name, text_of(message), rows[i].want);
        check_true(rows[i].name, utf8_is_valid(text_of(message)));
        check_true(rows[i].name, !rows[i].want || message->automatic_sign == NULL);
        message_free(&message);
        check_true(rows[i].name, message == NULL);
        message_free(&message);
    }
}

static void text_behind_a_nul_is_kept(void **state)
{
    static const char mail[] = "Subject: x\n\nbefore\0behind\n";
    struct message *message = parse(mail, sizeof mail - 1);

    (void)state;
    check_true("the words behind a NUL are there", strstr(text_of(message), "behind"));
    message_free(&message);
}

/* Looking for each from the beginning would take hours. */
static void a_mail_of_nuls_is_read(void **state)
{
    enum { SIZE = 4 * 1024 * 1024 };
    char *mail = calloc(1, SIZE);
    struct message *message;

    (void)state;
    assert_non_null(mail);
    memcpy(mail, "A: b\n\n", 6);
    message = parse(mail, SIZE);
    check_number("every octet is there", (long long)strlen(text_of(message)), SIZE - 6);
    message_free(&message);
    free(mail);
}

static void fields_are_decoded(void **state)
{
    static const struct {
        const char *name, *header, *subject, *from_name, *from_address;
    } rows[] = {
        {"none", "X-A: b\n", "", "", ""},
        {"plain", "Subject: Hello\nFrom: Head <head@example.org>\n", "Hello", "Head",
         "head@example.org"},
        {"only an address", "From: head@example.org\n", "", "", "head@example.org"},
        {"quoted name", "From: \"Head, The\" <head@example.org>\n", "", "Head, The",
         "head@example.org"},
        {"RFC 2047, Q", "Subject: =?utf-8?Q?=E2=82=AC_5?=\n", "\xE2\x82\xAC 5", "", ""},
        {"RFC 2047, B", "Subject: =?utf-8?B?4oKs?=\n", "\xE2\x82\xAC", "", ""},
        {"RFC 2047, B without padding", "Subject: =?utf-8?B?SGVsbG8?=\n", "Hello", "",
         ""},
        {"RFC 2047, a character cut between two words",
         "Subject: =?utf-8?B?Q2Fmww==?=\n =?utf-8?B?qQ==?=\n", "Caf\xC3\xA9", "", ""},
        {"RFC 2047, two words in a row join", "Subject: =?utf-8?Q?a?= =?utf-8?Q?b?=\n",
         "ab", "", ""},
        {"RFC 2047, other charset", "Subject: =?iso-8859-1?Q?Zo=EB?=\n", "Zo\xC3\xAB",
         "", ""},
        {"RFC 2047 in the name", "From: =?utf-8?Q?Zo=C3=AB?= <z@example.org>\n", "",
         "Zo\xC3\xAB", "z@example.org"},
        {"folded", "Subject: one\n two\n", "one two", "", ""},
        {"the first of two senders", "From: A <a@example.org>, B <b@example.org>\n", "",
         "A", "a@example.org"},
        {"empty From", "From:\n", "", "", ""},
        {"raw UTF-8", "Subject: \xE2\x82\xAC\n", "\xE2\x82\xAC", "", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char mail[512];
        struct message *message;

        assert_true((size_t)snprintf(mail, sizeof mail, "%s\nx\n", rows[i].header) <
                    sizeof mail);
        message = parse(mail, strlen(mail));
        check_text(rows[i].name, message->subject, rows[i].subject);
        check_text(rows[i].name, message->from_name, rows[i].from_name);
        check_text(rows[i].name, message->from_address, rows[i].from_address);
        message_free(&message);
    }
}

static void automatic_mail_is_known(void **state)
{
    static const struct {
        const char *header, *want;
    } rows[] = {
        {"X-A: b\n", NULL},
        {"Auto-Submitted: no\n", NULL},
        {"Auto-Submitted:  No (a person)\n", NULL},
        {"Auto-Submitted: no; x=y\n", NULL},
        {"Auto-Submitted:\n no\n", NULL},
        {"Auto-Submitted: auto-replied\n", "Auto-Submitted"},
        {"AUTO-SUBMITTED: Auto-Generated\n", "Auto-Submitted"},
        {"Auto-Submitted: auto-notified; owner-email=\"a@b\"\n", "Auto-Submitted"},
        {"Auto-Submitted: (a person)\n no\n", NULL},
        {"Auto-Submitted : auto-replied\n", "Auto-Submitted"},
        {"Auto-Submitted: =?utf-8?q?no?=\n", "Auto-Submitted"},
        {"Auto-Submitted: no-not-really\n", "Auto-Submitted"},
        {"List-Id: <a.b>\n", "List-Id"},
        {"Auto-Submitted: nothing\n", "Auto-Submitted"},
        {"Auto-Submitted:\n", "Auto-Submitted"},
        {"Auto-Submitted: no\nAuto-Submitted: auto-replied\n", "Auto-Submitted"},
        {"Auto-Submitted: auto-replied\nAuto-Submitted: no\n", "Auto-Submitted"},
        {"Precedence: bulk\n", "Precedence"},
        {"Precedence: JUNK\n", "Precedence"},
        {"Precedence:  list \n", "Precedence"},
        {"Precedence: first-class\n", NULL},
        {"Precedence: bulky\n", NULL},
        {"Precedence: first-class\nPrecedence: bulk\n", "Precedence"},
        {"X-Auto-Response-Suppress: All\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char mail[512];
        struct message *message;

        assert_true((size_t)snprintf(mail, sizeof mail, "%s\nx\n", rows[i].header) <
                    sizeof mail);
        message = parse(mail, strlen(mail));
        check_text(rows[i].header, message->automatic_sign, rows[i].want);
        check_true(rows[i].header, !message->is_report);
        message_free(&message);
    }
}

#define REPORT                                                                        \
    "Content-Type: multipart/report; report-type=delivery-status; boundary=\"r\"\n\n" \
    "--r\n\nNot delivered.\n--r\nContent-Type: message/delivery-status\n\n"           \
    "Reporting-MTA: dns; a\n\nAction: failed\n--r--\n"

static void a_report_is_found_behind_its_wrapping(void **state)
{
    static const struct {
        const char *name, *mail;
        bool is_report;
    } rows[] = {
        {"as it came", "MIME-Version: 1.0\n" REPORT, true},
        {"no MIME-Version", "Subject: x\n" REPORT, true},
        {"a name with white space behind it",
         "Content-Type : multipart/report; boundary=r\n\n--r\n\nx\n--r--\n", true},
        {"with a list's footer",
         MULTIPART("mixed") "--b\n" REPORT PART("") "footer\n" END, true},
        {"signed", MULTIPART("signed") "--b\n" REPORT PART("") "x\n" END, true},
        {"wrapped twice",
         MULTIPART("mixed") "--b\nContent-Type: multipart/mixed; boundary=\"c\"\n\n"
                            "--c\n" REPORT "--c--\n" END,
         true},
        {"the second of two types",
         "Content-Type: text/plain\nContent-Type: multipart/report; "
         "boundary=r\n\nx\n",
         true},
        {"cut off in its header",
         "Subject: x\nContent-Type: multipart/report; boundary=r", true},
        {"forwarded by a person",
         MULTIPART("mixed") PART("") "See below.\n--b\n" REPORT END, false},
        {"forwarded whole by a person",
         MULTIPART("mixed") PART("") "See below.\n" PART(
             "Content-Type: message/rfc822\n") "Subject: x\n" REPORT END,
         false},
        {"an alternative", MULTIPART("alternative") "--b\n" REPORT END, false},
        {"a text about one", "Subject: x\n\nContent-Type: multipart/report\n", false},
        {"fields of a part say nothing of the mail",
         MULTIPART("mixed")
             PART("List-Id: <a.b>\nAuto-Submitted: auto-replied\n") "x\n" END,
         false},
        {"an empty multipart", MULTIPART("mixed") END, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message *message = parse(rows[i].mail, strlen(rows[i].mail));

        check_true(rows[i].name, message->is_report == rows[i].is_report);
        check_text(rows[i].name, message->automatic_sign,
                   rows[i].is_report ? "Content-Type" : NULL);
        message_free(&message);
    }
}

/* A mail that was collected up to max-message-size can end anywhere, and so can a
 * forged one. */
static void a_mail_may_end_anywhere(void **state)
{
    static const char mail[] =
        "Received: x\r\nFrom: =?utf-8?Q?Zo=C3=AB?= <z@example.org>\r\nSubject: "
        "=?utf-8?B?4oKs?=\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n"
        "--b\r\nContent-Type: text/plain; charset=\"utf-8\"\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8g4oKs\r\n--b\r\n"
        "Content-Type: multipart/alternative; boundary=\"c\"\r\n\r\n--c\r\n\r\nx\r\n"
        "--c--\r\n--b--\r\n";

    size_t unread = 0;

    (void)state;
    for (size_t size = 0; size < sizeof mail; size++) {
        struct message *message;
        struct error err;

        if (!try_parse(mail, size, &message, &err)) {
            unread++;
            continue;
        }
        assert_true(utf8_is_valid(message->subject));
        assert_true(utf8_is_valid(message->from_name));
        assert_true(utf8_is_valid(message->from_address));
        assert_true(utf8_is_valid(text_of(message)));
        message_free(&message);
    }
    check_number("sizes at which a mail cut off is not read", (long long)unread, 0);
}

static char *nest(int levels)
{
    char *mail = malloc((size_t)levels * 80 + 100);
    size_t used = 0;

    assert_non_null(mail);
    for (int i = 0; i < levels; i++)
        used += (size_t)sprintf(
            mail + used, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i,
            i);
    sprintf(mail + used, "Content-Type: text/plain\n\ndeep\n");
    return mail;
}

/* Thousands of levels must not use up the stack of libmilter's thread. */
static void parts_nest_as_deep_as_is_bearable(void **state)
{
    static const struct {
        const char *name;
        int levels;
        const char *text, *refusal, *error;
    } rows[] = {
        {"a mail", 10, "deep\n", NULL, NULL},
        {"too deep to be a mail", 90, "",
         "the parts of the mail are nested too deeply: send a simpler one", NULL},
        {"too many to be parsed", 10000, NULL, NULL,
         "the mail has more than 100 multiparts: send a simpler one"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *mail = nest(rows[i].levels);
        struct message *message;
        struct error err = {.text = ""};

        if (try_parse(mail, strlen(mail), &message, &err)) {
            check_text(rows[i].name, text_of(message), rows[i].text);
            check_text(rows[i].name, message->refusal, rows[i].refusal);
        }
        if (rows[i].error)
            check_error(rows[i].name, &err, ERROR_REFUSED, "5.6.0", rows[i].error);
        check_number(rows[i].name, message == NULL, rows[i].error != NULL);
        message_free(&message);
        free(mail);
    }
}

static void mails_nest_as_deep_as_is_bearable(void **state)
{
    char *heads = unit_repeat("Content-Type: message/rfc822\n\n", 500);
    struct message *message = parse(heads, strlen(heads));

    (void)state;
    check_text("too deep", message->refusal,
               "the parts of the mail are nested too deeply: send a simpler one");
    message_free(&message);
    free(heads);
}

static void a_mail_that_hides_its_text_is_refused(void **state)
{
#define ENCRYPTED \
    "the mail is encrypted, so its text cannot be read: send it unencrypted"
    static const struct {
        const char *name, *mail, *want;
    } rows[] = {
        {"PGP/MIME",
         MULTIPART("encrypted")
             PART("Content-Type: application/pgp-encrypted\n") "x\n" END,
         ENCRYPTED},
        {"S/MIME",
         "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx\n",
         ENCRYPTED},
        {"S/MIME by its old name, as a file",
         "Content-Type: application/x-pkcs7-mime; name=smime.p7m\n"
         "Content-Disposition: attachment\n\nx\n",
         ENCRYPTED},
        {"S/MIME that is only signed",
         "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\nx\n",
         "the mail is signed in a form that hides its text (S/MIME opaque signature): "
         "send it unsigned"},
        {"PGP in the text", "\n-----BEGIN PGP MESSAGE-----\n\nx\n", ENCRYPTED},
        {"PGP below a line", "\nHello\n-----BEGIN PGP MESSAGE-----\n\nx\n", ENCRYPTED},
        {"PGP below words about it",
         "\nIt is -----BEGIN PGP MESSAGE-----\n-----BEGIN PGP MESSAGE-----\n\nx\n",
         ENCRYPTED},
        {"a mail that speaks of it", "\nIt has -----BEGIN PGP MESSAGE----- in it\n",
         NULL},
        {"an encrypted mail as an attachment",
         MULTIPART("mixed") PART("Content-Type: text/plain\n") "see there\n" PART(
             "Content-Type: application/pkcs7-mime\n") "x\n" END,
         NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message *message = parse(rows[i].mail, strlen(rows[i].mail));

        check_text(rows[i].name, message->refusal, rows[i].want);
        message_free(&message);
    }
}

static void recipients_are_those_of_to_and_cc(void **state)
{
    static const char mail[] = "To: A <a@example.org>, g: c@example.org;\n"
                               "Cc: =?utf-8?q?B?= <b@example.org>\n"
                               "Bcc: d@example.org\n\nx\n";
    struct message *message = parse(mail, sizeof mail - 1);

    (void)state;
    assert_int_equal(message->recipients.count, 2);
    check_text("To", message->recipients.items[0], "a@example.org");
    check_text("Cc", message->recipients.items[1], "b@example.org");
    message_free(&message);
}

static void what_identifies_a_mail_is_read_as_it_stands(void **state)
{
    static const struct {
        const char *name, *mail, *message_id, *date;
        bool is_date_below_id;
    } rows[] = {
        {"neither", "Subject: s\n\nx\n", "", "", false},
        {"Date above", "Date: d\nMessage-ID: <1@a>\n\nx\n", "<1@a>", "d", false},
        {"Date below", "Message-ID: <1@a>\nDate: d\n\nx\n", "<1@a>", "d", true},
        {"Date below, others between",
         "Message-ID: <1@a>\nFrom: a@b\nX: y\nDate: d\n\nx\n", "<1@a>", "d", true},
        {"Date alone", "Date: d\n\nx\n", "", "d", false},
        {"Message-ID alone", "Message-ID: <1@a>\n\nx\n", "<1@a>", "", false},
        {"any case", "MESSAGE-ID: <1@a>\ndate: d\n\nx\n", "<1@a>", "d", true},
        {"the first of several",
         "Date: d\nMessage-ID: <1@a>\nMessage-ID: <2@a>\n"
         "Date: e\n\nx\n",
         "<1@a>", "d", false},
        {"white space around it", "Message-ID: \t <1@a> \t\nDate:d\n\nx\n", "<1@a>",
         "d", true},
        {"folded before it", "Message-ID:\n <1@a>\n\nx\n", "<1@a>", "", false},
        {"CR LF", "Message-ID: <1@a>\r\nDate: d\r\n\r\nx\r\n", "<1@a>", "d", true},
        {"empty", "Message-ID:\nDate:  \n\nx\n", "", "", true},
        {"not decoded", "Message-ID: =?utf-8?q?a?=\n\nx\n", "=?utf-8?q?a?=", "", false},
        {"a comment stays", "Message-ID: <1@a> (b)\n\nx\n", "<1@a> (b)", "", false},
        {"of a mail within the mail they are not its own",
         "Content-Type: message/rfc822\n\nMessage-ID: <1@a>\nDate: d\n\nx\n", "", "",
         false},
        {"similar names", "X-Message-ID: <1@a>\nResent-Date: d\n\nx\n", "", "", false},
        {"no header", "\nMessage-ID: <1@a>\n", "", "", false},
        {"octets that are not UTF-8", "Message-ID: <\xFF@a>\nDate: \xC3\n\nx\n",
         "<\xEF\xBF\xBD@a>", "\xEF\xBF\xBD", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message *message = parse(rows[i].mail, strlen(rows[i].mail));

        check_text(rows[i].name, message->message_id, rows[i].message_id);
        check_text(rows[i].name, message->date, rows[i].date);
        check_number(rows[i].name, message->is_date_below_id, rows[i].is_date_below_id);
        message_free(&message);
    }
}

enum { THREADS = 8, ROUNDS = 200 };

/* "Malformed mail is read as well as it can be": if it were deferred, it would stay in
 * the queue for days. */
static void malformed_mail_is_read(void **state)
{
    static const struct {
        const char *name, *mail;
    } rows[] = {
        {"nothing at all", ""},
        {"no field", "garbage\n\nbody\n"},
        {"a field without name", ": x\n\nbody\n"},
        {"a field that is cut off", "Subject: x\nX-Y"},
        {"a mailbox's first line", "From x@example.org Mon\nSubject: x\n\nbody\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct message *message;
        struct error err;

        if (!try_parse(rows[i].mail, strlen(rows[i].mail), &message, &err))
            check_text(rows[i].name, err.text, "no error");
        message_free(&message);
    }
}

/* GMime calls itself for each group of an address field until the stack is used up.
 * The first row has it in a field of the mail, the second in one of an attached mail,
 * the third in a folded field. */
static void a_bomb_of_groups_is_refused(void **state)
{
    static const char *const heads[] = {
        "From: ", "Content-Type: message/rfc822\n\nto:", "CC\t:\n "};
    enum { GROUPS = 200000 };

    (void)state;
    for (size_t i = 0; i < COUNT(heads); i++) {
        size_t length = strlen(heads[i]);
        char *mail = malloc(length + 2 * GROUPS);
        struct message *message;
        struct error err;

        assert_non_null(mail);
        memcpy(mail, heads[i], length);
        for (size_t k = 0; k < GROUPS; k++)
            memcpy(mail + length + 2 * k, i == 2 && k % 100 == 99 ? "\n " : "a:", 2);
        check_true(heads[i], !try_parse(mail, length + 2 * GROUPS, &message, &err));
        check_text(heads[i], err.status, "5.6.0");
        free(mail);
    }
}

static void *parse_often(void *data)
{
    static const char mail[] = "Subject: =?iso-8859-2?Q?=B1?=\n"
                               "Content-Type: text/plain; charset=koi8-r\n\n\xC1\n";
    bool *is_good = data;

    *is_good = true;
    for (int i = 0; i < ROUNDS; i++) {
        struct message *message;
        struct error err;

        if (!try_parse(mail, sizeof mail - 1, &message, &err)) {
            *is_good = false;
            continue;
        }
        *is_good = *is_good && strcmp(message->subject, "\xC4\x85") == 0 &&
                   strcmp(text_of(message), "\xD0\xB0\n") == 0;
        message_free(&message);
    }
    return NULL;
}

static void threads_may_parse_at_once(void **state)
{
    pthread_t threads[THREADS];
    bool is_good[THREADS];

    (void)state;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, parse_often, &is_good[i]),
                         0);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        check_true("a thread read the mail each time", is_good[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(text_is_found_and_decoded),
        UNIT_TEST(text_behind_a_nul_is_kept),
        UNIT_TEST(a_mail_of_nuls_is_read),
        UNIT_TEST(fields_are_decoded),
        UNIT_TEST(automatic_mail_is_known),
        UNIT_TEST(a_report_is_found_behind_its_wrapping),
        UNIT_TEST(a_mail_may_end_anywhere),
        UNIT_TEST(parts_nest_as_deep_as_is_bearable),
        UNIT_TEST(mails_nest_as_deep_as_is_bearable),
        UNIT_TEST(a_mail_that_hides_its_text_is_refused),
        UNIT_TEST(recipients_are_those_of_to_and_cc),
        UNIT_TEST(what_identifies_a_mail_is_read_as_it_stands),
        UNIT_TEST(a_bomb_of_groups_is_refused),
        UNIT_TEST(malformed_mail_is_read),
        UNIT_TEST(threads_may_parse_at_once),
    };
    int failed;

    message_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return failed;
}
