/* SPDX-License-Identifier: ISC */
#include "api/transport.h"

#include <curl/curl.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "secret/secret.h"
#include "secret/secret_memory.h"

/* Servers often keep an idle connection for 60 s or more, sometimes for 5 to 15 s. A
 * connection that was idle for longer than this is not reused: a POST could find that
 * it is dead, and nobody could tell such a POST from one that the server read. */
enum { MAX_IDLE_S = 20 };

/* Forgets DNS answers soon enough to follow a server that moves. */
enum { DNS_CACHE_S = 60 };

/* Every event wakes the thread, except the deadline of a request that waits for a
 * connection. */
enum { MAX_POLL_MS = 1000 };

/* One call of transport_post(). The session's thread creates it; from queueing until
 * is_done only the HTTP thread uses it; then the session reads it. */
struct post {
    struct post *next, *previous; /* in the queue, then among the active */
    CURL *easy;
    const struct transport_request *request;
    size_t sent_bytes; /* how much of the body libcurl took and may have sent */
    struct api_answer answer;
    curl_off_t retry_after_s;
    bool is_too_large;
    bool may_queue;  /* more posts were active than connections are allowed */
    bool has_socket; /* a connection was started for this post */
    char reason[CURL_ERROR_SIZE];
    CURLcode result;
    bool is_done; /* guarded by the transport's lock */
    pthread_cond_t done;
};

struct transport {
    pthread_t thread;
    CURLM *multi;        /* used by the HTTP thread, except curl_multi_wakeup() */
    struct post *active; /* used by the HTTP thread: the posts that multi works on */
    unsigned active_count, connection_limit; /* used by the HTTP thread */
    pthread_mutex_t lock;                    /* guards all members below */
    struct post *queue, **queue_end;
    unsigned max_connections;
    bool is_stopping;
};

/* ---- memory for libcurl, which holds request bodies at times ---- */

/* Stands before each block of libcurl. Its buffers for requests and answers are
 * large. */
union block {
    size_t size_bytes; /* including this header */
    max_align_t align;
};

enum { MIN_BUFFER_BYTES = 16 * 1024 };

static void *allocate(size_t size_bytes)
{
    union block *block = NULL;

    if (size_bytes > SIZE_MAX - sizeof *block)
        return NULL;
    size_bytes += sizeof *block;
    block = size_bytes < MIN_BUFFER_BYTES ? malloc(size_bytes)
                                          : secret_memory_alloc(size_bytes);
    if (!block)
        return NULL;
    block->size_bytes = size_bytes;
    return block + 1;
}

static void *allocate_cleared(size_t count, size_t size_bytes)
{
    void *memory;

    if (size_bytes > 0 && count > SIZE_MAX / size_bytes)
        return NULL;
    memory = allocate(count * size_bytes);
    if (memory)
        memset(memory, 0, count * size_bytes);
    return memory;
}

static void wipe_and_free(void *memory)
{
    union block *block = memory;
    size_t size_bytes;

    if (!memory)
        return;
    block--;
    size_bytes = block->size_bytes;
    if (size_bytes >= MIN_BUFFER_BYTES) {
        secret_memory_free(block, size_bytes);
        return;
    }
    secret_wipe(block, size_bytes);
    free(block);
}

static void *wipe_and_reallocate(void *memory, size_t size_bytes)
{
    void *moved = allocate(size_bytes);
    size_t old_bytes;

    if (!memory || !moved)
        return moved;
    old_bytes = ((union block *)memory)[-1].size_bytes - sizeof(union block);
    memcpy(moved, memory, old_bytes < size_bytes ? old_bytes : size_bytes);
    wipe_and_free(memory);
    return moved;
}

static char *duplicate(const char *text)
{
    size_t size_bytes = strlen(text) + 1;
    char *copy = allocate(size_bytes);

    return copy ? memcpy(copy, text, size_bytes) : NULL;
}

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_status;
static bool has_openssl; /* libcurl may have been built with another TLS library */

static void init_curl(void)
{
    const char *tls;

    curl_status =
        curl_global_init_mem(CURL_GLOBAL_DEFAULT, allocate, wipe_and_free,
                             wipe_and_reallocate, duplicate, allocate_cleared);
    tls = curl_version_info(CURLVERSION_NOW)->ssl_version;
    has_openssl = tls && strncmp(tls, "OpenSSL/", 8) == 0;
}

