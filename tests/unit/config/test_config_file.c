/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "config/config_file.h"
#include "envelope/customer.h"

#define COUNTRY "default-country = \"44\"\n"
#define CUSTOMER_A UNIT_CUSTOMER("a", "a.example")
#define CUSTOMER_B UNIT_CUSTOMER("b", "b.example")
/* The name of one with the domain of the other. */
#define A_OF_B UNIT_CUSTOMER("a", "b.example")
#define B_OF_A UNIT_CUSTOMER("b", "A.Example")
#define U_LABEL UNIT_CUSTOMER("a", "fa\xC3\x9F.example")
#define A_LABEL UNIT_CUSTOMER("b", "XN--FA-HIA.example")
#define CUSTOMER_MAIN UNIT_CUSTOMER("main", "main.example")
#define IN_CUSTOMER(line) COUNTRY CUSTOMER_A line "\n}\n"

/* Borrowed from the configuration, which has a reference of its own. */
static const char *key_of(const struct customer *customer)
{
    const struct secret *secret = api_key_acquire(customer->api_key);
    const char *text = secret_text(secret);

    secret_release(&secret);
    return text;
}

static void defaults_are_those_of_the_manual(void **state)
{
    const struct config *config = unit_load_good(IN_CUSTOMER(""));
    const struct customer *customer = &config->customers[0];

    (void)state;
    check_text("listen", config->listen,
               "unix:/var/spool/postfix/sms-milter/milter.sock");
    check_number("listen-mode", config->listen_mode, 0660);
    check_text("listen-group", config->listen_group, NULL);
    check_number("sms-domains", (long long)config->sms_domains.count, 1);
    check_text("sms-domains", config->sms_domains.items[0], "sms.local");
    check_number("trusted-networks", (long long)config->trusted_networks.count, 0);
    check_number("max-message-size", config->max_message_size_bytes, 1048576);
    check_text("ca-file", config->api.ca_file, NULL);
    check_text("proxy", config->api.proxy, "");
    check_number("connect-timeout", config->api.connect_timeout_s, 5);
    check_number("timeout", config->api.timeout_s, 30);
    check_number("max-connections", config->api.max_connections, 8);
    check_number("max-in-flight", config->api.max_in_flight, 256);
    check_number("retries", config->api.retries, 2);
    check_number("breaker-failures", config->api.breaker_failures, 5);
    check_number("breaker-cooldown", config->api.breaker_cooldown_s, 10);
    check_text("journal", config->journal, "sqlite:/var/lib/sms-milter/journal.db");
    check_number("retention-days", config->retention_days, 90);
    check_number("retry-window", config->retry_window_s, 5400);
    check_number("duplicate-wait", config->duplicate_wait_s, 20);
    check_number("duplicate-window", config->duplicate_window_s, 5 * 24 * 3600);
    check_number("on-unknown", config->on_unknown, ON_UNKNOWN_RESEND);
    check_text("name", customer->name, "a");
    check_text("customer-id", customer->customer_id, "1469");
    check_text("api-key", key_of(customer), "key-of-a");
    check_text("api-url", customer->api_url,
               "https://m5api.groupcall.com/api/SendMessage_V3/SMS");
    check_text("sms-sender", customer->sms_sender, NULL);
    check_text("default-country", customer->default_country, "44");
    check_number("sender-auth", customer->sender_auth,
                 SENDER_AUTH_SASL | SENDER_AUTH_DMARC);
    check_number("allow", (long long)customer->allow.count, 1);
    check_text("allow", customer->allow.items[0], "+44");
    check_number("deny", (long long)customer->deny.count, 0);
    check_number("max-recipients", customer->max_recipients, 100);
    check_number("auto-replies", customer->auto_replies, AUTO_REPLIES_REFUSE);
    check_number("on-unknown", customer->on_unknown, ON_UNKNOWN_RESEND);
    check_number("after-sending", customer->after_sending, AFTER_SENDING_DISCARD);
    check_number("max-parts", customer->text.max_parts, 6);
    check_number("overlong", customer->text.overlong, OVERLONG_TRUNCATE);
    check_number("encoding", customer->text.encoding, ENCODING_AUTO);
    check_number("links", customer->text.links, LINKS_BOTH);
    check_text("end-marker", customer->text.end_marker, "##");
    check_number("strip", (long long)customer->text.strip.count, 0);
    check_text("source", customer->source, "main.conf:2");
    config_release(&config);
    check_true("cleared", config == NULL);
}

static const char everything[] =
    "# a comment\n"
    "listen = \"inet:8891@127.0.0.1\"\n"
    "listen-mode = \"0600\"\n"
    "listen-group = \"postfix\"\n"
    "sms-domains = {\"SMS.example\", \"text.example\"}\n"
    "trusted-networks = {\"192.0.2.0/24\", \"2001:db8::/32\"}\n"
    "reused-message-ids = {\"*@ups.example\", \"panel@a.example\"}\n"
    "default-country = \"44\"\n"
    "max-recipients = 7\n"
    "max-message-size = 65536\n"
    "auto-replies = \"send\"\n"
    "journal = \"sqlite:/tmp/j\"\n"
    "retention-days = 1\n"
    "retry-window = 0\n"
    "duplicate-wait = 50\n"
    "duplicate-window = 60\n"
    "on-unknown = \"refuse\"\n"
    "after-sending = \"accept\"\n"
    "api {\n"
    "  url = \"https://127.0.0.1:8080/sms\"\n"
    "  ca-file = \"/etc/passwd\"\n"
    "  proxy = \"http://proxy.example:3128\"\n"
    "  connect-timeout = 1\n"
    "  timeout = 55\n"
    "  max-connections = 1000\n"
    "  max-in-flight = 100000\n"
    "  retries = 10\n"
    "  breaker-failures = 1\n"
    "  breaker-cooldown = 3600\n"
    "}\n"
    "/* another\n   comment */\n"
    "text {\n"
    "  template = \"{body}\"\n"
    "  max-parts = 255\n"
    "  overlong = \"reject\"\n"
    "  encoding = \"gsm7\"\n"
    "  links = \"text\"\n"
    "  end-marker = \"$$\"\n"
    "  strip = {\"^Ref: .*$\", \"Tel\\\\.\"}\n"
    "}\n"
    "customer \"inherits\" {\n"
    "  domains = {\"I.example\", \".I.example\"}\n"
    "  customer-id = \"1\"\n"
    "  api-key = \"k1\"\n"
    "}\n"
    "customer \"overrides\" {\n"
    "  domains = {\"b\xC3\xBC"
    "cher.example\"}\n"
    "  customer-id = \"2\"\n"
    "  api-key = \"k2\"\n"
    "  api-url = \"https://sandbox.example/\"\n"
    "  sms-sender = \"Green\"\n"
    "  default-country = \"353\"\n"
    "  sender-auth = {\"none\", \"network\", \"tls\"}\n"
    "  networks = {\"198.51.100.1\"}\n"
    "  sasl-logins = {\"alarm\", \"bell\"}\n"
    "  reused-message-ids = {\"*@*.b.example\"}\n"
    "  allow = {\"+353\", \"+44\"}\n"
    "  deny = {\"+3531\"}\n"
    "  max-recipients = 1000\n"
    "  auto-replies = \"discard\"\n"
    "  on-unknown = \"resend\"\n"
    "  after-sending = \"discard\"\n"
    "  text {\n"
    "    template = \"{subject}\"\n"
    "    max-parts = 1\n"
    "    overlong = \"truncate\"\n"
    "    encoding = \"unicode\"\n"
    "    links = \"url\"\n"
    "    end-marker = \"\"\n"
    "    strip = {\"x\"}\n"
    "  }\n"
    "}\n";

