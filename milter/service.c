/* SPDX-License-Identifier: ISC */
#include "service.h"

#include <libmilter/mfapi.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/unix_socket.h"
#include "config/config_environment.h"
#include "libmilter_signals.h"

/* libmilter's pool of threads, if it is in use (libmilter.h), frees the sessions that
 * callbacks still use when libmilter is stopped (worker.c, the end of
 * mi_pool_controller()). So libmilter is never told to stop: no mail is let in any
 * more, and the threads end with the process. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* made by service_open() */
    unsigned mails_at_end;  /* callbacks in on_end_of_message() */
    bool is_held;           /* libmilter's thread for signals is out of the way */
    bool is_starting;       /* nobody knows yet whether it will be */
    bool is_stopping, has_failed;
    char *socket_path; /* NULL for a socket of the network */
    pthread_t main_thread;
} service = {.lock = PTHREAD_MUTEX_INITIALIZER, .is_starting = true};

/* ---- mails under way ---- */

bool service_is_stopping(void)
{
    bool answer;

    pthread_mutex_lock(&service.lock);
    answer = service.is_stopping;
    pthread_mutex_unlock(&service.lock);
    return answer;
}

bool service_enter_end_of_mail(void)
{
    bool may_enter;

    pthread_mutex_lock(&service.lock);
    while (service.is_starting && !service.is_stopping)
        pthread_cond_wait(&service.changed, &service.lock);
    may_enter = !service.is_stopping;
    service.mails_at_end += may_enter;
    pthread_mutex_unlock(&service.lock);
    return may_enter;
}

void service_leave_end_of_mail(void)
{
    pthread_mutex_lock(&service.lock);
    service.mails_at_end--;
    pthread_cond_broadcast(&service.changed);
    pthread_mutex_unlock(&service.lock);
}

/* ---- the socket ---- */

/* The socket is made with its mode, not changed to it later: no moment when others may
 * connect. */
bool service_open(const struct config *config, struct error *err)
{
    const char *path = config_socket_path(config->listen);
    struct error why;
    mode_t old_mask;
    int status;

    clock_init_condition(&service.changed);
    if (smfi_setconn(config->listen) != MI_SUCCESS)
        return error_set(err, ERROR_REFUSED, NULL,
                         "listen: libmilter does not accept \"%s\"", config->listen);
    if (path && !unix_socket_clear(path, &why))
        return error_set(err, ERROR_REFUSED, NULL, "listen: %s", why.text);
    old_mask = umask((mode_t)(~config->listen_mode & 0777));
    status = smfi_opensocket(false);
    umask(old_mask);
    if (status != MI_SUCCESS)
        return error_set(err, ERROR_REFUSED, NULL, "listen: cannot listen on %s: %s",
                         config->listen, strerror(errno));
    service.socket_path = path ? strdup(path) : NULL;
    if (path && config->listen_group &&
        !unix_socket_set_group(path, config->listen_group, &why))
        return error_set(err, ERROR_REFUSED, NULL, "listen-group: %s", why.text);
    return true;
}

/* ---- start and stop ---- */

/* The lock is held. */
static void begin_stop(void)
{
    service.is_stopping = true;
    if (service.socket_path)
        unlink(service.socket_path); /* nobody new, and a place for the next daemon */
    free(service.socket_path);
    service.socket_path = NULL;
}

/* All signals are blocked in libmilter's threads: see libmilter_signals.h. */
static void *run(void *unused)
{
    bool is_good;
    sigset_t all;

    (void)unused;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    is_good = smfi_main() == MI_SUCCESS;
    pthread_mutex_lock(&service.lock);
    service.has_failed = !is_good && !service.is_stopping;
    pthread_cond_broadcast(&service.changed);
    pthread_mutex_unlock(&service.lock);
    pthread_kill(service.main_thread, SIGTERM);
    return NULL;
}

/* Time for libmilter to start a thread, however busy the machine is. */
enum { START_LIMIT_MS = 20000 };

/* Called on libmilter's thread. */
static void note_held(void)
{
    pthread_mutex_lock(&service.lock);
    service.is_held = true;
    pthread_cond_broadcast(&service.changed);
    pthread_mutex_unlock(&service.lock);
}

/* A libmilter that gave up meanwhile has sent a SIGTERM, and is no concern of this. */
static bool finish_start(struct error *err)
{
    int64_t until_ms = clock_now_ms() + START_LIMIT_MS;
    bool is_good;

    pthread_mutex_lock(&service.lock);
    while (!service.is_held && !service.has_failed &&
           clock_wait(&service.changed, &service.lock, until_ms))
        ; /* something else has changed */
    is_good = service.is_held || service.has_failed;
    service.is_starting = false;
    if (!is_good)
        begin_stop();
    pthread_cond_broadcast(&service.changed);
    pthread_mutex_unlock(&service.lock);
    return is_good ||
           error_set(err, ERROR_REFUSED, NULL,
                     "this build of libmilter does not wait for signals with "
                     "sigwait(), so a stop of the daemon would cut off mails while "
                     "their SMS are sent: install the libmilter of the system's "
                     "packages, as a shared library");
}

bool service_start(struct error *err)
{
    pthread_t thread;
    int status;

    service.main_thread = pthread_self();
    libmilter_signals_on_held(note_held);
    status = pthread_create(&thread, NULL, run, NULL);
    if (status != 0)
        return error_set(err, ERROR_TEMPORARY, NULL,
                         "cannot start the thread of libmilter: %s", strerror(status));
    pthread_detach(thread);
    return finish_start(err);
}

static bool wait_for_mails(int64_t until_ms)
{
    while (service.mails_at_end > 0 &&
           clock_wait(&service.changed, &service.lock, until_ms))
        ; /* some other mail has ended */
    return service.mails_at_end == 0;
}

/* When a callback has returned, libmilter has still to write its reply, and tells
 * nobody when it has. */
static void let_replies_out(void)
{
    const struct timespec grace = {.tv_sec = 0, .tv_nsec = 200 * 1000 * 1000};

    nanosleep(&grace, NULL);
}

bool service_stop(unsigned deadline_s)
{
    int64_t until_ms = clock_now_ms() + (int64_t)deadline_s * 1000;
    bool was_busy, is_done;

    pthread_mutex_lock(&service.lock);
    begin_stop();
    was_busy = service.mails_at_end > 0;
    is_done = wait_for_mails(until_ms);
    pthread_mutex_unlock(&service.lock);
    if (was_busy)
        let_replies_out();
    return is_done;
}

bool service_has_failed(void)
{
    bool answer;

    pthread_mutex_lock(&service.lock);
    answer = service.has_failed;
    pthread_mutex_unlock(&service.lock);
    return answer;
}