/* ---- callbacks from libcurl, on the HTTP thread ---- */

/* libcurl reads the body here. There is no seek function, because libcurl silently
 * repeats a request whose body it can rewind (seen with 7.88: the server closed a
 * reused connection after reading the request, and two SMS were sent). */
static size_t on_read(char *buffer, size_t size, size_t count, void *data)
{
    struct post *post = data;
    size_t room = size * count;
    size_t left = post->request->size_bytes - post->sent_bytes;
    size_t length = left < room ? left : room;

    memcpy(buffer, post->request->body + post->sent_bytes, length);
    post->sent_bytes += length;
    return length;
}

/* Called before each use of a connection for the request. If a reused connection dies
 * after libcurl took the body and before any of it was sent, libcurl starts again
 * without rewinding. It would send a request without its beginning. */
static int on_request(void *data, char *server_ip, char *own_ip, int server_port,
                      int own_port)
{
    const struct post *post = data;

    (void)server_ip;
    (void)own_ip;
    (void)server_port;
    (void)own_port;
    return post->sent_bytes == 0 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

static int on_socket(void *data, curl_socket_t socket, curlsocktype purpose)
{
    struct post *post = data;

    (void)socket;
    (void)purpose;
    post->has_socket = true;
    return CURL_SOCKOPT_OK;
}

static size_t on_write(char *text, size_t size, size_t count, void *data)
{
    struct post *post = data;
    size_t length = size * count;

    if (post->answer.size_bytes + length > API_MAX_ANSWER_BYTES) {
        post->is_too_large = true;
        return 0;
    }
    return api_answer_append(&post->answer, text, length) ? length : 0;
}

/* An answer may contain the key, and OpenSSL would keep it in its buffer until the next
 * answer arrives. */
static CURLcode on_tls(CURL *easy, void *tls, void *data)
{
    (void)easy;
    (void)data;
    SSL_CTX_set_options(tls, SSL_OP_CLEANSE_PLAINTEXT);
    return CURLE_OK;
}

/* ---- the HTTP thread ---- */

static void limit_connections(struct transport *transport, unsigned limit)
{
    if (transport->connection_limit == limit)
        return;
    transport->connection_limit = limit;
    curl_multi_setopt(transport->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)limit);
    curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)limit);
}

static struct post *take_queue(struct transport *transport, bool *is_stopping_out)
{
    struct post *first;

    pthread_mutex_lock(&transport->lock);
    first = transport->queue;
    transport->queue = NULL;
    transport->queue_end = &transport->queue;
    *is_stopping_out = transport->is_stopping;
    limit_connections(transport, transport->max_connections);
    pthread_mutex_unlock(&transport->lock);
    return first;
}

static void activate(struct transport *transport, struct post *post)
{
    transport->active_count++;
    post->may_queue = transport->active_count > transport->connection_limit;
    post->previous = NULL;
    post->next = transport->active;
    if (post->next)
        post->next->previous = post;
    transport->active = post;
}

static void deactivate(struct transport *transport, struct post *post)
{
    transport->active_count--;
    if (post->previous)
        post->previous->next = post->next;
    else
        transport->active = post->next;
    if (post->next)
        post->next->previous = post->previous;
}

/* Returns an active post to its session, which may free it at once. */
static void finish(struct transport *transport, struct post *post, CURLcode result)
{
    deactivate(transport, post);
    curl_multi_remove_handle(transport->multi, post->easy);
    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &post->answer.http_status);
    curl_easy_getinfo(post->easy, CURLINFO_RETRY_AFTER, &post->retry_after_s);
    secret_registers_wipe();
    pthread_mutex_lock(&transport->lock);
    post->result = result;
    post->is_done = true;
    pthread_cond_signal(&post->done);
    pthread_mutex_unlock(&transport->lock);
}

static void start_queued(struct transport *transport, struct post *post)
{
    while (post) {
        struct post *next = post->next;

        activate(transport, post);
        if (curl_multi_add_handle(transport->multi, post->easy) != CURLM_OK)
            finish(transport, post, CURLE_FAILED_INIT);
        post = next;
    }
}

/* Whether the post still waits, or waited to the end, for one of max-connections. A
 * reused connection opens no socket for this post, but takes bytes of its body. */