static void check_filled(const char *row, const struct customer *customer,
                         const char *want)
{
    static const char *const values[TEMPLATE_FIELDS] = {"S", "B", "N", "A"};
    char *got = template_fill(customer->text.template, values);

    check_text(row, got, want);
    free(got);
}

static void every_option_arrives(void **state)
{
    const struct config *config = unit_load_good(everything);
    const struct customer *inherits = &config->customers[0];
    const struct customer *overrides = &config->customers[1];

    (void)state;
    check_text("listen", config->listen, "inet:8891@127.0.0.1");
    check_number("listen-mode", config->listen_mode, 0600);
    check_text("listen-group", config->listen_group, "postfix");
    check_text("sms-domains", config->sms_domains.items[0], "sms.example");
    check_number("trusted-networks", (long long)config->trusted_networks.count, 2);
    check_number("max-message-size", config->max_message_size_bytes, 65536);
    check_text("ca-file", config->api.ca_file, "/etc/passwd");
    check_text("proxy", config->api.proxy, "http://proxy.example:3128");
    check_number("connect-timeout", config->api.connect_timeout_s, 1);
    check_number("timeout", config->api.timeout_s, 55);
    check_number("max-connections", config->api.max_connections, 1000);
    check_number("max-in-flight", config->api.max_in_flight, 100000);
    check_number("retries", config->api.retries, 10);
    assert_int_equal(config->reused_message_ids.count, 2);
    check_text("reused-message-ids", config->reused_message_ids.items[1],
               "panel@a.example");
    check_number("breaker-failures", config->api.breaker_failures, 1);
    check_number("breaker-cooldown", config->api.breaker_cooldown_s, 3600);
    check_text("journal", config->journal, "sqlite:/tmp/j");
    check_number("retention-days", config->retention_days, 1);
    check_number("retry-window", config->retry_window_s, 0);
    check_number("duplicate-wait", config->duplicate_wait_s, 50);
    check_number("duplicate-window", config->duplicate_window_s, 60);
    check_number("on-unknown", config->on_unknown, ON_UNKNOWN_REFUSE);

    check_text("domain in lower case", inherits->domains.items[0], "i.example");
    check_text("subdomains", inherits->domains.items[1], ".i.example");
    check_text("inherits api.url", inherits->api_url, "https://127.0.0.1:8080/sms");
    check_text("inherits default-country", inherits->default_country, "44");
    check_text("inherits allow", inherits->allow.items[0], "+44");
    check_number("inherits max-recipients", inherits->max_recipients, 7);
    check_number("inherits auto-replies", inherits->auto_replies, AUTO_REPLIES_SEND);
    check_number("inherits on-unknown", inherits->on_unknown, ON_UNKNOWN_REFUSE);
    check_number("inherits after-sending", inherits->after_sending,
                 AFTER_SENDING_ACCEPT);
    check_number("inherits max-parts", inherits->text.max_parts, 255);
    check_number("inherits overlong", inherits->text.overlong, OVERLONG_REJECT);
    check_number("inherits encoding", inherits->text.encoding, ENCODING_GSM7);
    check_number("inherits links", inherits->text.links, LINKS_TEXT);
    check_text("inherits end-marker", inherits->text.end_marker, "$$");
    assert_int_equal(inherits->text.strip.count, 2);
    check_text("inherits strip", pattern_text(inherits->text.strip.items[1]), "Tel\\.");
    check_filled("inherits template", inherits, "B");

    check_text("U-label", overrides->domains.items[0], "xn--bcher-kva.example");
    check_text("key", key_of(overrides), "k2");
    check_text("api-url", overrides->api_url, "https://sandbox.example/");
    check_text("sms-sender", overrides->sms_sender, "Green");
    check_text("default-country", overrides->default_country, "353");
    check_number("sender-auth", overrides->sender_auth,
                 SENDER_AUTH_NONE | SENDER_AUTH_NETWORK | SENDER_AUTH_TLS);
    check_number("networks", (long long)overrides->networks.count, 1);
    check_text("sasl-logins", overrides->sasl_logins.items[1], "bell");
    check_number("allow", (long long)overrides->allow.count, 2);
    check_text("deny", overrides->deny.items[0], "+3531");
    check_number("no reused-message-ids of its own",
                 (long long)inherits->reused_message_ids.count, 0);
    assert_int_equal(overrides->reused_message_ids.count, 1);
    check_text("reused-message-ids", overrides->reused_message_ids.items[0],
               "*@*.b.example");
    check_number("max-recipients", overrides->max_recipients, 1000);
    check_number("auto-replies", overrides->auto_replies, AUTO_REPLIES_DISCARD);
    check_number("on-unknown", overrides->on_unknown, ON_UNKNOWN_RESEND);
    check_number("after-sending", overrides->after_sending, AFTER_SENDING_DISCARD);
    check_number("max-parts", overrides->text.max_parts, 1);
    check_number("overlong", overrides->text.overlong, OVERLONG_TRUNCATE);
    check_number("encoding", overrides->text.encoding, ENCODING_UNICODE);
    check_number("links", overrides->text.links, LINKS_URL);
    check_text("end-marker", overrides->text.end_marker, "");
    assert_int_equal(overrides->text.strip.count, 1);
    check_filled("template", overrides, "S");
    config_release(&config);
}

/* Loads a text that must be wrong, and checks that the error is one line. */
static void check_wrong(const char *row, const char *text, const char *want)
{
    const struct config *config = (const struct config *)&row;
    struct error err = {.text = "no error"};

    if (unit_load(text, &config, &err))
        config_release(&config);
    check_true(row, config == NULL);
    check_text(row, err.text, want);
    check_true("the error is one line", !strpbrk(err.text, "\r\n"));
}

#define NO_NETWORK "is not a network such as 192.0.2.0/24 or 2001:db8::/32"
#define NO_NAME "is not a name: printable ASCII, at least one character"
#define TRUNK_ZERO "matches no number: remove the 0 after the country code"
#define NO_PREFIX "is not the beginning of a number such as \"+44\""
#define NO_COUNTRY "is not a country calling code such as \"44\""
#define CLEAR "would send the key unencrypted: use https, or http to a loopback address"
#define NO_LISTEN "is neither \"unix:/path\" nor \"inet:port@host\""
#define NO_MODE "is not an octal mode such as \"0660\""
#define NO_ID_PATTERN                                                                 \
    "is not a pattern such as \"*@ups.example\", without angle brackets and with at " \
    "most two "                                                                       \
    "\"*\""
