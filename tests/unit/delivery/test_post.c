/* SPDX-License-Identifier: ISC */
#include "../api/http_server.h"
#include "../standing_clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "delivery/post.h"
#include "envelope/customer.h"

/* ---- what the API says ---- */

#define ONE(message, id, ref) \
    "{\"errorMsg\":\"" message "\",\"MessageId\":" id ",\"ClientRef\":\"" ref "\"}"
#define QUEUED(id, ref) ONE("OK 1 messages queued for sending", "\"" id "\"", ref)
#define BARRED(ref) ONE("Number is barred", "null", ref)
#define WRONG_KEY(ref) ONE("Data is not valid, no messages sent", "null", ref)

/* ---- a mail to three numbers, of which the first and the last are to be sent ---- */

enum { RECIPIENTS = 3, SENT = 2, TIMEOUT_S = 50 };

struct mail {
    const struct config *config;
    struct api_client *client;
    struct sms_text *text;
    struct delivery_recipient recipients[RECIPIENTS];
    struct journal_sms sms[RECIPIENTS];
    struct groupcall_recipient posted[SENT];
    size_t places[SENT];
    struct groupcall_outcome outcomes[SENT];
    struct delivery delivery;
    struct sending sending;
};

static void read_config(struct mail *mail, unsigned port)
{
    char *text = NULL;

    unit_write_file("key", "old-key\n", 0600);
    assert_true(
        asprintf(&text,
                 "default-country = \"44\"\napi {\n url = \"http://127.0.0.1:%u/\"\n"
                 " retries = 0\n breaker-failures = 1000\n timeout = %d\n"
                 " connect-timeout = 60\n}\n"
                 "customer \"school\" {\n domains = {\"school.example\"}\n"
                 " customer-id = \"1469\"\n api-key-file = \"%s/key\"\n}\n",
                 port, TIMEOUT_S, unit_folder()) > 0);
    mail->config = unit_load_good(text);
    free(text);
}

static void begin_mail(struct mail *mail, unsigned port)
{
    static const char *const numbers[] = {"+447700900123", "+447700900124",
                                          "+447700900125"};
    static const char *const references[] = {"first", "last"};
    struct cuts cuts = {0};
    struct error err;

    memset(mail, 0, sizeof *mail);
    read_config(mail, port);
    mail->delivery =
        (struct delivery){.config = mail->config,
                          .customer = customer_find(mail->config, "school.example"),
                          .queue_id = "Q1",
                          .recipients = mail->recipients,
                          .recipient_count = RECIPIENTS};
    for (size_t i = 0; i < RECIPIENTS; i++) {
        snprintf(mail->recipients[i].number.e164,
                 sizeof mail->recipients[i].number.e164, "%s", numbers[i]);
        mail->recipients[i].state = RECIPIENT_DISCARDED;
    }
    for (size_t i = 0; i < SENT; i++) {
        mail->places[i] = i * 2;
        mail->posted[i].number = numbers[i * 2];
        strcpy(mail->posted[i].client_ref, references[i]);
    }
    mail->sending = (struct sending){&mail->delivery, mail->sms,      mail->posted,
                                     mail->places,    mail->outcomes, SENT};
    if (!api_client_new(&mail->config->api, &mail->client, &err) ||
        !sms_text_new("Hello", &mail->delivery.customer->text, &cuts, &mail->text,
                      &err))
        fail_msg("%s", err.text);
}

static void end_mail(struct mail *mail)
{
    sms_text_free(&mail->text);
    api_client_free(&mail->client);
    config_release(&mail->config);
}

/* How long it takes to read the key again. The linker (option --wrap) puts this in the
 * place of the real function. */
static int64_t renewal_ms;

enum api_key_renewal __real_api_key_renew(struct api_key *key,
                                          const struct secret *refused,
                                          struct error *err);
enum api_key_renewal __wrap_api_key_renew(struct api_key *key,
                                          const struct secret *refused,
                                          struct error *err);

enum api_key_renewal __wrap_api_key_renew(struct api_key *key,
                                          const struct secret *refused,
                                          struct error *err)
{
    standing_clock_advance(renewal_ms);
    return __real_api_key_renew(key, refused, err);
}

/* ---- what becomes of it ---- */

/* Of one SMS: its id, or why it failed. */
struct end {
    const char *id, *status, *text;
};

static void check_end(const char *row, const struct mail *mail, size_t which,
                      const struct end *want)
{
    size_t place = mail->places[which];
    const struct delivery_recipient *recipient = &mail->recipients[place];

    check_number(row, recipient->state, want->id ? RECIPIENT_SENT : RECIPIENT_FAILED);
    check_text(row, mail->sms[place].api_message_id, want->id ? want->id : "");
    if (want->id)
        return;
    check_text(row, recipient->error.status, want->status);
    check_true(row, strstr(recipient->error.text, want->text) != NULL);
}

static char *as_http(const char *answer)
{
    char *whole = NULL;

    assert_true(asprintf(&whole, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                         strlen(answer), answer) > 0);
    return whole;
}

#define REFUSED_KEY                        \
    {                                      \
        NULL, "4.7.0", "Data is not valid" \
    }
