/* SPDX-License-Identifier: ISC */
/* Harness for authenticating the sender of a mail by its header and our filters'
 * results. */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"
#include "envelope/sender_auth.h"
#include "text/mime/message.h"

#define US "mx.example.org"

static char school_domain[] = "school.example";
static char us[] = US, name[] = "school", sms_domain[] = "sms.local", country[] = "44";

/* The configuration that the reader would make. */
static struct config *make_config(void)
{
    struct config *config = config_new();
    struct problem_list problems = {.items = NULL};

    fuzz_require(config != NULL, "there is memory");
    config->customers = calloc(1, sizeof *config->customers);
    fuzz_require(config->customers != NULL &&
                     string_list_add(&config->sms_domains, sms_domain),
                 "there is memory");
    config->customer_count = 1;
    config->authserv_id = strdup(us);
    config->customers[0].name = strdup(name);
    config->customers[0].default_country = strdup(country);
    config->customers[0].replay_window_s = 3 * 24 * 3600;
    fuzz_require(string_list_add(&config->customers[0].domains, school_domain) &&
                     config_index_domains(config, &problems),
                 "there is memory");
    return config;
}

/* Whether a text contains another, in any case. */
static bool has(const char *text, size_t size, const char *wanted)
{
    size_t length = strlen(wanted);

    for (; size >= length; text++, size--)
        if (strncasecmp(text, wanted, length) == 0)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct config *config;
    static const unsigned methods[] = {SENDER_AUTH_SPF, SENDER_AUTH_DKIM,
                                       SENDER_AUTH_DMARC};
    static const char *const names[] = {"spf", "dkim", "dmarc"};
    static const char *const numbers[] = {"+447700900123"};
    const char *mail = (const char *)data;
    struct raw_mail raw;
    struct sender_evidence evidence = {
        .sender = "head@school.example",
        .sender_domain = school_domain,
        .helo = "",
        .mail = &raw,
        .numbers = numbers,
        .number_count = 1,
        .now_s = 1795590000,
    };

    if (!config) {
        message_init();
        config = make_config();
    }
    fuzz_require(raw_mail_read(mail, size, SIZE_MAX, &raw), "there is memory");
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct sender_proof proof;
        struct error err = {.text = ""};

        config->customers[0].sender_auth = methods[i];
        if (sender_auth_check(config, &config->customers[0], &evidence, &proof, &err)) {
            fuzz_require(strcmp(proof.method, names[i]) == 0,
                         "a method that is asked for");
            fuzz_require(has(mail, size, US) && has(mail, size, "pass") &&
                             has(mail, size, names[i]) &&
                             has(mail, size, "school.example"),
                         "nothing is proved that our filters do not say");
        } else {
            fuzz_require(!proof.method && *err.status && *err.text && *proof.rule,
                         "a refusal has its reason");
        }
        fuzz_require(utf8_is_valid(proof.rule) && !strpbrk(proof.rule, "\r\n"),
                     "a rule is a line of a log");
    }
    raw_mail_free(&raw);
    return 0;
}
