/* SPDX-License-Identifier: ISC */
/* groupcall-simulator: an HTTP API that answers like Groupcall Messenger, for trying
 * out and testing sms-milter. */
#include "build-config.h"

#include "options.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

static int complain(const char *what)
{
    fprintf(stderr, "groupcall-simulator: %s\n", what);
    return EXIT_FAILURE;
}

static bool simulator_open(struct simulator *simulator)
{
    simulator->accounts = accounts_new();
    simulator->faults = fault_list_new();
    simulator->inbox = inbox_new();
    simulator->timers = timers_new();
    return simulator->accounts != NULL && simulator->faults != NULL &&
           simulator->inbox != NULL && simulator->timers != NULL;
}

static void simulator_close(struct simulator *simulator)
{
    timers_free(&simulator->timers);
    inbox_free(&simulator->inbox);
    fault_list_free(&simulator->faults);
    accounts_free(&simulator->accounts);
}

/* Serves until a stop signal arrives. The signals must already be blocked, so that no
 * other thread receives them. */
static int serve(struct simulator *simulator, const struct http_options *options,
                 const sigset_t *stops)
{
    struct problem problem;
    struct http *http = http_start(simulator, options, &problem);
    int received;

    if (http == NULL)
        return complain(problem.text);
    printf("listening on %s\n", http_url(http));
    fflush(stdout);
    sigwait(stops, &received);
    http_stop(&http);
    return EXIT_SUCCESS;
}

static int run(int argc, char **argv, struct simulator *simulator,
               const sigset_t *stops)
{
    struct options options;
    struct problem problem;

    if (!simulator_open(simulator))
        return complain("out of memory or threads");
    if (!options_parse(argc, argv, simulator, &options, &problem)) {
        complain(problem.text);
        fprintf(stderr, "Try groupcall-simulator --help.\n");
        return EX_USAGE;
    }
    if (options.wants_help)
        return fputs(options_help(), stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    if (options.wants_version)
        return puts("groupcall-simulator " PACKAGE_VERSION) < 0 ? EXIT_FAILURE
                                                                : EXIT_SUCCESS;
    return serve(simulator, &options.http, stops);
}

int main(int argc, char **argv)
{
    struct simulator simulator = {0};
    sigset_t stops;
    int code;

    signal(SIGPIPE, SIG_IGN);
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigaddset(&stops, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stops, NULL);
    code = run(argc, argv, &simulator, &stops);
    simulator_close(&simulator);
    return code;
}