#define RECIPIENTS "is not a whole number from 1 to 1000"

static void a_wrong_value_is_told(void **state)
{
    /* text stands on line 2; want follows "main.conf:2: ". */
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"listen = \"\"", "listen: \"\" " NO_LISTEN},
        {"listen = \"milter.sock\"", "listen: \"milter.sock\" " NO_LISTEN},
        {"listen = \"unix:relative\"", "listen: \"unix:relative\" " NO_LISTEN},
        {"listen = \"inet:\"", "listen: \"inet:\" " NO_LISTEN},
        {"listen-mode = \"rw\"", "listen-mode: \"rw\" " NO_MODE},
        {"listen-mode = \"0680\"", "listen-mode: \"0680\" " NO_MODE},
        {"listen-mode = \"60\"", "listen-mode: \"60\" " NO_MODE},
        {"listen-mode = \"00660\"", "listen-mode: \"00660\" " NO_MODE},
        {"listen-group = \"\"", "listen-group: \"\" " NO_NAME},
        {"sms-domains = {\"sms..local\"}",
         "sms-domains: \"sms..local\" is not a domain name"},
        {"sms-domains = {\"sms.local\", \".sms.local\"}",
         "sms-domains: \".sms.local\" is not a domain name"},
        {"sms-domains = {}", "sms-domains: empty"},
        {"trusted-networks = {\"localhost\"}",
         "trusted-networks: \"localhost\" " NO_NETWORK},
        {"trusted-networks = {\"192.0.2.1/24\"}",
         "trusted-networks: \"192.0.2.1/24\" has bits set beyond its prefix length "
         "/24"},
        {"default-country = \"+44\"", "default-country: \"+44\" " NO_COUNTRY},
        {"default-country = \"044\"", "default-country: \"044\" " NO_COUNTRY},
        {"default-country = \"4444\"", "default-country: \"4444\" " NO_COUNTRY},
        {"default-country = \"447\"", "default-country: \"447\" " NO_COUNTRY},
        {"default-country = \"440\"", "default-country: \"440\" " NO_COUNTRY},
        {"default-country = \"4\"", "default-country: \"4\" " NO_COUNTRY},
        {"default-country = \"GB\"", "default-country: \"GB\" " NO_COUNTRY},
        {"default-country = \"\"", "default-country: \"\" " NO_COUNTRY},
        {"max-recipients = 0", "max-recipients: \"0\" " RECIPIENTS},
        {"max-recipients = -1", "max-recipients: \"-1\" " RECIPIENTS},
        {"max-recipients = 1001", "max-recipients: \"1001\" " RECIPIENTS},
        {"max-recipients = many", "max-recipients: \"many\" " RECIPIENTS},
        {"max-recipients = 1.5", "max-recipients: \"1.5\" " RECIPIENTS},
        {"max-recipients = 0x10", "max-recipients: \"0x10\" " RECIPIENTS},
        {"max-recipients = \"\"", "max-recipients: \"\" " RECIPIENTS},
        {"max-recipients = 99999999999999999999",
         "max-recipients: \"99999999999999999999\" " RECIPIENTS},
        {"max-message-size = 16383",
         "max-message-size: \"16383\" is not a whole number from 16384 to 67108864"},
        {"auto-replies = \"Send\"",
         "auto-replies: \"Send\" is not one of: refuse, discard, send"},
        {"api { url = \"ftp://x/\" }",
         "url: \"ftp://x/\" does not begin with https://"},
        {"api { ca-file = \"ca.pem\" }", "ca-file: \"ca.pem\" is not an absolute path"},
        {"api { proxy = \"pr\xC3\xB6xy\" }", "proxy: \"pr\xC3\xB6xy\" " NO_NAME},
        {"api { connect-timeout = 61 }",
         "connect-timeout: \"61\" is not a whole number from 1 to 60"},
        {"api { timeout = 56 }", "timeout: \"56\" is not a whole number from 1 to 55"},
        {"api { timeout = 0 }", "timeout: \"0\" is not a whole number from 1 to 55"},
        {"api { max-connections = 0 }",
         "max-connections: \"0\" is not a whole number from 1 to 1000"},
        {"api { max-in-flight = 100001 }",
         "max-in-flight: \"100001\" is not a whole number from 1 to 100000"},
        {"api { retries = 11 }", "retries: \"11\" is not a whole number from 0 to 10"},
        {"api { breaker-failures = 0 }",
         "breaker-failures: \"0\" is not a whole number from 1 to 1000"},
        {"api { breaker-cooldown = 0 }",
         "breaker-cooldown: \"0\" is not a whole number from 1 to 3600"},
        {"reused-message-ids = {\"<*@ups.example>\"}",
         "reused-message-ids: \"<*@ups.example>\" " NO_ID_PATTERN},
        {"reused-message-ids = {\"*@*.ups.*\"}",
         "reused-message-ids: \"*@*.ups.*\" " NO_ID_PATTERN},
        {"reused-message-ids = {\"\"}", "reused-message-ids: \"\" " NO_ID_PATTERN},
        {"retention-days = 0",
         "retention-days: \"0\" is not a whole number from 1 to 3650"},
        {"retry-window = 604801",
         "retry-window: \"604801\" is not a whole number from 0 to 604800"},
        {"duplicate-wait = 51",
         "duplicate-wait: \"51\" is not a whole number from 0 to 50"},
        {"duplicate-window = 0",
         "duplicate-window: \"0\" is not a whole number from 1 to 7776000"},
        {"on-unknown = \"retry\"",
         "on-unknown: \"retry\" is not one of: resend, refuse"},
        {"after-sending = \"hold\"",
         "after-sending: \"hold\" is not one of: discard, accept"},
        {"text { template = \"{text}\" }",
         "template: \"{text}\" uses the unknown field {text} (the fields are "
         "{subject}, {body}, {from-name} and {from-address})"},
        {"text { max-parts = 256 }",
         "max-parts: \"256\" is not a whole number from 1 to 255"},
        {"text { max-parts = 0 }",
         "max-parts: \"0\" is not a whole number from 1 to 255"},
        {"text { overlong = \"cut\" }",
         "overlong: \"cut\" is not one of: truncate, reject"},
        {"text { encoding = \"utf-8\" }",
         "encoding: \"utf-8\" is not one of: auto, gsm7, unicode"},
        {"text { links = \"none\" }", "links: \"none\" is not one of: text, url, both"},
        {"text { end-marker = \"a b\" }",
         "end-marker: \"a b\" is not one word without spaces"},
        {"text { strip = {\"(\"} }", "strip: \"(\" is not a valid regular expression: "
                                     "missing closing parenthesis (at character 2)"},
        {"colour = \"red\"", "colour: unknown option"},
        {"api { colour = \"red\" }", "colour: unknown option"},
        {"domains = {\"a.example\"}", "domains: unknown option"},
        {"include(\"/nonexistent/x\")",
         "include: \"/nonexistent/x\" No such file or directory"},
        {"include()", "include: takes one file or directory"},
        {"include(\"/tmp\", \"/tmp\")", "include: takes one file or directory"},
        {"listen = \"a\\nb\"", "listen: \"a?b\" " NO_LISTEN},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512], want[512];

        snprintf(text, sizeof text, "\n%s\n", rows[i].text);
        snprintf(want, sizeof want, "main.conf:2: %s", rows[i].want);
        check_wrong(rows[i].text, text, want);
    }
}

