/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include "envelope/customer.h"

#define TRUST UNIT_CUSTOMER("trust", ".trust.example")
#define SCHOOL UNIT_CUSTOMER("school", ".school.trust.example")
#define EXACT UNIT_CUSTOMER("exact", "mail.school.trust.example")
#define UMLAUT UNIT_CUSTOMER("umlaut", "m\xC3\xBCller.example")
#define PLAIN UNIT_CUSTOMER("plain", "plain.example")

static const char text[] = "default-country = \"44\"\n"
                           "sms-domains = {\"SMS.local\", \"text.example\", "
                           "\"s\xC3\xBC\xC3\x9F.example\"}\n" TRUST "}\n" SCHOOL
                           "}\n" EXACT "}\n" UMLAUT "}\n" PLAIN "}\n";

static const struct config *config;

static int load(void **state)
{
    (void)state;
    config = unit_load_good(text);
    return 0;
}

static int unload(void **state)
{
    (void)state;
    config_release(&config);
    return 0;
}

static const char *name_of(const struct customer *customer)
{
    return customer ? customer->name : NULL;
}

static void a_domain_has_its_customer(void **state)
{
    static const struct {
        const char *domain, *want;
    } rows[] = {
        {"plain.example", "plain"},
        {"sub.plain.example", NULL},
        {"notplain.example", NULL},
        {"plain.example.evil.example", NULL},
        {"trust.example", NULL},
        {"a.trust.example", "trust"},
        {"a.b.c.trust.example", "trust"},
        {"nottrust.example", NULL},
        {"school.trust.example", "trust"},
        {"a.school.trust.example", "school"},
        {"mail.school.trust.example", "exact"},
        {"a.mail.school.trust.example", "school"},
        {"xn--mller-kva.example", "umlaut"},
        {"example", NULL},
        {"", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].domain, name_of(customer_find(config, rows[i].domain)),
                   rows[i].want);
}

static void a_login_has_its_customer(void **state)
{
    static const struct {
        const char *login, *want;
    } rows[] = {
        {"head@plain.example", "plain"},
        {"head@PLAIN.example", "plain"},
        {"head@a.trust.example", "trust"},
        {"head@m\xC3\xBC"
         "ller.example",
         "umlaut"},
        {"head", NULL},
        {"", NULL},
        {"@plain.example", NULL},
        {"head@", NULL},
        {"plain.example", NULL},
        {"head@evil.example@plain.example", NULL},
        {"head@plain.example@evil.example", NULL},
        {"head@plain.example@", NULL},
        {"head@plain.example.", NULL},
        {"head@plain.example ", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_text(rows[i].login,
                   name_of(customer_find_by_login(config, rows[i].login)),
                   rows[i].want);
}

static void an_sms_domain_is_known(void **state)
{
    static const struct {
        const char *domain;
        bool is_ours;
    } rows[] = {
        {"sms.local", true},      {"text.example", true}, {"xn--s-qfa0g.example", true},
        {"a.sms.local", false},   {"local", false},       {"", false},
        {"sms.local.org", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].domain, customer_is_sms_domain(config, rows[i].domain),
                     rows[i].is_ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_domain_has_its_customer),
        UNIT_TEST(a_login_has_its_customer),
        UNIT_TEST(an_sms_domain_is_known),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, load, unload);
}
