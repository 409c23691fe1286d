/* SPDX-License-Identifier: ISC */
#include "http.h"
#include "api_http.h"
#include "control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    MAX_CONNECTIONS = 8192,
    IDLE_TIMEOUT_S = 300,
    SPARE_FILES = 64,
    MAX_PEM_BYTES = 1 << 20
};

struct http {
    struct simulator *simulator;
    struct MHD_Daemon *daemon;
    char *tls_cert; /* the contents of the file; NULL without TLS */
    char *tls_key;
    char url[LISTENER_NAME_BYTES + sizeof("https:///")];
};

static enum MHD_Result begin(struct simulator *simulator,
                             struct MHD_Connection *connection, const char *method,
                             const char *path, void **exchange_out)
{
    struct exchange *exchange = exchange_new(simulator, connection, method, path);

    if (exchange == NULL)
        return MHD_NO;
    *exchange_out = exchange;
    return exchange->is_api ? api_http_begin(exchange) : MHD_YES;
}

/* libmicrohttpd calls this with the headers, with each piece of the body, at the end of
 * the body, and again after each pause until there is an answer. */
static enum MHD_Result on_request(void *arg, struct MHD_Connection *connection,
                                  const char *path, const char *method,
                                  const char *version, const char *data, size_t *bytes,
                                  void **context)
{
    struct exchange *exchange = *context;

    (void)version;
    if (exchange == NULL)
        return begin(arg, connection, method, path, context);
    if (*bytes > 0) {
        bool is_taken = exchange_take_body(exchange, data, *bytes);
        *bytes = 0;
        return is_taken ? MHD_YES : MHD_NO;
    }
    return exchange->is_api ? api_http_continue(exchange) : control_answer(exchange);
}

static void on_completed(void *arg, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *context;

    (void)arg;
    (void)connection;
    (void)why;
    if (exchange != NULL)
        exchange_free(&exchange);
    *context = NULL;
}

static void on_connection(void *arg, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    struct simulator *simulator = arg;
    struct peer *peer;

    (void)connection;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        free(*context);
        *context = NULL;
        return;
    }
    peer = calloc(1, sizeof(*peer));
    if (peer != NULL)
        peer->number = inbox_count(simulator->inbox, COUNT_CONNECTIONS);
    *context = peer;
}

/* Raises the limit of open files as far as possible. Returns how many connections are
 * possible. */
static unsigned raise_file_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 512;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < 2 * SPARE_FILES)
        return SPARE_FILES;
    if (limit.rlim_cur > MAX_CONNECTIONS + SPARE_FILES)
        return MAX_CONNECTIONS;
    return (unsigned)limit.rlim_cur - SPARE_FILES;
}

static char *read_file(const char *path, struct problem *problem)
{
    FILE *file = fopen(path, "r");
    char *text = NULL;
    size_t size;

    if (file == NULL) {
        problem_set(problem, "cannot open %s: %m", path);
        return NULL;
    }
    text = calloc(1, MAX_PEM_BYTES + 1);
    size = text == NULL ? 0 : fread(text, 1, MAX_PEM_BYTES, file);
    if (size == 0 || ferror(file)) {
        problem_set(problem, "cannot read %s", path);
        free(text);
        text = NULL;
    }
    fclose(file);
    return text;
}

static bool read_tls(struct http *http, const struct http_options *options,
                     struct problem *problem)
{
    if (options->tls_cert == NULL)
        return true;
    http->tls_cert = read_file(options->tls_cert, problem);
    if (http->tls_cert == NULL)
        return false;
    http->tls_key = read_file(options->tls_key, problem);
    return http->tls_key != NULL;
}

static void http_free(struct http *http)
{
    free(http->tls_cert);
    free(http->tls_key);
    free(http);
}

/* Takes over the socket if it succeeds. */
static bool start_daemon(struct http *http, int fd, unsigned threads)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME;
    const struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, http->tls_cert},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, http->tls_key},
        {MHD_OPTION_END, 0, NULL},
    };
    const struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};
    const struct MHD_OptionItem pool[] = {
        {MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL},
        {MHD_OPTION_END, 0, NULL},
    };

    if (http->tls_cert != NULL)
        flags |= MHD_USE_TLS;
    http->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, http->simulator, MHD_OPTION_LISTEN_SOCKET, fd,
        MHD_OPTION_CONNECTION_LIMIT, raise_file_limit(), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_TIMEOUT_S, MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http->simulator, MHD_OPTION_ARRAY,
        http->tls_cert != NULL ? tls : plain, MHD_OPTION_ARRAY,
        threads > 1 ? pool : plain, MHD_OPTION_END);
    return http->daemon != NULL;
}

static bool listen_and_start(struct http *http, const struct http_options *options,
                             struct problem *problem)
{
    char name[LISTENER_NAME_BYTES];
    int fd;

    if (!read_tls(http, options, problem))
        return false;
    fd = listener_open(options->listen, name, problem);
    if (fd < 0)
        return false;
    snprintf(http->url, sizeof(http->url), "%s://%s/",
             http->tls_cert != NULL ? "https" : "http", name);
    if (start_daemon(http, fd, options->threads))
        return true;
    close(fd);
    return problem_set(
        problem, "cannot start the HTTP server%s",
        http->tls_cert == NULL ? "" : ": are the certificate and key in order?");
}

struct http *http_start(struct simulator *simulator, const struct http_options *options,
                        struct problem *problem)
{
    struct http *http = calloc(1, sizeof(*http));

    if (http == NULL) {
        problem_set(problem, "out of memory");
        return NULL;
    }
    http->simulator = simulator;
    if (listen_and_start(http, options, problem))
        return http;
    http_free(http);
    return NULL;
}

const char *http_url(const struct http *http)
{
    return http->url;
}

/* No connection may be suspended when libmicrohttpd stops. The stopped timers resume
 * all connections and allow no further pause. */
void http_stop(struct http **http)
{
    int fd = MHD_quiesce_daemon((*http)->daemon);

    timers_stop((*http)->simulator->timers);
    MHD_stop_daemon((*http)->daemon);
    if (fd >= 0)
        close(fd);
    http_free(*http);
    *http = NULL;
}
