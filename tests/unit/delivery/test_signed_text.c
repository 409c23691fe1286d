/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <string.h>

#include "delivery/signed_text.h"

#define SIGNED(fields) "DKIM-Signature: d=school.example; h=" fields "\n"
#define GOOGLE SIGNED("mime-version:from:date:message-id:subject:to:cc")
#define GOOGLE_SMTP \
    SIGNED("from:to:subject:date:mime-version:content-transfer-encoding")
#define MICROSOFT SIGNED("From:Date:Subject:Message-ID:Content-Type:MIME-Version")
#define AMAZON                                                                    \
    SIGNED("From:To:Subject:MIME-Version:Content-Type:Content-Transfer-Encoding:" \
           "Message-ID:Date")
#define OPENDKIM SIGNED("from:to:subject:date")
#define FROM "From: Head <head@school.example>\nSubject: Snow\n"
#define TYPE(type) "MIME-Version: 1.0\nContent-Type: " type "\n"
#define ENCODING(encoding) "Content-Transfer-Encoding: " encoding "\n"

#define BLANKS \
    "                                                                                "
#define PLAIN_BODY "\nSchool is shut.\n"
#define QP_BODY "\nGr=C3=BC=C3=9Fe, 5 =E2=82=AC.\n"
#define BASE64_BODY "\nR3LDvMOfZSwgNSDigqwK\n"
#define HTML_BODY "\n<html><body><p>School is shut.</p></body></html>\n"
#define ALTERNATIVE_BODY                                                           \
    "\n--b\nContent-Type: text/plain; charset=\"UTF-8\"\n"                         \
    "Content-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n"             \
    "--b\nContent-Type: text/html; charset=\"UTF-8\"\n\n<p>Gr&uuml;&szlig;e</p>\n" \
    "--b--\n"
#define MIXED_BODY                                                              \
    "\n--m\nContent-Type: multipart/alternative; boundary=b\n" ALTERNATIVE_BODY \
    "\n--m\nContent-Type: image/png; name=\"x.png\"\n"                          \
    "Content-Disposition: attachment\n" ENCODING("base64") "\nAAAA\n--m--\n"

