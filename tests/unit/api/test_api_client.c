/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "api/api_client.h"

/* ---- a server that misbehaves as it is told ----------------------------------------
 */

enum action {
    ANSWER,          /* with the server's answer, and keep the connection */
    ECHO,            /* with the body of the request */
    RESET_AT_HEADER, /* without reading the body */
    RESET_AT_BODY,   /* when all of it is read */
    CLOSE_AT_BODY,   /* the same, in good order */
    HANG,            /* until the client or server_stop() ends it */
};

/* More than the kernel keeps for a connection. */
enum { LARGE_BODY = 16 * 1000 * 1000 };

enum { MAX_CONNECTIONS = 256, MAX_SCRIPT = 4, REQUEST_SIZE = 64 * 1024 };

struct server {
    int listener;
    unsigned port;
    pthread_t thread;
    pthread_t workers[MAX_CONNECTIONS];
    int fds[MAX_CONNECTIONS]; /* -1: closed */
    const char *answer;
    size_t answer_size;
    /* What is done with the first request, the second...; the last is for all after. */
    enum action script[MAX_SCRIPT];
    size_t script_length;
    pthread_mutex_t lock; /* guards all that follows, and fds */
    pthread_cond_t changed;
    size_t connections, requests;
    size_t latest_connection; /* which one the latest request came over */
    char header[REQUEST_SIZE], body[REQUEST_SIZE]; /* of the latest request */
    size_t body_size;
};

struct worker {
    struct server *server;
    size_t which;
    int fd;
};

static bool send_all(int fd, const char *text, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, text, size, MSG_NOSIGNAL);

        if (n <= 0)
            return false;
        text += n;
        size -= (size_t)n;
    }
    return true;
}

/* Reads up to the empty line; what came of the body with it stands behind. Returns the
 * length of the header, 0 when there is none. */
static size_t read_header(int fd, char *buffer, size_t *used_out)
{
    const char *end = NULL;

    for (*used_out = 0; !end && *used_out < REQUEST_SIZE - 1;) {
        ssize_t n = recv(fd, buffer + *used_out, REQUEST_SIZE - 1 - *used_out, 0);

        if (n <= 0 || buffer[0] == 0x16) /* the client begins to speak TLS */
            return 0;
        *used_out += (size_t)n;
        buffer[*used_out] = '\0';
        end = strstr(buffer, "\r\n\r\n");
    }
    return end ? (size_t)(end + 4 - buffer) : 0;
}

/* Reads all of the body, however large; keeps the beginning of it in buffer. */
static size_t read_body(int fd, char *buffer, size_t used, size_t wanted)
{
    char rest[16384];

    while (used < wanted) {
        ssize_t n = recv(fd, rest, sizeof rest, 0);

        if (n <= 0)
            break;
        if (used + (size_t)n < REQUEST_SIZE)
            memcpy(buffer + used, rest, (size_t)n);
        used += (size_t)n;
    }
    return used;
}

static void reset(int fd)
{
    const struct linger none = {.l_onoff = 1, .l_linger = 0};

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
}

static size_t content_length(const char *header)
{
    const char *at = strcasestr(header, "\r\nContent-Length:");

    return at ? strtoul(at + 17, NULL, 10) : 0;
}

/* Notes a request and says what is to be done with it. */
static enum action note_header(struct server *server, size_t connection,
                               const char *header, size_t length)
{
    enum action action;
    size_t place;

    pthread_mutex_lock(&server->lock);
    place = server->requests++;
    server->latest_connection = connection;
    if (place >= server->script_length)
        place = server->script_length - 1;
    action = server->script[place];
    memcpy(server->header, header, length);
    server->header[length] = '\0';
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return action;
}

static void note_body(struct server *server, const char *body, size_t size)
{
    pthread_mutex_lock(&server->lock);
    server->body_size = size;
    if (size < REQUEST_SIZE) {
        memcpy(server->body, body, size);
        server->body[size] = '\0';
    }
    pthread_mutex_unlock(&server->lock);
}

/* One request of a connection; false when the connection is over. */
static bool serve_request(struct server *server, const struct worker *worker,
                          char *buffer)
{
    int fd = worker->fd;
    char header[256];
    size_t used, length = read_header(fd, buffer, &used), size;
    enum action action;

    if (length == 0)
        return false;
    action = note_header(server, worker->which, buffer, length);
    if (action == RESET_AT_HEADER) {
        reset(fd);
        return false;
    }
    size = content_length(buffer);
    memmove(buffer, buffer + length, used - length);
    size = read_body(fd, buffer, used - length, size);
    note_body(server, buffer, size);
    switch (action) {
    case ANSWER:
        return send_all(fd, server->answer, server->answer_size) &&
               !strstr(server->answer, "Connection: close");
    case ECHO:
        snprintf(header, sizeof header,
                 "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", size);
        return send_all(fd, header, strlen(header)) && send_all(fd, buffer, size);
    case RESET_AT_BODY:
        reset(fd);
        return false;
    case HANG:
        while (recv(fd, buffer, 1, 0) > 0)
            ;
        return false;
    case RESET_AT_HEADER:
    case CLOSE_AT_BODY:
        break;
    }
    return false;
}

