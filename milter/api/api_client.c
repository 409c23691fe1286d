/* SPDX-License-Identifier: ISC */
#include "api/api_client.h"

#include <curl/curl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/secret.h"

/* A server's keep-alive is often 60 s or more, sometimes 5 to 15. A connection that
 * idled longer than this is opened anew instead of being found dead by a POST, which
 * nobody could then tell from one that was read. */
enum { MAX_IDLE_S = 20 };

/* Lets go of DNS answers in time to follow a server that moves. */
enum { DNS_CACHE_S = 60 };

/* One api_client_post(): made by a session's thread, worked on by the HTTP thread alone
 * between the queue and is_done, read again by the session when is_done is set. */
struct post {
    struct post *next, *previous; /* in the queue, then among the active */
    CURL *easy;
    int64_t deadline_ms; /* of now_ms() */
    const char *body;
    size_t size_bytes, sent_bytes;
    struct api_answer answer;
    bool is_too_large;
    bool may_queue;  /* more were active than may have connections */
    bool has_socket; /* a connection was begun for it */
    char reason[CURL_ERROR_SIZE];
    CURLcode result;
    bool is_done; /* guarded by the client's lock */
    pthread_cond_t done;
};

struct api_client {
    pthread_t thread;
    CURLM *multi;        /* the HTTP thread's, but for curl_multi_wakeup() */
    struct post *active; /* the HTTP thread's: what multi works on */
    unsigned active_count, connection_limit; /* the HTTP thread's */
    pthread_mutex_t lock;                    /* guards all that follows */
    struct post *queue, **queue_end;
    struct api_options options;
    unsigned in_flight;
    bool is_stopping;
    bool has_new_options;
};

/* ---- memory of libcurl's, where request bodies pass through ---- */

static void wipe_and_free(void *memory)
{
    if (memory)
        secret_wipe(memory, malloc_usable_size(memory));
    free(memory);
}

static void *wipe_and_realloc(void *memory, size_t size)
{
    size_t old_size = memory ? malloc_usable_size(memory) : 0;
    void *moved;

    if (old_size >= size && memory)
        return memory;
    moved = malloc(size);
    if (!moved)
        return NULL;
    if (memory)
        memcpy(moved, memory, old_size);
    wipe_and_free(memory);
    return moved;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_status;

static void init_curl(void)
{
    curl_status = curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_and_free,
                                       wipe_and_realloc, strdup, calloc);
}

/* ---- callbacks of libcurl's, on the HTTP thread ---- */

/* The body comes from here, and there is no seek function beside it, because libcurl
 * repeats by itself a request whose body it can rewind (seen with 7.88: a reused
 * connection that the server closed after reading the request gave two SMS). */
static size_t on_read(char *buffer, size_t size, size_t count, void *data)
{
    struct post *post = data;
    size_t room = size * count;
    size_t left = post->size_bytes - post->sent_bytes;
    size_t length = left < room ? left : room;

    memcpy(buffer, post->body + post->sent_bytes, length);
    post->sent_bytes += length;
    return length;
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
    char *grown;

    if (post->answer.size_bytes + length > API_MAX_ANSWER_BYTES) {
        post->is_too_large = true;
        return 0;
    }
    grown = realloc(post->answer.body, post->answer.size_bytes + length + 1);
    if (!grown)
        return 0;
    post->answer.body = grown;
    memcpy(grown + post->answer.size_bytes, text, length);
    post->answer.size_bytes += length;
    grown[post->answer.size_bytes] = '\0';
    return length;
}

/* ---- the HTTP thread ---- */

static struct post *take_queue(struct api_client *client, bool *is_stopping_out)
{
    struct post *first;

