/* SPDX-License-Identifier: ISC */
/* HTTP with libcurl: one thread serves all sessions and keeps connections open. It
 * sends each request once and says what happened; api_client.c decides on retries. */
#ifndef SMS_MILTER_API_TRANSPORT_H
#define SMS_MILTER_API_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/api_answer.h"
#include "base/error.h"
#include "base/patience.h"
#include "config/config.h"

struct transport;

/* Starts the thread. The caller frees *transport_out with transport_free(). On failure
 * *transport_out is NULL. */
bool transport_new(unsigned max_connections, struct transport **transport_out,
                   struct error *err);

/* Sets the limit of connections to each address, from now on. Any thread may call
 * this. */
void transport_set_max_connections(struct transport *transport,
                                   unsigned max_connections);

/* Stops the thread, frees and clears *transport. No thread may be in transport_post()
 * or enter it any more. Does nothing if *transport is already NULL. */
void transport_free(struct transport **transport);

/* Everything is borrowed until transport_post() returns. */
struct transport_request {
    const char *url;
    const char *body;
    size_t size_bytes;
    int64_t deadline_ms;       /* of clock_now_ms() */
    struct patience *patience; /* of the waiting thread; may be NULL */
};

/* The size of libcurl's error texts (CURL_ERROR_SIZE). */
enum { TRANSPORT_REASON_SIZE = 256 };

/* What a request showed about the server. Neither flag is set if the failure was our
 * own (memory, sockets), or if the request never got one of max-connections. */
struct transport_outcome {
    bool is_alive;   /* it sent an HTTP answer, even if too large for us */
    bool is_failing; /* no answer: DNS, connection, TLS, time-out, cut off... */
    char reason[TRANSPORT_REASON_SIZE]; /* of the failure; contains neither URL nor body
                                         */
    struct api_answer answer;
    int64_t retry_after_s; /* from Retry-After; 0: none, or "now" */
};

/* Sends a request once and waits for its answer until the deadline. Copies of the body
 * exist in the send buffers of libcurl, whose memory is wiped when it is freed, and in
 * the libraries that libcurl uses. Any thread may call this.
 *
 * Returns true for an answer of any status; the caller frees it with api_answer_free().
 * An answer whose body was cut off counts if its status is 300 or above, which tells
 * enough. Otherwise fails with ERROR_TEMPORARY if the server certainly did not get the
 * whole body and so cannot have acted on it, and with ERROR_UNCERTAIN if it may have
 * got it. */
bool transport_post(struct transport *transport, const struct api_options *options,
                    const struct transport_request *request,
                    struct transport_outcome *outcome_out, struct error *err);

/* Whether a file contains a certificate (PEM) that can vouch for a server. If not, *err
 * says so in words that can follow the option's name. */
bool transport_check_ca_file(const char *path, struct error *err);

enum { TRANSPORT_HOST_SIZE = 256 };

/* The host of a URL in a form that may be logged: without user, path or query. "the SMS
 * service" if the URL has no host. */
void transport_name_host(const char *url, char name_out[TRANSPORT_HOST_SIZE]);

#endif
