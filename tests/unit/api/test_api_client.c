/* SPDX-License-Identifier: ISC */
#include "http_server.h"

#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "../standing_clock.h"

static void a_body_is_sent_once_and_whole(void **state)
{
    static const char *const forbidden[] = {"Authorization", "Expect", "Cookie",
                                            "Transfer-Encoding", "Proxy-Connection"};
    struct server *server = SERVER(OK_ANSWER, ANSWER);
    struct api_client *client = client_with(defaults);

    (void)state;
    /* Credentials and proxies of the environment are not for us. */
    unit_write_file(".netrc", "default login a password b\n", 0600);
    setenv("HOME", unit_folder(), 1);
    check_answer("answer", client, server->port, "{\"a\":\"TopSecret\"}", 200, "[]");
    check_number("requests", (long long)server_requests(server), 1);
    check_text("body", server->body, "{\"a\":\"TopSecret\"}");
    check_true("a POST to the path",
               strncmp(server->header, "POST " SECRET_PATH " HTTP/1.1\r\n",
                       strlen("POST " SECRET_PATH " HTTP/1.1\r\n")) == 0);
    check_true("it is JSON",
               strstr(server->header, "\r\nContent-Type: application/json\r\n"));
    check_number("length", (long long)content_length(server->header), 17);
    for (size_t i = 0; i < COUNT(forbidden); i++)
        check_true(forbidden[i], !strcasestr(server->header, forbidden[i]));
    api_client_free(&client);
    check_true("cleared", client == NULL);
    api_client_free(&client);
    server_stop(server);
}

static void a_large_body_arrives_whole(void **state)
{
    char *body = unit_repeat("x", 5 * 1000 * 1000);
    struct server *server = SERVER(OK_ANSWER, ANSWER);
    struct api_client *client = client_with(defaults);

    (void)state;
    check_answer("answer", client, server->port, body, 200, "[]");
    check_number("size", (long long)server->body_size, 5 * 1000 * 1000);
    api_client_free(&client);
    server_stop(server);
    free(body);
}