    pthread_mutex_lock(&client->lock);
    first = client->queue;
    client->queue = NULL;
    client->queue_end = &client->queue;
    *is_stopping_out = client->is_stopping;
    if (client->has_new_options) {
        client->connection_limit = client->options.max_connections;
        curl_multi_setopt(client->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
                          (long)client->options.max_connections);
        curl_multi_setopt(client->multi, CURLMOPT_MAXCONNECTS,
                          (long)client->options.max_connections);
        client->has_new_options = false;
    }
    pthread_mutex_unlock(&client->lock);
    return first;
}

static void activate(struct api_client *client, struct post *post)
{
    client->active_count++;
    post->may_queue = client->active_count > client->connection_limit;
    post->previous = NULL;
    post->next = client->active;
    if (post->next)
        post->next->previous = post;
    client->active = post;
}

static void deactivate(struct api_client *client, struct post *post)
{
    client->active_count--;
    if (post->previous)
        post->previous->next = post->next;
    else
        client->active = post->next;
    if (post->next)
        post->next->previous = post->previous;
}

/* Hands an active post back to its session, which may be gone with it at once. */
static void finish(struct api_client *client, struct post *post, CURLcode result)
{
    deactivate(client, post);
    curl_multi_remove_handle(client->multi, post->easy);
    curl_easy_getinfo(post->easy, CURLINFO_RESPONSE_CODE, &post->answer.http_status);
    pthread_mutex_lock(&client->lock);
    post->result = result;
    post->is_done = true;
    pthread_cond_signal(&post->done);
    pthread_mutex_unlock(&client->lock);
}

static void start_queued(struct api_client *client, struct post *post)
{
    while (post) {
        struct post *next = post->next;

        activate(client, post);
        if (curl_multi_add_handle(client->multi, post->easy) != CURLM_OK)
            finish(client, post, CURLE_FAILED_INIT);
        post = next;
    }
}

/* libcurl counts the time that a request waits for one of max-connections as a part of
 * its connect-timeout, and fails it when its turn has come. Nothing of it has left. */
static bool has_only_queued(const struct post *post, CURLcode result)
{
    return result == CURLE_OPERATION_TIMEDOUT && post->may_queue && !post->has_socket &&
           post->sent_bytes == 0 && now_ms() < post->deadline_ms;
}

static bool start_again(struct api_client *client, struct post *post)
{
    curl_multi_remove_handle(client->multi, post->easy);
    return curl_multi_add_handle(client->multi, post->easy) == CURLM_OK;
}

static void finish_done(struct api_client *client)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(client->multi, &left))) {
        CURLcode result = message->data.result;
        struct post *post = NULL;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &post);
        if (!has_only_queued(post, result) || !start_again(client, post))
            finish(client, post, result);
    }
}

/* libcurl does not time out a request that waits for one of max-connections. */
static void finish_overdue(struct api_client *client)
{
    int64_t now = now_ms();
    struct post *next;

    for (struct post *post = client->active; post; post = next) {
        next = post->next;
        if (post->deadline_ms <= now)
            finish(client, post, CURLE_OPERATION_TIMEDOUT);
    }
}

static void *run(void *data)
{
    struct api_client *client = data;
    bool is_stopping = false;
    int ignored;

    while (!is_stopping || client->active) {
        start_queued(client, take_queue(client, &is_stopping));
        curl_multi_perform(client->multi, &ignored);
        finish_done(client);
        finish_overdue(client);
        if (!is_stopping || client->active)
            curl_multi_poll(client->multi, NULL, 0, 1000, NULL);
    }
    return NULL;
}

/* ---- a session's side ---- */

static void free_options(struct api_options *options)
{
    free(options->ca_file);
    free(options->proxy);
}

static bool copy_options(const struct api_options *options,
                         struct api_options *copy_out, struct error *err)
{
    *copy_out = *options;
    copy_out->ca_file = options->ca_file ? strdup(options->ca_file) : NULL;
    copy_out->proxy = strdup(options->proxy ? options->proxy : "");
    if (copy_out->proxy && (copy_out->ca_file || !options->ca_file))
        return true;
    free_options(copy_out);
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

/* A place among those in flight, and the options of the moment. */
static bool enter(struct api_client *client, struct api_options *options_out,
                  struct error *err)
{
    bool is_in = false;

