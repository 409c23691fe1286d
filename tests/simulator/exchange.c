/* SPDX-License-Identifier: ISC */
#include "exchange.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct exchange *exchange_new(struct simulator *simulator,
                              struct MHD_Connection *connection, const char *method,
                              const char *path)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));

    if (exchange == NULL)
        return NULL;
    exchange->simulator = simulator;
    exchange->connection = connection;
    exchange->method = method;
    exchange->path = path;
    exchange->is_api = api_owns_path(path);
    if (exchange->is_api)
        inbox_enter(simulator->inbox);
    return exchange;
}

void exchange_free(struct exchange **exchange)
{
    if ((*exchange)->is_api)
        inbox_leave((*exchange)->simulator->inbox);
    api_reply_clear(&(*exchange)->reply);
    free((*exchange)->body);
    free(*exchange);
    *exchange = NULL;
}

/* Makes space for this many bytes and a NUL. */
static bool make_room(struct exchange *exchange, size_t bytes)
{
    size_t room = exchange->body_room == 0 ? 1024 : exchange->body_room;
    char *body;

    while (room < bytes + 1)
        room *= 2;
    if (room == exchange->body_room)
        return true;
    body = realloc(exchange->body, room);
    if (body == NULL)
        return false;
    exchange->body = body;
    exchange->body_room = room;
    return true;
}

bool exchange_take_body(struct exchange *exchange, const char *data, size_t bytes)
{
    if (exchange->is_too_large || bytes > API_MAX_BODY_BYTES - exchange->body_bytes) {
        exchange->is_too_large = true;
        return true;
    }
    if (!make_room(exchange, exchange->body_bytes + bytes))
        return false;
    memcpy(exchange->body + exchange->body_bytes, data, bytes);
    exchange->body_bytes += bytes;
    exchange->body[exchange->body_bytes] = '\0';
    return true;
}

/* Called on the timer thread. */
static void resume(void *connection)
{
    MHD_resume_connection(connection);
}

void exchange_pause(struct exchange *exchange, unsigned delay_ms)
{
    MHD_suspend_connection(exchange->connection);
    if (!timers_add(exchange->simulator->timers, delay_ms, resume,
                    exchange->connection))
        MHD_resume_connection(exchange->connection);
}

bool exchange_must_end(const struct exchange *exchange)
{
    return timers_are_stopping(exchange->simulator->timers);
}

static int socket_of(struct exchange *exchange)
{
    return MHD_get_connection_info(exchange->connection,
                                   MHD_CONNECTION_INFO_CONNECTION_FD)
        ->connect_fd;
}

/* libmicrohttpd would first send a FIN, so the kernel is told to drop the connection at
 * once: connecting to AF_UNSPEC does that, with an RST. If this fails, SO_LINGER makes
 * close() send an RST. */
void exchange_reset(struct exchange *exchange)
{
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    static const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    int fd = socket_of(exchange);

    setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    if (connect(fd, &nobody, sizeof(nobody)) != 0)
        return;
}

bool exchange_has_client_left(struct exchange *exchange)
{
    struct pollfd state = {.fd = socket_of(exchange), .events = POLLRDHUP};

    return poll(&state, 1, 0) > 0;
}

/* Headers of every answer: it may not be cached, sniffed or framed, and only the page's
 * own files may run. */
static bool add_headers(struct MHD_Response *response, const struct exchange_page *page)
{
    const char *const headers[][2] = {
        {"Content-Type", page->type},
        {"Allow", page->allow},
        {"Cache-Control", "no-store"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
         "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
    };

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        if (headers[i][1] != NULL &&
            MHD_add_response_header(response, headers[i][0], headers[i][1]) != MHD_YES)
            return false;
    return true;
}

enum MHD_Result exchange_send_response(struct exchange *exchange,
                                       const struct exchange_page *page,
                                       struct MHD_Response *response)
{
    enum MHD_Result result = MHD_NO;

    if (response == NULL)
        return MHD_NO;
    if (add_headers(response, page))
        result = MHD_queue_response(exchange->connection, page->status, response);
    MHD_destroy_response(response);
    return result;
}

/* libmicrohttpd's buffer is not const, but a persistent one is only read. */
static struct MHD_Response *response_of(const char *text, size_t bytes,
                                        enum MHD_ResponseMemoryMode mode)
{
    union {
        const char *given;
        void *wanted;
    } buffer = {text};

    return MHD_create_response_from_buffer(bytes, buffer.wanted, mode);
}

enum MHD_Result exchange_send(struct exchange *exchange,
                              const struct exchange_page *page, const char *text,
                              size_t bytes)
{
    return exchange_send_response(exchange, page,
                                  response_of(text, bytes, MHD_RESPMEM_MUST_COPY));
}

enum MHD_Result exchange_send_and_free(struct exchange *exchange,
                                       const struct exchange_page *page, char *text,
                                       size_t bytes)
{
    if (text == NULL)
        return MHD_NO;
    return exchange_send_response(exchange, page,
                                  response_of(text, bytes, MHD_RESPMEM_MUST_FREE));
}
