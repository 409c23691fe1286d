/* SPDX-License-Identifier: ISC */
/* HTTP by libcurl: one thread for all sessions, connections kept open. It sends what it
 * is told once, and says what became of it; whether to try again is api_client.c's. */
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

/* Starts the thread. The caller frees *transport_out with transport_free(); on failure
 * it is NULL. */
bool transport_new(unsigned max_connections, struct transport **transport_out,
                   struct error *err);

/* Of each address, from now on. Any thread. */
void transport_set_max_connections(struct transport *transport,
                                   unsigned max_connections);

/* Ends the thread, frees and clears *transport. Nobody may be in transport_post() or
 * enter it any more. Does nothing when it is NULL already. */
void transport_free(struct transport **transport);

/* All of it is borrowed until transport_post() returns. */
struct transport_request {
    const char *url;
    const char *body;
    size_t size_bytes;
    int64_t deadline_ms;       /* of clock_now_ms() */
    struct patience *patience; /* of the thread that waits; may be NULL */
};

/* As long as libcurl's own texts, CURL_ERROR_SIZE. */
enum { TRANSPORT_REASON_SIZE = 256 };

/* What a request told about the server. Neither is set where only we failed (memory,
 * sockets), or where the request never got one of max-connections. */
struct transport_outcome {
    bool is_alive;   /* it answered by HTTP, even if more than we read */
    bool is_failing; /* it did not: DNS, connection, TLS, time-out, cut off... */
    char reason[TRANSPORT_REASON_SIZE]; /* of the failure: no URL, no body */
    struct api_answer answer;
    int64_t retry_after_s; /* Retry-After of the answer, 0: none, or "now" */
};

/* Sends a request once and waits for its answer until the deadline. Copies of the body
 * are in the send buffers of libcurl, whose memory is wiped when freed, and of the
 * libraries that it uses. Any thread.
 *
 * True for an answer, of any status, that the caller frees with api_answer_free(). An
 * answer whose body was cut off counts where its status already tells what it is, 300
 * and above. Otherwise ERROR_TEMPORARY when the server certainly has not got the whole
 * body, so that it cannot have acted on it, and ERROR_UNCERTAIN when it may have. */
bool transport_post(struct transport *transport, const struct api_options *options,
                    const struct transport_request *request,
                    struct transport_outcome *outcome_out, struct error *err);

/* Whether a file has a certificate (PEM) that can vouch for a server; *err says so to
 * stand behind the option's name. */
bool transport_check_ca_file(const char *path, struct error *err);

enum { TRANSPORT_HOST_SIZE = 256 };

/* The host of an URL, as a log may have it: no user, path or query. "the SMS service"
 * where there is none. */
void transport_name_host(const char *url, char name_out[TRANSPORT_HOST_SIZE]);

#endif
