/* SPDX-License-Identifier: ISC */
#include "http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit.h"

/* ---- the server ---- */

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

/* Reads up to the empty line. Octets of the body that were read with it follow the
 * header in buffer. Returns the length of the header; 0 if there is none. */
static size_t read_header(int fd, char *buffer, size_t *used_out)
{
    const char *end = NULL;

    for (*used_out = 0; !end && *used_out < REQUEST_SIZE - 1;) {
        ssize_t n = recv(fd, buffer + *used_out, REQUEST_SIZE - 1 - *used_out, 0);

        if (n <= 0 || buffer[0] == 0x16) /* the client begins with TLS */
            return 0;
        *used_out += (size_t)n;
        buffer[*used_out] = '\0';
        end = strstr(buffer, "\r\n\r\n");
    }
    return end ? (size_t)(end + 4 - buffer) : 0;
}

/* Reads the whole body, however large, and keeps its beginning in buffer. */
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

size_t content_length(const char *header)
{
    const char *at = strcasestr(header, "\r\nContent-Length:");

    return at ? strtoul(at + 17, NULL, 10) : 0;
}

/* Records a request and decides what to do with it. */
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
    server->bodies++;
    pthread_cond_broadcast(&server->changed);
    if (size < REQUEST_SIZE) {
        memcpy(server->body, body, size);
        server->body[size] = '\0';
    }
    pthread_mutex_unlock(&server->lock);
}

static bool answer_busy(struct server *server, int fd)
{
    const char *busy;

    pthread_mutex_lock(&server->lock);
    busy = server->busy;
    pthread_mutex_unlock(&server->lock);
    return send_all(fd, busy, strlen(busy)) && !strstr(busy, "Connection: close");
}

/* Ends without reading the body as a request. Without a reset the body is discarded,
 * because otherwise the answer would be lost. */
static bool end_early(struct server *server, enum action action, int fd)
{
    char rest[16384];

    if (action == RESET_AT_HEADER) {
        reset(fd);
        return false;
    }
    answer_busy(server, fd);
    shutdown(fd, SHUT_WR);
    while (recv(fd, rest, sizeof rest, 0) > 0)
        ;
    return false;
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
    if (action == RESET_AT_HEADER || action == BUSY_AT_HEADER)
        return end_early(server, action, fd);
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
    case BUSY:
        return answer_busy(server, fd);
    case RESET_AT_BODY:
        reset(fd);
        return false;
    case HANG:
        while (recv(fd, buffer, 1, 0) > 0)
            ;
        return false;
    case RESET_AT_HEADER:
    case BUSY_AT_HEADER:
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
        /* Otherwise two small sends would wait for each other's acknowledgement. */
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
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

int bind_loopback(unsigned *port_out)
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

struct server *server_start(const char *answer, size_t script_length,
                            const enum action *script)
{
    struct server *server = calloc(1, sizeof *server);

    assert_non_null(server);
    server->answer = answer;
    server->answer_size = strlen(answer);
    server->busy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
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

void server_release(struct server *server)
{
    pthread_mutex_lock(&server->lock);
    for (size_t i = 0; i < server->connections; i++)
        if (server->fds[i] >= 0)
            shutdown(server->fds[i], SHUT_RDWR);
    pthread_mutex_unlock(&server->lock);
}

void server_stop(struct server *server)
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

void server_wait_for_requests(struct server *server, size_t count)
{
    pthread_mutex_lock(&server->lock);
    while (server->requests < count)
        pthread_cond_wait(&server->changed, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

void server_wait_for_bodies(struct server *server, size_t count)
{
    pthread_mutex_lock(&server->lock);
    while (server->bodies < count)
        pthread_cond_wait(&server->changed, &server->lock);
    pthread_mutex_unlock(&server->lock);
}

size_t server_requests(struct server *server)
{
    size_t requests;

    pthread_mutex_lock(&server->lock);
    requests = server->requests;
    pthread_mutex_unlock(&server->lock);
    return requests;
}

size_t server_latest_connection(struct server *server)
{
    size_t connection;

    pthread_mutex_lock(&server->lock);
    connection = server->latest_connection;
    pthread_mutex_unlock(&server->lock);
    return connection;
}

size_t server_connections(struct server *server)
{
    size_t connections;

    pthread_mutex_lock(&server->lock);
    connections = server->connections;
    pthread_mutex_unlock(&server->lock);
    return connections;
}

void server_set_busy(struct server *server, const char *answer)
{
    pthread_mutex_lock(&server->lock);
    server->busy = answer;
    pthread_mutex_unlock(&server->lock);
}

/* ---- a client of the server ---- */

/* Timeouts that no slow machine reaches. */
const struct api_options defaults = {
    .proxy = (char[]){""},
    .connect_timeout_s = 1000,
    .timeout_s = 1000,
    .max_connections = 8,
    .max_in_flight = 256,
    .retries = 2,
    .breaker_failures = 1000, /* never, unless a test sets it */
    .breaker_cooldown_s = 10,
};

struct api_client *client_with(struct api_options options)
{
    struct api_client *client;
    struct error err;

    if (!api_client_new(&options, &client, &err))
        fail_msg("%s", err.text);
    return client;
}

bool post_for(const char *account, struct api_client *client, unsigned port,
              const char *body, struct api_answer *answer_out, struct error *err)
{
    char url[64];

    snprintf(url, sizeof url, "http://127.0.0.1:%u" SECRET_PATH, port);
    memset(answer_out, 0xFF, sizeof *answer_out);
    *err = (struct error){.text = "no error"};
    return api_client_post(client, url, account, body, strlen(body), INT64_MAX, NULL,
                           answer_out, err);
}

bool post(struct api_client *client, unsigned port, const char *body,
          struct api_answer *answer_out, struct error *err)
{
    return post_for("greenfield", client, port, body, answer_out, err);
}

void check_fails(const char *row, struct api_client *client, unsigned port,
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

void check_answer(const char *row, struct api_client *client, unsigned port,
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
