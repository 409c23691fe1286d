/* SPDX-License-Identifier: ISC */
/* The daemon: options, start, reload, stop. */
#include "build-config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>

#include "api/api_client.h"
#include "base/account.h"
#include "base/clock.h"
#include "base/command_line.h"
#include "base/log.h"
#include "config/config.h"
#include "config/config_environment.h"
#include "milter.h"
#include "secret/secret_memory.h"
#include "service.h"
#include "start_check.h"
#include "text/mime/message.h"

struct options {
    const char *config_path;
    bool is_check_only;
};

static const char usage[] =
    "usage: sms-milter [-c FILE] [-t] [-V] [-h]\n"
    "  -c FILE  read the configuration from FILE instead of\n"
    "           " DEFAULT_CONFIG_PATH "\n"
    "  -t       check everything that a start needs, show each error, and exit\n"
    "  -V, --version\n"
    "           print the version and exit\n"
    "  -h, --help\n"
    "           print this help and exit\n";

static const struct option long_options[] = {
    COMMAND_LINE_HELP, COMMAND_LINE_VERSION, {0}};
static const struct command_line command_line = {"sms-milter", ":c:tVh", long_options,
                                                 usage};

/* Returns an exit status if the program ends here, -1 if it goes on. */
static int read_options(int argc, char **argv, struct options *options)
{
    int option;

    *options = (struct options){.config_path = DEFAULT_CONFIG_PATH};
    command_line_begin();
    while ((option = command_line_next(&command_line, argc, argv, NULL)) != -1) {
        switch (option) {
        case 'c':
            options->config_path = optarg;
            break;
        case 't':
            options->is_check_only = true;
            break;
        case 'V':
            puts(PACKAGE_STRING);
            return EX_OK;
        case 'h':
            return command_line_help(&command_line);
        default:
            return EX_USAGE;
        }
    }
    return command_line_is_done(&command_line, argc, argv) ? -1 : EX_USAGE;
}

static void log_warnings(const struct config *config)
{
    for (size_t i = 0; i < config->warnings.count; i++)
        log_warning("%s", config->warnings.items[i]);
}

/* Logs each problem on its own line. */
static void log_problems(const struct problem_list *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        log_error("%s", problems->items[i].error.text);
}

/* Files that root creates belong to root, even if the daemon runs as another user. */
static void warn_of_root(const struct config *config)
{
    char owner[ACCOUNT_NAME_SIZE], path[PATH_MAX];

    if (!start_check_root(config, owner, sizeof owner, path, sizeof path))
        return;
    if (strcmp(owner, "root") == 0)
        log_warning("started as root%s%s: sms-milter needs no privileges; create a "
                    "separate user for it",
                    *path ? ", who owns " : "", path);
    else
        log_warning("started as root: user %s%s%s%s cannot use the files that root "
                    "creates: runuser -u %s -- sms-milter",
                    owner, *path ? ", who owns " : "", path, *path ? "," : "", owner);
}

/* ---- -t ---- */

/* Root may do everything, so a check by root does not show what the daemon's user may
 * do. */
static void tell_root(FILE *stream, const struct config *config)
{
    char owner[ACCOUNT_NAME_SIZE], path[PATH_MAX];
    bool is_other;

    if (!start_check_root(config, owner, sizeof owner, path, sizeof path))
        return;
    is_other = strcmp(owner, "root") != 0;
    fprintf(stream,
            "warning: this ran as root, so it was not tested whether %s%s can read and "
            "write these files and folders: runuser -u %s -- sms-milter -t\n",
            is_other ? "user " : "the daemon's user", is_other ? owner : "",
            is_other ? owner : "USER");
}