static void a_wrong_value_of_a_customer_is_told(void **state)
{
    /* text stands on line 6; want follows "main.conf:6: ". */
    static const struct {
        const char *text, *want;
    } rows[] = {
        {"domains = {\"example.org.\"}",
         "domains: \"example.org.\" is not a domain name"},
        {"domains = {\".\"}", "domains: \".\" is not a domain name"},
        {"domains = {\"*.example.org\"}",
         "domains: \"*.example.org\" is not a domain name"},
        {"customer-id = \"\"", "customer-id: \"\" " NO_NAME},
        {"api-key-file = \"key\"", "api-key-file: \"key\" is not an absolute path"},
        {"api-url = \"http://example.org/\"",
         "api-url: \"http://example.org/\" " CLEAR},
        {"sms-sender = \"Sch\xC3\xBCle\"", "sms-sender: \"Sch\xC3\xBCle\" " NO_NAME},
        {"default-country = \"0\"", "default-country: \"0\" " NO_COUNTRY},
        {"sender-auth = {\"sasl\", \"psk\"}",
         "sender-auth: \"psk\" is not one of: none, sasl, network, tls, spf, dkim, "
         "dmarc"},
        {"networks = {\"10.0.0.0/33\"}",
         "networks: \"10.0.0.0/33\" needs a prefix length from 0 to 32"},
        {"sasl-logins = {\"\"}", "sasl-logins: \"\" " NO_NAME},
        {"allow = {\"44\"}", "allow: \"44\" " NO_PREFIX},
        {"allow = {\"+\"}", "allow: \"+\" " NO_PREFIX},
        {"allow = {\"+044\"}", "allow: \"+044\" " NO_PREFIX},
        {"allow = {\"+440\"}", "allow: \"+440\" " TRUNK_ZERO},
        {"deny = {\"+449\", \"+4409\"}", "deny: \"+4409\" " TRUNK_ZERO},
        {"deny = {\"+35300\"}", "deny: \"+35300\" " TRUNK_ZERO},
        {"deny = {\"+44 70\"}", "deny: \"+44 70\" " NO_PREFIX},
        {"deny = {\"+1234567890123456\"}", "deny: \"+1234567890123456\" " NO_PREFIX},
        {"max-recipients = 1001", "max-recipients: \"1001\" " RECIPIENTS},
        {"auto-replies = \"\"",
         "auto-replies: \"\" is not one of: refuse, discard, send"},
        {"text { max-parts = 0 }",
         "max-parts: \"0\" is not a whole number from 1 to 255"},
        {"rates = \"1/minute\"", "rates: unknown option in customer \"a\""},
        {"include(\"/tmp\")", "include: unknown option in customer \"a\""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[512], want[512];

        /* COUNTRY and the four lines of UNIT_CUSTOMER() are before. */
        snprintf(text, sizeof text, COUNTRY CUSTOMER_A "%s\n}\n", rows[i].text);
        snprintf(want, sizeof want, "main.conf:6: %s", rows[i].want);
        check_wrong(rows[i].text, text, want);
    }
}

static void what_is_missing_or_double_is_told(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"no domains",
         COUNTRY "customer \"a\" {\n customer-id = \"1\"\n"
                 " api-key = \"k\"\n}\n",
         "main.conf:2: domains: missing in customer \"a\""},
        {"no customer-id",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                 " api-key = \"k\"\n}\n",
         "main.conf:2: customer-id: missing in customer \"a\""},
        {"no key",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                 " customer-id = \"1\"\n}\n",
         "main.conf:2: api-key-file: missing in customer \"a\""},
        {"a list set twice", IN_CUSTOMER(" deny = {\"+4470\"}\n deny = {\"+449\"}"),
         "main.conf:7: deny: is set twice: keep only one of the lines"},
        {"a text set twice", IN_CUSTOMER(" sms-sender = \"a\"\n sms-sender = \"b\""),
         "main.conf:7: sms-sender: is set twice: keep only one of the lines"},
        {"a number set twice", IN_CUSTOMER(" max-recipients = 1\n max-recipients = 2"),
         "main.conf:7: max-recipients: is set twice: keep only one of the lines"},
        {"nobody allowed", IN_CUSTOMER(" allow = {}"),
         "main.conf:6: allow: is empty: remove the line to use the default"},
        {"no proof named", IN_CUSTOMER(" sender-auth = {}"),
         "main.conf:6: sender-auth: is empty: remove the line to use the default"},
        {"two keys", IN_CUSTOMER(" api-key-file = \"/nonexistent\""),
         "main.conf:6: api-key-file: api-key is set, too: set only one of them"},
        {"two keys, one in the environment", IN_CUSTOMER(" api-key-env = \"PATH\""),
         "main.conf:6: api-key-env: api-key is set, too: set only one of them"},
        {"three keys",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                 " customer-id = \"1\"\n api-key-credential = \"a\"\n"
                 " api-key-env = \"A\"\n api-key-file = \"/a\"\n}\n",
         "main.conf:6: api-key-env: api-key-file is set, too: set only one of them"},
        {"a variable that is not set",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                 " customer-id = \"1\"\n api-key-env = \"NO_SUCH_VARIABLE\"\n}\n",
         "main.conf:5: api-key-env: the environment variable NO_SUCH_VARIABLE is not "
         "set or is empty"},
        {"a credential that is a path",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                 " customer-id = \"1\"\n api-key-credential = \"../a\"\n}\n",
         "main.conf:5: api-key-credential: \"../a\" is not the name of a credential"},
        {"neither default-country nor allow", CUSTOMER_A "}\n",
         "main.conf:1: allow: missing in customer \"a\": it is required if "
         "default-country is not set"},
        {"an empty name", COUNTRY UNIT_CUSTOMER("", "a.example") "}\n",
         "main.conf:2: customer: \"\" " NO_NAME},
        {"a key that is none",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                 " customer-id = \"1\"\n api-key = \"Top Secret\"\n"
                 "}\n",
         "main.conf:5: api-key: is not a key: one line of printable ASCII without "
         "spaces"},
        {"two customers of one name", COUNTRY CUSTOMER_A "}\n" A_OF_B "}\n",
         "main.conf:7: customer: \"a\" is already the name of another customer "
         "(main.conf:2)"},
        {"one domain of two customers", COUNTRY CUSTOMER_A "}\n" B_OF_A "}\n",
         "main.conf:8: domains: \"a.example\" of customer \"b\" already belongs to "
         "customer \"a\" (main.conf:3)"},
        {"one domain in two forms", COUNTRY U_LABEL "}\n" A_LABEL "}\n",
         "main.conf:8: domains: \"xn--fa-hia.example\" of customer \"b\" already "
         "belongs to customer \"a\" (main.conf:3)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_wrong(rows[i].name, rows[i].text, rows[i].want);
}

/* libconfuse 3.3 counts the line of such a comment three times, and a file of ours is
 * mostly comments. */
static void comments_count_as_they_are(void **state)
{
    static const struct {
        const char *name, *text;
        unsigned line;
    } rows[] = {
        {"hash", "# a\n# b\nlisten = \"x\"\n", 3},
        {"hash behind an option", "max-recipients = 1 # a\nlisten = \"x\"\n", 2},
        {"hash in front of spaces", "   # a\nlisten = \"x\"\n", 2},
        {"two slashes", "// a\nlisten = \"x\"\n", 2},
        {"on one line", "/* a */\nlisten = \"x\"\n", 2},
        {"on three lines", "/* a\n b\n */\nlisten = \"x\"\n", 4},
        {"a hash in a text is none",
         "text {\n template = \"{body} # // /* */\"\n}\nlisten = \"x\"\n", 4},
        {"a quote in a comment", "# don't \" /*\nlisten = \"x\"\n", 2},
        {"no comment", "\n\nlisten = \"x\"\n", 3},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char want[128];

        snprintf(want, sizeof want, "main.conf:%u: listen: \"x\" " NO_LISTEN,
                 rows[i].line);
        check_wrong(rows[i].name, rows[i].text, want);
    }
}

/* What libconfuse finds wrong is told with its place as well. */
static void broken_syntax_is_told(void **state)
{
    static const struct {
        const char *name, *text;
        const char *want; /* the beginning */
    } rows[] = {
        {"a section never closed", "api {\n timeout = 5\n", "main.conf:1: "},
        {"a text never closed", "\nlisten = \"unix:/x\n", "main.conf:"},
        {"no value", "listen =\n", "main.conf:"},
        {"no equals sign", "\nlisten \"unix:/x\"\n", "main.conf:2: "},
        {"a list never closed", "sms-domains = {\"a\",\n", "main.conf:"},
        {"a customer without name", "\ncustomer {\n}\n", "main.conf:2: "},
        {"a brace too many", "api {\n}\n}\n", "main.conf:3: "},
        {"bytes of nothing", "\001\002\n", "main.conf:1: "},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct config *config;
        struct error err = {.text = "no error"};

        check_true(rows[i].name, !unit_load(rows[i].text, &config, &err));
        check_true(rows[i].name, config == NULL);
        if (strncmp(err.text, rows[i].want, strlen(rows[i].want)) != 0)
            check_text(rows[i].name, err.text, rows[i].want);
        if (strstr(err.text, "end-of-file"))
            check_text(rows[i].name, err.text, "words that stand in the file");
    }
}

static void a_missing_file_is_told(void **state)
{
    const struct config *config;
    struct error err;

    (void)state;
    check_true("missing", !config_load("missing.conf", &config, &err));
    check_text("missing", err.text, "missing.conf: No such file or directory");
    check_true("missing", config == NULL);
}

/* The linker (option --wrap) puts this in the place of open() of the C library.
 * Opening a FIFO for reading would wait for a writer. */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    struct stat st;
    va_list more;

    if (!(flags & O_NONBLOCK) && stat(path, &st) == 0 && S_ISFIFO(st.st_mode)) {
        fprintf(stderr, "%s: opened, and waited for\n", path);
        _exit(EXIT_FAILURE);
    }
    if (flags & O_CREAT) {
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    return __real_open(path, flags, mode);
}

/* Reads path in a process of its own, since a scanner may end the whole program.
 * Returns whether it came back with an error. */
static bool fails_politely(const char *path)
{
    int status;
    pid_t child = fork();

    if (child == 0) {
        const struct config *config;
        struct error err;
        int null = open("/dev/null", O_WRONLY);

        dup2(null, STDERR_FILENO);
        _exit(config_load(path, &config, &err) ? 1 : 42);
    }
    assert_true(child > 0 && waitpid(child, &status, 0) == child);
    return WIFEXITED(status) && WEXITSTATUS(status) == 42;
}

static void what_is_no_file_is_told(void **state)
{
    (void)state;
    assert_int_equal(mkdir("folder.conf", 0700), 0);
    assert_int_equal(mkfifo("fifo.conf", 0600), 0);
    check_true("a directory", fails_politely("folder.conf"));
    check_true("a FIFO", fails_politely("fifo.conf"));
    assert_int_equal(mkdir("with-folder", 0700), 0);
    assert_int_equal(mkdir("with-folder/a.conf", 0700), 0);
    unit_write_file("include-folder.conf", "include(\"with-folder\")\n", 0600);
    check_true("a directory named .conf in an included one",
               fails_politely("include-folder.conf"));
    unit_write_file("include-fifo.conf", "include(\"fifo.conf\")\n", 0600);
    check_true("an included FIFO", fails_politely("include-fifo.conf"));
}

/* ---- keys -------------------------------------------------------------------------
 */

static void a_key_needs_a_file_of_its_own_mode(void **state)
{
    static const struct {
        mode_t mode;
        const char *want;
    } rows[] = {
        {0600, NULL},
        {0400, NULL},
        {0640, "key.conf:5: api-key: is in a file with mode 0640, which others can "
               "read (chmod 0600, or use api-key-file)"},
        {0604, "key.conf:5: api-key: is in a file with mode 0604, which others can "
               "read (chmod 0600, or use api-key-file)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct config *config = NULL;
        struct error err = {.text = ""};

        unit_write_file("key.conf", COUNTRY CUSTOMER_A "}\n", rows[i].mode);
        if (!config_load("key.conf", &config, &err))
            check_text("inline key", err.text, rows[i].want);
        else
            check_true("inline key", rows[i].want == NULL);
        check_true("the key is not told", !strstr(err.text, "key-of"));
        config_release(&config);
    }
}

static void a_key_file_is_read_and_checked(void **state)
{
    char text[1024], want[1024];
    const struct config *config;
    struct error err;

    (void)state;
    snprintf(text, sizeof text,
             COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                     " customer-id = \"1\"\n api-key-file = \"%s/key\"\n}\n",
             unit_folder());
    unit_write_file("key", "TopSecret\n", 0640);
    unit_write_file("open.conf", text, 0644);
    assert_true(config_load("open.conf", &config, &err));
    check_text("key", key_of(&config->customers[0]), "TopSecret");
    config_release(&config);

    unit_write_file("key", "TopSecret\n", 0644);
    snprintf(want, sizeof want,
             "main.conf:5: api-key-file: %s/key has mode 0644: a key file must not be "
             "readable by others or writable by its group (chmod 0640)",
             unit_folder());
    check_wrong("open key file", text, want);
    unlink("key");
    snprintf(want, sizeof want,
             "main.conf:5: api-key-file: %s/key: No such file or directory",
             unit_folder());
    check_wrong("missing key file", text, want);
    assert_int_equal(mkfifo("key", 0600), 0);
    snprintf(want, sizeof want,
             "main.conf:5: api-key-file: %s/key is not a regular file", unit_folder());
    check_wrong("a FIFO for a key file", text, want);
}

/* ---- includes ---------------------------------------------------------------------
 */

static void includes_are_read_in_order(void **state)
{
    static const char *const want[] = {"main", "b", "a", "c", "deep"};
    const struct config *config;
    struct error err;

    (void)state;
    assert_int_equal(mkdir("d", 0700), 0);
    assert_int_equal(mkdir("d2", 0700), 0);
    unit_write_file("d/20.conf", UNIT_CUSTOMER("c", "c.example") "}\n", 0600);
    unit_write_file("d/10.conf", CUSTOMER_A "}\ninclude(\"d2\")\n", 0600);
    unit_write_file("d/05.conf.bak", "wrong\n", 0600);
    unit_write_file("d/.hidden.conf", "wrong\n", 0600);
    unit_write_file("d/.conf", "wrong\n", 0600);
    unit_write_file("d/README", "wrong\n", 0600);
    unit_write_file("d2/x.conf", UNIT_CUSTOMER("deep", "deep.example") "}\n", 0600);
    unit_write_file("one", CUSTOMER_B "}\n", 0600);
    if (!unit_load("include(\"one\")\ninclude(\"d\")\n" COUNTRY CUSTOMER_MAIN "}\n",
                   &config, &err))
        fail_msg("%s", err.text);
    check_number("customers", (long long)config->customer_count, COUNT(want));
    for (size_t i = 0; i < config->customer_count && i < COUNT(want); i++)
        check_text("in order", config->customers[i].name, want[i]);
    check_text("source", config->customers[4].source, "d2/x.conf:1");
    config_release(&config);
}

static void an_error_names_the_included_file(void **state)
{
    (void)state;
    unit_write_file("inc", "\n\nlisten = \"x\"\n", 0600);
    check_wrong("in the included file", "include(\"inc\")\n",
                "inc:3: listen: \"x\" " NO_LISTEN);
    unit_write_file("inc", CUSTOMER_A "}\n", 0600);
    check_wrong("a domain of two files", COUNTRY "include(\"inc\")\n" B_OF_A "}\n",
                "inc:2: domains: \"a.example\" of customer \"a\" already belongs to "
                "customer \"b\" (main.conf:4)");
    check_wrong("a value of the including file",
                "sms-domains = {}\n" COUNTRY "include(\"inc\")\n",
                "main.conf:1: sms-domains: empty");
    unit_write_file("inc", CUSTOMER_A "}\n", 0644);
    check_wrong("the mode of the file where the key stands",
                COUNTRY "include(\"inc\")\n",
                "inc:4: api-key: is in a file with mode 0644, which others can read "
                "(chmod 0600, or use api-key-file)");
    unlink("inc");
}

/* A folder may be listed in order by chance, but not one with this many files. */
static void a_folder_is_sorted(void **state)
{
    enum { FILES = 40 };
    const struct config *config;
    char name[32], text[256];

    (void)state;
    assert_int_equal(mkdir("many", 0700), 0);
    for (int i = 0; i < FILES; i++) {
        int number = i * 23 % FILES;

        snprintf(name, sizeof name, "many/%02d.conf", number);
        snprintf(text, sizeof text,
                 "customer \"%02d\" {\n domains = {\"d%d.example\"}\n"
                 " customer-id = \"1\"\n api-key = \"k\"\n}\n",
                 number, number);
        unit_write_file(name, text, 0600);
    }
    config = unit_load_good(COUNTRY "include(\"many\")\n");
    check_number("customers", (long long)config->customer_count, FILES);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof name, "%02d", i);
        check_text("in order", config->customers[i].name, name);
    }
    config_release(&config);
}