static void an_answer_is_read(void **state)
{
    static const struct {
        const char *name, *answer;
        long status;
        const char *want;
    } rows[] = {
        {"200", OK_ANSWER, 200, "[]"},
        {"no body", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""},
        {"a failure of HTTP's is an answer",
         "HTTP/1.1 500 Oops\r\nContent-Length: 4\r\n\r\noops", 500, "oops"},
        {"an error whose body is cut off",
         "HTTP/1.1 400 Bad\r\nConnection: close\r\nContent-Length: 9\r\n\r\n[", 400,
         "["},
        {"not found is not tried again", "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
         404, ""},
        {"chunks",
         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
         "1\r\n[\r\n1\r\n]\r\n0\r\n\r\n",
         200, "[]"},
        {"up to the end of the connection",
         "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1]", 200, "[1]"},
        {"an interim answer first", "HTTP/1.1 100 Continue\r\n\r\n" OK_ANSWER, 200,
         "[]"},
        {"a redirect is not followed",
         "HTTP/1.1 307 There\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", 307,
         ""},
        {"a login asked for is not tried again",
         "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=x\r\n"
         "Content-Length: 0\r\n\r\n",
         401, ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct server *server = SERVER(rows[i].answer, ANSWER);
        struct api_client *client = client_with(defaults);

        check_answer(rows[i].name, client, server->port, "{}", rows[i].status,
                     rows[i].want);
        check_number(rows[i].name, (long long)server_requests(server), 1);
        api_client_free(&client);
        server_stop(server);
    }
}

static void a_broken_answer_is_uncertain(void **state)
{
    static const struct {
        const char *name, *answer;
    } rows[] = {
        {"cut off",
         "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 9\r\n\r\n["},
        {"cut off in a chunk",
         "HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
         "9\r\n["},
        {"no HTTP", "SSH-2.0 Connection: close\r\n\r\n"},
        {"HTTP/0.9", "[Connection: close]"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct server *server = SERVER(rows[i].answer, ANSWER);
        struct api_client *client = client_with(defaults);

        check_fails(rows[i].name, client, server->port, "TopSecret", ERROR_UNCERTAIN,
                    "4.4.2");
        check_number(rows[i].name, (long long)server_requests(server), 1);
        api_client_free(&client);
        server_stop(server);
    }
}

static void too_large_an_answer_is_uncertain(void **state)
{
    static const struct {
        const char *name;
        size_t size;
        bool is_read;
    } rows[] = {
        {"the largest", API_MAX_ANSWER_BYTES, true},
        {"one byte more", API_MAX_ANSWER_BYTES + 1, false},
        {"much more", 4 * API_MAX_ANSWER_BYTES, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *body = unit_repeat("x", rows[i].size), *answer = NULL;
        struct server *server;
        struct api_client *client = client_with(defaults);

        assert_true(asprintf(&answer,
                             "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n%s",
                             rows[i].size, body) >= 0);
        server = SERVER(answer, ANSWER);
        if (rows[i].is_read)
            check_answer(rows[i].name, client, server->port, "{}", 200, body);
        else
            check_fails(rows[i].name, client, server->port, "{}", ERROR_UNCERTAIN,
                        "4.4.2");
        api_client_free(&client);
        server_stop(server);
        free(answer);
        free(body);
    }
}

static void a_refused_connection_is_temporary(void **state)
{
    struct api_client *client = client_with(defaults);
    unsigned port;
    int fd = bind_loopback(&port); /* and nobody listens */

    (void)state;
    check_fails("refused", client, port, "TopSecret", ERROR_TEMPORARY, "4.4.1");
    api_client_free(&client);
    close(fd);
}

static void other_protocols_are_not_spoken(void **state)
{
    static const char *const urls[] = {"file:///etc/hostname", "ftp://127.0.0.1:9/",
                                       "gopher://127.0.0.1:9/", "nonsense://x", ""};
    struct api_client *client = client_with(defaults);

    (void)state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        struct api_answer answer;
        struct error err;

        check_true(urls[i], !api_client_post(client, urls[i], "x", "{}", 2, INT64_MAX,
                                             NULL, &answer, &err));
        check_number(urls[i], err.kind, ERROR_TEMPORARY);
    }
    api_client_free(&client);
}

/* The server speaks no TLS: nothing may leave in clear. */
static void tls_does_not_fall_back(void **state)
{
    struct server *server = SERVER(OK_ANSWER, ANSWER);
    struct api_options options = defaults;
    struct api_client *client;
    struct api_answer answer;
    struct error err;
    char url[64];

    (void)state;
    options.breaker_failures = options.retries + 1;
    client = client_with(options);
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", server->port);
    check_true("fails", !api_client_post(client, url, "x", "{}", 2, INT64_MAX, NULL,
                                         &answer, &err));
    check_error("no TLS", &err, ERROR_TEMPORARY, "4.4.2", NULL);
    check_number("requests", (long long)server_requests(server), 0);
    check_true("fails", !api_client_post(client, url, "x", "{}", 2, INT64_MAX, NULL,
                                         &answer, &err));
    check_error("tried again, and counted", &err, ERROR_TEMPORARY, "4.4.1",
                "the SMS service does not respond; the next attempt is in 10 s");
    api_client_free(&client);
    server_stop(server);
}

static void a_request_lost_is_uncertain_and_not_repeated(void **state)
{
    static const struct {
        const char *name;
        enum action action;
    } rows[] = {
        {"reset after the whole body", RESET_AT_BODY},
        {"closed after the whole body", CLOSE_AT_BODY},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct server *server = SERVER(OK_ANSWER, rows[i].action);
        struct api_client *client = client_with(defaults);

        check_fails(rows[i].name, client, server->port, "TopSecret", ERROR_UNCERTAIN,
                    "4.4.2");
        check_number(rows[i].name, (long long)server_requests(server), 1);
        api_client_free(&client);
        server_stop(server);
        /* The same on a connection that served a request before. There libcurl would
         * repeat the request by itself. */
        server = SERVER(OK_ANSWER, ANSWER, rows[i].action, ANSWER);
        client = client_with(defaults);
        check_answer("the first", client, server->port, "{}", 200, "[]");
        check_fails(rows[i].name, client, server->port, "TopSecret", ERROR_UNCERTAIN,
                    "4.4.2");
        check_number("on one connection", (long long)server_latest_connection(server),
                     0);
        check_number("no third", (long long)server_requests(server), 2);
        check_answer("the next", client, server->port, "{}", 200, "[]");
        api_client_free(&client);
        server_stop(server);
    }
}

static void a_body_cut_off_is_temporary(void **state)
{
    char *body = unit_repeat("x", LARGE_BODY);
    struct server *server = SERVER(OK_ANSWER, RESET_AT_HEADER);
    struct api_options options = defaults;
    struct api_client *client;

    (void)state;
    options.retries = 0;
    client = client_with(options);
    check_fails("fresh connection", client, server->port, body, ERROR_TEMPORARY,
                "4.4.2");
    check_number("one request", (long long)server_requests(server), 1);
    api_client_free(&client);
    server_stop(server);
    free(body);
}

/* If a reused connection dies, libcurl repeats the request by itself as long as it has
 * not asked us for the body; later we do it. Either way the body is read once, as a
 * whole. */
static void a_body_cut_off_is_never_sent_twice(void **state)
{
    char *body = unit_repeat("x", LARGE_BODY);

    (void)state;
    for (int round = 0; round < 3; round++) {
        struct server *server = SERVER(OK_ANSWER, ANSWER, RESET_AT_HEADER, ANSWER);
        struct api_client *client = client_with(defaults);

        check_answer("the first", client, server->port, "{}", 200, "[]");
        check_answer("cut off", client, server->port, body, 200, "[]");
        check_number("whole", (long long)server->body_size, LARGE_BODY);
        check_number("once", (long long)server_requests(server), 3);
        api_client_free(&client);
        server_stop(server);
    }
    free(body);
}

struct poster {
    pthread_t thread;
    struct api_client *client;
    unsigned port;
    struct error err;
    bool is_answered;
};

static void *post_one(void *data)
{
    struct poster *poster = data;
    struct api_answer answer;

    poster->is_answered =
        post(poster->client, poster->port, "{}", &answer, &poster->err);
    api_answer_free(&answer);
    return NULL;
}

/* Begins a post that hangs, and returns when the server has it. */
static void begin_post(struct poster *poster, struct api_client *client,
                       struct server *server)
{
    size_t before = server_requests(server);

    *poster = (struct poster){.client = client, .port = server->port};
    assert_int_equal(pthread_create(&poster->thread, NULL, post_one, poster), 0);
    server_wait_for_requests(server, before + 1);
}

/* Lets time go by until the post has come to its end. */
static void end_by_time(struct poster *poster)
{
    while (pthread_tryjoin_np(poster->thread, NULL) != 0) {
        standing_clock_advance(1);
        sched_yield();
    }
}

static void end_post(struct poster *poster, struct server *server)
{
    server_release(server);
    pthread_join(poster->thread, NULL);
    check_true("the one that hung", !poster->is_answered);
    check_number("the one that hung", poster->err.kind, ERROR_UNCERTAIN);
}

static void no_answer_in_time_is_uncertain(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, HANG);
    struct api_client *client;
    struct poster poster;

    (void)state;
    options.timeout_s = 1;
    client = client_with(options);
    begin_post(&poster, client, server);
    server_wait_for_bodies(server, 1);
    end_by_time(&poster);
    check_true("time-out", !poster.is_answered);
    check_error("time-out", &poster.err, ERROR_UNCERTAIN, "4.4.2", NULL);
    check_number("requests", (long long)server_requests(server), 1);
    api_client_free(&client);
    server_stop(server);
}

static void waiting_for_a_connection_ends_in_time(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, HANG);
    struct api_client *client;
    struct poster first, second;
    struct error err;

    (void)state;
    options.max_connections = 1;
    options.timeout_s = 1000000;
    client = client_with(options);
    begin_post(&first, client, server);
    options.timeout_s = 1;
    assert_true(api_client_configure(client, &options, &err));
    second = (struct poster){.client = client, .port = server->port};
    assert_int_equal(pthread_create(&second.thread, NULL, post_one, &second), 0);
    end_by_time(&second);
    check_true("no connection free", !second.is_answered);
    check_error("no connection free", &second.err, ERROR_TEMPORARY, "4.4.2", NULL);
    check_number("it never left", (long long)server_requests(server), 1);
    check_number("connections", (long long)server_connections(server), 1);
    end_post(&first, server);
    api_client_free(&client);
    server_stop(server);
}