static bool has_never_begun(const struct post *post)
{
    return post->may_queue && !post->has_socket && post->sent_bytes == 0;
}

/* libcurl counts the wait for one of max-connections as part of connect-timeout, and
 * lets the request fail when its turn comes. Nothing of it was sent then. */
static bool has_only_queued(const struct post *post, CURLcode result)
{
    return result == CURLE_OPERATION_TIMEDOUT && has_never_begun(post) &&
           clock_now_ms() < post->request->deadline_ms;
}

static bool start_again(struct transport *transport, struct post *post)
{
    curl_multi_remove_handle(transport->multi, post->easy);
    return curl_multi_add_handle(transport->multi, post->easy) == CURLM_OK;
}

static void finish_done(struct transport *transport)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(transport->multi, &left))) {
        CURLcode result = message->data.result;
        struct post *post = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &post);
        if (!has_only_queued(post, result) || !start_again(transport, post))
            finish(transport, post, result);
    }
}

/* libcurl does not time out a request that waits for one of max-connections. Returns
 * the time until the next deadline. */
static int finish_overdue(struct transport *transport)
{
    int64_t now_ms = clock_now_ms(), wait_ms = MAX_POLL_MS;
    struct post *next;

    for (struct post *post = transport->active; post; post = next) {
        int64_t left_ms = post->request->deadline_ms - now_ms;

        next = post->next;
        if (left_ms <= 0)
            finish(transport, post, CURLE_OPERATION_TIMEDOUT);
        else if (left_ms < wait_ms)
            wait_ms = left_ms;
    }
    return (int)wait_ms;
}

static void *run(void *data)
{
    struct transport *transport = data;
    bool is_stopping = false;
    int ignored, wait_ms;

    while (!is_stopping || transport->active) {
        start_queued(transport, take_queue(transport, &is_stopping));
        curl_multi_perform(transport->multi, &ignored);
        finish_done(transport);
        wait_ms = finish_overdue(transport);
        if (!is_stopping || transport->active)
            curl_multi_poll(transport->multi, NULL, 0, wait_ms, NULL);
    }
    return NULL;
}

/* ---- the outcome ---- */

/* The status that the sender of the mail and the administrator see. The URL appears
 * nowhere in it. */
static const char *status_of(CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "4.4.3"; /* directory server failure */
    case CURLE_COULDNT_CONNECT:
        return "4.4.1"; /* no answer from host */
    default:
        return "4.4.2"; /* bad connection */
    }
}

/* A status of 300 or above is a complete answer even if its body was cut off: a server
 * that is too busy to read a request often answers 503 and closes the connection. For a
 * status below 300 only the body says what was done. */
static bool is_answered(const struct post *post)
{
    return post->result == CURLE_OK || post->answer.http_status >= 300;
}

/* Whether the failure concerns the server or the way to it. All other failures are our
 * own: memory, options, a CA file that cannot be read. */
static bool is_servers_failure(const struct post *post)
{
    switch (post->result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_PROXY:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SEND_FAIL_REWIND:    /* the connection died, and either */
    case CURLE_ABORTED_BY_CALLBACK: /* libcurl or our code would not repeat */
        return true;
    case CURLE_COULDNT_CONNECT: /* also if no descriptor was left for a socket */
        return post->has_socket;
    case CURLE_OPERATION_TIMEDOUT:
        return !has_never_begun(post);
    case CURLE_UNSUPPORTED_PROTOCOL: /* no HTTP answer, or a bad URL of ours */
        return post->sent_bytes > 0;
    default:
        return false;
    }
}

/* libcurl's own text for the first two describes only itself. */
static const char *reason_of(const struct post *post)
{
    if (post->result == CURLE_SEND_FAIL_REWIND ||
        post->result == CURLE_ABORTED_BY_CALLBACK)
        return "the server closed the connection";
    return *post->reason ? post->reason : curl_easy_strerror(post->result);
}

/* The reason for the sender of the mail, without addresses, which are internal. */
static const char *plain_reason(CURLcode result)
{
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
        return "its host name was not found";
    case CURLE_COULDNT_CONNECT:
        return "the connection failed";
    case CURLE_OPERATION_TIMEDOUT:
        return "it timed out";
    case CURLE_SSL_CONNECT_ERROR:
        return "the TLS handshake failed";
    case CURLE_PEER_FAILED_VERIFICATION:
        return "its TLS certificate is not trusted";
    default:
        return "the connection was lost";
    }
}