static void tell_good(const char *path, const struct config *config, bool is_in_use)
{
    size_t count = config->customer_count;

    for (size_t i = 0; i < config->warnings.count; i++)
        fprintf(stderr, "warning: %s\n", config->warnings.items[i]);
    printf("sms-milter: %s is good: %zu customer%s, journal %s, listen %s\n", path,
           count, count == 1 ? "" : "s", config->journal, config->listen);
    if (is_in_use)
        printf("sms-milter: %s is already in use, probably by the running daemon; this "
               "is not an error\n",
               config->listen);
    tell_root(stdout, config);
}

static void tell_bad(const struct problem_list *problems, const struct config *config)
{
    for (size_t i = 0; i < problems->count; i++)
        fprintf(stderr, "%s\n", problems->items[i].error.text);
    if (config)
        tell_root(stderr, config);
}

static int check_only(const char *path)
{
    struct problem_list problems = {.items = NULL};
    const struct config *config;
    bool is_in_use = false;
    int status = EX_OK;

    start_check_load(path, NULL, &config, &problems);
    if (config) {
        start_check_socket(config, &problems, &is_in_use);
        start_check_journal(config, true, &problems);
    }
    if (problem_list_is_empty(&problems)) {
        tell_good(path, config, is_in_use);
    } else {
        tell_bad(&problems, config);
        status = EX_CONFIG;
    }
    config_release(&config);
    problem_list_free(&problems);
    return status;
}

/* ---- the process ---- */

/* Keeps core dumps and other processes of the same user from reading the keys. */
static void hide_memory(void)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
        log_errno("core dumps cannot be disabled, and a crash may write keys to disk");
}

/* Each connection needs a descriptor; without free ones libmilter's accept loop spins.
 * Each customer's audit log needs one too, and two during a reload. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        log_errno("the limit of open files cannot be raised (systemd: LimitNOFILE=)");
}

/* ---- signals ---- */

/* Only the main thread has these signals unblocked, all the time; libmilter_signals.h
 * keeps them from libmilter. A handler writes each into a pipe, from which the main
 * thread reads them. */
static int signal_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;

    if (write(signal_pipe[1], &byte, 1) < 0) {
        /* the pipe is full of unread signals: one more changes nothing */
    }
    errno = saved;
}

static void make_signal_set(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGUSR1);
}

/* A reload signal that arrives while the configuration is first read waits for
 * let_signals_in(), and does not end the program. */
static void hold_reloads(void)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* Call it before the first thread is started. All threads except the main one keep the
 * signal mask that it sets. */
static bool catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigset_t set;

    if (pipe2(signal_pipe, O_CLOEXEC) < 0 ||
        fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK) < 0)
        return false;
    make_signal_set(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its size limit is an ordinary error */
    return true;
}

/* Call it before libmilter starts, because a pending signal would go to libmilter's
 * thread. */
