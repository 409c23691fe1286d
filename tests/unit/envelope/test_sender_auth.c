/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "envelope/customer.h"
#include "envelope/sender_auth.h"

#define LISTS                          \
    " networks = {\"192.0.2.0/24\"}\n" \
    " sasl-logins = {\"alarm\", \"head@evil.example\"}\n"
#define DEFAULT UNIT_CUSTOMER("default", "default.example") LISTS
#define SASL UNIT_CUSTOMER("sasl", "sasl.example") LISTS
#define NETWORK UNIT_CUSTOMER("network", "network.example") LISTS
#define BOTH UNIT_CUSTOMER("both", "both.example") LISTS
#define NONE UNIT_CUSTOMER("none", "none.example")
#define BARE UNIT_CUSTOMER("bare", "bare.example")
#define LATER UNIT_CUSTOMER("later", "later.example") LISTS

static const char text[] =
    "default-country = \"44\"\n"
    "trusted-networks = {\"198.51.100.0/24\"}\n" DEFAULT "}\n" SASL
    " sender-auth = {\"sasl\"}\n"
    "}\n" NETWORK " sender-auth = {\"network\"}\n"
    "}\n" BOTH " sender-auth = {\"network\", \"sasl\"}\n"
    "}\n" NONE " sender-auth = {\"none\", \"sasl\"}\n"
    "}\n" BARE " sender-auth = {\"network\"}\n"
    "}\n" LATER " sender-auth = {\"tls\", \"spf\", \"dkim\", \"dmarc\"}\n"
    "}\n";

static void a_sender_needs_one_proof(void **state)
{
    static const struct {
        const char *name, *domain, *login, *peer, *want;
    } rows[] = {
        {"a login of its domain", "sasl.example", "head@sasl.example", NULL, "sasl"},
        {"a login in capitals", "sasl.example", "head@SASL.example", NULL, "sasl"},
        {"no login", "sasl.example", NULL, NULL, NULL},
        {"an empty login", "sasl.example", "", NULL, NULL},
        {"a login of another customer", "sasl.example", "head@both.example", NULL,
         NULL},
        {"a login of nobody's domain", "sasl.example", "head@example.org", NULL, NULL},
        {"a login without domain", "sasl.example", "head", NULL, NULL},
        {"a login with two @", "sasl.example", "head@x@sasl.example", NULL, NULL},
        {"a login that is named", "sasl.example", "alarm", NULL, "sasl"},
        {"a named login of a foreign domain", "sasl.example", "head@evil.example", NULL,
         "sasl"},
        {"a named login in another case", "sasl.example", "Alarm", NULL, NULL},
        {"a network where sasl is asked", "sasl.example", NULL, "192.0.2.1", NULL},
        {"its network", "network.example", NULL, "192.0.2.1", "network"},
        {"the trusted network", "network.example", NULL, "198.51.100.1", "network"},
        {"a trusted network for one without networks", "bare.example", NULL,
         "198.51.100.1", "network"},
        {"a foreign network", "network.example", NULL, "203.0.113.1", NULL},
        {"loopback is trusted nowhere by itself", "network.example", NULL, "127.0.0.1",
         NULL},
        {"a local socket", "network.example", NULL, NULL, NULL},
        {"a login where network is asked", "network.example", "head@network.example",
         NULL, NULL},
        {"either: the login", "both.example", "head@both.example", "203.0.113.1",
         "sasl"},
        {"either: the network", "both.example", "head@evil.example.org", "192.0.2.1",
         "network"},
        {"either: neither", "both.example", "x@sasl.example", "203.0.113.1", NULL},
        {"the default is sasl", "default.example", "head@default.example", NULL,
         "sasl"},
        {"the default is no network", "default.example", NULL, "192.0.2.1", NULL},
        {"a proof is told before none", "none.example", "head@none.example", NULL,
         "sasl"},
        {"none wants none", "none.example", NULL, NULL, "none"},
        {"methods not evaluated prove nobody", "later.example", "head@later.example",
         "192.0.2.1", NULL},
    };
    const struct config *config = unit_load_good(text);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct customer *customer = customer_find(config, rows[i].domain);
        struct sockaddr_in in4 = {.sin_family = AF_INET};
        struct sender_evidence evidence = {.login = rows[i].login};
        const char *method = "unset";
        struct error err = {.text = ""};
        bool is_proved;

        if (rows[i].peer) {
            assert_int_equal(inet_pton(AF_INET, rows[i].peer, &in4.sin_addr), 1);
            evidence.peer = (struct sockaddr *)&in4;
        }
        is_proved = sender_auth_check(config, customer, &evidence, &method, &err);
        check_text(rows[i].name, method, rows[i].want);
        check_number(rows[i].name, is_proved, rows[i].want != NULL);
        if (!is_proved)
            check_error(rows[i].name, &err, ERROR_REFUSED, "5.7.1",
                        "sender not authenticated: send through your own mail server, "
                        "logged in as a user of the sender's domain");
    }
    config_release(&config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_sender_needs_one_proof),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