/* What the four largest providers sign in the mails that they send. */
static void honest_mail_is_as_it_was_signed(void **state)
{
    static const struct {
        const char *name, *mail;
    } rows[] = {
        {"plain", FROM TYPE("text/plain; charset=\"UTF-8\"") PLAIN_BODY},
        {"plain without MIME", FROM PLAIN_BODY},
        {"plain in 8bit",
         FROM TYPE("text/plain; charset=utf-8") ENCODING("8bit") "\nGr\xC3\xBC\xC3\x9F"
                                                                 "e\n"},
        {"plain in windows-1252",
         FROM TYPE("text/plain; charset=iso-8859-1") ENCODING("8bit") "\nGr\xFC\xDF"
                                                                      "e\n"},
        {"plain in quoted-printable", FROM TYPE("text/plain; charset=\"UTF-8\"")
                                          ENCODING("quoted-printable") QP_BODY},
        {"plain in quoted-printable and windows-1252",
         FROM TYPE("text/plain; charset=\"Windows-1252\"")
             ENCODING("quoted-printable") "\nGr=FC=DFe, 5 =80.\n"},
        {"a value that has the form of an escape",
         FROM TYPE("text/plain; charset=us-ascii")
             ENCODING("7bit") "\nDisk of srv1: used=95%\n"},
        {"plain in base64",
         FROM TYPE("text/plain; charset=\"UTF-8\"") ENCODING("base64") BASE64_BODY},
        {"plain in ISO-2022-JP",
         FROM TYPE("text/plain; charset=\"ISO-2022-JP\"") "\n\x1B$B$3$s\x1B(B\n"},
        {"plain in ISO-2022-JP and base64",
         FROM TYPE("text/plain; charset=\"ISO-2022-JP\"")
             ENCODING("base64") "\nGyRCJDMkcxsoQgo=\n"},
        {"a subject in ISO-2022-JP as it is",
         "From: Head <head@school.example>\nSubject: \x1B$B$3$s\x1B(B\n" PLAIN_BODY},
        {"a long folded subject", "From: Head\n <head@school.example>\nSubject: No "
                                  "bus\n\ttoday  at\n all\n" PLAIN_BODY},
        {"flowed",
         FROM TYPE("text/plain; charset=UTF-8; format=flowed") "\nSchool is \nshut "
                                                               "today.\n\n-- \nHead\n"},
        {"flowed, with an answer",
         FROM TYPE(
             "text/plain; format=flowed; delsp=no") "\nSchool is shut. \n\nOn Monday "
                                                    "Ann wrote:\n> Is it open?\n"},
        {"HTML", FROM TYPE("text/html; charset=\"utf-8\"") HTML_BODY},
        {"HTML in quoted-printable",
         FROM TYPE("text/html; charset=\"utf-8\"")
             ENCODING("quoted-printable") "\n<html><p "
                                          "class=3D\"x\">Gr=C3=BC=C3=9Fe</p></html>\n"},
        {"HTML in base64", FROM TYPE("text/html; charset=utf-8")
                               ENCODING("base64") "\nPGh0bWw+RmlyZTwvaHRtbD4K\n"},
        {"two forms",
         FROM TYPE("multipart/alternative; boundary=\"b\"") ALTERNATIVE_BODY},
        {"two forms and a picture",
         FROM TYPE("multipart/mixed; boundary=\"m\"") MIXED_BODY},
        {"two forms, signed with S/MIME",
         FROM TYPE(
             "multipart/signed; boundary=\"s\"; micalg=sha-256") "\n--s\n"
                                                                 "Content-Type: "
                                                                 "multipart/"
                                                                 "alternative; "
                                                                 "boundary="
                                                                 "b\n" ALTERNATIVE_BODY
                                                                 "\n--s\nContent-Type: "
                                                                 "application/"
                                                                 "pkcs7-"
                                                                 "signature\n\nAAAA\n--"
                                                                 "s--\n"},
        {"HTML with its picture",
         FROM TYPE("multipart/related; boundary=\"r\"") "\n--r\n"
                                                        "Content-Type: "
                                                        "text/html\n\n<p>Fire<img "
                                                        "src=\"cid:1\">\n--r\n"
                                                        "Content-Type: "
                                                        "image/png\nContent-ID: "
                                                        "<1>\n\nx\n--r--\n"},
        {"no body", FROM TYPE("text/plain")},
        {"fields of the way", "Received: x\nX-Y: z\nIn-Reply-To: <1@a>\n" FROM TYPE(
                                  "text/plain") PLAIN_BODY},
    };
    static const char *const signatures[] = {GOOGLE, MICROSOFT, AMAZON, OPENDKIM};
    static const char *const signers[] = {"Google", "Microsoft 365", "Amazon SES",
                                          "OpenDKIM"};
    const struct config *config = unit_load_good("default-country = \"44\"\n");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(signatures); k++) {
            char name[128], mail[4096];
            struct raw_mail raw;
            struct signed_cover cover;
            struct message *message;
            struct error err = {.text = ""};

            snprintf(name, sizeof name, "%s, %s", signers[k], rows[i].name);
            snprintf(mail, sizeof mail, "%s%s", signatures[k], rows[i].mail);
            raw = unit_read_mail(mail, strlen(mail));
            cover = unit_signed_cover(&raw.header, "school.example");
            assert_true(message_parse(&raw, &config->text, &message, &err));
            check_true(name,
                       signed_text_check(&raw, message, &cover, &config->text, &err));
            if (*err.text)
                check_text(name, err.text, "");
            message_free(&message);
            raw_mail_free(&raw);
        }
    }
    config_release(&config);
}

/* Anyone who has the mail can change what is not signed, and must not gain by it: the
 * text is the same, or the mail is not proved. */
