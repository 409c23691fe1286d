/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "envelope/auth_results.h"

#define AR "Authentication-Results: "
#define ID AR "mx.example.org; "
#define DKIM(result, domain) "dkim=" result " header.d=" domain
#define SPF(result, domain) "spf=" result " smtp.mailfrom=" domain
#define DMARC(result, domain) "dmarc=" result " header.from=" domain

static const char *const outcomes[] = {"missing", "pass", "fail", "temperror"};

/* The result of the method for a.example, or why nothing counts. */
static void ask(const char *fields, enum auth_method method, char *text, size_t size)
{
    struct auth_results results;
    struct raw_mail raw;
    struct error err = {.text = ""};
    char mail[16384];

    assert_true(snprintf(mail, sizeof mail, "Subject: x\n%sTo: y\n\n", fields) <
                (int)sizeof mail);
    raw = unit_read_mail(mail, strlen(mail));
    if (auth_results_read(&raw.header, "mx.example.org", &results, &err))
        snprintf(text, size, "%s",
                 outcomes[auth_results_of(&results, method, "a.example")]);
    else
        snprintf(text, size, "%s", err.text);
    auth_results_free(&results);
    raw_mail_free(&raw);
}

static void the_topmost_result_counts_and_what_is_odd_does_not(void **state)
{
    static const char contradicting[] =
        "Authentication-Results contradict each other: ";
#define ODD "Authentication-Results are in a form that no known filter writes"
    static const struct {
        const char *name, *fields;
        enum auth_method method;
        const char *want; /* up to its end: of an error only the beginning */
    } rows[] = {
        /* one result */
        {"dkim", ID DKIM("pass", "a.example") "\n", AUTH_DKIM, "pass"},
        {"spf of a domain", ID SPF("pass", "a.example") "\n", AUTH_SPF, "pass"},
        {"spf of an address", ID SPF("pass", "x@A.example") "\n", AUTH_SPF, "pass"},
        {"dmarc", ID DMARC("pass", "a.example") "\n", AUTH_DMARC, "pass"},
        {"capitals", ID "DKIM=PASS Header.D=A.Example\n", AUTH_DKIM, "pass"},
        {"as no filter writes it", ID "dkim=pass x.y=z header.d=a.example\n", AUTH_DKIM,
         ODD},
        {"below one that a filter wrote",
         ID DKIM("pass", "a.example") "\n" ID "spf=pass x.y=z\n", AUTH_DKIM, ODD},
        {"of another id", AR "x; dkim=pass x.y=z\n" ID DKIM("pass", "a.example") "\n",
         AUTH_DKIM, "pass"},
        {"folded",
         "Authentication-Results: mx.example.org;\n\tdkim=pass\n\t"
         "header.d=a.example\n",
         AUTH_DKIM, "pass"},
        {"no field", "", AUTH_DKIM, "missing"},
        {"none", ID "none\n", AUTH_DKIM, "missing"},
        {"another domain", ID DKIM("pass", "b.example") "\n", AUTH_DKIM, "missing"},
        {"a subdomain", ID DKIM("pass", "x.a.example") "\n", AUTH_DKIM, "missing"},
        {"another method", ID SPF("pass", "a.example") "\n", AUTH_DKIM, "missing"},
        {"a method whose name begins so", ID "dkim-atps=pass header.d=a.example\n",
         AUTH_DKIM, "missing"},
        {"no pass", ID DKIM("policy", "a.example") "\n", AUTH_DKIM, "fail"},
        {"a pass by another name", ID DKIM("passed", "a.example") "\n", AUTH_DKIM,
         "fail"},
        {"temporary", ID DKIM("temperror", "a.example") "\n", AUTH_DKIM, "temperror"},
        {"temporary as OpenDMARC says it", ID SPF("tempfail", "a.example") "\n",
         AUTH_SPF, "temperror"},
        {"permanent", ID DKIM("permerror", "a.example") "\n", AUTH_DKIM, "fail"},

        /* identities */
        {"dkim by header.i alone", ID "dkim=pass header.i=@a.example\n", AUTH_DKIM,
         "pass"},
        {"header.d before header.i",
         ID "dkim=pass header.i=@a.example header.d=b.example\n", AUTH_DKIM, "missing"},
        {"header.d twice", ID "dkim=pass header.d=a.example header.d=b.example\n",
         AUTH_DKIM, "missing"},
        {"header.d twice beside header.i",
         ID "dkim=pass header.d=b.example header.d=c.example header.i=@a.example\n",
         AUTH_DKIM, "missing"},
        {"smtp.mailfrom twice, above a pass",
         ID "spf=fail smtp.mailfrom=a.example smtp.mailfrom=b.example\n" ID SPF(
             "pass", "a.example") "\n",
         AUTH_SPF, "Authentication-Results contradict each other: spf of a.example"},
        {"another property type", ID "dkim=pass smtp.d=a.example\n", AUTH_DKIM,
         "missing"},
        {"no property", ID "dkim=pass\n", AUTH_DKIM, "missing"},
        {"smtp.helo", ID "spf=pass smtp.helo=a.example\n", AUTH_SPF, "missing"},
        {"smtp.mailfrom beside smtp.helo",
         ID "spf=pass smtp.helo=b.example smtp.mailfrom=a.example\n", AUTH_SPF, "pass"},
        {"smtp.mailfrom as a comment", ID "spf=pass (smtp.mailfrom=a.example)\n",
         AUTH_SPF, "missing"},
        {"a local part with @ in it", ID "spf=pass smtp.mailfrom=\"x@b\"@a.example\n",
         AUTH_SPF, "pass"},
        {"header.from in dkim", ID "dkim=pass header.from=a.example\n", AUTH_DKIM,
         "missing"},
        {"no header.from in dmarc", ID "dmarc=pass header.d=a.example\n", AUTH_DMARC,
         "missing"},

        /* ids */
        {"another id", AR "mx.example.net; " DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "missing"},
        {"ours in capitals", AR "MX.Example.ORG; " DKIM("pass", "a.example") "\n",
         AUTH_DKIM, "pass"},
        {"ours with a dot", AR "mx.example.org.; " DKIM("pass", "a.example") "\n",
         AUTH_DKIM, "missing"},
        {"ours with its version",
         AR "mx.example.org 1; " DKIM("pass", "a.example") "\n", AUTH_DKIM, "pass"},
        {"ours of another version",
         AR "mx.example.org 2; " DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "Authentication-Results of an unknown version"},
        {"a method of another version", ID "dkim/2=pass header.d=a.example\n",
         AUTH_DKIM, "Authentication-Results of an unknown version"},
        {"another id of another version",
         AR "mx.example.net 2; " DKIM("pass", "a.example") "\n" ID DKIM(
             "pass", "a.example") "\n",
         AUTH_DKIM, "pass"},
        {"a beginning of ours", AR "mx; " DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "missing"},

        /* several results */
        {"a second signature that does not hold",
         ID DKIM("fail", "a.example") "; " DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "pass"},
        {"a signature of somebody else that holds",
         ID DKIM("fail", "a.example") "; " DKIM("pass", "b.example") "\n", AUTH_DKIM,
         "fail"},
        {"several methods in a field",
         ID SPF("fail", "a.example") "; " DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "pass"},
        {"one in each field",
         ID DMARC("pass", "a.example") "\n" ID SPF("fail", "a.example") "\n" ID DKIM(
             "pass", "a.example") "\n",
         AUTH_DKIM, "pass"},
        {"two results of SPF for one sender",
         ID SPF("pass", "a.example") "; " SPF("fail", "a.example") "\n", AUTH_SPF,
         contradicting},
        {"two results of DMARC for one From",
         ID DMARC("fail", "a.example") "; " DMARC("pass", "a.example") "\n", AUTH_DMARC,
         contradicting},
        {"SPF of the sender and of HELO",
         ID SPF("pass", "a.example") "; spf=fail smtp.helo=a.example\n", AUTH_SPF,
         "pass"},

        /* several fields */
        {"the same twice",
         ID DKIM("pass", "a.example") "\n" ID DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "pass"},
        {"two that do not pass, in other words",
         ID SPF("fail", "a.example") "\n" ID SPF("softfail", "a.example") "\n",
         AUTH_SPF, "fail"},
        {"a pass below a fail",
         ID DKIM("fail", "a.example") "\n" ID DKIM("pass", "a.example") "\n", AUTH_DKIM,
         contradicting},
        {"a fail below a pass",
         ID DKIM("pass", "a.example") "\n" ID DKIM("fail", "a.example") "\n", AUTH_DKIM,
         contradicting},
        {"a contradiction of another method spoils all",
         ID DMARC("pass", "a.example") "\n" ID DMARC("fail", "a.example") "\n" ID DKIM(
             "pass", "a.example") "\n",
         AUTH_DKIM, contradicting},
        {"a contradiction about another domain spoils all",
         ID DKIM("pass", "b.example") "; " DKIM("pass", "a.example") "\n" ID DKIM(
             "fail", "b.example") "\n",
         AUTH_DKIM, contradicting},
        {"a pass below no signature",
         ID "dkim=none\n" ID DKIM("pass", "a.example") "\n", AUTH_DKIM, contradicting},
        {"another domain below does not count",
         ID DKIM("pass", "b.example") "\n" ID DKIM("pass", "a.example") "\n", AUTH_DKIM,
         "missing"},
        {"a pass below in capitals",
         ID DKIM("fail", "a.example") "\n" AR "MX.EXAMPLE.ORG; dkim=pass "
                                      "header.d=A.EXAMPLE\n",
         AUTH_DKIM, contradicting},
        {"another id below",
         ID DKIM("fail", "a.example") "\n" AR
                                      "mx.example.net; " DKIM("pass", "a.example") "\n",
         AUTH_DKIM, "fail"},
        {"one of HELO above",
         ID "spf=fail smtp.helo=a.example\n" ID SPF("pass", "a.example") "\n", AUTH_SPF,
         "pass"},

        /* not to be parsed */
        {"one that cannot be parsed",
         ID DKIM("pass", "a.example") "\n" ID "dkim pass\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"not to be parsed, whosever it is",
         ID DKIM("pass", "a.example") "\n" AR "mx.example.net; (\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"an empty field", "Authentication-Results:\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"a space before the colon counts too",
         "Authentication-Results : mx.example.org; (\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"Microsoft's, which has no id",
         AR "dkim=none (message not signed)\n header.d=none;dmarc=none action=none "
            "header.from=a.example;\n" ID DKIM("pass", "a.example") "\n",
         AUTH_DKIM, "pass"},
        {"without an id it is not ours", AR "dkim=pass header.d=a.example\n", AUTH_DKIM,
         "missing"},
        {"no id and a bracket that is open", AR "\n dkim=(\n", AUTH_DKIM, "missing"},
        {"an id and no semicolon", AR "mx.example.org dkim=pass\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"an id with a sign behind it", AR "mx.example.org=pass\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"no id and a fold that is none", AR "dkim=none\n  \n x\n", AUTH_DKIM,
         "Authentication-Results, octet "},
        {"a field whose name begins so",
         "Authentication-Results-Original: mx.example.org; (\n" ID DKIM(
             "pass", "a.example") "\n",
         AUTH_DKIM, "pass"},
    };
    char text[ERROR_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t length = strlen(rows[i].want);

        ask(rows[i].fields, rows[i].method, text, sizeof text);
        if (strncmp(rows[i].want, "Auth", 4) == 0)
            text[strnlen(text, length)] = '\0';
        check_text(rows[i].name, text, rows[i].want);
    }
}