static void an_empty_folder_is_included(void **state)
{
    const struct config *config;

    (void)state;
    assert_int_equal(mkdir("empty", 0700), 0);
    config = unit_load_good("include(\"empty\")\n");
    check_number("customers", (long long)config->customer_count, 0);
    config_release(&config);
}

static void an_include_of_itself_ends(void **state)
{
    (void)state;
    check_wrong("a file of itself", "\ninclude(\"main.conf\")\n",
                "main.conf:2: include: \"main.conf\" is already included");
    unit_write_file("other", "include(\"./main.conf\")\n", 0600);
    check_wrong("by way of another, by another name", "\ninclude(\"other\")\n",
                "./main.conf:2: include: \"other\" is already included");
}

/* ---- warnings and size -------------------------------------------------------------
 */

static void what_is_dangerous_is_warned_of(void **state)
{
    static const struct {
        const char *name, *text;
        const char *want[3];
    } rows[] = {
        {"sane",
         COUNTRY CUSTOMER_A " sender-auth = {\"sasl\", \"network\"}\n}\n",
         {NULL}},
        {"no customers",
         COUNTRY,
         {"no customer is configured: every SMS will be refused"}},
        {"a network socket and no proof",
         COUNTRY "listen = \"inet:8891@127.0.0.1\"\n" CUSTOMER_A
                 " sender-auth = {\"none\"}\n}\n",
         {"listen: anyone who can reach \"inet:8891@127.0.0.1\" can talk to the filter "
          "and claim any login; use a unix socket",
          "customer \"a\" (main.conf:3): sender-auth is \"none\": anyone who forges a "
          "sender address of its domains spends its money"}},
        {"results of nobody",
         COUNTRY CUSTOMER_A " sender-auth = {\"dkim\"}\n}\n",
         {"customer \"a\" (main.conf:2): sender-auth lists spf, dkim or dmarc, but "
          "they prove nothing because authserv-id is not set"}},
        {"results of somebody",
         COUNTRY "authserv-id = \"mx\"\n" CUSTOMER_A " sender-auth = {\"dkim\"}\n}\n",
         {NULL}},
        {"a replay that is forgotten",
         COUNTRY "authserv-id = \"mx\"\nretention-days = 2\nduplicate-window = "
                 "172800\n" CUSTOMER_A " sender-auth = {\"dmarc\"}\n}\n",
         {"customer \"a\" (main.conf:5): replay-window is longer than retention-days: "
          "anyone who has a signed mail can send it again after the journal has "
          "deleted its record"}},
        {"a replay-window that needs no longer memory",
         COUNTRY
         "authserv-id = \"mx\"\nretention-days = 3\nduplicate-window = 60\n" CUSTOMER_A
         " sender-auth = {\"dmarc\"}\n}\n",
         {NULL}},
        {"copies that are forgotten",
         COUNTRY "authserv-id = \"mx\"\nretention-days = 4\n" CUSTOMER_A "}\n",
         {"duplicate-window is longer than retention-days: a mail that comes again "
          "after the journal has deleted its record is sent again"}},
        {"copies that are remembered",
         COUNTRY "authserv-id = \"mx\"\nretention-days = 5\n" CUSTOMER_A "}\n",
         {NULL}},
        {"every address, and every user",
         COUNTRY
         "trusted-networks = {\"0.0.0.0/0\"}\nlisten-mode = \"0666\"\n" CUSTOMER_A
         " sender-auth = {\"network\"}\n}\n",
         {"listen-mode: with \"0666\" every local user can talk to the filter and "
          "claim any login",
          "trusted-networks contains every address, so \"network\" in sender-auth "
          "proves nothing"}},
        {"two without proof",
         COUNTRY CUSTOMER_A " sender-auth = "
                            "{\"none\"}\n}\n" CUSTOMER_B " sender-auth = "
                            "{\"none\"}\n}\n",
         {"2 customers (the first is \"a\", main.conf:2): sender-auth is \"none\": "
          "anyone "
          "who forges a sender address of its domains spends its money"}},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct config *config = unit_load_good(rows[i].text);
        size_t count = 0;

        while (count < COUNT(rows[i].want) && rows[i].want[count])
            count++;
        check_number(rows[i].name, (long long)config->warnings.count, (long long)count);
        for (size_t k = 0; k < count && k < config->warnings.count; k++)
            check_text(rows[i].name, config->warnings.items[k], rows[i].want[k]);
        config_release(&config);
    }
}