static void somebody_elses_fields_say_nothing(void **state)
{
    static const char type[] =
        "Content-Type must be signed, because the text of the SMS depends on it";
    static const char encoding[] = "Content-Transfer-Encoding must be signed, because "
                                   "the text of the SMS depends on it";
    static const char disposition[] =
        "Content-Disposition must be signed, because the text of the SMS depends on it";
    static const struct {
        const char *name, *mail, *want; /* NULL: the text is the same */
    } rows[] = {
        {"octets", OPENDKIM FROM TYPE("application/octet-stream") PLAIN_BODY, type},
        {"octets of Google's", GOOGLE FROM TYPE("application/octet-stream") PLAIN_BODY,
         type},
        {"HTML of a plain text",
         OPENDKIM FROM TYPE("text/html") "\nSchool is <shut>.\n", type},
        {"a plain text of HTML", OPENDKIM FROM TYPE("text/plain") HTML_BODY, type},
        {"another charset",
         OPENDKIM FROM TYPE("text/plain; charset=utf-16le") PLAIN_BODY, type},
        {"UTF-7", OPENDKIM FROM TYPE("text/plain; charset=utf-7") "\nA +ACE- b\n",
         type},
        {"another charset of the same octets",
         OPENDKIM FROM TYPE("text/plain; charset=koi8-r") "\nGr\xFC\xDF"
                                                          "e\n",
         type},
        {"base64 that is none",
         OPENDKIM FROM TYPE("text/plain") ENCODING("base64") PLAIN_BODY, type},
        {"quoted-printable that is none",
         OPENDKIM FROM TYPE("text/plain") ENCODING("quoted-printable") "\na=41b\n",
         type},
        {"no encoding where there is one", OPENDKIM FROM TYPE("text/plain") QP_BODY,
         type},
        {"no encoding where there is base64",
         GOOGLE FROM TYPE("text/plain") BASE64_BODY, type},
        {"mixed of two forms",
         OPENDKIM FROM TYPE("multipart/mixed; boundary=b") ALTERNATIVE_BODY, type},
        {"another boundary",
         GOOGLE FROM TYPE("multipart/alternative; boundary=c") ALTERNATIVE_BODY, NULL},
        {"an inner boundary",
         OPENDKIM FROM TYPE("multipart/mixed; boundary=b") MIXED_BODY, type},
        {"a plain text of two forms", GOOGLE FROM TYPE("text/plain") ALTERNATIVE_BODY,
         type},
        {"no type of two forms", GOOGLE FROM ALTERNATIVE_BODY, type},
        {"a mail within a mail",
         OPENDKIM FROM TYPE("message/rfc822") "\nFrom: x\n\nSchool is shut.\n", type},
        {"a calendar", OPENDKIM FROM TYPE("text/calendar") PLAIN_BODY, type},
        {"a file",
         OPENDKIM FROM TYPE(
             "text/plain") "Content-Disposition: attachment\n" PLAIN_BODY,
         type},
        {"an encrypted mail",
         OPENDKIM FROM TYPE("multipart/encrypted; boundary=b") ALTERNATIVE_BODY, type},
        {"a second type that counts",
         AMAZON FROM TYPE(
             "text/plain") "Content-Type: application/octet-stream\n" PLAIN_BODY,
         type},
        {"a second type that does not",
         AMAZON FROM TYPE(
             "application/octet-stream") "Content-Type: text/plain\n" PLAIN_BODY,
         NULL},
        {"a type where SES found none",
         AMAZON FROM TYPE("text/plain; name=x.txt") PLAIN_BODY, NULL},
        {"a name of a file", OPENDKIM FROM TYPE("text/plain; name=x.txt") PLAIN_BODY,
         NULL},
        {"an encoding that Microsoft does not sign",
         MICROSOFT FROM TYPE("text/plain") ENCODING("base64") PLAIN_BODY, encoding},
        {"an encoding of a multipart",
         MICROSOFT FROM TYPE("multipart/alternative; boundary=b") ENCODING("base64")
             ALTERNATIVE_BODY,
         NULL},
        {"a disposition that SES does not sign",
         AMAZON FROM TYPE("text/plain")
             ENCODING("7bit") "Content-Disposition: attachment\n" PLAIN_BODY,
         disposition},
        {"a type that Google does not sign, an encoding that it does",
         GOOGLE_SMTP FROM TYPE("text/html")
             ENCODING("quoted-printable") "\na =3D &lt;b&gt;\n",
         type},
        {"another version of MIME",
         OPENDKIM "MIME-Version: 2.0\nMIME-Version: x\n" FROM PLAIN_BODY, NULL},
        {"words of an automatic mail",
         OPENDKIM "Auto-Submitted: auto-replied\n"
                  "Precedence: bulk\nList-Id: <x>\n" FROM PLAIN_BODY,
         NULL},
        {"an answer",
         OPENDKIM "In-Reply-To: <1@a>\nReferences: <1@a>\n" FROM PLAIN_BODY, NULL},
        {"blanks that make lines too long for quoted-printable",
         OPENDKIM FROM "\nGr=C3=BC=C3=9Fe, 5 =E2=82=AC." BLANKS "\n", type},
        {"blanks between words that do",
         OPENDKIM FROM "\nGr=C3=BC=C3=9Fe, 5 " BLANKS "=E2=82=AC.\n", type},
        {"a form feed in quoted-printable",
         OPENDKIM FROM "\nGr=C3=BC=C3=9Fe, 5\f=E2=82=AC.\n", type},
        {"a CR for a line end in quoted-printable",
         OPENDKIM FROM "\nGr=C3=BC=C3=9Fe,\r5 =E2=82=AC.\n", type},
        {"blanks in base64", OPENDKIM FROM "\nR3LDvMOfZSwgNSDigqwK \n", type},
        {"a line of blanks in base64", OPENDKIM FROM "\nR3LDvMOfZSwgNSDigqwK\n \n",
         type},
        {"blanks below the header of a part",
         AMAZON FROM TYPE("multipart/mixed; boundary=m")
             ENCODING("7bit") "\n--m\n"
                              "Content-Type: text/plain\n \nDo not come.\n\nSchool is "
                              "open.\n--m--\n",
         disposition},
        {"blanks in place of a part's header",
         OPENDKIM FROM "\n--b\n \nFire\n--b\nContent-Type: text/html\n\n<p>Fire\n"
                       "--b--\n",
         type},
        {"a form feed behind an encoding that is signed",
         AMAZON FROM TYPE("text/plain") ENCODING("base64\f") BASE64_BODY, disposition},
        {"a form feed in a type that is signed",
         AMAZON FROM TYPE("multipart\f/mixed; boundary=m") ENCODING("7bit") MIXED_BODY,
         disposition},
        {"blanks that say nothing",
         OPENDKIM FROM TYPE("text/plain; format=flowed") "\nSchool" BLANKS "is \n"
                                                         "\tshut.  \n \n-- \nHead\n",
         NULL},
        {"all of the signature's own",
         SIGNED("from:subject:content-type:"
                "content-transfer-encoding:content-disposition:mime-version")
             FROM TYPE("application/octet-stream") PLAIN_BODY,
         NULL},
    };
    const struct config *config = unit_load_good("default-country = \"44\"\n");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_mail raw = unit_read_mail(rows[i].mail, strlen(rows[i].mail));
        const struct signed_cover cover =
            unit_signed_cover(&raw.header, "school.example");
        struct message *message;
        struct error err = {.text = ""};
        bool is_same;

        assert_true(message_parse(&raw, &config->text, &message, &err));
        is_same = signed_text_check(&raw, message, &cover, &config->text, &err);
        check_text(rows[i].name, is_same ? NULL : err.text, rows[i].want);
        message_free(&message);
        raw_mail_free(&raw);
    }
    config_release(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(honest_mail_is_as_it_was_signed),
        UNIT_TEST(somebody_elses_fields_say_nothing),
    };
    int failed;

    unit_enter_folder();
    message_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return failed;
}
