/* SPDX-License-Identifier: ISC */
/* What api_client_post() does beyond one request: tries again, waits, gives up. */
#include "http_server.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <time.h>
#include <unistd.h>

#include "../standing_clock.h"

#include "base/log.h"

#define BUSY_FOR(status, retry_after)                                            \
    "HTTP/1.1 " status " Busy\r\nContent-Length: 0\r\nRetry-After: " retry_after \
    "\r\n\r\n"

enum { COOLDOWN_MS = 1000 };

/* A post on a thread of its own, for one that takes long. */
struct poster {
    pthread_t thread;
    const char *account;
    struct api_client *client;
    unsigned port;
    bool is_answered;
    long http_status;
    struct error err;
};

static bool is_put_off(const struct error *err)
{
    return strstr(err->text, "does not respond") != NULL;
}

/* What the breaker defers is posted again, until the cooldown is over. */
static void *post_when_tried(void *data)
{
    struct poster *poster = data;
    struct api_answer answer;

    do {
        sched_yield();
        poster->is_answered = post_for(poster->account, poster->client, poster->port,
                                       "{}", &answer, &poster->err);
    } while (!poster->is_answered && is_put_off(&poster->err));
    poster->http_status = answer.http_status;
    api_answer_free(&answer);
    return NULL;
}

static void begin_post(struct poster *poster, const char *account,
                       struct api_client *client, unsigned port)
{
    *poster = (struct poster){.account = account, .client = client, .port = port};
    assert_int_equal(pthread_create(&poster->thread, NULL, post_when_tried, poster), 0);
}

/* Lets time go by until the post has come to its end. */
static void end_by_time(struct poster *poster)
{
    while (pthread_tryjoin_np(poster->thread, NULL) != 0) {
        standing_clock_advance(1);
        sched_yield();
    }
}

/* The post that a cooldown's end lets through. */
static void check_is_tried(const char *row, struct api_client *client, unsigned port,
                           long status)
{
    struct poster poster;

    standing_clock_advance(COOLDOWN_MS);
    begin_post(&poster, "greenfield", client, port);
    pthread_join(poster.thread, NULL);
    check_number(row, poster.http_status, status);
    check_text(row, poster.err.text, "no error");
}

static void check_put_off(const char *row, struct api_client *client, unsigned port,
                          const char *text)
{
    struct api_answer answer;
    struct error err;

    check_true(row, !post(client, port, "{}", &answer, &err));
    check_error(row, &err, ERROR_TEMPORARY, "4.4.1", NULL);
    if (!strstr(err.text, text))
        check_text(row, err.text, text);
}

/* ---- tries -------------------------------------------------------------------------
 */

static void what_was_not_acted_on_is_tried_again(void **state)
{
    static const struct {
        const char *name;
        unsigned retries;
        enum action script[MAX_SCRIPT]; /* what is not said is ANSWER */
        const char *busy;
        long want_status;
        long long want_requests;
    } rows[] = {
        {"at once", 2, {ANSWER}, "", 200, 1},
        {"503 once", 2, {BUSY, ANSWER}, BUSY_FOR("503", "0"), 200, 2},
        {"429 twice", 2, {BUSY, BUSY, ANSWER}, BUSY_FOR("429", "0"), 200, 3},
        {"no more than the retries",
         2,
         {BUSY, BUSY, BUSY, ANSWER},
         BUSY_FOR("503", "0"),
         503,
         3},
        {"none", 0, {BUSY, ANSWER}, BUSY_FOR("503", "0"), 503, 1},
        {"before the body is read",
         2,
         {BUSY_AT_HEADER, ANSWER},
         "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
         200,
         2},
        {"its answer is cut off",
         2,
         {BUSY, ANSWER},
         "HTTP/1.1 503 Busy\r\nContent-Length: 9\r\nConnection: close\r\n\r\n[",
         200,
         2},
        {"without Retry-After",
         2,
         {BUSY, ANSWER},
         "HTTP/1.1 429 Busy\r\nContent-Length: 0\r\n\r\n",
         200,
         2},
        {"a date gone by",
         2,
         {BUSY, ANSWER},
         BUSY_FOR("503", "Sun, 06 Nov 1994 08:49:37 GMT"),
         200,
         2},
        {"nonsense", 2, {BUSY, ANSWER}, BUSY_FOR("503", "soon"), 200, 2},
        {"beyond all numbers, which libcurl takes for none",
         2,
         {BUSY, ANSWER},
         BUSY_FOR("503", "99999999999999999999999"),
         200,
         2},
        {"500 may have been acted on",
         2,
         {BUSY, ANSWER},
         "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
         500,
         1},
        {"so may 504",
         2,
         {BUSY, ANSWER},
         "HTTP/1.1 504 Late\r\nContent-Length: 0\r\n\r\n",
         504,
         1},
        {"404 will be no other",
         2,
         {BUSY, ANSWER},
         "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
         404,
         1},
    };

    struct api_client *clients[COUNT(rows)];
    struct server *servers[COUNT(rows)];
    struct poster posters[COUNT(rows)];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) { /* all of them wait at the same time */
        struct api_options options = defaults;

        options.retries = rows[i].retries;
        clients[i] = client_with(options);
        servers[i] = server_start(OK_ANSWER, MAX_SCRIPT, rows[i].script);
        server_set_busy(servers[i], rows[i].busy);
        begin_post(&posters[i], "greenfield", clients[i], servers[i]->port);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        pthread_join(posters[i].thread, NULL);
        check_number(rows[i].name, posters[i].http_status, rows[i].want_status);
        check_number(rows[i].name, (long long)server_requests(servers[i]),
                     rows[i].want_requests);
        api_client_free(&clients[i]);
        server_stop(servers[i]);
    }
}

