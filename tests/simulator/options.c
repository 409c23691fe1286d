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
           "Answers as the Groupcall Messenger API does, keeps the SMS instead of\n"
           "sending them, and shows them on a web page. A test tool: it shows keys "
           "and\n"
           "texts to whoever can connect, so let it listen on a loopback address.\n"
           "\n"
           "  --listen ADDR:PORT     127.0.0.1:8025, [::1]:8025; port 0: the kernel "
           "chooses\n"
           "  --customer ID:KEY      a customer who may send; give it as often as "
           "needed\n"
           "  --partner KEY          a partner who may send for every customer\n"
           "  --latency-ms N         wait so long before each answer (default 0)\n"
           "  --fault SPEC           misbehave, see below; the first that fits wins\n"
           "  --tls-cert FILE --tls-key FILE   PEM files: https instead of http\n"
           "  --threads N            default: one for each processor\n"
           "  --help, --version\n"
           "\n"
           "When it is ready it prints: listening on http://127.0.0.1:PORT/\n"
           "SIGTERM and SIGINT end it.\n"
           "\n"
           "Paths\n"
           "  POST /api/SendMessage_V3/SMS           as the vendor's; with --partner "
           "also\n"
           "  POST /api/SendMessage_V3/PartnerRoute\n"
           "  GET /                                  the inbox page\n"
           "  GET, DELETE /messages   the SMS; ?number=+44...&customer=ID&since=INDEX\n"
           "  GET, DELETE /requests   every API request as it came, keys and all\n"
           "  GET, DELETE /stats      counters\n"
           "  GET, POST, DELETE /faults   POST adds one SPEC a line\n"
           "\n"
           "SPEC is KIND[=VALUE][,number=PREFIX][,customer=ID][,count=N][,every=N]\n"
           "[,retry-after=S]: only for numbers that begin so; only for this customer;\n"
           "at most N times; only each Nth time. In a text \\, \\\\ \\r \\n \\t and "
           "\\xNN\n"
           "are what they are in C.\n"
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
           "  reset-before   RST before the body is read (with number= or customer=:\n"
           "                 after, since they are in the body)\n"
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