/* The server can act only on a complete body. While even one byte was not yet given to
 * libcurl, nothing was sent, unless the server says that something was. */
static bool report_failure(const struct post *post, struct error *err)
{
    bool has_body = post->sent_bytes == post->request->size_bytes;

    if (post->is_too_large)
        return error_set(
            err, ERROR_UNCERTAIN, "4.4.2",
            "the answer of the SMS service is too large; the SMS may have been sent");
    if (!has_body && post->answer.http_status < 200)
        error_set(err, ERROR_TEMPORARY, status_of(post->result),
                  "the SMS service cannot be reached: %s", plain_reason(post->result));
    else
        error_set(err, ERROR_UNCERTAIN, status_of(post->result),
                  "no answer from the SMS service (%s); the SMS may have been sent",
                  plain_reason(post->result));
    return error_set_detail(err, "%s", reason_of(post));
}

/* Passes the answer, if there is one, to the caller. */
static bool report(struct post *post, struct transport_outcome *outcome,
                   struct error *err)
{
    if (is_answered(post)) {
        outcome->is_alive = true;
        outcome->answer = post->answer;
        outcome->retry_after_s = post->retry_after_s > 0 ? post->retry_after_s : 0;
        return true;
    }
    outcome->is_alive = post->is_too_large;
    outcome->is_failing = !post->is_too_large && is_servers_failure(post);
    secret_mask_known(post->reason, sizeof post->reason,
                      1); /* partly the server's words */
    snprintf(outcome->reason, sizeof outcome->reason, "%s", reason_of(post));
    report_failure(post, err);
    api_answer_free(&post->answer);
    return false;
}

/* ---- on a session's thread ---- */

static void enqueue_and_wait(struct transport *transport, struct post *post)
{
    pthread_mutex_lock(&transport->lock);
    *transport->queue_end = post;
    transport->queue_end = &post->next;
    pthread_mutex_unlock(&transport->lock);
    curl_multi_wakeup(transport->multi);
    pthread_mutex_lock(&transport->lock);
    while (!post->is_done) /* the HTTP thread ends this at the deadline */
        patience_wait(post->request->patience, &post->done, &transport->lock,
                      PATIENCE_FOREVER);
    pthread_mutex_unlock(&transport->lock);
}

#define SET(option, value) \
    (status = status ? status : curl_easy_setopt(easy, option, value))

static CURLcode set_transport(CURL *easy, const struct api_options *options,
                              const struct transport_request *request)
{
    int64_t left_ms = request->deadline_ms - clock_now_ms();
    CURLcode status = CURLE_OK;

    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, options->proxy);
    SET(CURLOPT_NOPROXY, "");
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (has_openssl)
        SET(CURLOPT_SSL_CTX_FUNCTION, on_tls);
    if (options->ca_file) {
        SET(CURLOPT_CAINFO, options->ca_file);
        SET(CURLOPT_CAPATH, NULL);
    }
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_TCP_NODELAY, 1L);
    /* Otherwise the HTTP thread, which serves all posts, would wait for a slow resolver
     * whenever it gives up a post. */
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_MAXAGE_CONN, (long)MAX_IDLE_S);
    SET(CURLOPT_DNS_CACHE_TIMEOUT, (long)DNS_CACHE_S);
    SET(CURLOPT_CONNECTTIMEOUT, (long)options->connect_timeout_s);
    SET(CURLOPT_TIMEOUT_MS, left_ms > 0 ? (long)left_ms : 1L); /* 0: no limit */
    return status;
}

static CURLcode set_request(CURL *easy, struct curl_slist *headers, struct post *post)
{
    CURLcode status = CURLE_OK;

    SET(CURLOPT_URL, post->request->url);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->request->size_bytes);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, post);
    SET(CURLOPT_PREREQFUNCTION, on_request);
    SET(CURLOPT_PREREQDATA, post);
    SET(CURLOPT_SOCKOPTFUNCTION, on_socket);
    SET(CURLOPT_SOCKOPTDATA, post);
    SET(CURLOPT_WRITEFUNCTION, on_write);
    SET(CURLOPT_WRITEDATA, post);
    SET(CURLOPT_ERRORBUFFER, post->reason);
    SET(CURLOPT_PRIVATE, post);
    return status;
}