/* The server is too busy to read the request. Its answer is not lost while the request
 * is being sent. */
static void an_early_answer_is_understood(void **state)
{
    char *body = unit_repeat("x", LARGE_BODY);
    struct server *server = SERVER(OK_ANSWER, BUSY_AT_HEADER, ANSWER);
    struct api_client *client = client_with(defaults);

    (void)state;
    check_answer("tried again", client, server->port, body, 200, "[]");
    check_number("requests", (long long)server_requests(server), 2);
    check_number("whole", (long long)server->body_size, LARGE_BODY);
    api_client_free(&client);
    server_stop(server);
    free(body);
}

/* The breaker counts tries, so it shows their number where no server can count. */
static void a_refused_connection_is_tried_again(void **state)
{
    static const struct {
        const char *name;
        unsigned retries, failures;
        bool is_open;
    } rows[] = {
        {"two retries are three tries", 2, 3, true},
        {"and not four", 2, 4, false},
        {"none is one", 0, 1, true},
        {"and not two", 0, 2, false},
        {"it ends when the breaker opens", 10, 2, true},
    };

    struct api_client *clients[COUNT(rows)];
    struct poster posters[COUNT(rows)];
    struct api_options options = defaults;
    struct api_answer answer;
    struct error err;
    unsigned port;
    int fd = bind_loopback(&port);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        options.retries = rows[i].retries;
        options.breaker_failures = rows[i].failures;
        options.breaker_cooldown_s = 1000; /* the others' waits move the clock, too */
        clients[i] = client_with(options);
        begin_post(&posters[i], "greenfield", clients[i], port);
    }
    for (size_t i = 0; i < COUNT(rows); i++) {
        pthread_join(posters[i].thread, NULL);
        check_error(rows[i].name, &posters[i].err, ERROR_TEMPORARY, "4.4.1", NULL);
        options.retries = 0;
        options.breaker_failures = 1000;
        assert_true(api_client_configure(clients[i], &options, &err));
        check_true(rows[i].name, !post(clients[i], port, "{}", &answer, &err));
        check_true(rows[i].name, is_put_off(&err) == rows[i].is_open);
        api_client_free(&clients[i]);
    }
    close(fd);
}

/* Connections to it get no answer at all, as behind a firewall. */
static int fill_backlog(unsigned *port_out, int clients[4])
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    int fd = bind_loopback(port_out);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((in_port_t)*port_out);
    assert_int_equal(listen(fd, 0), 0);
    for (int i = 0; i < 4; i++) {
        clients[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        assert_true(clients[i] >= 0);
        connect(clients[i], (struct sockaddr *)&address, sizeof address);
    }
    return fd;
}

static void a_connection_without_answer_is_given_up(void **state)
{
    struct api_options options = defaults;
    struct api_client *client;
    int clients[4], fd;
    unsigned port;

    (void)state;
    options.retries = 0;
    options.connect_timeout_s = 1; /* libcurl's own: it comes, sooner or later */
    client = client_with(options);
    fd = fill_backlog(&port, clients);
    check_fails("no answer", client, port, "{}", ERROR_TEMPORARY, "4.4.2");
    api_client_free(&client);
    for (int i = 0; i < 4; i++)
        close(clients[i]);
    close(fd);
}

