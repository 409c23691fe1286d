/* SPDX-License-Identifier: ISC */
/* Options, start, reload, stop. */
#include "build-config.h"

#include <errno.h>
#include <fcntl.h>
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
#include "base/config.h"
#include "base/config_file.h"
#include "base/log.h"
#include "base/secret_memory.h"
#include "milter.h"
#include "text/message.h"

struct options {
    const char *config_path;
    bool is_check_only;
};

static const char usage[] =
    "usage: sms-milter [-c FILE] [-t] [-V] [-h]\n"
    "  -c FILE  read the configuration from FILE instead of\n"
    "           " DEFAULT_CONFIG_PATH "\n"
    "  -t       check the configuration, say what is wrong with it, and exit\n"
    "  -V       print the version and exit\n"
    "  -h       print this help and exit\n";

/* Returns an exit status when the program ends here, -1 when it goes on. */
static int read_options(int argc, char **argv, struct options *options)
{
    int option;

    *options = (struct options){.config_path = DEFAULT_CONFIG_PATH};
    while ((option = getopt(argc, argv, "c:tVh")) != -1) {
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
            fputs(usage, stdout);
            return EX_OK;
        default:
            fputs(usage, stderr);
            return EX_USAGE;
        }
    }
    if (optind == argc)
        return -1;
    fputs(usage, stderr);
    return EX_USAGE;
}

static void log_warnings(const struct config *config)
{
    for (size_t i = 0; i < config->warnings.count; i++)
        log_warning("%s", config->warnings.items[i]);
}

/* A configuration that can be used; *config_out is to be released in any case. */
static bool load_config(const char *path, const struct config **config_out,
                        struct error *err)
{
    return config_load(path, config_out, err) &&
           api_client_check_options(&(*config_out)->api, err);
}

static int check_only(const char *path)
{
    const struct config *config;
    struct error err;

    if (!load_config(path, &config, &err)) {
        config_release(&config);
        fprintf(stderr, "%s\n", err.text);
        return EX_CONFIG;
    }
    for (size_t i = 0; i < config->warnings.count; i++)
        fprintf(stderr, "warning: %s\n", config->warnings.items[i]);
    config_release(&config);
    return EX_OK;
}

/* ---- the process ---- */

/* Neither a core dump nor another process of the same user gets at the keys. */
static void hide_memory(void)
{
    const struct rlimit none = {0, 0};

    if (setrlimit(RLIMIT_CORE, &none) < 0 || prctl(PR_SET_DUMPABLE, 0) < 0)
        log_errno("core dumps cannot be switched off");
}

/* A descriptor for each connection: where they run out, libmilter's accept loop spins.
 * And one for each customer's audit log, two around a reload. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
        log_errno("the limit of open files cannot be raised");
}

/* ---- signals ---- */

/* libmilter has a thread of its own for the signals that stop, and would stop at once
 * with mails under way: milter.c keeps them from it. Only the main thread has them
 * unblocked, all the time, and reads from a pipe what came. */
static int signal_pipe[2] = {-1, -1};

static void on_signal(int number)
{
    int saved = errno;
    unsigned char byte = (unsigned char)number;

    if (write(signal_pipe[1], &byte, 1) < 0) {
        /* the pipe is full of signals not yet read: one more changes nothing */
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

/* Call it before the first thread; all but the main one keep the mask that it sets. */
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
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error like any other */
    return true;
}

/* Call it before libmilter starts: a signal that nobody takes waits for its thread. */
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

/* What is opened at start stays as it is; sms-milterctl reads the journal of the new
 * configuration at once. */
static void warn_of_start_options(const struct config *config)
{
    const struct config *old = config_acquire();
    const char *group = config->listen_group ? config->listen_group : "";
    const char *old_group = old->listen_group ? old->listen_group : "";

    if (strcmp(old->listen, config->listen) != 0 ||
        old->listen_mode != config->listen_mode || strcmp(old_group, group) != 0)
        log_warning(
            "reload: listen, listen-mode, listen-group: used from the next start "
            "on, and %s as it is until then",
            old->listen);
    if (strcmp(old->journal, config->journal) != 0)
        log_warning("reload: journal: %s is used from the next start on, and %s until "
                    "then: bounces lack their reasons meanwhile",
                    config->journal, old->journal);
    config_release(&old);
}

/* The new configuration as a whole, or none of it. signal_name is for the log. */
static void reload_config(const char *config_path,
                          const struct delivery_services *services,
                          const char *signal_name)
{
    const struct config *config;
    size_t customer_count;
    struct error err;

    if (!load_config(config_path, &config, &err) ||
        !config_open_audit_logs(config, &err) ||
        !api_client_configure(services->client, &config->api, &err)) {
        config_release(&config);
        log_error("reload: %s: the old configuration stays (%s)", err.text,
                  signal_name);
        return;
    }
    warn_of_start_options(config);
    journal_set_retention(services->journal, config->retention_days);
    log_warnings(config);
    customer_count = config->customer_count;
    config_publish(config);
    log_info("reloaded: customers=%zu signal=%s", customer_count, signal_name);
}

/* The end of a message takes 55 s at the most, whatever it waits for (send.c). */
enum { STOP_DEADLINE_S = 60 };

/* SIGHUP reloads like SIGUSR1: it is what administrators and their scripts send. */
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
             milter_has_failed() ? "libmilter gave up" : name_signal(number));
    journal_stop_claims(services->journal);
    if (!milter_stop(STOP_DEADLINE_S)) {
        log_error("stopped with mails under way: what became of their SMS is unknown");
        _exit(EX_SOFTWARE); /* threads still use what exit() would tear down */
    }
    log_info("stopped");
    return milter_has_failed() ? EX_SOFTWARE : EX_OK;
}

/* Opens the socket that the configuration names. */
static bool open_milter(const struct delivery_services *services, struct error *err)
{
    const struct config *config = config_acquire();
    bool is_open = milter_open(config, services, err) && milter_start(err);

    if (is_open)
        log_info("%s ready: listen=%s customers=%zu", PACKAGE_STRING, config->listen,
                 config->customer_count);
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
    journal_free(&services->journal);
}

static int start_with(const struct config *config, const char *config_path)
{
    struct delivery_services services = {NULL, NULL};
    struct error err;
    int status = EX_UNAVAILABLE;

    if (!start_services(config, &services, &err)) {
        log_error("%s", err.text);
        stop_services(&services);
        return EX_OSERR;
    }
    let_signals_in();
    if (open_milter(&services, &err))
        status = serve(config_path, &services);
    else
        log_error("%s", err.text);
    stop_services(&services);
    return status;
}

static int start(const char *config_path)
{
    const struct config *config;
    struct error err;
    int status;

    raise_descriptor_limit();
    if (!load_config(config_path, &config, &err) ||
        !config_open_audit_logs(config, &err)) {
        config_release(&config);
        log_error("%s", err.text);
        return EX_CONFIG;
    }
    log_warnings(config);
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