static void let_signals_in(void)
{
    sigset_t set;

    make_signal_set(&set);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static int next_signal(void)
{
    unsigned char byte;

    while (read(signal_pipe[0], &byte, 1) != 1)
        ; /* interrupted by the next signal */
    return byte;
}

static const char *name_signal(int number)
{
    switch (number) {
    case SIGHUP:
        return "SIGHUP";
    case SIGUSR1:
        return "SIGUSR1";
    case SIGINT:
        return "SIGINT";
    default:
        return "SIGTERM";
    }
}

/* ---- reload, start and stop ---- */

/* Options that are used only at start keep their old values. But sms-milterctl reads
 * the journal of the new configuration at once. */
static void warn_of_start_options(const struct config *config)
{
    const struct config *old = config_acquire();
    const char *group = config->listen_group ? config->listen_group : "";
    const char *old_group = old->listen_group ? old->listen_group : "";

    if (strcmp(old->listen, config->listen) != 0 ||
        old->listen_mode != config->listen_mode || strcmp(old_group, group) != 0)
        log_warning("reload: listen, listen-mode, listen-group: changes take effect at "
                    "the next start; until then %s stays as it is",
                    old->listen);
    if (strcmp(old->journal, config->journal) != 0)
        log_warning("reload: journal: %s is used from the next start on; until then %s "
                    "is used, and bounces lack their reasons",
                    config->journal, old->journal);
    config_release(&old);
}

/* Logs each problem on its own line, which also says that the old configuration
 * stays. */
static void tell_refused_reload(const struct problem_list *problems,
                                const char *signal_name)
{
    for (size_t i = 0; i < problems->count; i++)
        log_error("reload: %s: the old configuration stays in use (%s)",
                  problems->items[i].error.text, signal_name);
}

/* Opens what the new configuration names, after all checks that need no opening have
 * passed. If this fails, files that were created are removed. */
static bool take_over(const struct config *config,
                      const struct delivery_services *services,
                      struct problem_list *problems)
{
    const struct place nowhere = {.file = NULL};
    struct error err;

    if (config_open_audit_logs(config, &err) &&
        api_client_configure(services->client, &config->api, &err))
        return true;
    config_discard_audit_logs(config);
    return problem_add_whole(problems, &nowhere, &err);
}

/* Uses the new configuration as a whole or not at all. signal_name is for the log. */
static void reload_config(const char *config_path,
                          const struct delivery_services *services,
                          const char *signal_name)
{
    struct problem_list problems = {.items = NULL};
    const struct config *config;
    size_t customer_count;

    if (!start_check_load(config_path, journal_place(services->journal), &config,
                          &problems) ||
        !take_over(config, services, &problems)) {
        config_release(&config);
        tell_refused_reload(&problems, signal_name);
        problem_list_free(&problems);
        return;
    }
    warn_of_start_options(config);
    journal_set_retention(services->journal, config->retention_days);
    log_warnings(config);
    customer_count = config->customer_count;
    config_publish(config);
    log_info("reloaded: customers=%zu signal=%s", customer_count, signal_name);
}

/* The end of a message takes at most 63 s, whatever it waits for (send.c). A disk that
 * does not answer may block the journal's thread for ever. */
enum { STOP_DEADLINE_S = 65, JOURNAL_DEADLINE_S = 5 };

/* SIGHUP reloads like SIGUSR1, because administrators and their scripts send it. */
static bool asks_for_reload(int number)
{
    return number == SIGUSR1 || number == SIGHUP;
}

static int serve(const char *config_path, const struct delivery_services *services)
{
    int number;

    while (asks_for_reload(number = next_signal()))
        reload_config(config_path, services, name_signal(number));
    log_info("stopping (%s): waiting for mails under way",
             service_has_failed() ? "libmilter stopped" : name_signal(number));
    journal_stop_claims(services->journal);
    if (!service_stop(STOP_DEADLINE_S)) {
        log_error("stopped with mails under way: the state of their SMS is unknown");
        _exit(EX_SOFTWARE); /* threads still use what exit() would tear down */
    }
    log_info("stopped");
    return service_has_failed() ? EX_SOFTWARE : EX_OK;
}

/* How long the "ready" line waits for the journal to be opened. */
enum { JOURNAL_WAIT_MS = 2000 };

static void tell_ready(const struct config *config,
                       const struct delivery_services *services)
{
    struct error err;

    if (journal_wait_ready(services->journal, JOURNAL_WAIT_MS, &err))
        log_info("%s ready: listen=%s customers=%zu", PACKAGE_STRING, config->listen,
                 config->customer_count);
    else
        log_warning("%s ready: listen=%s customers=%zu, but every SMS is deferred "
                    "because the journal cannot be used now: %s: %s",
                    PACKAGE_STRING, config->listen, config->customer_count,
                    config->journal, err.text);
}

/* Opens the socket that the configuration names. */
static bool open_milter(const struct delivery_services *services, struct error *err)
{
    const struct config *config = config_acquire();
    bool is_open = milter_open(config, services, err) && service_start(err);

    if (is_open)
        tell_ready(config, services);
    config_release(&config);
    return is_open;
}

static bool start_services(const struct config *config,
                           struct delivery_services *services, struct error *err)
{
    return api_client_new(&config->api, &services->client, err) &&
           journal_new(config->journal, config->retention_days, &services->journal,
                       err);
}

static void stop_services(struct delivery_services *services)
{
    api_client_free(&services->client);
    if (services->journal &&
        !journal_end(services->journal,
                     clock_now_ms() + (int64_t)JOURNAL_DEADLINE_S * 1000)) {
        log_error("stopped while the journal's disk does not respond: outcomes that "
                  "were not written yet are lost; the state of those SMS is unknown at "
                  "the next start");
        _exit(EX_SOFTWARE); /* its thread still uses what exit() would tear down */
    }
    journal_free(&services->journal);
}

static int start_with(const struct config *config, const char *config_path)
{
    struct delivery_services services = {NULL, NULL};
    struct error err;
    int status = EX_UNAVAILABLE;

    if (!start_services(config, &services, &err)) {
        log_error("%s", err.text);
        config_discard_audit_logs(config);
        stop_services(&services);
        return EX_OSERR;
    }
    let_signals_in();
    if (open_milter(&services, &err)) {
        status = serve(config_path, &services);
    } else {
        log_error("%s", err.text);
        config_discard_audit_logs(config);
    }
    stop_services(&services);
    return status;
}

/* Reports what prevents a start before anything is created. A journal that cannot be
 * used now may be repaired while the daemon runs, so its problem is only reported.
 * Returns an exit status if the program ends here, -1 if it goes on. */
static int prepare(const struct config *config, struct problem_list *problems)
{
    struct error err;
    bool is_in_use;

    if (!start_check_socket(config, problems, &is_in_use))
        return EX_UNAVAILABLE;
    if (is_in_use) {
        problem_add(problems, &config->places.listen, "listen",
                    "another program already listens on %s",
                    config_socket_path(config->listen));
        return EX_UNAVAILABLE;
    }
    start_check_journal(config, false, problems);
    if (config_open_audit_logs(config, &err))
        return -1;
    config_discard_audit_logs(config);
    problem_add_whole(problems, &config->places.listen, &err);
    return EX_CONFIG;
}

/* Loads a configuration with which a start can succeed. If that fails, *status_out is
 * the exit status. */
static bool load_to_start(const char *config_path, const struct config **config_out,
                          int *status_out)
{
    struct problem_list problems = {.items = NULL};
    bool is_in_use;

    if (start_check_load(config_path, NULL, config_out, &problems)) {
        *status_out = prepare(*config_out, &problems);
    } else {
        *status_out = EX_CONFIG;
        if (*config_out) {
            start_check_socket(*config_out, &problems, &is_in_use);
            start_check_journal(*config_out, false, &problems);
        }
    }
    log_problems(&problems);
    problem_list_free(&problems);
    return *status_out < 0;
}

static int start(const char *config_path)
{
    const struct config *config;
    int status;

    hold_reloads();
    raise_descriptor_limit();
    if (!load_to_start(config_path, &config, &status)) {
        config_release(&config);
        return status;
    }
    log_warnings(config);
    warn_of_root(config);
    if (!secret_memory_is_locked())
        log_warning("keys cannot be locked in memory (RLIMIT_MEMLOCK): they may be "
                    "written to swap space");
    message_init();
    config_publish(config);
    if (catch_signals()) {
        status = start_with(config, config_path);
    } else {
        log_errno("signals");
        status = EX_OSERR;
    }
    config_publish(NULL);
    message_shutdown();
    return status;
}

int main(int argc, char **argv)
{
    struct options options;
    int status = read_options(argc, argv, &options);

    if (status >= 0)
        return status;
    log_open("sms-milter");
    hide_memory();
    return options.is_check_only ? check_only(options.config_path)
                                 : start(options.config_path);
}
