/* SPDX-License-Identifier: ISC */
#include "api/api_client.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "api/breaker.h"
#include "api/hold.h"
#include "api/transport.h"
#include "base/clock.h"
#include "base/log.h"

/* The pause before the second try. It is doubled before each further try. It is long
 * enough for a service to restart or a load balancer to drop a dead server, and short
 * compared with the timeout. */
enum { FIRST_PAUSE_MS = 250, MAX_PAUSE_MS = 4000 };

/* With less time left than this there is no further try. If the deadline cut off a
 * request, nobody would know whether the SMS was sent; without the try it certainly was
 * not sent. */
enum { MIN_TRY_MS = 2000 };

/* At most this fraction of max-in-flight may wait for another try: one eighth. */
enum { WAITING_SHARE = 8 };

struct api_client {
    struct transport *transport;
    struct account_states *accounts;
    pthread_mutex_t lock;  /* guards all members below */
    pthread_cond_t opened; /* signalled when a breaker opens */
    struct api_options options;
    unsigned in_flight, waiting; /* waiting: posts that wait for their next try */
    struct breaker breaker;
    struct hold_list holds;
};

/* One call of api_client_post(). It belongs to its session. */
struct post {
    struct api_client *client;
    const char *account;
    struct transport_request request;
    struct api_options options; /* the options when the post began */
    unsigned pauses;            /* how many pauses it has made */
    unsigned turn;              /* the breaker's turn in which the latest try began */
    struct transport_outcome outcome;
};

/* ---- options ---- */