    pthread_mutex_lock(&client->lock);
    if (client->in_flight >= client->options.max_in_flight)
        error_set(err, ERROR_TEMPORARY, "4.4.5",
                  "the SMS service is busy: max-in-flight is reached");
    else
        is_in = copy_options(&client->options, options_out, err);
    client->in_flight += is_in;
    pthread_mutex_unlock(&client->lock);
    return is_in;
}

static void leave(struct api_client *client, struct api_options *options)
{
    free_options(options);
    pthread_mutex_lock(&client->lock);
    client->in_flight--;
    pthread_mutex_unlock(&client->lock);
}

static void enqueue_and_wait(struct api_client *client, struct post *post)
{
    pthread_mutex_lock(&client->lock);
    *client->queue_end = post;
    client->queue_end = &post->next;
    pthread_mutex_unlock(&client->lock);
    curl_multi_wakeup(client->multi);
    pthread_mutex_lock(&client->lock);
    while (!post->is_done) /* libcurl's own time-out ends this */
        pthread_cond_wait(&post->done, &client->lock);
    pthread_mutex_unlock(&client->lock);
}

#define SET(option, value) \
    (status = status ? status : curl_easy_setopt(easy, option, value))

static CURLcode set_transport(CURL *easy, const struct api_options *options)
{
    CURLcode status = CURLE_OK;

    SET(CURLOPT_NOSIGNAL, 1L);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_FOLLOWLOCATION, 0L);
    SET(CURLOPT_PROXY, options->proxy);
    SET(CURLOPT_NOPROXY, "");
    SET(CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(CURLOPT_SSL_VERIFYPEER, 1L);
    SET(CURLOPT_SSL_VERIFYHOST, 2L);
    if (options->ca_file) {
        SET(CURLOPT_CAINFO, options->ca_file);
        SET(CURLOPT_CAPATH, NULL);
    }
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    SET(CURLOPT_TCP_NODELAY, 1L);
    /* Else the one thread for all waits for a resolver that hangs when it gives a post
     * up. */
    SET(CURLOPT_QUICK_EXIT, 1L);
    SET(CURLOPT_MAXAGE_CONN, (long)MAX_IDLE_S);
    SET(CURLOPT_DNS_CACHE_TIMEOUT, (long)DNS_CACHE_S);
    SET(CURLOPT_CONNECTTIMEOUT, (long)options->connect_timeout_s);
    SET(CURLOPT_TIMEOUT, (long)options->timeout_s);
    return status;
}

static CURLcode set_request(CURL *easy, const char *url, struct curl_slist *headers,
                            struct post *post)
{
    CURLcode status = CURLE_OK;

    SET(CURLOPT_URL, url);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_HTTPHEADER, headers);
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)post->size_bytes);
    SET(CURLOPT_READFUNCTION, on_read);
    SET(CURLOPT_READDATA, post);
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

/* What the sender of the mail and the administrator read; the URL is in neither. */
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

/* The server can act on a body only when it has all of it: as long as a byte was not
 * even handed to libcurl, nothing was sent. */
static bool report_failure(const struct post *post, struct error *err)
{
    const char *reason =
        *post->reason ? post->reason : curl_easy_strerror(post->result);

    if (post->is_too_large)
        return error_set(
            err, ERROR_UNCERTAIN, "4.4.2",
            "the SMS service's answer is too large: the SMS may have been sent");
    if (post->sent_bytes < post->size_bytes)
        return error_set(err, ERROR_TEMPORARY, status_of(post->result),
                         "the SMS service cannot be reached: %s", reason);
    return error_set(err, ERROR_UNCERTAIN, status_of(post->result),
                     "no answer from the SMS service, the SMS may have been sent: %s",
                     reason);
}

