/* SPDX-License-Identifier: ISC */
#include "api_http.h"
#include "stream.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How often `never` checks whether the client is still connected, and `hold` also
 * whether it may continue. */
enum { LOOK_INTERVAL_MS = 100, HOLD_INTERVAL_MS = 10, MAX_NAME_BYTES = 256 };

static const char content_json[] = "application/json; charset=utf-8";

static const char not_json[] =
    "<!DOCTYPE html><html><head><title>Service</title></head>"
    "<body><h1>We will be back soon</h1></body></html>\n";

/* Adds one header. If a name occurs twice, both values are kept. */
static enum MHD_Result add_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    json_object *headers = arg, *before;
    char lower[MAX_NAME_BYTES], *joined = NULL;
    size_t i;

    (void)kind;
    for (i = 0; name[i] != '\0' && i < sizeof(lower) - 1; i++)
        lower[i] = (char)tolower((unsigned char)name[i]);
    lower[i] = '\0';
    value = value == NULL ? "" : value;
    before = json_object_object_get(headers, lower);
    if (before != NULL &&
        asprintf(&joined, "%s, %s", json_object_get_string(before), value) > 0)
        value = joined;
    json_object_object_add(headers, lower, json_object_new_string(value));
    free(joined);
    return MHD_YES;
}

/* Collects what api.c needs. The caller frees headers with json_object_put(). */
static struct api_call call_of(struct exchange *exchange)
{
    const struct peer *peer =
        MHD_get_connection_info(exchange->connection,
                                MHD_CONNECTION_INFO_SOCKET_CONTEXT)
            ->socket_context;
    struct api_call call = {
        .method = exchange->method,
        .path = exchange->path,
        .content_type = MHD_lookup_connection_value(
            exchange->connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_TYPE),
        .headers = json_object_new_object(),
        .body = exchange->body == NULL ? "" : exchange->body,
        .body_bytes = exchange->body_bytes,
        .is_too_large = exchange->is_too_large,
        .connection = peer == NULL ? 0 : peer->number,
    };

    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, add_header,
                              call.headers);
    return call;
}

static void count_connection(struct exchange *exchange)
{
    struct peer *peer = MHD_get_connection_info(exchange->connection,
                                                MHD_CONNECTION_INFO_SOCKET_CONTEXT)
                            ->socket_context;

    if (peer == NULL || peer->has_called_api)
        return;
    peer->has_called_api = true;
    inbox_count(exchange->simulator->inbox, COUNT_API_CONNECTIONS);
}

enum MHD_Result api_http_begin(struct exchange *exchange)
{
    struct fault *fault;
    struct api_call call;

    count_connection(exchange);
    fault = fault_list_pick(exchange->simulator->faults, FAULT_AT_HEADERS, NULL, 0);
    if (fault == NULL)
        return MHD_YES;
    call = call_of(exchange);
    api_handle_unread(exchange->simulator, &call, fault);
    json_object_put(call.headers);
    fault_release(&fault);
    exchange_reset(exchange);
    return MHD_NO;
}

static char *take_body(struct api_reply *reply)
{
    char *body = reply->body;

    reply->body = NULL;
    return body;
}

/* Sends the API's answer unchanged. */
static enum MHD_Result send_reply(struct exchange *exchange)
{
    struct api_reply *reply = &exchange->reply;
    struct exchange_page page = {
        .status = reply->status,
        .type = content_json,
        .allow = reply->status == 405 ? "POST" : NULL,
    };

    return exchange_send_and_free(exchange, &page, take_body(reply), reply->bytes);
}

/* Sends an HTTP status instead of an answer. A redirection leads back to the same URL,
 * so a client that follows it would send the SMS again. */
static enum MHD_Result send_status(struct exchange *exchange)
{
    struct api_reply *reply = &exchange->reply;
    const char *retry_after = fault_retry_after(reply->fault);
    struct exchange_page page = {.status = reply->status, .type = content_json};
    struct MHD_Response *response = MHD_create_response_from_buffer(
        reply->bytes, reply->body, MHD_RESPMEM_MUST_COPY);