static void *serve_connection(void *data)
{
    struct worker *worker = data;
    struct server *server = worker->server;
    char *buffer = malloc(REQUEST_SIZE);

    while (buffer && serve_request(server, worker, buffer))
        ;
    pthread_mutex_lock(&server->lock);
    server->fds[worker->which] = -1;
    close(worker->fd);
    pthread_mutex_unlock(&server->lock);
    free(buffer);
    free(worker);
    return NULL;
}

static void *accept_connections(void *data)
{
    struct server *server = data;

    for (;;) {
        struct worker *worker = malloc(sizeof *worker);
        int fd = accept(server->listener, NULL, NULL);

        if (!worker || fd < 0 || server->connections == MAX_CONNECTIONS) {
            free(worker);
            return NULL;
        }
        *worker = (struct worker){server, server->connections, fd};
        pthread_mutex_lock(&server->lock);
        server->fds[server->connections] = fd;
        if (pthread_create(&server->workers[server->connections], NULL,
                           serve_connection, worker) != 0)
            abort();
        server->connections++;
        pthread_mutex_unlock(&server->lock);
    }
}

static int bind_loopback(unsigned *port_out)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int small = 4096; /* so that a large body stays with the client */

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port_out = ntohs(address.sin_port);
    return fd;
}

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"

static struct server *server_start(const char *answer, size_t script_length,
                                   const enum action *script)
{
    struct server *server = calloc(1, sizeof *server);

    assert_non_null(server);
    server->answer = answer;
    server->answer_size = strlen(answer);
    server->script_length = script_length;
    memcpy(server->script, script, script_length * sizeof *script);
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    server->listener = bind_loopback(&server->port);
    assert_int_equal(listen(server->listener, 128), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, accept_connections, server),
                     0);
    return server;
}

#define SERVER(answer, ...)                                           \
    server_start(answer, COUNT(((const enum action[]){__VA_ARGS__})), \
                 (const enum action[]){__VA_ARGS__})

/* Ends every connection. */
static void server_release(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->connections; i++)
        if (server->fds[i] >= 0)
            shutdown(server->fds[i], SHUT_RDWR);
    pthread_mutex_unlock(&server->lock);
}