static bool post_with(struct api_client *client, const struct api_options *options,
                      const char *url, struct post *post, struct error *err)
{
    struct curl_slist *headers = make_headers();
    bool is_answered = false;

    post->easy = curl_easy_init();
    if (!post->easy || !headers || set_transport(post->easy, options) != CURLE_OK ||
        set_request(post->easy, url, headers, post) != CURLE_OK) {
        error_set(err, ERROR_TEMPORARY, "4.3.0",
                  "the HTTP library cannot make a request");
    } else {
        post->deadline_ms = now_ms() + (int64_t)options->timeout_s * 1000;
        enqueue_and_wait(client, post);
        is_answered = post->result == CURLE_OK || report_failure(post, err);
    }
    curl_easy_cleanup(post->easy);
    curl_slist_free_all(headers);
    return is_answered;
}

bool api_client_post(struct api_client *client, const char *url, const char *body,
                     size_t size_bytes, struct api_answer *answer_out,
                     struct error *err)
{
    struct post post = {.body = body, .size_bytes = size_bytes};
    struct api_options options;
    bool is_answered = false;

    *answer_out = (struct api_answer){0, NULL, 0};
    if (!enter(client, &options, err))
        return false;
    pthread_cond_init(&post.done, NULL);
    post.answer.body = calloc(1, 1);
    if (post.answer.body)
        is_answered = post_with(client, &options, url, &post, err);
    else
        error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
    pthread_cond_destroy(&post.done);
    leave(client, &options);
    if (is_answered)
        *answer_out = post.answer;
    else
        api_answer_free(&post.answer);
    return is_answered;
}

void api_answer_free(struct api_answer *answer)
{
    secret_wipe(answer->body, answer->size_bytes);
    free(answer->body);
    *answer = (struct api_answer){0, NULL, 0};
}

/* ---- life ---- */

bool api_client_configure(struct api_client *client, const struct api_options *options,
                          struct error *err)
{
    struct api_options copy;

    if (!copy_options(options, &copy, err))
        return false;
    pthread_mutex_lock(&client->lock);
    free_options(&client->options);
    client->options = copy;
    client->has_new_options = true;
    pthread_mutex_unlock(&client->lock);
    curl_multi_wakeup(client->multi);
    return true;
}

static void destroy(struct api_client *client)
{
    if (client->multi)
        curl_multi_cleanup(client->multi);
    pthread_mutex_destroy(&client->lock);
    free_options(&client->options);
    free(client);
}

bool api_client_new(const struct api_options *options, struct api_client **client_out,
                    struct error *err)
{
    struct api_client *client = calloc(1, sizeof *client);
    int status;

    *client_out = NULL;
    if (!client)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    pthread_once(&curl_once, init_curl);
    pthread_mutex_init(&client->lock, NULL);
    client->queue_end = &client->queue;
    client->multi = curl_status == CURLE_OK ? curl_multi_init() : NULL;
    if (!client->multi) {
        destroy(client);
        return error_set(err, ERROR_TEMPORARY, NULL, "the HTTP library does not start");
    }
    if (!api_client_configure(client, options, err)) {
        destroy(client);
        return false;
    }
    status = pthread_create(&client->thread, NULL, run, client);
    if (status != 0) {
        destroy(client);
        return error_set(err, ERROR_TEMPORARY, NULL, "no thread for HTTP: %s",
                         strerror(status));
    }
    *client_out = client;
    return true;
}

void api_client_free(struct api_client **client)
{
    if (!*client)
        return;
    pthread_mutex_lock(&(*client)->lock);
    (*client)->is_stopping = true;
    pthread_mutex_unlock(&(*client)->lock);
    curl_multi_wakeup((*client)->multi);
    pthread_join((*client)->thread, NULL);
    destroy(*client);
    *client = NULL;
}