/* A try needs 2 s, and a pause is of at most 6 s. */
static void the_deadline_holds_for_all_tries(void **state)
{
    enum { TIMEOUT_MS = 900 * 1000, TRY_MS = 2000, LONGEST_PAUSE_MS = 6000 };
    struct api_options options = defaults;
    struct api_client *client;
    struct api_answer answer;
    struct error err;
    unsigned port;
    int fd = bind_loopback(&port); /* and nobody listens */
    int64_t start_ms = standing_clock_ms(), passed_ms;

    (void)state;
    options.retries = UINT_MAX;
    options.timeout_s = TIMEOUT_MS / 1000;
    client = client_with(options);
    check_true("no answer", !post(client, port, "{}", &answer, &err));
    check_number("no answer", err.kind, ERROR_TEMPORARY);
    passed_ms = standing_clock_ms() - start_ms;
    check_true("not too late for a try", passed_ms <= TIMEOUT_MS - TRY_MS);
    check_true("as long as there is time for one",
               passed_ms >= TIMEOUT_MS - TRY_MS - LONGEST_PAUSE_MS);
    api_client_free(&client);
    close(fd);
}

/* ---- Retry-After -------------------------------------------------------------------
 */

/* Or a quarter of a second longer, by chance. */
static void check_waited(const char *row, int64_t start_ms, int64_t want_ms)
{
    int64_t passed_ms = standing_clock_ms() - start_ms;

    check_true(row, passed_ms >= want_ms && passed_ms <= want_ms + 250);
}

static void it_waits_as_long_as_it_is_told(void **state)
{
    struct server *server = SERVER(OK_ANSWER, BUSY, ANSWER);
    struct api_client *client = client_with(defaults);
    int64_t start_ms = standing_clock_ms();

    (void)state;
    server_set_busy(server, BUSY_FOR("503", "7"));
    check_answer("tried again", client, server->port, "{}", 200, "[]");
    check_waited("after seven seconds", start_ms, 7000);
    check_number("requests", (long long)server_requests(server), 2);
    api_client_free(&client);
    server_stop(server);
}

/* The next post waits too if it has the time. Otherwise its mail would be deferred for
 * minutes. */
static void another_post_waits_as_well(void **state)
{
    struct server *server = SERVER(OK_ANSWER, BUSY, ANSWER);
    struct api_options options = defaults;
    struct api_client *client;
    struct error err;
    int64_t start_ms = standing_clock_ms();

    (void)state;
    options.retries = 0;
    client = client_with(options);
    server_set_busy(server, BUSY_FOR("429", "7"));
    check_answer("no retries: at once", client, server->port, "{}", 429, "");
    check_fails("nor does the next wait", client, server->port, "{}", ERROR_TEMPORARY,
                "4.4.5");
    check_number("nobody waited", standing_clock_ms(), start_ms);
    options.retries = 1;
    assert_true(api_client_configure(client, &options, &err));
    check_answer("a retry: waits", client, server->port, "{}", 200, "[]");
    check_waited("seven seconds", start_ms, 7000);
    check_number("requests", (long long)server_requests(server), 2);
    api_client_free(&client);
    server_stop(server);
}

/* As RFC 9110 section 5.6.7 writes it. */
static const char *busy_until_200_seconds_are_over(void)
{
    static char answer[160];
    time_t then = time(NULL) + 200;
    struct tm utc;
    char date[64];

    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&then, &utc));
    snprintf(answer, sizeof answer,
             "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: %s\r\n\r\n", date);
    return answer;
}