/* libcurl counts the wait for a connection as a part of its connect-timeout. It uses
 * the real clock, so on a machine that is so slow that the second post begins after
 * this wait, the test shows nothing. */
static void a_wait_for_a_connection_is_no_failure_to_connect(void **state)
{
    enum { CONNECT_TIMEOUT_MS = 1000 };
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, HANG, ANSWER);
    struct api_client *client;
    struct poster first, second;

    (void)state;
    options.max_connections = 1;
    options.connect_timeout_s = CONNECT_TIMEOUT_MS / 1000;
    client = client_with(options);
    begin_post(&first, client, server);
    second = (struct poster){.client = client, .port = server->port};
    assert_int_equal(pthread_create(&second.thread, NULL, post_one, &second), 0);
    poll(NULL, 0, CONNECT_TIMEOUT_MS * 3 / 2);
    end_post(&first, server);
    pthread_join(second.thread, NULL);
    check_true("it had its turn", second.is_answered);
    api_client_free(&client);
    server_stop(server);
}

static void too_many_in_flight_are_refused_at_once(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, ANSWER, HANG, ANSWER);
    struct api_client *client;
    struct poster poster;
    struct error err;

    (void)state;
    options.max_in_flight = 1;
    client = client_with(options);
    check_answer("the first", client, server->port, "{}", 200, "[]");
    begin_post(&poster, client, server);
    check_fails("one too many", client, server->port, "{}", ERROR_TEMPORARY, "4.4.5");
    check_number("it never left", (long long)server_requests(server), 2);
    options.max_in_flight = 2;
    assert_true(api_client_configure(client, &options, &err));
    check_answer("a reload that lets in more", client, server->port, "{}", 200, "[]");
    end_post(&poster, server);
    options.max_in_flight = 1;
    assert_true(api_client_configure(client, &options, &err));
    check_answer("a place that is free again", client, server->port, "{}", 200, "[]");
    api_client_free(&client);
    server_stop(server);
}

