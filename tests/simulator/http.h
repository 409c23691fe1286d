/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_HTTP_H
#define SIMULATOR_HTTP_H

#include "listener.h"
#include "simulator.h"

/* The HTTP server. It owns libmicrohttpd's threads. */
struct http;

struct http_options {
    const char *listen;   /* ADDR:PORT */
    const char *tls_cert; /* PEM files; both NULL: plain HTTP */
    const char *tls_key;
    unsigned threads; /* at least 1 */
};

/* Starts to serve simulator, which the caller owns and which must outlive the server.
 * Returns NULL on failure; *problem says why. The caller ends the server with
 * http_stop(). */
struct http *http_start(struct simulator *simulator, const struct http_options *options,
                        struct problem *problem);

/* For example "http://127.0.0.1:4711/". Borrowed: valid until http_stop(). */
const char *http_url(const struct http *http);

/* Ends all connections and threads, frees and clears *http. Stops the simulator's
 * timers. */
void http_stop(struct http **http);

#endif