enum { MANY = 10000 };

static void ten_thousand_customers_are_found(void **state)
{
    FILE *file = fopen("many.conf", "we");
    const struct config *config;
    struct error err;
    char domain[64], name[32];

    (void)state;
    assert_non_null(file);
    fputs(COUNTRY, file);
    for (int i = MANY; i-- > 0;)
        fprintf(file,
                "customer \"c%d\" {\n domains = {\"s%d.example\", \".s%d.example\"}\n"
                " customer-id = \"%d\"\n api-key = \"k%d\"\n}\n",
                i, i, i, i, i);
    fclose(file);
    assert_int_equal(chmod("many.conf", 0600), 0);
    if (!config_load("many.conf", &config, &err))
        fail_msg("%s", err.text);
    check_number("customers", (long long)config->customer_count, MANY);
    for (int i = 0; i < MANY; i++) {
        const struct customer *customer;

        snprintf(domain, sizeof domain, "s%d.example", i);
        snprintf(name, sizeof name, "c%d", i);
        customer = customer_find(config, domain);
        if (!customer || strcmp(customer->name, name) != 0)
            fail_msg("%s has another customer", domain);
        snprintf(domain, sizeof domain, "mail.s%d.example", i);
        customer = customer_find(config, domain);
        if (!customer || strcmp(customer->name, name) != 0)
            fail_msg("%s has another customer", domain);
    }
    check_true("nobody's", customer_find(config, "s10000.example") == NULL);
    config_release(&config);
}