static void free_options(struct api_options *options)
{
    free(options->ca_file);
    free(options->proxy);
    options->ca_file = options->proxy = NULL;
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

static bool copy_current_options(struct api_client *client,
                                 struct api_options *copy_out, struct error *err)
{
    bool is_copied;

    pthread_mutex_lock(&client->lock);
    is_copied = copy_options(&client->options, copy_out, err);
    pthread_mutex_unlock(&client->lock);
    return is_copied;
}

/* ---- one try ---- */

static long long in_seconds(int64_t ms)
{
    return (ms + 999) / 1000;
}

static bool refuse_open(int64_t again_ms, struct error *err)
{
    if (again_ms == 0)
        return error_set(
            err, ERROR_TEMPORARY, "4.4.1",
            "the SMS service does not respond; a test request is under way");
    return error_set(err, ERROR_TEMPORARY, "4.4.1",
                     "the SMS service does not respond; the next attempt is in %lld s",
                     in_seconds(again_ms));
}

/* Whether a try may start now. If so, it is counted until end_try(). The caller holds
 * the lock. */
static bool may_try(struct post *post, bool *is_held_out, struct error *err)
{
    struct api_client *client = post->client;
    const char *url = post->request.url;
    int64_t now_ms = clock_now_ms(), again_ms;
    int64_t held_ms = hold_left_ms(&client->holds, url, post->account, now_ms);

    *is_held_out = false;
    if (breaker_is_open(&client->breaker, url, now_ms, &again_ms))
        return refuse_open(again_ms, err);
    if (held_ms > 0) {
        *is_held_out = true;
        return error_set(err, ERROR_TEMPORARY, "4.4.5",
                         "the SMS service is busy and asks to wait %lld s",
                         in_seconds(held_ms));
    }
    if (client->in_flight >= client->options.max_in_flight)
        return error_set(
            err, ERROR_TEMPORARY, "4.4.5",
            "too many requests to the SMS service are under way (max-in-flight)");
    return true;
}

static bool begin_try(struct post *post, bool *is_held_out, struct error *err)
{
    struct api_client *client = post->client;
    bool may;

    pthread_mutex_lock(&client->lock);
    may = may_try(post, is_held_out, err);
    if (may) {
        client->in_flight++;
        post->turn = breaker_begin(&client->breaker, post->request.url);
    }
    pthread_mutex_unlock(&client->lock);
    return may;
}

static bool asks_for_patience(const struct api_answer *answer)
{
    return answer->http_status == 429 || answer->http_status == 503;
}

/* 429 concerns one client that sent too much; 503 concerns the whole service (RFC 6585
 * section 4, RFC 9110 section 15.6.4). The caller holds the lock. */
static void hold_if_asked(struct post *post, int64_t now_ms)
{
    const struct transport_outcome *outcome = &post->outcome;

    if (asks_for_patience(&outcome->answer))
        hold_set(&post->client->holds, post->request.url,
                 outcome->answer.http_status == 429 ? post->account : NULL,
                 outcome->retry_after_s, now_ms);
}

static void log_change(const struct post *post, enum breaker_change change,
                       const struct breaker_limits *limits)
{
    char host[TRANSPORT_HOST_SIZE];

    if (change == BREAKER_UNCHANGED)
        return;
    transport_name_host(post->request.url, host);
    if (change == BREAKER_CLOSED)
        log_info("api: %s responds again; SMS are sent again", host);
    else
        log_warning("api: %s failed %u times in a row (the last time: %s). SMS are "
                    "deferred; one request is tried every %u s",
                    host, limits->failures, post->outcome.reason, limits->cooldown_s);
}

static void end_try(struct post *post)
{
    struct api_client *client = post->client;
    enum breaker_result result = post->outcome.is_alive     ? BREAKER_ANSWERED
                                 : post->outcome.is_failing ? BREAKER_FAILED
                                                            : BREAKER_NO_WORD;
    struct breaker_limits limits;
    enum breaker_change change;
    int64_t now_ms;

    pthread_mutex_lock(&client->lock);
    now_ms = clock_now_ms();
    client->in_flight--;
    limits = (struct breaker_limits){client->options.breaker_failures,
                                     client->options.breaker_cooldown_s};
    change = breaker_end(&client->breaker, post->request.url, post->turn, result,
                         &limits, now_ms);
    hold_if_asked(post, now_ms);
    if (change == BREAKER_OPENED)
        pthread_cond_broadcast(&client->opened);
    pthread_mutex_unlock(&client->lock);
    log_change(post, change, &limits);
}

/* Makes one try. *may_again_out: the server has not acted on it, and a later try may
 * succeed. */
static bool try_once(struct post *post, bool *may_again_out, struct error *err)
{
    bool is_answered;

    if (!begin_try(post, may_again_out, err))
        return false;
    is_answered = transport_post(post->client->transport, &post->options,
                                 &post->request, &post->outcome, err);
    if (is_answered)
        *may_again_out = asks_for_patience(&post->outcome.answer);
    else
        *may_again_out = err->kind == ERROR_TEMPORARY && post->outcome.is_failing;
    end_try(post);
    return is_answered;
}

/* ---- the pause before the next try ---- */

/* A random addition, so that sessions that failed together do not all come back
 * together. It is 0 if no random numbers are available. */
static unsigned jitter_ms(unsigned max_ms)
{
    unsigned random = 0;

    if (getrandom(&random, sizeof random, GRND_NONBLOCK) != sizeof random)
        return 0;
    return random % (max_ms + 1);
}

static unsigned pause_ms(unsigned pauses_before)
{
    unsigned ms = FIRST_PAUSE_MS;

    while (pauses_before-- > 0 && ms < MAX_PAUSE_MS)
        ms *= 2;
    return ms + jitter_ms(ms / 2);
}

/* Sleeps until until_ms. Returns false if the breaker opens before that. The caller
 * holds the lock; it is released while sleeping. */
static bool sleep_until(struct post *post, int64_t until_ms)
{
    struct api_client *client = post->client;
    int64_t now_ms = clock_now_ms(), ignored;

    while (!breaker_is_open(&client->breaker, post->request.url, now_ms, &ignored)) {
        if (now_ms >= until_ms)
            return true;
        patience_wait(post->request.patience, &client->opened, &client->lock, until_ms);
        now_ms = clock_now_ms();
    }
    return false;
}

/* Waits for the next try, if there may be one; after a Retry-After, until the time that
 * the server named. A post that was held back before its first try waits too: the
 * sender's mail server would come back only after minutes, while the hold ends in
 * seconds. Such a wait uses one of the retries, but no place of max-in-flight. Only few
 * posts may wait, because each occupies a session of the mail server, which ordinary
 * mail also needs. */
static bool wait_for_next_try(struct post *post)
{
    struct api_client *client = post->client;
    int64_t now_ms, held_ms, until_ms;
    bool may;

    if (post->pauses == post->options.retries)
        return false;
    pthread_mutex_lock(&client->lock);
    now_ms = clock_now_ms();
    until_ms = now_ms + pause_ms(post->pauses++);
    held_ms = hold_left_ms(&client->holds, post->request.url, post->account, now_ms);
    if (until_ms < now_ms + held_ms)
        until_ms = now_ms + held_ms + jitter_ms(FIRST_PAUSE_MS);
    may = until_ms + MIN_TRY_MS <= post->request.deadline_ms &&
          client->waiting <= client->options.max_in_flight / WAITING_SHARE;
    if (may) {
        client->waiting++;
        may = sleep_until(post, until_ms);
        client->waiting--;
    }
    pthread_mutex_unlock(&client->lock);
    return may;
}

/* ---- a post ---- */

static bool post_with_retries(struct post *post, struct error *err)
{
    bool is_answered, may_again;

    for (;;) {
        is_answered = try_once(post, &may_again, err);
        if (!may_again || !wait_for_next_try(post))
            return is_answered;
        api_answer_free(&post->outcome.answer);
    }
}

bool api_client_post(struct api_client *client, const char *url, const char *account,
                     const char *body, size_t size_bytes, int64_t deadline_ms,
                     struct patience *patience, struct api_answer *answer_out,
                     struct error *err)
{
    struct post post = {.client = client, .account = account};
    int64_t timeout_at_ms;
    bool is_answered;

    *answer_out = (struct api_answer){0, NULL, 0};
    if (!copy_current_options(client, &post.options, err))
        return false;
    timeout_at_ms = clock_now_ms() + (int64_t)post.options.timeout_s * 1000;
    post.request = (struct transport_request){
        url, body, size_bytes,
        timeout_at_ms < deadline_ms ? timeout_at_ms : deadline_ms, patience};
    is_answered = post_with_retries(&post, err);
    if (is_answered)
        *answer_out = post.outcome.answer;
    free_options(&post.options);
    return is_answered;
}

/* ---- life ---- */

struct account_states *api_client_accounts(struct api_client *client)
{
    return client->accounts;
}

bool api_client_configure(struct api_client *client, const struct api_options *options,
                          struct error *err)
{
    struct api_options copy;

    if (!copy_options(options, &copy, err))
        return false;
    pthread_mutex_lock(&client->lock);
    free_options(&client->options);
    client->options = copy;
    pthread_mutex_unlock(&client->lock);
    transport_set_max_connections(client->transport, options->max_connections);
    return true;
}

/* Deadlines use the clock that never jumps. */
static void init_lock(struct api_client *client)
{
    pthread_mutex_init(&client->lock, NULL);
    clock_init_condition(&client->opened);
}

bool api_client_check_options(const struct api_options *options, struct error *err)
{
    struct error why;

    return !options->ca_file || transport_check_ca_file(options->ca_file, &why) ||
           error_set(err, ERROR_REFUSED, NULL, "ca-file: %s", why.text);
}

bool api_client_new(const struct api_options *options, struct api_client **client_out,
                    struct error *err)
{
    struct api_client *client = calloc(1, sizeof *client);

    *client_out = NULL;
    if (!client)
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    init_lock(client);
    client->accounts = account_states_new();
    if (!client->accounts) {
        api_client_free(&client);
        return error_set(err, ERROR_TEMPORARY, NULL, "no memory");
    }
    if (!copy_options(options, &client->options, err) ||
        !transport_new(options->max_connections, &client->transport, err)) {
        api_client_free(&client);
        return false;
    }
    *client_out = client;
    return true;
}

void api_client_free(struct api_client **client)
{
    if (!*client)
        return;
    transport_free(&(*client)->transport);
    account_states_free(&(*client)->accounts);
    breaker_clear(&(*client)->breaker);
    hold_clear(&(*client)->holds);
    free_options(&(*client)->options);
    pthread_cond_destroy(&(*client)->opened);
    pthread_mutex_destroy(&(*client)->lock);
    free(*client);
    *client = NULL;
}
