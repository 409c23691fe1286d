/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdlib.h>

#include "ctl/recipient.h"

#define GOOD "+447700900123"

/* A country for all, and one of its own for a customer. */
static const char settings[] =
    "sms-domains = {\"sms.local\"}\n"
    "default-country = \"44\"\n" UNIT_CUSTOMER(
        "greenfield",
        "greenfield.example") "}\n" UNIT_CUSTOMER("lycee",
                                                  "lycee.example") "default-country = "
                                                                   "\"33\"\n}\n";

static void a_number_is_read(void **state)
{
    static const struct {
        const char *name, *customer, *recipient, *want;
    } rows[] = {
        {"an address", NULL, "+447700900123@sms.local", GOOD},
        {"in capitals", NULL, "+447700900123@SMS.local", GOOD},
        {"in angle brackets", NULL, "<+447700900123@sms.local>", GOOD},
        {"with the trunk 0", NULL, "+4407700900123", GOOD},
        {"with the trunk 0 of another country", NULL, "+49 (0)151 23456789",
         "+4915123456789"},
        {"quoted, with a space", NULL, "\"+44 7700 900123\"@sms.local", GOOD},
        {"the quotes taken away by pipe(8)", NULL, "+44 7700 900123@sms.local", GOOD},
        {"brackets without quotes", NULL, "+44(0)7700 900123@sms.local", GOOD},
        {"RFC 3191", NULL, "sms=+447700900123@sms.local", GOOD},
        {"another domain", NULL, "+447700900123@elsewhere.example", GOOD},
        {"no domain", NULL, "+447700900123", GOOD},
        {"no domain, as people write it", NULL, "+44 (0)7700 900-123", GOOD},
        {"no domain, quoted", NULL, "\"+44 7700 900123\"", GOOD},
        {"national, of all", NULL, "07700900123@sms.local", GOOD},
        {"national, of a customer without its own", "greenfield", "07700900123", GOOD},
        {"national, of a customer with its own", "lycee", "0612345678@sms.local",
         "+33612345678"},
        {"national, of a customer that is no more", "gone", "07700900123", GOOD},
        {"empty", NULL, "", "too few digits for a telephone number"},
        {"a domain alone", NULL, "@sms.local", "not a telephone number"},
        {"a name", NULL, "office@sms.local", "not a telephone number"},
        {"one quote", NULL, "\"", "not a telephone number"},
        {"a quote behind it", NULL, "+447700900123\"", "not a telephone number"},
    };
    const struct config *config = unit_load_good(settings);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct phone_number number;
        struct error err;

        if (recipient_parse(config, rows[i].customer, rows[i].recipient, &number, &err))
            check_text(rows[i].name, number.e164, rows[i].want);
        else
            check_text(rows[i].name, err.text, rows[i].want);
    }
    config_release(&config);
}

/* A text that cannot be put between our quotes is read unchanged. */
static void a_long_one_is_refused(void **state)
{
    const struct config *config = unit_load_good(settings);

    (void)state;
    for (size_t length = 40; length < 200; length++) {
        char *recipient = unit_repeat("1", length);
        struct phone_number number;
        struct error err = {.text = ""};

        recipient_parse(config, NULL, recipient, &number, &err);
        check_text("digits without end", err.text,
                   "too many digits for a telephone number");
        free(recipient);
    }
    config_release(&config);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        UNIT_TEST(a_number_is_read),
        UNIT_TEST(a_long_one_is_refused),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