static void a_reload_after_an_error_works(void **state)
{
    const struct config *config;
    struct error err;

    (void)state;
    for (int i = 0; i < 50; i++) {
        assert_false(unit_load("listen = \"", &config, &err));
        assert_false(unit_load(IN_CUSTOMER("api {"), &config, &err));
        config = unit_load_good(IN_CUSTOMER(""));
        check_text("name", config->customers[0].name, "a");
        config_release(&config);
    }
}

/* For programs of people who must not read keys. */
static void a_configuration_is_read_without_its_keys(void **state)
{
    static const char *const sources[] = {
        "api-key-file = \"/nonexistent/key\"", "api-key-env = \"NO_SUCH_VARIABLE\"",
        "api-key-credential = \"nonexistent\"", "api-key = \"in an open file\""};

    (void)state;
    for (size_t i = 0; i < COUNT(sources); i++) {
        const struct config *config;
        struct error err;
        char text[256];

        snprintf(text, sizeof text,
                 COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n"
                         " customer-id = \"1\"\n %s\n}\n",
                 sources[i]);
        unit_write_file("main.conf", text, 0644);
        check_true("with", !config_load("main.conf", &config, &err));
        if (!config_load_without_keys("main.conf", &config, &err))
            fail_msg("%s", err.text);
        check_text("customer", config->customers[0].name, "a");
        check_true("no key", config->customers[0].api_key == NULL);
        config_release(&config);
    }
}

static void without_a_file_the_defaults_hold(void **state)
{
    const struct config *config;
    struct error err;
    char *filled;

    (void)state;
    if (!config_load_without_keys(NULL, &config, &err))
        fail_msg("%s", err.text);
    check_number("customers", (long long)config->customer_count, 0);
    check_text("sms-domains", config->sms_domains.items[0], "sms.local");
    filled = template_fill(
        config->text.template,
        (const char *const[TEMPLATE_FIELDS]){"Subject", "Body", "Name", "Address"});
    check_text("template", filled, "Subject: Body");
    free(filled);
    check_number("max-parts", config->text.max_parts, 6);
    check_number("auto-replies", config->auto_replies, AUTO_REPLIES_REFUSE);
    config_release(&config);
}

/* Each text of a list stands on a line of its own. */
static void check_all(const char *row, const char *text, const char *want)
{
    struct problem_list problems = {.items = NULL};
    const struct config *config = NULL;
    char got[4096] = "";

    unit_write_file("main.conf", text, 0600);
    check_true(row, config_load_all("main.conf", &problems, &config) == !*want);
    for (size_t i = 0; i < problems.count; i++) {
        size_t used = strlen(got);

        snprintf(got + used, sizeof got - used, "%s\n", problems.items[i].error.text);
    }
    check_text(row, got, want);
    check_true(row, config != NULL);
    problem_list_free(&problems);
    config_release(&config);
}

#define NO_RECIPIENTS "is not a whole number from 1 to 1000"

