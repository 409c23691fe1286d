/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "config/config_value.h"
#include "config/option_table.h"

/* What test_config_file.c shows of each option is not repeated here. */

#define NO_URL "is not a URL such as https://host/path"
#define CLEAR "would send the key unencrypted: use https, or http to a loopback address"

static void an_address_of_the_api_is_checked(void **state)
{
    static const struct {
        const char *url, *want; /* NULL for a good one */
    } rows[] = {
        {"https://m5api.groupcall.com/api", NULL},
        {"https://example.org", NULL},
        {"https://example.org:8443/", NULL},
        {"https://[2001:db8::1]/", NULL},
        {"http://localhost/", NULL},
        {"http://LOCALHOST:80", NULL},
        {"http://127.0.0.1:8080/a", NULL},
        {"http://127.255.255.254/", NULL},
        {"http://[::1]:8080/", NULL},
        {"https://example.org/a?b=@c", NULL},
        {"", "does not begin with https://"},
        {"example.org", "does not begin with https://"},
        {"httpsx://example.org", "does not begin with https://"},
        {"file:///etc/passwd", "does not begin with https://"},
        {"https://", NO_URL},
        {"https:///path", NO_URL},
        {"https://:443/", NO_URL},
        {"https://user:pass@example.org/", NO_URL},
        {"https://user@example.org/", NO_URL},
        {"https://exa mple.org/", NO_URL},
        {"https://example.org/a b", NO_URL},
        {"https://b\xC3\xBC"
         "cher.example/",
         NO_URL},
        {"https://[::1", NO_URL},
        {"http://example.org/", CLEAR},
        {"http://localhost.evil.example/", CLEAR},
        {"http://127.0.0.1.evil.example/", CLEAR},
        {"http://127.evil.example/", CLEAR},
        {"http://128.0.0.1/", CLEAR},
        {"http://[::2]/", CLEAR},
        {"http://[::1]evil.example/", NO_URL},
        {"http://127.0.0.256/", CLEAR},
        {"http://127.0.0.1.2/", CLEAR},
        {"http://0.0.0.0/", CLEAR},
        {"http://localhost@evil.example/", NO_URL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err = {.text = ""};
        bool is_good = config_value_check_text("url", rows[i].url, &err);

        check_text(rows[i].url, is_good ? NULL : err.text, rows[i].want);
        is_good = config_value_check_text("api-url", rows[i].url, &err);
        check_text("a customer's, the same", is_good ? NULL : err.text, rows[i].want);
    }
}

static void a_whole_number_is_read(void **state)
{
    static const struct {
        const char *option, *value;
        long want; /* -1 for none */
    } rows[] = {
        {"max-recipients", "1", 1},
        {"max-recipients", "1000", 1000},
        {"max-recipients", "0", -1},
        {"max-recipients", "1001", -1},
        {"max-recipients", "7 ", -1},
        {"max-recipients", "7k", -1},
        {"max-recipients", "1e3", -1},
        {"max-recipients", "", -1},
        {"max-recipients", "-7", -1},
        {"max-parts", "255", 255},
        {"max-parts", "256", -1},
        {"timeout", "55", 55},
        {"timeout", "56", -1},
        {"connect-timeout", "60", 60},
        {"max-message-size", "16384", 16384},
        {"max-message-size", "67108864", 67108864},
        {"max-message-size", "67108865", -1},
        {"max-recipients", "18446744073709551617", -1},
        {"max-recipients", "4294967297", -1},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err;
        long got = 0;
        bool is_good =
            config_value_read_number(rows[i].option, rows[i].value, &got, &err);

        check_number(rows[i].value, is_good ? got : -1, rows[i].want);
    }
}

static void a_word_is_its_choice(void **state)
{
    static const struct {
        const char *option, *word;
        int want;
    } rows[] = {
        {"sender-auth", "none", SENDER_AUTH_NONE},
        {"sender-auth", "sasl", SENDER_AUTH_SASL},
        {"sender-auth", "network", SENDER_AUTH_NETWORK},
        {"sender-auth", "tls", SENDER_AUTH_TLS},
        {"sender-auth", "spf", SENDER_AUTH_SPF},
        {"sender-auth", "dkim", SENDER_AUTH_DKIM},
        {"sender-auth", "dmarc", SENDER_AUTH_DMARC},
        {"auto-replies", "refuse", AUTO_REPLIES_REFUSE},
        {"auto-replies", "discard", AUTO_REPLIES_DISCARD},
        {"auto-replies", "send", AUTO_REPLIES_SEND},
        {"overlong", "truncate", OVERLONG_TRUNCATE},
        {"overlong", "reject", OVERLONG_REJECT},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error err;

        check_true(rows[i].word,
                   config_value_check_text(rows[i].option, rows[i].word, &err));
        check_number(rows[i].word, config_value_choice(rows[i].option, rows[i].word),
                     rows[i].want);
    }
}

/* A number without a range would end the daemon as soon as somebody sets it. */
static unsigned check_ranges(const cfg_opt_t *option)
{
    unsigned numbers = 0;

    for (; option->name; option++) {
        struct error err;
        long number;

        if (option->type == CFGT_SEC)
            numbers += check_ranges(option->subopts);
        if (option->type != CFGT_INT)
            continue;
        check_true(option->name,
                   !config_value_read_number(option->name, "x", &number, &err));
        numbers++;
    }
    return numbers;
}

static void each_number_of_the_table_has_a_range(void **state)
{
    cfg_t *table = option_table_new();

    (void)state;
    check_true("there are numbers", check_ranges(table->opts) > 10);
    cfg_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(an_address_of_the_api_is_checked),
        UNIT_TEST(a_whole_number_is_read),
        UNIT_TEST(a_word_is_its_choice),
        UNIT_TEST(each_number_of_the_table_has_a_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
