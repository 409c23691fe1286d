/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_EXCHANGE_H
#define SIMULATOR_EXCHANGE_H

#include "api.h"

#include <microhttpd.h>

/* What we know of one TCP connection. */
struct peer {
    unsigned long long number; /* counted from 1 */
    bool has_called_api;
};

/* One HTTP request from its headers to the end of its answer. Only the thread that
 * serves its connection touches it; while it is paused, nobody does. */
struct exchange {
    struct simulator *simulator;
    struct MHD_Connection *connection;
    const char *method; /* this and path: borrowed from the connection */
    const char *path;
    char *body; /* NULL while there is none */
    size_t body_bytes;
    size_t body_room;
    bool is_too_large; /* more came than is kept */
    bool is_api;
    bool is_handled; /* the API decided; reply is filled */
    bool has_waited; /* for the latency */
    struct api_reply reply;
};

struct exchange_page {
    unsigned status;
    const char *type;
    const char *allow; /* the Allow field of a 405; NULL: none */
};

/* NULL when there is no memory. The caller frees it with exchange_free(). */
struct exchange *exchange_new(struct simulator *simulator,
                              struct MHD_Connection *connection, const char *method,
                              const char *path);

/* Frees *exchange and sets it to NULL. */
void exchange_free(struct exchange **exchange);

/* Keeps a piece of the body; what is beyond API_MAX_BODY_BYTES is dropped. False when
 * there is no memory. */
bool exchange_take_body(struct exchange *exchange, const char *data, size_t bytes);

/* Suspends the connection; MHD calls on again in delay_ms, or at once when the
 * simulator stops. */
void exchange_pause(struct exchange *exchange, unsigned delay_ms);

/* Whether the simulator ends: no more pauses. */
bool exchange_must_end(const struct exchange *exchange);

/* Breaks the connection with a TCP RST. The handler then returns MHD_NO. */
void exchange_reset(struct exchange *exchange);

/* Whether the client has closed its side. */
bool exchange_has_client_left(struct exchange *exchange);

/* Answers with text that is copied, or with memory that is freed. */
enum MHD_Result exchange_send(struct exchange *exchange,
                              const struct exchange_page *page, const char *text,
                              size_t bytes);
enum MHD_Result exchange_send_and_free(struct exchange *exchange,
                                       const struct exchange_page *page, char *text,
                                       size_t bytes);

/* Answers with a response, which is taken; NULL ends the connection. */
enum MHD_Result exchange_send_response(struct exchange *exchange,
                                       const struct exchange_page *page,
                                       struct MHD_Response *response);

#endif
