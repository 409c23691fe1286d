/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <string.h>

#include "delivery/convert.h"
#include "text/mime/message.h"

#define PERSON "Subject: x\n\nHello\n"
#define LIST "List-Id: <a.b>\n\nHello\n"
#define BOUNCE                                       \
    "Auto-Submitted: auto-replied\n"                 \
    "Content-Type: multipart/report; boundary=r\n\n" \
    "--r\n\nNot delivered.\n--r--\n"

static void the_administrator_decides_about_automatic_mail(void **state)
{
    static const struct {
        const char *name, *mail;
        enum auto_replies wish;
        enum conversion_result want;
        const char *why; /* or NULL */
    } rows[] = {
        {"person, refuse", PERSON, AUTO_REPLIES_REFUSE, CONVERSION_SMS, NULL},
        {"person, discard", PERSON, AUTO_REPLIES_DISCARD, CONVERSION_SMS, NULL},
        {"person, send", PERSON, AUTO_REPLIES_SEND, CONVERSION_SMS, NULL},
        {"list, refuse", LIST, AUTO_REPLIES_REFUSE, CONVERSION_FAILED,
         "automatic mail (List-Id) is not sent as an SMS here"},
        {"list, discard", LIST, AUTO_REPLIES_DISCARD, CONVERSION_DISCARD, NULL},
        {"list, send", LIST, AUTO_REPLIES_SEND, CONVERSION_SMS, NULL},
        {"bounce, refuse", BOUNCE, AUTO_REPLIES_REFUSE, CONVERSION_FAILED,
         "automatic mail (Content-Type: a delivery report or receipt) is never sent as "
         "an SMS"},
        {"bounce, discard", BOUNCE, AUTO_REPLIES_DISCARD, CONVERSION_DISCARD, NULL},
        {"a bounce is never sent", BOUNCE, AUTO_REPLIES_SEND, CONVERSION_FAILED,
         "automatic mail (Content-Type: a delivery report or receipt) is never sent as "
         "an SMS"},
    };
    const struct config *config = unit_load_good(
        "sms-domains = {\"sms.local\"}\n"
        "default-country = \"44\"\n" UNIT_CUSTOMER("a", "a.example") "}\n");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_mail mail = unit_read_mail(rows[i].mail, strlen(rows[i].mail));
        struct conversion conversion = {
            .mail = &mail, .auto_replies = rows[i].wish, .text = &config->text};
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct error err;

        check_number(rows[i].name, convert_mail(&conversion, &cuts, &sms, NULL, &err),
                     rows[i].want);
        check_true(rows[i].name, !!sms == (rows[i].want == CONVERSION_SMS));
        if (rows[i].why)
            check_error(rows[i].name, &err, ERROR_REFUSED, "5.7.1", rows[i].why);
        sms_text_free(&sms);
        raw_mail_free(&mail);
    }
    config_release(&config);
}

#define SIGNED "DKIM-Signature: d=a.example; h=from:to:subject:date\n"
#define OURS "From: head@a.example\nSubject: x\n"

static void what_proves_the_sender_stands_for_the_text(void **state)
{
    static const struct {
        const char *name, *mail;
        const char *signer;
        enum conversion_result want;
    } rows[] = {
        {"a signature of all", SIGNED OURS "\nHello\n", "a.example", CONVERSION_SMS},
        {"a signature without the type",
         SIGNED OURS "Content-Type: application/pdf\n\nHello\n", "a.example",
         CONVERSION_UNPROVED},
        {"a login, whatever is signed",
         SIGNED OURS "Content-Type: application/pdf\n\nHello\n", "", CONVERSION_SMS},
    };
    const struct config *config = unit_load_good(
        "default-country = \"44\"\n" UNIT_CUSTOMER("a", "a.example") "}\n");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct raw_mail mail = unit_read_mail(rows[i].mail, strlen(rows[i].mail));
        struct sender_proof proof = {
            .cover = unit_signed_cover(&mail.header, rows[i].signer)};
        struct conversion conversion = {.mail = &mail,
                                        .text = &config->text,
                                        .customer = "a",
                                        .sender = "head@a.example",
                                        .queue_id = "",
                                        .proof = &proof};
        struct cuts cuts = {0};
        struct sms_text *sms;
        struct mail_key key;
        struct error err;

        strcpy(proof.signer, rows[i].signer);
        check_number(rows[i].name, convert_mail(&conversion, &cuts, &sms, &key, &err),
                     rows[i].want);
        check_true("an SMS only where it is proved",
                   !!sms == (rows[i].want == CONVERSION_SMS));
        sms_text_free(&sms);
        raw_mail_free(&mail);
    }
    config_release(&config);
}

/* The missing fields may be those that say how to decode the body. */
static void a_header_that_is_cut_is_refused(void **state)
{
    struct raw_mail mail = unit_read_mail(PERSON, sizeof PERSON - 1);
    const struct config *config = unit_load_good("default-country = \"44\"\n");
    struct conversion conversion = {.mail = &mail, .text = &config->text};
    struct cuts cuts = {0};
    struct sms_text *sms;
    struct error err;

    (void)state;
    mail.header.is_cut = true;
    check_number("refused", convert_mail(&conversion, &cuts, &sms, NULL, &err),
                 CONVERSION_FAILED);
    check_error("in plain words", &err, ERROR_REFUSED, "5.3.4",
                "the header of the mail is longer than 512 KiB: write a new mail");
    raw_mail_free(&mail);
    config_release(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_administrator_decides_about_automatic_mail),
        UNIT_TEST(what_proves_the_sender_stands_for_the_text),
        UNIT_TEST(a_header_that_is_cut_is_refused),
    };
    int failed;

    unit_enter_folder();
    message_init();
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return failed;
}