static void more_fields_than_filters_write_are_odd(void **state)
{
    char *fields = unit_repeat(ID DKIM("pass", "a.example") "\n", 31);
    char *more = unit_repeat(ID DKIM("pass", "a.example") "\n", 32);
    char text[ERROR_TEXT_SIZE];

    (void)state;
    ask(fields, AUTH_DKIM, text, sizeof text);
    check_text("31 fields", text, "pass");
    ask(more, AUTH_DKIM, text, sizeof text);
    check_text("32 fields", text, "too many Authentication-Results");
    free(fields);
    free(more);
}

static void domains_are_those_of_the_topmost_field(void **state)
{
    static const char mail[] =
        ID "dkim=pass header.d=a.example; dkim=neutral; spf=pass "
           "smtp.mailfrom=s.example; dkim=fail header.d=B.example\n" ID SPF(
               "pass", "s.example") "\n\n";
    static const char *const want[] = {"a.example", "b.example"};
    struct auth_results results;
    struct raw_mail raw = unit_read_mail(mail, sizeof mail - 1);
    char domain[DOMAIN_SIZE];
    size_t place = 0, count = 0;
    struct error err;

    (void)state;
    assert_true(auth_results_read(&raw.header, "mx.example.org", &results, &err));
    while (auth_results_next_domain(&results, AUTH_DKIM, &place, domain)) {
        assert_true(count < COUNT(want));
        check_text("domain", domain, want[count++]);
    }
    check_number("domains", (long long)count, COUNT(want));
    auth_results_free(&results);
    raw_mail_free(&raw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(the_topmost_result_counts_and_what_is_odd_does_not),
        UNIT_TEST(more_fields_than_filters_write_are_odd),
        UNIT_TEST(domains_are_those_of_the_topmost_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