/* Other connections may be opened, so nobody waits for the slow one. */
static void a_slow_answer_holds_nobody_up(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, HANG, ANSWER);
    struct api_client *client;
    struct poster poster;

    (void)state;
    client = client_with(options);
    begin_post(&poster, client, server);
    check_answer("another post", client, server->port, "{}", 200, "[]");
    end_post(&poster, server);
    api_client_free(&client);
    server_stop(server);
}

static void failures_give_their_place_back(void **state)
{
    struct api_options options = defaults;
    struct api_client *client;
    unsigned port;
    int fd = bind_loopback(&port);

    (void)state;
    options.max_in_flight = 1;
    options.retries = 0;
    client = client_with(options);
    for (int i = 0; i < 5; i++)
        check_fails("refused connection, not busy", client, port, "{}", ERROR_TEMPORARY,
                    "4.4.1");
    api_client_free(&client);
    close(fd);
}

static void proxies_come_from_the_options_alone(void **state)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy",
                                        "ALL_PROXY", "all_proxy"};
    struct server *server = SERVER(OK_ANSWER, ANSWER);
    struct server *proxy =
        SERVER("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nproxy", ANSWER);
    struct api_options options = defaults;
    struct api_client *client;
    char url[64];

    (void)state;
    snprintf(url, sizeof url, "http://127.0.0.1:%u", proxy->port);
    for (size_t i = 0; i < COUNT(names); i++)
        setenv(names[i], url, 1);
    client = client_with(options);
    check_answer("not the environment's", client, server->port, "{}", 200, "[]");
    api_client_free(&client);
    options.proxy = NULL;
    client = client_with(options);
    check_answer("nor where the option is NULL", client, server->port, "{}", 200, "[]");
    api_client_free(&client);
    for (size_t i = 0; i < COUNT(names); i++)
        unsetenv(names[i]);
    options.proxy = url;
    setenv("no_proxy", "*", 1);
    client = client_with(options);
    check_answer("the option's, whatever no_proxy says", client, server->port, "{}",
                 200, "proxy");
    unsetenv("no_proxy");
    api_client_free(&client);
    server_stop(proxy);
    server_stop(server);
}