#define REPLACED                           \
    {                                      \
        NULL, "4.7.0", "has been replaced" \
    }
#define LOST                                \
    {                                       \
        NULL, "4.4.2", "may have been sent" \
    }

static void each_sms_has_its_outcome(void **state)
{
    static const struct {
        const char *name;
        const char *answer, *second; /* NULL: the connection is closed */
        const char *new_key;         /* what is in its file then; NULL: the old one */
        int64_t renewal_ms;
        struct end ends[SENT];
        long long requests;
        const char *body_has, *body_has_not; /* of the last request */
    } rows[] = {
        {.name = "both are queued",
         .answer = "[" QUEUED("a", "first") "," QUEUED("b", "last") "]",
         .ends = {{.id = "a"}, {.id = "b"}},
         .requests = 1,
         .body_has = "old-key"},
        {.name = "one is refused",
         .answer = "[" BARRED("first") "," QUEUED("b", "last") "]",
         .ends = {{NULL, "5.7.1", "barred"}, {.id = "b"}},
         .requests = 1,
         .body_has = "+447700900123",
         .body_has_not = "+447700900124"},
        {.name = "nobody answers", .ends = {LOST, LOST}, .requests = 1},
        {.name = "a key that is the same",
         .answer = "[" WRONG_KEY("first") "," WRONG_KEY("last") "]",
         .ends = {REFUSED_KEY, REFUSED_KEY},
         .requests = 1},
        {.name = "a key file that is broken",
         .answer = "[" WRONG_KEY("first") "," WRONG_KEY("last") "]",
         .new_key = "",
         .ends = {REFUSED_KEY, REFUSED_KEY},
         .requests = 1},
        {.name = "a key that was replaced",
         .answer = "[" WRONG_KEY("first") "," WRONG_KEY("last") "]",
         .second = "[" QUEUED("c", "first") "," QUEUED("d", "last") "]",
         .new_key = "new-key\n",
         .ends = {{.id = "c"}, {.id = "d"}},
         .requests = 2,
         .body_has = "new-key",
         .body_has_not = "old-key"},
        {.name = "only what was refused is posted again",
         .answer = "[" QUEUED("a", "first") "," WRONG_KEY("last") "]",
         .second = "[" QUEUED("d", "last") "]",
         .new_key = "new-key\n",
         .ends = {{.id = "d"}, {.id = "a"}}, /* those come first */
         .requests = 2,
         .body_has = "+447700900125",
         .body_has_not = "+447700900123"},
        {.name = "refused with a key that the other one shows to be right",
         .answer = "[" WRONG_KEY("first") "," WRONG_KEY("last") "]",
         .second = "[" WRONG_KEY("first") "," QUEUED("d", "last") "]",
         .new_key = "new-key\n",
         .ends = {{NULL, "5.7.1", "Data is not valid"}, {.id = "d"}},
         .requests = 2},
        {.name = "nobody answers the second time",
         .answer = "[" WRONG_KEY("first") "," BARRED("last") "]",
         .new_key = "new-key\n",
         .ends = {LOST, {NULL, "5.7.1", "barred"}},
         .requests = 2},
        {.name = "half of the time is left",
         .answer = "[" WRONG_KEY("first") "," WRONG_KEY("last") "]",
         .second = "[" QUEUED("c", "first") "," QUEUED("d", "last") "]",
         .new_key = "new-key\n",
         .renewal_ms = TIMEOUT_S * 500,
         .ends = {{.id = "c"}, {.id = "d"}},
         .requests = 2},
        {.name = "less than half of the time is left",
         .answer = "[" WRONG_KEY("first") "," QUEUED("b", "last") "]",
         .new_key = "new-key\n",
         .renewal_ms = TIMEOUT_S * 500 + 1,
         .ends = {REPLACED, {.id = "b"}},
         .requests = 1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *answer = as_http(rows[i].answer ? rows[i].answer : "");
        char *second = as_http(rows[i].second ? rows[i].second : "");
        struct server *server = SERVER(second, rows[i].answer ? BUSY : CLOSE_AT_BODY,
                                       rows[i].second ? ANSWER : CLOSE_AT_BODY);
        struct mail mail;

        server_set_busy(server, answer);
        begin_mail(&mail, server->port);
        if (rows[i].new_key)
            unit_write_file("key", rows[i].new_key, 0600);
        renewal_ms = rows[i].renewal_ms;
        post_sms(mail.client, &mail.sending, mail.text);
        for (size_t which = 0; which < SENT; which++)
            check_end(rows[i].name, &mail, which, &rows[i].ends[which]);
        check_number("the one between", mail.recipients[1].state, RECIPIENT_DISCARDED);
        check_text("the one between", mail.sms[1].api_message_id, "");
        check_number(rows[i].name, (long long)server_requests(server),
                     rows[i].requests);
        check_true(rows[i].name,
                   !rows[i].body_has || strstr(server->body, rows[i].body_has));
        check_true(rows[i].name, !rows[i].body_has_not ||
                                     !strstr(server->body, rows[i].body_has_not));
        end_mail(&mail);
        server_stop(server);
        free(second);
        free(answer);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(each_sms_has_its_outcome),
    };

    unit_enter_folder();
    standing_clock_skip_waits(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
