/* SPDX-License-Identifier: ISC */
#ifndef SIMULATOR_EXCHANGE_H
#define SIMULATOR_EXCHANGE_H

#include "api.h"

#include <microhttpd.h>

/* What is known about a TCP connection. */
struct peer {
    unsigned long long number; /* counted from 1 */
    bool has_called_api;
};

/* One HTTP request, from its headers to the end of its answer. Only the thread that
 * serves its connection uses it; during a pause no thread does. */
struct exchange {
    struct simulator *simulator;
    struct MHD_Connection *connection;
    const char *method; /* method and path are borrowed from the connection */
    const char *path;
    char *body; /* NULL if there is none yet */
    size_t body_bytes;
    size_t body_room;
    bool is_too_large; /* more arrived than is kept */
    bool is_api;
    bool is_handled; /* the API has decided; reply is filled */
    bool has_waited; /* the latency is over */
    struct api_reply reply;
};

struct exchange_page {
    unsigned status;
    const char *type;
    const char *allow; /* the Allow header of a 405; NULL: none */
};

/* Returns NULL without memory. The caller frees it with exchange_free(). */
struct exchange *exchange_new(struct simulator *simulator,
                              struct MHD_Connection *connection, const char *method,
                              const char *path);

/* Frees and clears *exchange. */
void exchange_free(struct exchange **exchange);

/* Stores a piece of the body; anything above API_MAX_BODY_BYTES is dropped. Returns
 * false without memory. */
bool exchange_take_body(struct exchange *exchange, const char *data, size_t bytes);

/* Suspends the connection. libmicrohttpd calls the handler again in delay_ms, or at
 * once when the simulator stops. */
void exchange_pause(struct exchange *exchange, unsigned delay_ms);

/* Whether the simulator is stopping; no more pauses are possible then. */
bool exchange_must_end(const struct exchange *exchange);

/* Breaks the connection with a TCP RST. The handler must then return MHD_NO. */
void exchange_reset(struct exchange *exchange);

/* Whether the client has closed its side. */
bool exchange_has_client_left(struct exchange *exchange);

/* Answers with text: the first copies it, the second frees it. */
enum MHD_Result exchange_send(struct exchange *exchange,
                              const struct exchange_page *page, const char *text,
                              size_t bytes);
enum MHD_Result exchange_send_and_free(struct exchange *exchange,
                                       const struct exchange_page *page, char *text,
                                       size_t bytes);

/* Answers with a response and takes it over. NULL ends the connection. */
enum MHD_Result exchange_send_response(struct exchange *exchange,
                                       const struct exchange_page *page,
                                       struct MHD_Response *response);

#endif