enum { THREADS = 16, ROUNDS = 25 };

struct crowd_member {
    pthread_t thread;
    struct api_client *client;
    unsigned port, which;
    char wrong[ERROR_TEXT_SIZE]; /* the first failure, or "" */
};

static void *post_often(void *data)
{
    struct crowd_member *member = data;

    for (unsigned i = 0; i < ROUNDS; i++) {
        struct api_answer answer;
        struct error err;
        char body[64];

        snprintf(body, sizeof body, "{\"thread\":%u,\"round\":%u}", member->which, i);
        if (!post(member->client, member->port, body, &answer, &err))
            snprintf(member->wrong, sizeof member->wrong, "%s", err.text);
        else if (answer.http_status != 200 || strcmp(answer.body, body) != 0)
            snprintf(member->wrong, sizeof member->wrong, "another's answer");
        api_answer_free(&answer);
    }
    return NULL;
}

static void many_threads_post_at_once(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER("", ECHO);
    struct crowd_member crowd[THREADS];
    struct api_client *client;

    (void)state;
    options.max_connections = 4;
    client = client_with(options);
    for (unsigned i = 0; i < THREADS; i++) {
        crowd[i] =
            (struct crowd_member){.client = client, .port = server->port, .which = i};
        assert_int_equal(pthread_create(&crowd[i].thread, NULL, post_often, &crowd[i]),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(crowd[i].thread, NULL);
        check_text("each gets its own answer", crowd[i].wrong, "");
    }
    check_number("requests", (long long)server_requests(server), THREADS * ROUNDS);
    check_true("no more connections than may be, and kept",
               server_connections(server) <= options.max_connections);
    api_client_free(&client);
    server_stop(server);
}

static void a_client_may_end_while_idle(void **state)
{
    struct server *server = SERVER(OK_ANSWER, ANSWER);

    (void)state;
    for (int i = 0; i < 20; i++) {
        struct api_client *client = client_with(defaults);

        if (i % 2)
            check_answer("answer", client, server->port, "{}", 200, "[]");
        api_client_free(&client);
    }
    server_stop(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_body_is_sent_once_and_whole),
        UNIT_TEST(a_large_body_arrives_whole),
        UNIT_TEST(an_answer_is_read),
        UNIT_TEST(a_broken_answer_is_uncertain),
        UNIT_TEST(too_large_an_answer_is_uncertain),
        UNIT_TEST(a_refused_connection_is_temporary),
        UNIT_TEST(other_protocols_are_not_spoken),
        UNIT_TEST(tls_does_not_fall_back),
        UNIT_TEST(a_request_lost_is_uncertain_and_not_repeated),
        UNIT_TEST(a_body_cut_off_is_temporary),
        UNIT_TEST(a_body_cut_off_is_never_sent_twice),
        UNIT_TEST(no_answer_in_time_is_uncertain),
        UNIT_TEST(waiting_for_a_connection_ends_in_time),
        UNIT_TEST(a_wait_for_a_connection_is_no_failure_to_connect),
        UNIT_TEST(too_many_in_flight_are_refused_at_once),
        UNIT_TEST(a_slow_answer_holds_nobody_up),
        UNIT_TEST(failures_give_their_place_back),
        UNIT_TEST(proxies_come_from_the_options_alone),
        UNIT_TEST(many_threads_post_at_once),
        UNIT_TEST(a_client_may_end_while_idle),
    };

    unit_enter_folder();
    standing_clock_skip_waits(true);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