    if (response == NULL)
        return MHD_NO;
    if (retry_after != NULL)
        MHD_add_response_header(response, MHD_HTTP_HEADER_RETRY_AFTER, retry_after);
    if (reply->status / 100 == 3)
        MHD_add_response_header(response, MHD_HTTP_HEADER_LOCATION, exchange->path);
    return exchange_send_response(exchange, &page, response);
}

static enum MHD_Result send_reset(struct exchange *exchange)
{
    exchange_reset(exchange);
    return MHD_NO;
}

static enum MHD_Result send_nothing(struct exchange *exchange)
{
    (void)exchange;
    return MHD_NO;
}

static enum MHD_Result send_html(struct exchange *exchange)
{
    struct exchange_page page = {.status = 200, .type = "text/html"};

    return exchange_send(exchange, &page, not_json, strlen(not_json));
}

static enum MHD_Result send_empty(struct exchange *exchange)
{
    struct exchange_page page = {.status = 200, .type = content_json};

    return exchange_send(exchange, &page, "", 0);
}

static enum MHD_Result send_half(struct exchange *exchange)
{
    struct exchange_page page = {.status = 200, .type = content_json};

    return exchange_send_response(
        exchange, &page,
        stream_half(take_body(&exchange->reply), exchange->reply.bytes));
}

static enum MHD_Result send_slowly(struct exchange *exchange)
{
    struct exchange_page page = {.status = 200, .type = content_json};
    struct api_reply *reply = &exchange->reply;

    return exchange_send_response(exchange, &page,
                                  stream_slowly(exchange, take_body(reply),
                                                reply->bytes,
                                                (unsigned)fault_number(reply->fault)));
}

static enum MHD_Result send_huge(struct exchange *exchange)
{
    struct exchange_page page = {.status = 200, .type = content_json};
    struct api_reply *reply = &exchange->reply;

    return exchange_send_response(
        exchange, &page,
        stream_huge(take_body(reply), reply->bytes, fault_number(reply->fault)));
}

static enum MHD_Result send_never(struct exchange *exchange)
{
    if (exchange_must_end(exchange) || exchange_has_client_left(exchange))
        return MHD_NO;
    exchange_pause(exchange, LOOK_INTERVAL_MS);
    return MHD_YES;
}

static enum MHD_Result send_when_removed(struct exchange *exchange)
{
    if (fault_is_removed(exchange->reply.fault))
        return send_reply(exchange);
    if (exchange_must_end(exchange) || exchange_has_client_left(exchange))
        return MHD_NO;
    exchange_pause(exchange, HOLD_INTERVAL_MS);
    return MHD_YES;
}

/* How the answer is sent under a fault of the whole request. Faults that only change
 * its content are handled in api.c. */
static enum MHD_Result (*const senders[])(struct exchange *) = {
    [FAULT_HTTP] = send_status,       [FAULT_RESET_BEFORE] = send_reset,
    [FAULT_RESET_AFTER] = send_reset, [FAULT_CLOSE_AFTER] = send_nothing,
    [FAULT_HALF] = send_half,         [FAULT_NOT_JSON] = send_html,
    [FAULT_EMPTY] = send_empty,       [FAULT_HUGE] = send_huge,
    [FAULT_SLOW] = send_slowly,       [FAULT_NEVER] = send_never,
    [FAULT_HOLD] = send_when_removed, [FAULT_FEWER] = send_reply,
    [FAULT_REVERSED] = send_reply,    [FAULT_OBJECT] = send_reply,
};

static void handle(struct exchange *exchange)
{
    struct api_call call = call_of(exchange);

    api_handle(exchange->simulator, &call, &exchange->reply);
    json_object_put(call.headers);
    exchange->is_handled = true;
}

enum MHD_Result api_http_continue(struct exchange *exchange)
{
    unsigned latency_ms = exchange->simulator->latency_ms;

    if (!exchange->is_handled)
        handle(exchange);
    if (latency_ms > 0 && !exchange->has_waited && !exchange_must_end(exchange)) {
        exchange->has_waited = true;
        exchange_pause(exchange, latency_ms);
        return MHD_YES;
    }
    if (exchange->reply.fault == NULL)
        return send_reply(exchange);
    return senders[fault_kind(exchange->reply.fault)](exchange);
}
