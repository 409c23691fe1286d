/* SPDX-License-Identifier: ISC */
/* An HTTP server on the loopback that misbehaves on request, and an API client that
 * posts to it. The tests of milter/api/ share them. */
#ifndef SMS_MILTER_TESTS_UNIT_API_HTTP_SERVER_H
#define SMS_MILTER_TESTS_UNIT_API_HTTP_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "../unit.h"
#include "api/api_client.h"

enum action {
    ANSWER,          /* with the server's answer; the connection stays open */
    ECHO,            /* with the body of the request */
    BUSY,            /* with the answer of server_set_busy(), or 503 */
    BUSY_AT_HEADER,  /* the same before the body is read, then close */
    RESET_AT_HEADER, /* without reading the body */
    RESET_AT_BODY,   /* after the whole body was read */
    CLOSE_AT_BODY,   /* the same, but with an orderly close */
    HANG,            /* until the client or server_stop() ends it */
};

/* More than the kernel buffers for a connection. */
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
    /* The actions for the first request, the second, and so on. The last one is
     * repeated. */
    enum action script[MAX_SCRIPT];
    size_t script_length;
    pthread_mutex_t lock; /* guards everything below, and fds */
    pthread_cond_t changed;
    const char *busy;
    size_t connections, requests, bodies;
    size_t latest_connection; /* the connection of the latest request */
    char header[REQUEST_SIZE], body[REQUEST_SIZE]; /* of the latest request */
    size_t body_size;
};

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"

/* Starts a server that handles the first request by the first action, the second by the
 * second, and so on; the last action is repeated. answer is a complete answer,
 * borrowed. */
#define SERVER(answer, ...)                                           \
    server_start(answer, COUNT(((const enum action[]){__VA_ARGS__})), \
                 (const enum action[]){__VA_ARGS__})
struct server *server_start(const char *answer, size_t script_length,
                            const enum action *script);

/* Sets the answer for BUSY. Borrowed. */
void server_set_busy(struct server *server, const char *answer);

/* Ends every connection. */
void server_release(struct server *server);

/* Stops the server and frees it. */
void server_stop(struct server *server);

/* These wait for, or return, the number since the start. */
void server_wait_for_requests(struct server *server, size_t count);
void server_wait_for_bodies(struct server *server, size_t count);
size_t server_requests(struct server *server);
size_t server_connections(struct server *server);

/* The connection of the latest request, counted from 0. */
size_t server_latest_connection(struct server *server);

/* Binds a free port on the loopback on which nobody listens. */
int bind_loopback(unsigned *port_out);

size_t content_length(const char *header);

/* For a client that tries twice more, and whose breaker never opens. */
extern const struct api_options defaults;

struct api_client *client_with(struct api_options options);

#define SECRET_PATH "/path-not-to-be-told"

/* Posts to that path, for this account or for one that is always the same. */
bool post_for(const char *account, struct api_client *client, unsigned port,
              const char *body, struct api_answer *answer_out, struct error *err);
bool post(struct api_client *client, unsigned port, const char *body,
          struct api_answer *answer_out, struct error *err);

/* Posts, which must fail, and checks what is promised of every failure. */
void check_fails(const char *row, struct api_client *client, unsigned port,
                 const char *body, enum error_kind kind, const char *status);

void check_answer(const char *row, struct api_client *client, unsigned port,
                  const char *body, long status, const char *want);

#endif