#undef SET

static struct curl_slist *make_headers(void)
{
    static const char *const lines[] = {"Content-Type: application/json",
                                        "Accept: application/json",
                                        "User-Agent: sms-milter", "Expect:"};
    struct curl_slist *headers = NULL;

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct curl_slist *longer = curl_slist_append(headers, lines[i]);

        if (!longer) {
            curl_slist_free_all(headers);
            return NULL;
        }
        headers = longer;
    }
    return headers;
}

static bool prepare(struct post *post, const struct api_options *options,
                    struct curl_slist *headers, struct error *err)
{
    if (post->easy && headers && api_answer_init(&post->answer) &&
        set_transport(post->easy, options, post->request) == CURLE_OK &&
        set_request(post->easy, headers, post) == CURLE_OK)
        return true;
    api_answer_free(&post->answer);
    return error_set(err, ERROR_TEMPORARY, "4.3.0",
                     "the HTTP library cannot create a request");
}

bool transport_post(struct transport *transport, const struct api_options *options,
                    const struct transport_request *request,
                    struct transport_outcome *outcome_out, struct error *err)
{
    struct curl_slist *headers = make_headers();
    struct post post = {.easy = curl_easy_init(), .request = request};
    bool is_good;

    *outcome_out = (struct transport_outcome){.is_alive = false};
    clock_init_condition(&post.done);
    is_good = prepare(&post, options, headers, err);
    if (is_good) {
        enqueue_and_wait(transport, &post);
        is_good = report(&post, outcome_out, err);
    }
    pthread_cond_destroy(&post.done);
    curl_easy_cleanup(post.easy);
    curl_slist_free_all(headers);
    return is_good;
}

bool transport_check_ca_file(const char *path, struct error *err)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_client_method());
    bool is_good = tls && SSL_CTX_load_verify_file(tls, path) == 1;

    SSL_CTX_free(tls);
    return is_good ||
           error_set(err, ERROR_REFUSED, NULL,
                     "\"%s\" contains no CA certificate in PEM format", path);
}

void transport_name_host(const char *url, char name_out[TRANSPORT_HOST_SIZE])
{
    CURLU *parsed = curl_url();
    char *host = NULL;

    if (parsed && curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK)
        curl_url_get(parsed, CURLUPART_HOST, &host, 0);
    snprintf(name_out, TRANSPORT_HOST_SIZE, "%s", host ? host : "the SMS service");
    curl_free(host);
    curl_url_cleanup(parsed);
}

/* ---- life ---- */

void transport_set_max_connections(struct transport *transport,
                                   unsigned max_connections)
{
    pthread_mutex_lock(&transport->lock);
    transport->max_connections = max_connections;
    pthread_mutex_unlock(&transport->lock);
    curl_multi_wakeup(transport->multi);
}

static void destroy(struct transport *transport)
{
    if (transport->multi)
        curl_multi_cleanup(transport->multi);
    pthread_mutex_destroy(&transport->lock);
    free(transport);
}

bool transport_new(unsigned max_connections, struct transport **transport_out,
                   struct error *err)
{
    struct transport *transport = calloc(1, sizeof *transport);
    int status;

    *transport_out = NULL;
    if (!transport)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    pthread_once(&curl_once, init_curl);
    pthread_mutex_init(&transport->lock, NULL);
    transport->queue_end = &transport->queue;
    transport->max_connections = max_connections;
    transport->multi = curl_status == CURLE_OK ? curl_multi_init() : NULL;
    if (!transport->multi) {
        destroy(transport);
        return error_set(err, ERROR_TEMPORARY, NULL,
                         "the HTTP library cannot be initialised");
    }
    status = pthread_create(&transport->thread, NULL, run, transport);
    if (status != 0) {
        destroy(transport);
        return error_set(err, ERROR_TEMPORARY, NULL, "cannot start the HTTP thread: %s",
                         strerror(status));
    }
    *transport_out = transport;
    return true;
}

void transport_free(struct transport **transport)
{
    if (!*transport)
        return;
    pthread_mutex_lock(&(*transport)->lock);
    (*transport)->is_stopping = true;
    pthread_mutex_unlock(&(*transport)->lock);
    curl_multi_wakeup((*transport)->multi);
    pthread_join((*transport)->thread, NULL);
    destroy(*transport);
    *transport = NULL;
}