static void server_stop(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    server_release(server);
    for (size_t i = 0; i < server->connections; i++)
        pthread_join(server->workers[i], NULL);
    close(server->listener);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

static void server_wait_for_requests(struct server *server, size_t count)
{
    pthread_mutex_lock(&server->lock);
    while (server->requests < count)
        pthread_cond_wait(&server->changed, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

static size_t server_requests(struct server *server)
{
    size_t requests;

    pthread_mutex_lock(&server->lock);
    requests = server->requests;
    pthread_mutex_unlock(&server->lock);
    return requests;
}

/* Which connection the latest request came over, counted from 0. */
static size_t server_latest_connection(struct server *server)
{
    size_t connection;

    pthread_mutex_lock(&server->lock);
    connection = server->latest_connection;
    pthread_mutex_unlock(&server->lock);
    return connection;
}

static size_t server_connections(struct server *server)
{
    size_t connections;

    pthread_mutex_lock(&server->lock);
    connections = server->connections;
    pthread_mutex_unlock(&server->lock);
    return connections;
}

/* ---- a client ----------------------------------------------------------------------
 */

static const struct api_options defaults = {
    .proxy = (char[]){""},
    .connect_timeout_s = 5,
    .timeout_s = 15,
    .max_connections = 8,
    .max_in_flight = 256,
};

static struct api_client *client_with(struct api_options options)
{
    struct api_client *client;
    struct error err;

    if (!api_client_new(&options, &client, &err))
        fail_msg("%s", err.text);
    return client;
}

#define SECRET_PATH "/path-not-to-be-told"

static bool post(struct api_client *client, unsigned port, const char *body,
                 struct api_answer *answer_out, struct error *err)
{
    char url[64];

    snprintf(url, sizeof url, "http://127.0.0.1:%u" SECRET_PATH, port);
    memset(answer_out, 0xFF, sizeof *answer_out);
    *err = (struct error){.text = "no error"};
    return api_client_post(client, url, body, strlen(body), answer_out, err);
}

/* A post that must fail, and what is promised of every failure. */
static void check_fails(const char *row, struct api_client *client, unsigned port,
                        const char *body, enum error_kind kind, const char *status)
{
    struct api_answer answer;
    struct error err;

    check_true(row, !post(client, port, body, &answer, &err));
    check_error(row, &err, kind, status, NULL);
    check_true("no answer", answer.body == NULL && answer.size_bytes == 0);
    check_true("the path is not told", !strstr(err.text, SECRET_PATH));
    check_true("the body is not told", !strstr(err.text, "TopSecret"));
    check_true("it is one line", !strpbrk(err.text, "\r\n"));
}

static void check_answer(const char *row, struct api_client *client, unsigned port,
                         const char *body, long status, const char *want)
{
    struct api_answer answer;
    struct error err;

    if (!post(client, port, body, &answer, &err)) {
        check_text(row, err.text, want);
        return;
    }
    check_number(row, answer.http_status, status);
    check_text(row, answer.body, want);
    check_number(row, (long long)answer.size_bytes, (long long)strlen(want));
    api_answer_free(&answer);
    check_true(row, answer.body == NULL);
    api_answer_free(&answer);
}

/* ---- tests -------------------------------------------------------------------------
 */

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
        {"503", "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", 503, ""},
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

        check_true(urls[i], !api_client_post(client, urls[i], "{}", 2, &answer, &err));
        check_number(urls[i], err.kind, ERROR_TEMPORARY);
    }
    api_client_free(&client);
}

/* The server speaks no TLS: nothing may leave in clear. */
static void tls_does_not_fall_back(void **state)
{
    struct server *server = SERVER(OK_ANSWER, ANSWER);
    struct api_client *client = client_with(defaults);
    struct api_answer answer;
    struct error err;
    char url[64];

    (void)state;
    snprintf(url, sizeof url, "https://127.0.0.1:%u/", server->port);
    check_true("fails", !api_client_post(client, url, "{}", 2, &answer, &err));
    check_error("no TLS", &err, ERROR_TEMPORARY, "4.4.2", NULL);
    check_number("requests", (long long)server_requests(server), 0);
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
        /* The same on a connection that served a request before: here libcurl would
         * repeat it by itself. */
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
    struct api_client *client = client_with(defaults);

    (void)state;
    check_fails("fresh connection", client, server->port, body, ERROR_TEMPORARY,
                "4.4.2");
    check_number("one request", (long long)server_requests(server), 1);
    api_client_free(&client);
    server_stop(server);
    free(body);
}

/* On a reused connection that dies, libcurl begins anew by itself as long as nothing of
 * the body was asked of us. That the body is read whole once is what counts. */
static void a_body_cut_off_is_never_sent_twice(void **state)
{
    char *body = unit_repeat("x", LARGE_BODY);

    (void)state;
    for (int round = 0; round < 5; round++) {
        struct server *server = SERVER(OK_ANSWER, ANSWER, RESET_AT_HEADER, ANSWER);
        struct api_client *client = client_with(defaults);
        struct api_answer answer;
        struct error err;

        check_answer("the first", client, server->port, "{}", 200, "[]");
        if (post(client, server->port, body, &answer, &err)) {
            check_number("whole", (long long)server->body_size, LARGE_BODY);
            check_number("once", (long long)server_requests(server), 3);
        } else {
            check_error("reused connection", &err, ERROR_TEMPORARY, "4.4.2", NULL);
            check_number("no third", (long long)server_requests(server), 2);
        }
        api_answer_free(&answer);
        api_client_free(&client);
        server_stop(server);
    }
    free(body);
}

static void no_answer_in_time_is_uncertain(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, HANG);
    struct api_client *client;
    time_t start = time(NULL);

    (void)state;
    options.timeout_s = 1;
    client = client_with(options);
    check_fails("time-out", client, server->port, "TopSecret", ERROR_UNCERTAIN,
                "4.4.2");
    check_true("in time", time(NULL) - start <= 4);
    check_number("requests", (long long)server_requests(server), 1);
    api_client_free(&client);
    server_stop(server);
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

static void end_post(struct poster *poster, struct server *server)
{
    server_release(server);
    pthread_join(poster->thread, NULL);
    check_true("the one that hung", !poster->is_answered);
    check_number("the one that hung", poster->err.kind, ERROR_UNCERTAIN);
}

static void waiting_for_a_connection_ends_in_time(void **state)
{
    struct api_options options = defaults;
    struct server *server = SERVER(OK_ANSWER, HANG);
    struct api_client *client;
    struct poster poster;
    struct error err;
    time_t start;

    (void)state;
    options.max_connections = 1;
    client = client_with(options);
    begin_post(&poster, client, server);
    options.timeout_s = 1;
    assert_true(api_client_configure(client, &options, &err));
    start = time(NULL);
    check_fails("no connection free", client, server->port, "TopSecret",
                ERROR_TEMPORARY, "4.4.2");
    check_true("in time", time(NULL) - start <= 4);
    check_number("it never left", (long long)server_requests(server), 1);
    check_number("connections", (long long)server_connections(server), 1);
    end_post(&poster, server);
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
    options.timeout_s = 3;
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
        UNIT_TEST(too_many_in_flight_are_refused_at_once),
        UNIT_TEST(a_slow_answer_holds_nobody_up),
        UNIT_TEST(failures_give_their_place_back),
        UNIT_TEST(proxies_come_from_the_options_alone),
        UNIT_TEST(many_threads_post_at_once),
        UNIT_TEST(a_client_may_end_while_idle),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