static void all_that_is_wrong_is_told(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", IN_CUSTOMER(""), ""},
        {"in the order of lines, whenever it is found",
         "listen = \"x\"\ncolour = \"red\"\nmax-recipients = 0\n",
         "main.conf:1: listen: \"x\" " NO_LISTEN "\n"
         "main.conf:2: colour: unknown option\n"
         "main.conf:3: max-recipients: \"0\" " NO_RECIPIENTS "\n"},
        {"of each customer",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n}\n"
                 "customer \"b\" {\n customer-id = \"1\"\n api-key = \"k k\"\n}\n",
         "main.conf:2: customer-id: missing in customer \"a\"\n"
         "main.conf:2: api-key-file: missing in customer \"a\"\n"
         "main.conf:5: domains: missing in customer \"b\"\n"
         "main.conf:7: api-key: is not a key: one line of printable ASCII without "
         "spaces\n"},
        {"all of a list, and each with the line of the option",
         IN_CUSTOMER(" networks = {\n  \"x\",\n  \"192.0.2.0/24\",\n  \"y\"\n }"),
         "main.conf:6: networks: \"x\" (line 7) " NO_NETWORK "\n"
         "main.conf:6: networks: \"y\" (line 9) " NO_NETWORK "\n"},
        {"a value below its option", "listen\n=\n\"x\"\n",
         "main.conf:1: listen: \"x\" (line 3) " NO_LISTEN "\n"},
        {"the option of this section, not of another",
         COUNTRY CUSTOMER_A " allow = {\"+44\"}\n}\n" CUSTOMER_B
                            " allow = {\n\"44\"\n}\n}\n",
         "main.conf:12: allow: \"44\" (line 13) " NO_PREFIX "\n"},
        {"behind comments", "# a\n/* b\n c\n*/ // d\n\nlisten = \"x\" # e\n",
         "main.conf:6: listen: \"x\" " NO_LISTEN "\n"},
        {"lines that end as in Windows",
         "# a\r\nsms-domains = {\r\n\"a..b\"\r\n}\r\nlisten = \"x\"\r\n",
         "main.conf:2: sms-domains: \"a..b\" (line 3) is not a domain name\n"
         "main.conf:5: listen: \"x\" " NO_LISTEN "\n"},
        {"what is not there is left out whole",
         COUNTRY "colour {\n text {\n  no-such = {\"}\"}\n }\n}\n" CUSTOMER_A
                 " paint(\"x\")\n text {\n  font = 1\n }\n}\nlisten = \"x\"\n",
         "main.conf:2: colour: unknown option\n"
         "main.conf:11: paint: unknown option in customer \"a\"\n"
         "main.conf:13: font: unknown option\n"
         "main.conf:16: listen: \"x\" " NO_LISTEN "\n"},
        {"a slip is told once", "default-contry = \"44\"\n" CUSTOMER_A "}\n",
         "main.conf:1: default-contry: unknown option\n"},
        {"a slip in a customer",
         COUNTRY "customer \"a\" {\n domain = {\"a.example\"}\n customer_id = \"1\"\n"
                 " api-key-fle = \"k\"\n}\n",
         "main.conf:3: domain: unknown option in customer \"a\"\n"
         "main.conf:4: customer_id: unknown option in customer \"a\"\n"
         "main.conf:5: api-key-fle: unknown option in customer \"a\"\n"},
        {"a country that is none is told once",
         "default-country = \"GB\"\n" CUSTOMER_A "}\n",
         "main.conf:1: default-country: \"GB\" " NO_COUNTRY "\n"},
        {"the customer's own likewise", CUSTOMER_A " default-country = \"GB\"\n}\n",
         "main.conf:5: default-country: \"GB\" " NO_COUNTRY "\n"},
        {"an allow that is wrong is no missing one",
         CUSTOMER_A " allow = {\"44\"}\n}\n",
         "main.conf:5: allow: \"44\" " NO_PREFIX "\n"},
        {"a key that is wrong is no missing one",
         COUNTRY "customer \"a\" {\n domains = {\"a.example\"}\n customer-id = \"1\"\n"
                 " api-key-file = \"key\"\n}\n",
         "main.conf:5: api-key-file: \"key\" is not an absolute path\n"},
        {"global texts that are wrong",
         "text {\n template = \"{x\"\n end-marker = \"a "
         "b\"\n}\n" COUNTRY CUSTOMER_A "}\n",
         "main.conf:2: template: \"{x\" has an unmatched brace\n"
         "main.conf:3: end-marker: \"a b\" is not one word without spaces\n"},
        {"a list set twice, the second empty",
         IN_CUSTOMER(" deny = {\"+449\"}\n deny = {}"),
         "main.conf:7: deny: is set twice: keep only one of the lines\n"},
        {"a section set twice", "api {\n retries = 1\n}\napi {\n timeout = 9\n}\n",
         "main.conf:4: api: is set twice: keep only one of the lines\n"},
        {"a customer's section set twice",
         IN_CUSTOMER(" text { max-parts = 1 }\n text { max-parts = 2 }"),
         "main.conf:7: text: is set twice: keep only one of the lines\n"},
        {"three of one domain",
         COUNTRY CUSTOMER_A "}\n" B_OF_A "}\n" UNIT_CUSTOMER("c", "a.example") "}\n",
         "main.conf:8: domains: \"a.example\" of customer \"b\" already belongs to "
         "customer \"a\" (main.conf:3)\n"
         "main.conf:13: domains: \"a.example\" of customer \"c\" already belongs to "
         "customer \"b\" (main.conf:8)\n"},
        {"what is behind a mistake in the syntax is not known to be missing",
         CUSTOMER_A "}\nlisten \"x\"\ndefault-country = \"44\"\n",
         "main.conf:6: missing equal sign after option 'listen'\n"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_all(rows[i].name, rows[i].text, rows[i].want);
}

static void all_files_are_told_of(void **state)
{
    (void)state;
    assert_int_equal(mkdir("all", 0700), 0);
    unit_write_file("all/1.conf", "customer \"a\" {\n", 0600);
    unit_write_file("all/2.conf", "\nlisten = \"x\"\n", 0600);
    unit_write_file("all/3.conf", "\n\nmax-recipients = 0\nmax-recipients = 1\n", 0600);
    check_all(
        "one that cannot be read hides none",
        "include(\"all\")\ninclude(\"none\")\nmax-recipients = 7\n",
        "main.conf:2: include: \"none\" No such file or directory\n"
        "all/1.conf:1: the { here is not closed by a }\n"
        "all/2.conf:2: listen: \"x\" " NO_LISTEN "\n"
        "all/3.conf:3: max-recipients: \"0\" " NO_RECIPIENTS "\n"
        "all/3.conf:3: max-recipients: is set twice: keep only one of the lines\n"
        "all/3.conf:4: max-recipients: is set twice: keep only one of the lines\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(defaults_are_those_of_the_manual),
        UNIT_TEST(every_option_arrives),
        UNIT_TEST(a_wrong_value_is_told),
        UNIT_TEST(a_wrong_value_of_a_customer_is_told),
        UNIT_TEST(what_is_missing_or_double_is_told),
        UNIT_TEST(all_that_is_wrong_is_told),
        UNIT_TEST(all_files_are_told_of),
        UNIT_TEST(comments_count_as_they_are),
        UNIT_TEST(broken_syntax_is_told),
        UNIT_TEST(a_missing_file_is_told),
        UNIT_TEST(what_is_no_file_is_told),
        UNIT_TEST(a_key_needs_a_file_of_its_own_mode),
        UNIT_TEST(a_key_file_is_read_and_checked),
        UNIT_TEST(includes_are_read_in_order),
        UNIT_TEST(an_error_names_the_included_file),
        UNIT_TEST(a_folder_is_sorted),
        UNIT_TEST(an_empty_folder_is_included),
        UNIT_TEST(an_include_of_itself_ends),
        UNIT_TEST(what_is_dangerous_is_warned_of),
        UNIT_TEST(a_configuration_is_read_without_its_keys),
        UNIT_TEST(without_a_file_the_defaults_hold),
        UNIT_TEST(ten_thousand_customers_are_found),
        UNIT_TEST(a_reload_after_an_error_works),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
