/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "delivery/deliver.h"
#include "envelope/customer.h"
#include "text/mime/message.h"

/* Nothing listens there: bound, so that nobody else gets it, but not listening. */
static int closed_socket;
static struct delivery_services services;
static const struct config *config;

static unsigned take_closed_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    closed_socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(closed_socket >= 0);
    assert_int_equal(bind(closed_socket, (struct sockaddr *)&address, sizeof address),
                     0);
    assert_int_equal(getsockname(closed_socket, (struct sockaddr *)&address, &size), 0);
    return ntohs(address.sin_port);
}

#define SCHOOL UNIT_CUSTOMER("school", "school.example")
#define SILENT UNIT_CUSTOMER("silent", "silent.example")
#define OPEN UNIT_CUSTOMER("open", "open.example")

static const char config_format[] =
    "default-country = \"44\"\n"
    "api {\n"
    " url = \"http://127.0.0.1:%u/\"\n"
    " retries = 0\n"
    " breaker-failures = 1000\n"
    "}\n"
    "text {\n"
    " max-parts = 1\n"
    " overlong = \"reject\"\n"
    "}\n" SCHOOL "}\n" SILENT " auto-replies = \"discard\"\n"
    "}\n" OPEN " auto-replies = \"send\"\n"
    "}\n";

static int start(void **state)
{
    char *text = NULL;
    struct error err;
    bool is_started;

    (void)state;
    if (asprintf(&text, config_format, take_closed_port()) < 0)
        return -1;
    config = unit_load_good(text);
    free(text);
    message_init();
    if (asprintf(&text, "sqlite:%s/journal.db", unit_folder()) < 0)
        return -1;
    is_started = api_client_new(&config->api, &services.client, &err) &&
                 journal_new(text, 90, &services.journal, &err);
    free(text);
    return is_started ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    api_client_free(&services.client);
    journal_free(&services.journal);
    config_release(&config);
    message_shutdown();
    close(closed_socket);
    return 0;
}

/* The log of one delivery. */
static char logged[16384];

static enum verdict deliver(struct delivery *delivery, struct error *reason_out)
{
    int real_stderr = dup(STDERR_FILENO);
    int file = open("log", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0600);
    enum verdict verdict;
    ssize_t length;

    assert_true(real_stderr >= 0 && file >= 0);
    dup2(file, STDERR_FILENO);
    verdict = deliver_mail(&services, delivery, reason_out);
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    length = pread(file, logged, sizeof logged - 1, 0);
    assert_true(length >= 0);
    logged[length] = '\0';
    close(file);
    return verdict;
}

#define LOGGED_IN(domain) "head@" domain
#define PLAIN(body) "From: head@school.example\n\n" body "\n"
#define AUTOMATIC "Auto-Submitted: auto-replied\n\nI am away\n"
#define NO_AUTH                                                                    \
    "sender not authenticated: send through your own mail server, logged in as a " \
    "user "                                                                        \
    "of the sender's domain"
#define NO_AUTOMATIC "automatic mail (Auto-Submitted) is not sent as an SMS here"
#define D10 "1234567890"
#define D50 D10 D10 D10 D10 D10
#define TOO_LONG \
    "text too long: it takes 2 SMS parts, the limit is 1 parts and 918 characters"

