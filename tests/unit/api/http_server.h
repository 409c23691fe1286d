/* SPDX-License-Identifier: ISC */
/* An HTTP server on the loopback that misbehaves as it is told, and an API client that
 * posts to it: what the tests of milter/api/ share. */
#ifndef SMS_MILTER_TESTS_UNIT_API_HTTP_SERVER_H
#define SMS_MILTER_TESTS_UNIT_API_HTTP_SERVER_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "../unit.h"
#include "api/api_client.h"

enum action {
    ANSWER,          /* with the server's answer, and keep the connection */
    ECHO,            /* with the body of the request */
    BUSY,            /* with what server_set_busy() said, or 503 */
    BUSY_AT_HEADER,  /* the same before the body is read, and close */
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
    const char *busy;
    size_t connections, requests, bodies;
    size_t latest_connection; /* which one the latest request came over */
    char header[REQUEST_SIZE], body[REQUEST_SIZE]; /* of the latest request */
    size_t body_size;
};

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]"

/* A server that does what the actions say with the first request, the second and so on;
 * the last is for all after. answer is a whole answer, and borrowed. */
#define SERVER(answer, ...)                                           \
    server_start(answer, COUNT(((const enum action[]){__VA_ARGS__})), \
                 (const enum action[]){__VA_ARGS__})
struct server *server_start(const char *answer, size_t script_length,
                            const enum action *script);

/* The answer of BUSY from now on. Borrowed. */
void server_set_busy(struct server *server, const char *answer);

/* Ends every connection. */
void server_release(struct server *server);

/* Ends and frees it. */
void server_stop(struct server *server);

/* So many since the start. */
void server_wait_for_requests(struct server *server, size_t count);
void server_wait_for_bodies(struct server *server, size_t count);
size_t server_requests(struct server *server);
size_t server_connections(struct server *server);

/* Which connection the latest request came over, counted from 0. */
size_t server_latest_connection(struct server *server);

/* A port of its own on the loopback, where nobody listens. */
int bind_loopback(unsigned *port_out);

size_t content_length(const char *header);

/* Of a client that tries twice more, and never takes a server for dead. */
extern const struct api_options defaults;

struct api_client *client_with(struct api_options options);

#define SECRET_PATH "/path-not-to-be-told"

/* A post to that path, of this account or of one that is always the same. */
bool post_for(const char *account, struct api_client *client, unsigned port,
              const char *body, struct api_answer *answer_out, struct error *err);
bool post(struct api_client *client, unsigned port, const char *body,
          struct api_answer *answer_out, struct error *err);

/* A post that must fail, and what is promised of every failure. */
void check_fails(const char *row, struct api_client *client, unsigned port,
                 const char *body, enum error_kind kind, const char *status);

void check_answer(const char *row, struct api_client *client, unsigned port,
                  const char *body, long status, const char *want);

#endif
