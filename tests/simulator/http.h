/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_HTTP_H
#define SIMULATOR_HTTP_H

#include "listener.h"
#include "simulator.h"

/* The HTTP server: it owns libmicrohttpd's threads. */
struct http;

struct http_options {
    const char *listen;   /* ADDR:PORT */
    const char *tls_cert; /* PEM files; both NULL: plain HTTP */
    const char *tls_key;
    unsigned threads; /* at least 1 */
};

/* Starts to serve simulator, which stays the caller's and must outlive it. NULL:
 * *problem says why. The caller ends it with http_stop(). */
struct http *http_start(struct simulator *simulator, const struct http_options *options,
                        struct problem *problem);

/* "http://127.0.0.1:4711/". Borrowed: valid until http_stop(). */
const char *http_url(const struct http *http);

/* Ends every connection and thread, frees *http and sets it to NULL. Stops the
 * simulator's timers. */
void http_stop(struct http **http);

#endif
