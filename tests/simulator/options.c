/* SPDX-License-Identifier: ISC */
#include "options.h"

#include <ctype.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_THREADS = 64, MAX_LATENCY_MS = 3600 * 1000, DEFAULT_MAX_THREADS = 8 };

enum option_code {
    OPTION_LISTEN = 1,
    OPTION_CUSTOMER,
    OPTION_PARTNER,
    OPTION_LATENCY,
    OPTION_FAULT,
    OPTION_TLS_CERT,
    OPTION_TLS_KEY,
    OPTION_THREADS,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option long_options[] = {
    {"listen", required_argument, NULL, OPTION_LISTEN},
    {"customer", required_argument, NULL, OPTION_CUSTOMER},
    {"partner", required_argument, NULL, OPTION_PARTNER},
    {"latency-ms", required_argument, NULL, OPTION_LATENCY},
    {"fault", required_argument, NULL, OPTION_FAULT},
    {"tls-cert", required_argument, NULL, OPTION_TLS_CERT},
    {"tls-key", required_argument, NULL, OPTION_TLS_KEY},
    {"threads", required_argument, NULL, OPTION_THREADS},
    {"help", no_argument, NULL, OPTION_HELP},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

const char *options_help(void)
{
    return "Usage: groupcall-simulator --listen ADDR:PORT --customer ID:KEY "
           "[OPTION]...\n"
           "\n"
           "Answers like the Groupcall Messenger API, but keeps the SMS instead of\n"
           "sending them, and shows them on a web page. It is a test tool: everyone\n"
           "who can connect sees keys and texts, so use a loopback address.\n"
           "\n"
           "  --listen ADDR:PORT     for example 127.0.0.1:8025 or [::1]:8025;\n"
           "                         with port 0 the kernel chooses a free port\n"
           "  --customer ID:KEY      a customer who may send; may be repeated\n"
           "  --partner KEY          a partner who may send for every customer\n"
           "  --latency-ms N         wait N milliseconds before each answer (default "
           "0)\n"
           "  --fault SPEC           misbehave, see below; the first one that matches "
           "wins;\n"
           "                         may be repeated\n"
           "  --tls-cert FILE --tls-key FILE   PEM files: https instead of http\n"
           "  --threads N            default: one for each processor, at most 8\n"
           "  --help, --version\n"
           "\n"
           "It prints \"listening on http://127.0.0.1:PORT/\" when it is ready.\n"
           "SIGTERM and SIGINT stop it.\n"
           "\n"
           "Paths\n"
           "  POST /api/SendMessage_V3/SMS           the API of the vendor\n"
           "  POST /api/SendMessage_V3/PartnerRoute  the same with --partner\n"
           "  GET /                                  the inbox page\n"
           "  GET, DELETE /messages   the SMS; ?number=+44...&customer=ID&since=INDEX\n"
           "  GET, DELETE /requests   all API requests as they came, with their keys\n"
           "  GET, DELETE /stats      counters\n"
           "  GET, POST, DELETE /faults   POST adds one SPEC a line\n"
           "\n"
           "SPEC is KIND[=VALUE] and then any of:\n"
           "  ,number=PREFIX   only for numbers that begin with PREFIX\n"
           "  ,customer=ID     only for this customer\n"
           "  ,count=N         at most N times\n"
           "  ,every=N         only each Nth time\n"
           "  ,retry-after=S   with http=: the field Retry-After: S\n"
           "In a VALUE \\, is a comma; \\\\ \\r \\n \\t \\xNN mean the same as in C.\n"
           "\n"
           "For one SMS, with HTTP status 200:\n"
           "  invalid        errorMsg \"Data is not valid, no messages sent\"\n"
           "  no-sms         warning \"Customer does not allow sending SMS\"\n"
           "  no-partner     warning \"Partner account not authorized for this "
           "customer\"\n"
           "  remark=TEXT    queued, with this warning\n"
           "  shortfall      \"OK 0 messages queued for sending\", no MessageId\n"
           "  error=TEXT     errorMsg TEXT, in which {key} is the key that was sent\n"
           "  no-id          queued, but MessageId is null\n"
           "\n"
           "For a request, nothing queued:\n"
           "  http=STATUS    this status from 200 to 599; with retry-after=S\n"
           "  reset-before   RST before the body is read (after it with number= or\n"
           "                 customer=, because these are in the body)\n"
           "For a request, all queued:\n"
           "  reset-after    RST instead of an answer\n"
           "  close-after    FIN instead of an answer\n"
           "  half           half of the answer, then FIN\n"
           "  not-json       200 with HTML\n"
           "  empty          200 with nothing\n"
           "  huge[=BYTES]   the answer grows to BYTES (default 64 MiB)\n"
           "  slow[=MS]      MS between the answer's bytes (default 100)\n"
           "  never          no answer until the client hangs up\n"
           "  hold           no answer until the faults are cleared\n"
           "  fewer          the first answer object is missing\n"
           "  reversed       the answer objects in reverse order\n"
           "  object         the first answer object, not an array\n";
}

static bool parse_unsigned(const char *name, const char *text, unsigned least,
                           unsigned most, unsigned *number_out, struct problem *problem)
{
    unsigned long long number = 0;
    const char *at = text;

    for (; isdigit((unsigned char)*at) && number <= most; at++)
        number = number * 10 + (unsigned)(*at - '0');
    if (at == text || *at != '\0' || number < least || number > most)
        return problem_set(problem, "%s wants a number from %u to %u", name, least,
                           most);
    *number_out = (unsigned)number;
    return true;
}

static bool add_fault(struct fault_list *faults, const char *spec,
                      struct problem *problem)
{
    struct problem inner;

    if (fault_list_add(faults, spec, &inner))
        return true;
    return problem_set(problem, "--fault %.100s: %.140s", spec, inner.text);
}

static bool apply(int code, struct simulator *simulator, struct options *options,
                  struct problem *problem)
{
    switch (code) {
    case OPTION_LISTEN:
        options->http.listen = optarg;
        return listener_check_address(optarg, problem);
    case OPTION_CUSTOMER:
        return accounts_add_customer(simulator->accounts, optarg, problem);
    case OPTION_PARTNER:
        return accounts_add_partner(simulator->accounts, optarg, problem);
    case OPTION_LATENCY:
        return parse_unsigned("--latency-ms", optarg, 0, MAX_LATENCY_MS,
                              &simulator->latency_ms, problem);
    case OPTION_FAULT:
        return add_fault(simulator->faults, optarg, problem);
    case OPTION_TLS_CERT:
        options->http.tls_cert = optarg;
        return true;
    case OPTION_TLS_KEY:
        options->http.tls_key = optarg;
        return true;
    case OPTION_THREADS:
        return parse_unsigned("--threads", optarg, 1, MAX_THREADS,
                              &options->http.threads, problem);
    case OPTION_HELP:
        options->wants_help = true;
        return true;
    case OPTION_VERSION:
        options->wants_version = true;
        return true;
    default:
        return problem_set(problem, "wrong option");
    }
}

static bool check(const struct simulator *simulator, const struct options *options,
                  struct problem *problem)
{
    if (options->wants_help || options->wants_version)
        return true;
    if (options->http.listen == NULL)
        return problem_set(problem, "--listen ADDR:PORT is missing");
    if (!accounts_has_customers(simulator->accounts))
        return problem_set(problem, "--customer ID:KEY is missing");
    if ((options->http.tls_cert == NULL) != (options->http.tls_key == NULL))
        return problem_set(problem, "--tls-cert and --tls-key belong together");
    return true;
}

static unsigned default_threads(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (processors < 1)
        return 1;
    return processors > DEFAULT_MAX_THREADS ? DEFAULT_MAX_THREADS
                                            : (unsigned)processors;
}

bool options_parse(int argc, char **argv, struct simulator *simulator,
                   struct options *options_out, struct problem *problem)
{
    int code;

    memset(options_out, 0, sizeof(*options_out));
    options_out->http.threads = default_threads();
    opterr = 0;
    while ((code = getopt_long(argc, argv, ":", long_options, NULL)) != -1) {
        if (code == '?')
            return problem_set(problem, "unknown option %s", argv[optind - 1]);
        if (code == ':')
            return problem_set(problem, "%s wants a value", argv[optind - 1]);
        if (!apply(code, simulator, options_out, problem))
            return false;
    }
    if (optind < argc)
        return problem_set(problem, "unexpected argument %s", argv[optind]);
    return check(simulator, options_out, problem);
}