static long long count_lines(const char *text)
{
    long long count = 0;

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void a_mail_gets_its_verdict(void **state)
{
    static const struct {
        const char *name, *domain, *login, *mail;
        size_t ordinary;
        enum verdict verdict;
        const char *reason; /* of the whole mail; NULL where only the kind is known */
        enum recipient_state recipient_state;
        enum error_kind kind;
        const char *status, *text; /* of the recipients that failed; NULL as above */
        const char *log;           /* what the last line has */
    } rows[] = {
        {"no login is refused", "school.example", NULL, PLAIN("x"), 0, VERDICT_REJECT,
         NO_AUTH, RECIPIENT_FAILED, ERROR_REFUSED, "5.7.1", NO_AUTH,
         "QID: outcome=refused customer=school proof=missing rule=\"sasl: the client "
         "did not log in; "
         "spf, "
         "dkim, dmarc: authserv-id is not set\" sms=2 sent=0 refused=2 "
         "parts=0 number=+44*******123,+44*******124 status=5.7.1 reason=" NO_AUTH
         "\n"},
        {"no login is refused, ordinary recipients or not", "school.example", NULL,
         PLAIN("x"), 3, VERDICT_REJECT, NO_AUTH, RECIPIENT_FAILED, ERROR_REFUSED,
         "5.7.1", NO_AUTH, "outcome=refused"},
        {"another customer's login is refused", "school.example",
         LOGGED_IN("open.example"), PLAIN("x"), 0, VERDICT_REJECT, NO_AUTH,
         RECIPIENT_FAILED, ERROR_REFUSED, "5.7.1", NO_AUTH, "outcome=refused"},
        {"forged automatic mail is refused, not discarded", "silent.example", NULL,
         AUTOMATIC, 0, VERDICT_REJECT, NO_AUTH, RECIPIENT_FAILED, ERROR_REFUSED,
         "5.7.1", NO_AUTH, "outcome=refused"},
        {"automatic mail is refused", "school.example", LOGGED_IN("school.example"),
         AUTOMATIC, 0, VERDICT_REJECT, "", RECIPIENT_FAILED, ERROR_REFUSED, "5.7.1",
         NO_AUTOMATIC, "outcome=refused customer=school proof=sasl"},
        {"automatic mail with an ordinary recipient goes on, for a bounce",
         "school.example", LOGGED_IN("school.example"), AUTOMATIC, 1, VERDICT_ACCEPT,
         "", RECIPIENT_FAILED, ERROR_REFUSED, "5.7.1", NO_AUTOMATIC, "outcome=refused"},
        {"automatic mail is discarded", "silent.example", LOGGED_IN("silent.example"),
         AUTOMATIC, 0, VERDICT_DISCARD, "", RECIPIENT_DISCARDED, ERROR_REFUSED, "", "",
         "outcome=discarded"},
        {"automatic mail is discarded for the SMS alone", "silent.example",
         LOGGED_IN("silent.example"), AUTOMATIC, 1, VERDICT_ACCEPT, "",
         RECIPIENT_DISCARDED, ERROR_REFUSED, "", "", "outcome=discarded"},
        {"automatic mail is sent", "open.example", LOGGED_IN("open.example"), AUTOMATIC,
         0, VERDICT_DEFER, NULL, RECIPIENT_FAILED, ERROR_TEMPORARY, "4.4.1", NULL,
         "outcome=deferred"},
        {"no text", "school.example", LOGGED_IN("school.example"), PLAIN(" "), 0,
         VERDICT_REJECT, "", RECIPIENT_FAILED, ERROR_REFUSED, "5.6.0",
         "no text to send as an SMS", "status=5.6.0 reason=no text to send as an SMS"},
        {"no text with an ordinary recipient", "school.example",
         LOGGED_IN("school.example"), PLAIN(" "), 1, VERDICT_ACCEPT, "",
         RECIPIENT_FAILED, ERROR_REFUSED, "5.6.0", "no text to send as an SMS",
         "outcome=refused"},
        {"overlong", "school.example", LOGGED_IN("school.example"),
         PLAIN(D50 D50 D50 D10 "1"), 0, VERDICT_REJECT, "", RECIPIENT_FAILED,
         ERROR_REFUSED, "5.3.4", TOO_LONG, "status=5.3.4 reason=" TOO_LONG},
        {"not overlong: the API is asked", "school.example",
         LOGGED_IN("school.example"), PLAIN(D50 D50 D50 D10), 0, VERDICT_DEFER, NULL,
         RECIPIENT_FAILED, ERROR_TEMPORARY, "4.4.1", NULL, "parts=1 api_ms="},
        {"the API is down: deferred, ordinary recipients too", "school.example",
         LOGGED_IN("school.example"), PLAIN("x"), 1, VERDICT_DEFER, NULL,
         RECIPIENT_FAILED, ERROR_TEMPORARY, "4.4.1", NULL,
         "outcome=deferred customer=school proof=sasl sms=2 sent=0 refused=0 "
         "deferred=2 parts=1"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct delivery_recipient recipients[2] = {{.number = {"+447700900123"}},
                                                   {.number = {"+447700900124"}}};
        struct raw_mail mail = unit_read_mail(rows[i].mail, strlen(rows[i].mail));
        struct delivery delivery = {
            .config = config,
            .customer = customer_find(config, rows[i].domain),
            .sender = "head@school.example",
            .queue_id = "QID",
            .evidence = {.login = rows[i].login},
            .mail = &mail,
            .recipients = recipients,
            .recipient_count = COUNT(recipients),
            .ordinary_recipient_count = rows[i].ordinary,
        };
        struct error reason;

        memset(&reason, 0xFF, sizeof reason);
        check_number(rows[i].name, deliver(&delivery, &reason), rows[i].verdict);
        if (rows[i].reason)
            check_text(rows[i].name, reason.text, rows[i].reason);
        else
            check_error(rows[i].name, &reason, rows[i].kind, rows[i].status, NULL);
        for (size_t k = 0; k < COUNT(recipients); k++) {
            check_number(rows[i].name, recipients[k].state, rows[i].recipient_state);
            if (recipients[k].state == RECIPIENT_FAILED)
                check_error(rows[i].name, &recipients[k].error, rows[i].kind,
                            rows[i].status, rows[i].text);
        }
        check_true(rows[i].name, strstr(logged, rows[i].log) != NULL);
        if (!strstr(logged, rows[i].log))
            check_text(rows[i].name, logged, rows[i].log);
        check_true("no number whole in the log", !strstr(logged, "+4477009001"));
        check_true("no key in the log", !strstr(logged, "key-of-"));
        check_true("no text in the log", !strstr(logged, D10));
        check_number("a line for the mail, and before it one for each number of a "
                     "sender that is proved",
                     count_lines(logged), strstr(logged, "proof=missing") ? 1 : 3);
        raw_mail_free(&mail);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_mail_gets_its_verdict),
    };

    unit_enter_folder();
    log_open("test");
    return cmocka_run_group_tests(tests, start, stop);
}