static void too_long_a_wait_puts_off_at_once(void **state)
{
    const struct {
        const char *name, *answer;
        long status;
        bool is_other_account_held;
        const char *text; /* of it, where it is known */
    } rows[] = {
        {"503 is for all", BUSY_FOR("503", "200"), 503, true, "wait 200 s"},
        {"429 is for the account", BUSY_FOR("429", "200"), 429, false, "wait 200 s"},
        {"a date", busy_until_200_seconds_are_over(), 503, true, ""},
        {"absurd", BUSY_FOR("503", "8640000"), 503, true, "wait 300 s"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct server *server = SERVER(OK_ANSWER, BUSY, ANSWER);
        struct server *other = SERVER(OK_ANSWER, ANSWER);
        struct api_options options = defaults;
        struct api_client *client;
        struct api_answer answer;
        struct error err;
        bool is_answered;

        options.timeout_s = 100;
        client = client_with(options);
        server_set_busy(server, rows[i].answer);
        check_answer(rows[i].name, client, server->port, "{}", rows[i].status, "");
        check_fails(rows[i].name, client, server->port, "{}", ERROR_TEMPORARY, "4.4.5");
        check_number(rows[i].name, (long long)server_requests(server), 1);
        check_answer("another address", client, other->port, "{}", 200, "[]");
        is_answered = post_for("other", client, server->port, "{}", &answer, &err);
        check_true(rows[i].name, is_answered == !rows[i].is_other_account_held);
        check_true(rows[i].name, is_answered || strstr(err.text, rows[i].text));
        api_answer_free(&answer);
        api_client_free(&client);
        server_stop(other);
        server_stop(server);
    }
}

/* A post that waits does not count as in flight, and ends when the breaker opens. */
static void waiting_disturbs_nobody(void **state)
{
    struct server *server = SERVER(OK_ANSWER, BUSY, ANSWER, CLOSE_AT_BODY, ANSWER);
    struct api_options options = defaults;
    struct api_client *client;
    struct poster poster;
    struct api_answer answer;
    struct error err;

    (void)state;
    standing_clock_skip_waits(false); /* so that only the breaker ends the wait */
    options.max_in_flight = 1;
    options.breaker_failures = 1;
    client = client_with(options);
    server_set_busy(server, BUSY_FOR("429", "10"));
    begin_post(&poster, "slow", client, server->port);
    server_wait_for_requests(server, 1);
    while (!post(client, server->port, "{}", &answer, &err) &&
           strstr(err.text, "max-in-flight"))
        sched_yield(); /* until its answer is there */
    check_number("another account", answer.http_status, 200);
    api_answer_free(&answer);
    check_fails("the breaker opens", client, server->port, "{}", ERROR_UNCERTAIN,
                "4.4.2");
    pthread_join(poster.thread, NULL);
    check_number("the one that waited has its answer", poster.http_status, 429);
    check_number("requests", (long long)server_requests(server), 3);
    standing_clock_skip_waits(true);
    api_client_free(&client);
    server_stop(server);
}

/* ---- the breaker -------------------------------------------------------------------
 */

static void one_is_tried_after_the_cooldown(void **state)
{
    struct server *server =
        SERVER(OK_ANSWER, CLOSE_AT_BODY, RESET_AT_BODY, HANG, ANSWER);
    struct server *other = SERVER(OK_ANSWER, ANSWER);
    struct api_options options = defaults;
    struct api_client *client;
    struct poster probe;

    (void)state;
    options.breaker_failures = 2;
    options.breaker_cooldown_s = COOLDOWN_MS / 1000;
    client = client_with(options);
    check_fails("first", client, server->port, "{}", ERROR_UNCERTAIN, "4.4.2");
    check_fails("second", client, server->port, "{}", ERROR_UNCERTAIN, "4.4.2");
    check_put_off("open", client, server->port, "attempt is in 1 s");
    check_answer("another address", client, other->port, "{}", 200, "[]");
    check_number("nothing is sent", (long long)server_requests(server), 2);
    begin_post(&probe, "greenfield", client, server->port);
    standing_clock_advance(COOLDOWN_MS);
    server_wait_for_requests(server, 3);
    check_put_off("while one is tried", client, server->port,
                  "a test request is under way");
    server_release(server);
    pthread_join(probe.thread, NULL);
    check_error("the probe", &probe.err, ERROR_UNCERTAIN, "4.4.2", NULL);
    check_put_off("open again", client, server->port, "attempt is in 1 s");
    check_number("a single one", (long long)server_requests(server), 3);
    check_is_tried("the next", client, server->port, 200);
    check_answer("closed", client, server->port, "{}", 200, "[]");
    api_client_free(&client);
    server_stop(other);
    server_stop(server);
}

/* A post that never gets one of max-connections says nothing about the server. */
static void what_is_our_own_does_not_open(void **state)
{
    struct server *server = SERVER(OK_ANSWER, HANG, ANSWER);
    struct api_options options = defaults;
    struct api_client *client;
    struct api_answer answer;
    struct poster poster, second;
    struct error err;

    (void)state;
    options.max_connections = 1;
    options.timeout_s = 1000000;
    options.breaker_failures = 1;
    client = client_with(options);
    begin_post(&poster, "greenfield", client, server->port);
    server_wait_for_requests(server, 1);
    options.timeout_s = 1;
    assert_true(api_client_configure(client, &options, &err));
    begin_post(&second, "greenfield", client, server->port);
    end_by_time(&second);
    check_error("no connection free", &second.err, ERROR_TEMPORARY, "4.4.2", NULL);
    options.max_in_flight = 1;
    options.timeout_s = 1000000;
    assert_true(api_client_configure(client, &options, &err));
    check_fails("max-in-flight", client, server->port, "{}", ERROR_TEMPORARY, "4.4.5");
    options.max_in_flight = 2;
    options.max_connections = 2;
    assert_true(api_client_configure(client, &options, &err));
    check_true("no such protocol", !api_client_post(client, "x://y", "a", "{}", 2,
                                                    INT64_MAX, NULL, &answer, &err));
    check_true("no such protocol", !api_client_post(client, "x://y", "a", "{}", 2,
                                                    INT64_MAX, NULL, &answer, &err));
    check_true("is no failure of x's", !is_put_off(&err));
    check_answer("it was no failure", client, server->port, "{}", 200, "[]");
    server_release(server);
    pthread_join(poster.thread, NULL);
    api_client_free(&client);
    server_stop(server);
}

/* ---- the log ---- */

static int real_stderr, log_file;

static void begin_capture(void)
{
    log_open("t");
    real_stderr = dup(STDERR_FILENO);
    log_file = open("log", O_RDWR | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    assert_true(real_stderr >= 0 && log_file >= 0);
    dup2(log_file, STDERR_FILENO);
}

static void end_capture(char *text_out, size_t size)
{
    ssize_t length;

    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    length = pread(log_file, text_out, size - 1, 0);
    assert_true(length >= 0);
    text_out[length] = '\0';
    close(log_file);
}

static void any_answer_ends_an_outage_and_each_is_logged_once(void **state)
{
    struct server *server =
        SERVER(OK_ANSWER, CLOSE_AT_BODY, CLOSE_AT_BODY, BUSY, CLOSE_AT_BODY);
    struct api_options options = defaults;
    struct api_client *client;
    struct poster posters[4];
    char text[4096];

    (void)state;
    unsetenv("JOURNAL_STREAM");
    options.breaker_failures = 2;
    options.breaker_cooldown_s = COOLDOWN_MS / 1000;
    client = client_with(options);
    server_set_busy(server, "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    begin_capture();
    for (size_t i = 0; i < COUNT(posters); i++) {
        standing_clock_advance(COOLDOWN_MS);
        begin_post(&posters[i], "greenfield", client, server->port);
        pthread_join(posters[i].thread, NULL);
    }
    end_capture(text, sizeof text);
    check_number("a failure of HTTP's is an answer", posters[2].http_status, 500);
    check_number("what follows goes", (long long)server_requests(server), 4);
    check_text("once each, and no path", text,
               "t: api: 127.0.0.1 failed 2 times in a row (the last time: Empty reply "
               "from server). SMS are deferred; one request is tried every 1 s\n"
               "t: api: 127.0.0.1 responds again; SMS are sent again\n");
    api_client_free(&client);
    server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(what_was_not_acted_on_is_tried_again),
        UNIT_TEST(an_early_answer_is_understood),
        UNIT_TEST(a_refused_connection_is_tried_again),
        UNIT_TEST(a_connection_without_answer_is_given_up),
        UNIT_TEST(the_deadline_holds_for_all_tries),
        UNIT_TEST(it_waits_as_long_as_it_is_told),
        UNIT_TEST(another_post_waits_as_well),
        UNIT_TEST(too_long_a_wait_puts_off_at_once),
        UNIT_TEST(waiting_disturbs_nobody),
        UNIT_TEST(one_is_tried_after_the_cooldown),
        UNIT_TEST(what_is_our_own_does_not_open),
        UNIT_TEST(any_answer_ends_an_outage_and_each_is_logged_once),
    };

    unit_enter_folder();
    standing_clock_skip_waits(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
