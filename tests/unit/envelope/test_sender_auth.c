/* SPDX-License-Identifier: ISC */
#include "../unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "envelope/address.h"
#include "envelope/customer.h"
#include "envelope/sender_auth.h"
#include "text/mime/message.h"

#define LISTS                          \
    " networks = {\"192.0.2.0/24\"}\n" \
    " sasl-logins = {\"alarm\", \"head@evil.example\"}\n"
#define DEFAULT UNIT_CUSTOMER("default", "default.example") LISTS
#define SASL UNIT_CUSTOMER("sasl", "sasl.example") LISTS
#define NETWORK UNIT_CUSTOMER("network", "network.example") LISTS
#define BOTH UNIT_CUSTOMER("both", "both.example") LISTS
#define NONE UNIT_CUSTOMER("none", "none.example")
#define BARE UNIT_CUSTOMER("bare", "bare.example")

static const char refusal[] = "sender not authenticated: send through your own mail "
                              "server, logged in as a user of "
                              "the sender's domain";

static const struct raw_mail no_mail;

static const char networks_and_logins[] =
    "default-country = \"44\"\n"
    "trusted-networks = {\"198.51.100.0/24\"}\n" DEFAULT "}\n" SASL
    " sender-auth = {\"sasl\"}\n"
    "}\n" NETWORK " sender-auth = {\"network\"}\n"
    "}\n" BOTH " sender-auth = {\"network\", \"sasl\"}\n"
    "}\n" NONE " sender-auth = {\"none\", \"sasl\"}\n"
    "}\n" BARE " sender-auth = {\"network\"}\n"
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
    };
    const struct config *config = unit_load_good(networks_and_logins);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct customer *customer = customer_find(config, rows[i].domain);
        struct sockaddr_in in4 = {.sin_family = AF_INET};
        struct sender_evidence evidence = {.login = rows[i].login, .mail = &no_mail};
        struct sender_proof proof = {.method = "unset"};
        struct error err = {.text = ""};
        bool is_proved;

        if (rows[i].peer) {
            assert_int_equal(inet_pton(AF_INET, rows[i].peer, &in4.sin_addr), 1);
            evidence.peer = (struct sockaddr *)&in4;
        }
        is_proved = sender_auth_check(config, customer, &evidence, &proof, &err);
        check_text(rows[i].name, proof.method, rows[i].want);
        check_number(rows[i].name, is_proved, rows[i].want != NULL);
        if (!is_proved)
            check_error(rows[i].name, &err, ERROR_REFUSED, "5.7.1", refusal);
    }
    config_release(&config);
}

/* Before the content, for what a client may be told. */
static void a_client_is_known_before_the_content(void **state)
{
    static const struct {
        const char *name, *domain, *login, *peer, *subject;
        bool is_known;
    } rows[] = {
        {"nothing", "default.example", NULL, NULL, NULL, false},
        {"a login of its domain", "sasl.example", "x@sasl.example", NULL, NULL, true},
        {"a login that is named", "sasl.example", "alarm", NULL, NULL, true},
        {"a login of another customer", "sasl.example", "x@both.example", NULL, NULL,
         false},
        {"a login without domain", "sasl.example", "x", NULL, NULL, false},
        {"a login where sasl is no method", "network.example", "x@network.example",
         NULL, NULL, false},
        {"its network", "network.example", NULL, "192.0.2.1", NULL, true},
        {"a trusted network", "bare.example", NULL, "198.51.100.1", NULL, true},
        {"its network where network is no method", "sasl.example", NULL, "192.0.2.1",
         NULL, false},
        {"a foreign network", "network.example", NULL, "203.0.113.1", NULL, false},
        {"none is no proof", "none.example", NULL, "203.0.113.1", NULL, false},
        {"none and a login", "none.example", "x@none.example", NULL, NULL, true},
        {"one who may not send", "listed.example", "x@listed.example", NULL, NULL,
         true},
        {"a certificate that is named", "listed.example", NULL, NULL, "mail.x", true},
        {"another certificate", "listed.example", NULL, NULL, "evil.x", false},
        {"a certificate where tls is no method", "sasl.example", NULL, NULL, "mail.x",
         false},
    };
    char text[2048];
    const struct config *config;

    (void)state;
    snprintf(text, sizeof text, "%s%s", networks_and_logins,
             UNIT_CUSTOMER("listed", "listed.example") //
             " sender-auth = {\"sasl\", \"tls\"}\n"
             " tls-subjects = {\"mail.x\"}\n"
             " senders = {\"head@listed.example\"}\n}\n");
    config = unit_load_good(text);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sockaddr_in in4 = {.sin_family = AF_INET};
        struct sender_evidence evidence = {.login = rows[i].login,
                                           .certificate = {rows[i].subject, "Any CA"}};

        if (!rows[i].subject)
            evidence.certificate.issuer = NULL;
        if (rows[i].peer) {
            assert_int_equal(inet_pton(AF_INET, rows[i].peer, &in4.sin_addr), 1);
            evidence.peer = (struct sockaddr *)&in4;
        }
        check_number(rows[i].name,
                     sender_auth_is_known_client(
                         config, customer_find(config, rows[i].domain), &evidence),
                     rows[i].is_known);
    }
    config_release(&config);
}

/* ---- certificates ---- */

static void a_certificate_is_named_by_subject_or_issuer(void **state)
{
    static const struct {
        const char *name, *subject, *issuer;
        bool want;
    } rows[] = {
        {"the subject", "mail.tls.example", "Any CA", true},
        {"the issuer", "anything", "Tls CA", true},
        {"the subject is named as the issuer", "Tls CA", "Any CA", true},
        {"subject and issuer", "relay", "Own CA", true},
        {"the right subject, another issuer", "relay", "Any CA", false},
        {"the right issuer, another subject", "other", "Own CA", false},
        {"an issuer alone", "anything", "Sole CA", true},
        {"that issuer as a subject", "Sole CA", "Any CA", false},
        {"a beginning of the subject", "mail.tls.exampl", "Any CA", false},
        {"another case", "MAIL.tls.example", "Any CA", false},
        {"any certificate", "evil.example", "Any CA", false},
        {"an entry as it is written", "relay issuer=Own CA", "Any CA", false},
        {"no certificate", NULL, NULL, false},
        {"no subject", NULL, "Own CA", false},
        {"no issuer", "mail.tls.example", NULL, true},
    };
    const struct config *config =
        unit_load_good("default-country = \"44\"\n" UNIT_CUSTOMER(
            "tls", "tls.example") " sender-auth = {\"tls\"}\n"
                                  " tls-subjects = {\"mail.tls.example\", \"Tls CA\", "
                                  "\"relay issuer=Own CA\","
                                  " \"issuer=Sole CA\"}\n}\n");

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sender_evidence evidence = {
            .certificate = {rows[i].subject, rows[i].issuer}, .mail = &no_mail};
        struct sender_proof proof;
        struct error err;

        check_number(rows[i].name,
                     sender_auth_check(config, customer_find(config, "tls.example"),
                                       &evidence, &proof, &err),
                     rows[i].want);
        check_text(rows[i].name, proof.method, rows[i].want ? "tls" : NULL);
    }
    config_release(&config);
}

/* Sendmail writes "+20" for a blank. An administrator who reads the log sees what to
 * list. */
static void the_rule_names_the_certificate_that_was_shown(void **state)
{
    const struct config *config =
        unit_load_good("default-country = \"44\"\n" UNIT_CUSTOMER(
            "tls", "tls.example") " sender-auth = "
                                  "{\"tls\"}\n}\n");
    struct sender_evidence evidence = {
        .certificate = {"/O=Greenfield+20School/CN=x", "/CN=Own+20CA"},
        .mail = &no_mail};
    struct sender_proof proof;
    struct error err;

    (void)state;
    assert_false(sender_auth_check(config, customer_find(config, "tls.example"),
                                   &evidence, &proof, &err));
    check_text("both", proof.rule,
               "tls: the certificate is not in tls-subjects: "
               "/O=Greenfield+20School/CN=x issuer=/CN=Own+20CA");
    evidence.certificate.issuer = NULL;
    assert_false(sender_auth_check(config, customer_find(config, "tls.example"),
                                   &evidence, &proof, &err));
    check_text("no issuer", proof.rule,
               "tls: the certificate is not in tls-subjects: "
               "/O=Greenfield+20School/CN=x issuer=");
    config_release(&config);
}

static void a_rule_stays_between_the_quotation_marks_of_the_log(void **state)
{
    const struct config *config =
        unit_load_good("default-country = \"44\"\n" UNIT_CUSTOMER(
            "school", "school.example") " sender-auth = {\"sasl\"}\n}\n");
    struct sender_evidence evidence = {.login = "x\" proof=sasl\n\"y",
                                       .mail = &no_mail};
    struct sender_proof proof;
    struct error err;

    (void)state;
    assert_false(sender_auth_check(config, customer_find(config, "school.example"),
                                   &evidence, &proof, &err));
    check_text("rule", proof.rule,
               "sasl: x' proof=sasl?'y is not a login of this customer");
    config_release(&config);
}

/* ---- what is in the header ---- */

#define ID "Authentication-Results: mx.example.org; "
#define FROM "From: Head <head@school.example>\n"
#define DATE "Date: Wed, 25 Nov 2026 07:00:00 +0000\n"
#define TO "To: +447700900123@sms.local\n"
#define PLAIN FROM DATE TO "Subject: x\n"
#define SIGNED(domain, fields) "DKIM-Signature: v=1; d=" domain "; h=" fields "; b=x\n"
#define GOOD SIGNED("school.example", "from:to:date:subject")
#define DKIM(result) ID "dkim=" result " header.d=school.example\n"
#define DMARC(result) ID "dmarc=" result " header.from=school.example\n"
#define SPF(result) ID "spf=" result " smtp.mailfrom=school.example\n"
#define SCHOOL(methods)                                            \
    UNIT_CUSTOMER("school", "school.example\", \".school.example") \
    " sender-auth = {" methods "}\n}\n"
#define OTHERS                                         \
    UNIT_CUSTOMER("infants", "infants.school.example") \
    "}\n" UNIT_CUSTOMER("oak", "oak.example") "}\n"

enum { NOW_S = 1795590000 + 3600 }; /* an hour after DATE */

/* The decision on a mail: the method, "temporary", or why it is refused. is_cut: not
 * all of its body was read. */
static struct sender_proof prove(const char *options, const char *fields, bool is_cut,
                                 char *text, size_t size)
{
    char conf[4096], mail[4096];
    static const char *const numbers[] = {"+447700900123"};
    const struct config *config;
    struct sender_proof proof;
    struct error err;

    snprintf(conf, sizeof conf,
             "authserv-id = \"mx.example.org\"\ndefault-country = \"44\"\n%s" OTHERS,
             options);
    snprintf(mail, sizeof mail, "%s%s", *fields ? fields : "To: x",
             *fields ? "\nbody\n" : "");
    config = unit_load_good(conf);
    struct raw_mail raw = unit_read_mail(mail, strlen(mail));
    raw.is_body_cut = is_cut;
    struct sender_evidence evidence = {
        .sender = "head@school.example",
        .helo = "",
        .sender_domain = "school.example",
        .mail = &raw,
        .numbers = numbers,
        .number_count = COUNT(numbers),
        .now_s = NOW_S,
    };
    if (sender_auth_check(config, customer_find(config, "school.example"), &evidence,
                          &proof, &err))
        snprintf(text, size, "%s", proof.method);
    else
        snprintf(text, size, "%s%s", err.kind == ERROR_TEMPORARY ? "temporary: " : "",
                 proof.rule);
    if (!proof.method && err.kind == ERROR_REFUSED)
        check_error(fields, &err, ERROR_REFUSED, "5.7.1", refusal);
    raw_mail_free(&raw);
    config_release(&config);
    return proof;
}

/* Whether it is signed. */
static bool judge(const char *options, const char *fields, char *text, size_t size)
{
    return prove(options, fields, false, text, size).is_signed;
}

#define D SCHOOL("\"dkim\"")
#define M SCHOOL("\"dmarc\"")
#define S SCHOOL("\"spf\"")

static void a_header_proves_what_our_filters_found(void **state)
{
    static const char unsigned_to[] =
        "dkim: may be a replay: a number is not in any signed To or Cc field";
    static const struct {
        const char *name, *options, *fields, *want;
    } rows[] = {
        /* spf */
        {"spf", S, SPF("pass") PLAIN, "spf"},
        {"spf fails", S, SPF("fail") PLAIN, "spf: did not pass for school.example"},
        {"spf of another domain of the customer", S,
         ID "spf=pass smtp.mailfrom=x.school.example\n" PLAIN,
         "spf: no result for school.example"},
        {"spf of HELO", S, ID "spf=pass smtp.helo=school.example\n" PLAIN,
         "spf: no result for school.example"},
        {"spf cannot be looked up", S, SPF("temperror") PLAIN,
         "temporary: spf: temperror for school.example"},
        {"spf does not care for From", S, SPF("pass") "From: x@evil.example\n", "spf"},
        {"spf is not asked for", D, SPF("pass") PLAIN,
         "dkim: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},

        /* dkim */
        {"dkim", D, DKIM("pass") GOOD PLAIN, "dkim"},
        {"dkim fails", D, DKIM("fail") GOOD PLAIN,
         "dkim: did not pass for school.example"},
        {"dkim fails for now", D, DKIM("temperror") GOOD PLAIN,
         "temporary: dkim: temperror for school.example"},
        {"no result for its signature, as a filter writes when the DNS is silent", D,
         GOOD PLAIN,
         "temporary: dkim: no signature by a domain of this customer is aligned with "
         "the From domain (school.example); dkim: temperror for school.example"},
        {"a result of none is no silence", D, ID "dkim=none\n" GOOD PLAIN,
         "dkim: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"no result for somebody else's signature", D,
         SIGNED("evil.example", "from:to:date:subject") PLAIN,
         "dkim: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"dkim of a subdomain", D,
         ID "dkim=pass header.d=x.school.example\n" SIGNED(
             "x.school.example", "from:to:date:subject") PLAIN,
         "dkim"},
        {"dkim of a subdomain, strict", "alignment = \"strict\"\n" D,
         ID "dkim=pass header.d=x.school.example\n" SIGNED(
             "x.school.example", "from:to:date:subject") PLAIN,
         "dkim: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"dkim of the infants, who are another customer", D,
         ID "dkim=pass header.d=infants.school.example\n" SIGNED(
             "infants.school.example", "from:to:date:subject") PLAIN,
         "dkim: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"dkim of somebody else", D,
         ID "dkim=pass header.d=evil.example\n" SIGNED("evil.example",
                                                       "from:to:date:subject") PLAIN,
         "dkim: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"dkim of another id", D,
         "Authentication-Results: mx.evil.example; dkim=pass "
         "header.d=school.example\n" GOOD PLAIN,
         "temporary: dkim: no signature by a domain of this customer is aligned with "
         "the From domain (school.example); dkim: temperror for school.example"},

        /* dmarc */
        {"dmarc by a signature", M, DMARC("pass") DKIM("pass") GOOD PLAIN, "dmarc"},
        {"dmarc by spf", M, DMARC("pass") SPF("pass") PLAIN, "dmarc"},
        {"dmarc fails", M, DMARC("fail") DKIM("pass") GOOD PLAIN,
         "dmarc: did not pass for school.example"},
        {"dmarc fails as the key cannot be looked up", M,
         DMARC("fail") DKIM("temperror") GOOD PLAIN,
         "temporary: dmarc: did not pass for school.example; dkim: temperror for "
         "school.example"},
        {"dmarc fails as SPF cannot be looked up", M,
         DMARC("fail") SPF("temperror") PLAIN,
         "temporary: dmarc: did not pass for school.example; spf: temperror for "
         "school.example"},
        {"dmarc fails, and there is no result for its signature", M,
         DMARC("fail") GOOD PLAIN,
         "temporary: dmarc: did not pass for school.example; dkim: temperror for "
         "school.example"},
        {"dmarc by the infants, who are another customer", M,
         DMARC("pass") ID "dkim=pass header.d=infants.school.example\n" SIGNED(
             "infants.school.example", "from:to:date:subject") PLAIN,
         "dmarc: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"dmarc alone", M, DMARC("pass") GOOD PLAIN,
         "dmarc: no signature by a domain of this customer is aligned with the From "
         "domain "
         "(school.example)"},
        {"dmarc of another From", M,
         ID "dmarc=pass header.from=oak.example\n" DKIM("pass") GOOD PLAIN,
         "dmarc: no result for school.example"},

        /* From */
        {"From of another customer", D,
         ID "dkim=pass header.d=oak.example\n" SIGNED(
             "oak.example", "from:to:date:subject") "From: x@oak.example\n" DATE TO,
         "dkim, dmarc: the From domain oak.example is not a domain of this customer"},
        {"From twice", D, DKIM("pass") GOOD FROM PLAIN,
         "From is not one field with one address"},
        {"From with two addresses", D,
         DKIM("pass") GOOD "From: head@school.example, x@school.example\n" DATE TO,
         "From is not one field with one address"},
        {"no From", D, DKIM("pass") GOOD DATE TO,
         "From is not one field with one address"},
        {"an empty From", D, DKIM("pass") GOOD "From: \n" DATE TO,
         "From is not one field with one address"},

        /* replays */
        {"spf saves a signature that covers nothing", SCHOOL("\"dkim\""),
         DKIM("pass") SPF("pass") SIGNED("school.example", "from") PLAIN, "dkim"},
        {"To is not signed", D,
         DKIM("pass") SIGNED("school.example", "from:date:subject") PLAIN, unsigned_to},
        {"another number in To", D,
         DKIM("pass") GOOD FROM DATE "To: +447700900124@sms.local\n", unsigned_to},
        {"the number in To with its trunk 0", D,
         DKIM("pass") GOOD FROM DATE "To: +4407700900123@sms.local\n", "dkim"},
        {"the number in a Cc that is signed", D,
         DKIM("pass") SIGNED("school.example", "from:to:cc:date") FROM DATE
         "To: +447700900124@sms.local\nCc: \"07700 900123\"@SMS.local\n",
         "dkim"},
        {"the number in a Cc that is not signed", D,
         DKIM("pass") GOOD FROM DATE
         "To: +447700900124@sms.local\nCc: +447700900123@sms.local\n",
         unsigned_to},
        {"To twice", D, DKIM("pass") GOOD TO PLAIN, unsigned_to},
        {"the number at another domain", D,
         DKIM("pass") GOOD FROM DATE "To: +447700900123@evil.example\n", unsigned_to},
        {"the number in a name", D,
         DKIM("pass") GOOD FROM DATE
         "To: \"+447700900123@sms.local\" <x@ordinary.example>\n",
         unsigned_to},
        {"the number in a group", D,
         DKIM("pass") GOOD FROM DATE "To: staff: +447700900123@sms.local;\n", "dkim"},
        {"Date is not signed", D,
         DKIM("pass") SIGNED("school.example", "from:to:subject") PLAIN,
         "dkim: may be a replay: Date is not signed, or there is not exactly one"},
        {"no Date", D, DKIM("pass") GOOD FROM TO,
         "dkim: may be a replay: Date is not signed, or there is not exactly one"},
        {"Date twice", D, DKIM("pass") GOOD DATE PLAIN,
         "dkim: may be a replay: Date is not signed, or there is not exactly one"},
        {"an old Date", D,
         DKIM("pass") GOOD FROM TO "Date: Sun, 22 Nov 2026 07:59:59 +0000\n",
         "dkim: may be a replay: its Date is older than replay-window"},
        {"the oldest Date", D,
         DKIM("pass") GOOD FROM TO "Date: Sun, 22 Nov 2026 08:00:00 +0000\n", "dkim"},
        {"a Date older than the customer's window", "replay-window = 60\n" D,
         DKIM("pass") GOOD PLAIN,
         "dkim: may be a replay: its Date is older than replay-window"},
        {"a Date that is none", D, DKIM("pass") GOOD FROM TO "Date: today\n",
         "dkim: may be a replay: its Date is older than replay-window"},
        {"a Date of the future", D,
         DKIM("pass") GOOD FROM TO "Date: Wed, 25 Nov 2026 09:00:01 +0000\n",
         "dkim: may be a replay: its Date is in the future"},
        {"a Subject that was added", D,
         DKIM("pass") SIGNED("school.example", "from:to:date") PLAIN,
         "dkim: may be a replay: Subject is not signed, or there is more than one"},
        {"a second Subject", D, DKIM("pass") GOOD "Subject: y\n" PLAIN,
         "dkim: may be a replay: Subject is not signed, or there is more than one"},
        {"a body that may be longer than what was signed", D,
         DKIM("pass") SIGNED("school.example", "from:to:date:subject; l=0") PLAIN,
         "dkim: may be a replay: the signature does not cover the whole body (l=)"},
        {"a length behind a form feed", D,
         DKIM("pass") SIGNED("school.example", "from:to:date:subject;\fl=0") PLAIN,
         "dkim: may be a replay: a DKIM-Signature cannot be read"},
        {"a second signature that covers less", D,
         DKIM("pass") GOOD SIGNED("school.example", "from") PLAIN,
         "dkim: may be a replay: Date is not signed, or there is not exactly one"},
        {"a second signature of somebody else", D,
         DKIM("pass") GOOD SIGNED("list.example", "from") PLAIN, "dkim"},
        {"a signature that cannot be read", D,
         DKIM("pass") GOOD "DKIM-Signature: d=school.example\n" PLAIN,
         "dkim: may be a replay: a DKIM-Signature cannot be read"},
        {"no signature at all", D, DKIM("pass") PLAIN,
         "dkim: may be a replay: there is no DKIM-Signature of the domain that passed"},
        {"dmarc is replayed", M,
         DMARC("pass") DKIM("pass") SIGNED("school.example", "from:date:subject") PLAIN,
         "dmarc: may be a replay: a number is not in any signed To or Cc field"},

        /* confusion */
        {"a contradiction", D, DKIM("fail") DKIM("pass") GOOD PLAIN,
         "Authentication-Results contradict each other: dkim of school.example"},
        {"a header without end", D, "", "the end of the header was not received"},
        {"a signature that makes a filter write results", S,
         SPF("pass") SIGNED("evil.example; i=x=3B=20spf=3Dpass@evil.example", "from")
             PLAIN,
         "DKIM-Signature could make a filter write false results"},
        {"all methods tell why", SCHOOL("\"sasl\", \"spf\", \"dkim\""),
         SPF("fail") DKIM("fail") GOOD PLAIN,
         "sasl: the client did not log in; spf: did not pass for school.example; dkim: "
         "did not pass for "
         "school.example"},
        {"none at the end", SCHOOL("\"dkim\", \"none\""), DKIM("fail") GOOD PLAIN,
         "none"},
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        judge(rows[i].options, rows[i].fields, text, sizeof text);
        check_text(rows[i].name, text, rows[i].want);
    }
}

/* However a mail was proved, a copy of it may be proved by its signature alone. */
static void a_mail_that_may_be_copied_is_signed(void **state)
{
#define BOTH_WAYS SCHOOL("\"spf\", \"dmarc\"")
    static const struct {
        const char *name, *options, *fields;
        bool want;
    } rows[] = {
        {"by its signature", D, DKIM("pass") GOOD PLAIN, true},
        {"by spf", BOTH_WAYS, SPF("pass") GOOD PLAIN, true},
        {"dmarc by spf", M, DMARC("pass") SPF("pass") GOOD PLAIN, true},
        {"no signature", BOTH_WAYS, SPF("pass") PLAIN, false},
        {"somebody else's", BOTH_WAYS,
         SPF("pass") SIGNED("evil.example", "from:to:date:subject") PLAIN, false},
        {"another customer's", BOTH_WAYS,
         SPF("pass") SIGNED("oak.example", "from:to:date:subject") PLAIN, false},
        {"beside one that covers less", BOTH_WAYS,
         SPF("pass") SIGNED("school.example", "from") GOOD PLAIN, true},
        {"beside one that cannot be read", BOTH_WAYS,
         SPF("pass") GOOD "DKIM-Signature: d=school.example\n" PLAIN, true},
        {"no Date", BOTH_WAYS, SPF("pass") GOOD FROM TO, false},
        {"where no signature proves anybody", S, SPF("pass") GOOD PLAIN, false},
        {"refused", BOTH_WAYS, SPF("fail") GOOD PLAIN, false},
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name,
                     judge(rows[i].options, rows[i].fields, text, sizeof text),
                     rows[i].want);
}

static void a_proof_says_what_it_rests_on(void **state)
{
    static const struct {
        const char *name, *options, *fields;
        bool is_cut;
        const char *want, *signer;
        bool may_come_signed;
    } rows[] = {
        {"a signature alone", D, DKIM("pass") GOOD PLAIN, false, "dkim",
         "school.example", true},
        {"a signature alone by dmarc", M, DMARC("pass") DKIM("pass") GOOD PLAIN, false,
         "dmarc", "school.example", true},
        {"of the school's subdomain", D,
         ID "dkim=pass header.d=a.school.example\n" SIGNED(
             "a.school.example", "from:to:date:subject") PLAIN,
         false, "dkim", "a.school.example", true},
        {"a signature and spf", D, SPF("pass") DKIM("pass") GOOD PLAIN, false, "dkim",
         "", true},
        {"dmarc and spf", M, SPF("pass") DMARC("pass") DKIM("pass") GOOD PLAIN, false,
         "dmarc", "", true},
        {"spf", BOTH_WAYS, SPF("pass") DMARC("pass") GOOD PLAIN, false, "spf", "",
         true},
        {"where none is wanted", SCHOOL("\"dkim\", \"none\""), DKIM("pass") GOOD PLAIN,
         false, "dkim", "", true},
        {"spf where no signature proves anybody", S, SPF("pass") PLAIN, false, "spf",
         "", false},
        {"unsigned where one may come", BOTH_WAYS, SPF("pass") PLAIN, false, "spf", "",
         true},
        {"a signature of what was not all read", D, DKIM("pass") GOOD PLAIN, true,
         "dkim: the body is longer than max-message-size, so not everything that is "
         "signed was read",
         "", false},
        {"a signature and spf of what was not all read", D,
         SPF("pass") DKIM("pass") GOOD PLAIN, true, "dkim", "", false},
    };
    char text[1024];

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct sender_proof proof =
            prove(rows[i].options, rows[i].fields, rows[i].is_cut, text, sizeof text);

        check_text(rows[i].name, text, rows[i].want);
        check_text(rows[i].name, proof.signer, rows[i].signer);
        check_true(rows[i].name,
                   proof.cover.is_covered[SIGNED_FROM] == (*rows[i].signer != 0));
        check_number(rows[i].name, proof.may_come_signed, rows[i].may_come_signed);
    }
}

static void a_proof_may_be_withdrawn(void **state)
{
    struct sender_proof proof = {.method = "dkim",
                                 .is_signed = true,
                                 .signer = "school.example",
                                 .rule = "school.example"};
    struct error why, err;

    (void)state;
    error_set(&why, ERROR_REFUSED, NULL, "X is not signed");
    sender_auth_withdraw(&proof, &why, &err);
    check_text("nothing holds", proof.method, NULL);
    check_text("the log hears why", proof.rule, "dkim: X is not signed");
    check_true("it is not signed", !proof.is_signed && *proof.signer == '\0');
    check_error("the sender hears what all hear", &err, ERROR_REFUSED, "5.7.1",
                refusal);
}

/* The default of sender-auth has dmarc in it. */
static void without_authserv_id_a_signature_is_nothing(void **state)
{
    static const char mail[] = GOOD PLAIN "\n";
    struct raw_mail raw = unit_read_mail(mail, sizeof mail - 1);
    const struct config *config =
        unit_load_good("default-country = \"44\"\n" SCHOOL("\"none\", \"dmarc\""));
    struct sender_evidence evidence = {.sender = "head@school.example",
                                       .helo = "",
                                       .sender_domain = "school.example",
                                       .mail = &raw};
    struct sender_proof proof;
    struct error err;

    (void)state;
    assert_true(sender_auth_check(config, customer_find(config, "school.example"),
                                  &evidence, &proof, &err));
    check_true("not signed", !proof.is_signed);
    check_true("nor may it come so", !proof.may_come_signed);
    raw_mail_free(&raw);
    config_release(&config);
}

/* How often an address was split before it is read as a number, which takes long. The
 * linker (option --wrap) puts this in the place of the real function. */
static size_t addresses_read;

bool __real_address_parse(const char *path, struct address *address_out);
bool __wrap_address_parse(const char *path, struct address *address_out);

bool __wrap_address_parse(const char *path, struct address *address_out)
{
    addresses_read++;
    return __real_address_parse(path, address_out);
}

/* As many numbers, addresses and signatures as a mail may have. The last number is not
 * among the addresses. */
static void each_address_is_read_once_for_each_signature(void **state)
{
    enum { NUMBERS = 1000, SIGNATURES = 31, SIZE = 256 * 1024 };
    static char texts[NUMBERS][16], mail[SIZE];
    const char *numbers[NUMBERS];
    const struct config *config = unit_load_good(
        "authserv-id = \"mx.example.org\"\ndefault-country = \"44\"\n" D);
    struct sender_evidence evidence = {.sender = "head@school.example",
                                       .helo = "",
                                       .sender_domain = "school.example",
                                       .numbers = numbers,
                                       .number_count = NUMBERS,
                                       .now_s = NOW_S};
    struct raw_mail raw;
    struct sender_proof proof;
    struct error err;
    size_t used =
        (size_t)snprintf(mail, SIZE, "Authentication-Results: mx.example.org");

    (void)state;
    for (int i = 0; i < SIGNATURES; i++)
        used += (size_t)snprintf(mail + used, SIZE - used,
                                 "; dkim=pass header.d=school.example");
    used += (size_t)snprintf(mail + used, SIZE - used, "\n");
    for (int i = 0; i < SIGNATURES; i++)
        used += (size_t)snprintf(mail + used, SIZE - used, GOOD);
    used +=
        (size_t)snprintf(mail + used, SIZE - used, FROM DATE "To: x@school.example");
    for (unsigned i = 0; i < NUMBERS; i++) {
        snprintf(texts[i], sizeof texts[i], "+4477009%05u", i);
        numbers[i] = texts[i];
        if (i < NUMBERS - 1)
            used += (size_t)snprintf(mail + used, SIZE - used, ",\n %s@sms.local",
                                     texts[i]);
    }
    used += (size_t)snprintf(mail + used, SIZE - used, "\n\nbody\n");
    raw = unit_read_mail(mail, used);
    evidence.mail = &raw;
    addresses_read = 0;
    assert_false(sender_auth_check(config, customer_find(config, "school.example"),
                                   &evidence, &proof, &err));
    check_true("each address", addresses_read >= NUMBERS);
    check_true("not for each number", addresses_read <= (SIGNATURES + 1) * NUMBERS);
    assert_non_null(strstr(proof.rule, "a number is not in any signed To or Cc"));
    raw_mail_free(&raw);
    config_release(&config);
}

/* "office-xxx@school.example" of that length, which the caller frees. */
static char *sender_of(size_t length)
{
    static const char head[] = "office-", tail[] = "@school.example";
    char *middle = unit_repeat("x", length - strlen(head) - strlen(tail));
    char *sender = NULL;

    assert_true(asprintf(&sender, "%s%s%s", head, middle, tail) == (int)length);
    free(middle);
    return sender;
}

static void senders_are_listed(void **state)
{
    static const struct {
        const char *name, *address;
        bool want;
    } rows[] = {
        {"an address", "head@school.example", true},
        {"in capitals", "HEAD@School.example", true},
        {"a pattern", "fire@alarm.school.example", true},
        {"a pattern in the local part", "office-3@school.example", true},
        {"quotes that it does not need", "\"head\"@school.example", true},
        {"an escape that it does not need", "\"he\\ad\"@School.example", true},
        {"quotes around another one", "\"pupil\"@school.example", false},
        {"an address in quotes", "\"x@alarm.school.example\"@school.example", false},
        {"no domain", "head", false},
        {"another address", "pupil@school.example", false},
        {"an ending", "xhead@school.example", false},
        {"a longer one", "head@school.example.evil.example", false},
        {"an IDN in its other form", "head@xn--grnstrae-wya8z.example", true},
    };
    const struct config *config =
        unit_load_good("default-country = \"44\"\n" UNIT_CUSTOMER(
            "school", "school.example") " senders = {\"head@School.example\", "
                                        "\"*@*.school.example\","
                                        " \"office-*@school.example\", "
                                        "\"head@gr\xC3\xBCnstra\xC3\x9F"
                                        "e.example\"}\n}\n");
    const struct customer *customer = customer_find(config, "school.example");
    char *longest = sender_of(320), *longer = sender_of(321);

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_number(rows[i].name, sender_is_listed(customer, rows[i].address),
                     rows[i].want);
    check_true("the longest", sender_is_listed(customer, longest));
    check_true("one longer than an address can be",
               !sender_is_listed(customer, longer));
    free(longest);
    free(longer);
    config_release(&config);
}

/* A sender who may not send cannot use the address of one who may. */
static void the_proof_is_of_a_listed_sender(void **state)
{
    static const char listed[] = " senders = {\"head@school.example\"}\n"
                                 " sasl-logins = {\"relay\"}\n}\n";
    static const struct {
        const char *name, *login, *fields, *want;
    } rows[] = {
        {"his login", "head@school.example", PLAIN, "sasl"},
        {"another's login", "pupil@school.example", PLAIN, NULL},
        {"a login that the administrator named", "relay", PLAIN, "sasl"},
        {"his From", NULL, DKIM("pass") GOOD PLAIN, "dkim"},
        {"another's From", NULL,
         DKIM("pass") GOOD "From: pupil@school.example\n" DATE TO, NULL},
    };
    char conf[2048], mail[2048];
    static const char *const numbers[] = {"+447700900123"};

    (void)state;
    snprintf(conf, sizeof conf,
             "authserv-id = \"mx.example.org\"\ndefault-country = \"44\"\n%s"
             " sender-auth = {\"sasl\", \"dkim\"}\n%s",
             UNIT_CUSTOMER("school", "school.example"), listed);
    for (size_t i = 0; i < COUNT(rows); i++) {
        const struct config *config = unit_load_good(conf);
        struct sender_proof proof;
        struct raw_mail raw;
        struct error err;

        snprintf(mail, sizeof mail, "%s\n", rows[i].fields);
        raw = unit_read_mail(mail, strlen(mail));
        sender_auth_check(config, customer_find(config, "school.example"),
                          &(struct sender_evidence){.sender = "head@school.example",
                                                    .helo = "",
                                                    .sender_domain = "school.example",
                                                    .login = rows[i].login,
                                                    .mail = &raw,
                                                    .numbers = numbers,
                                                    .number_count = COUNT(numbers),
                                                    .now_s = NOW_S},
                          &proof, &err);
        check_text(rows[i].name, proof.method, rows[i].want);
        raw_mail_free(&raw);
        config_release(&config);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_sender_needs_one_proof),
        UNIT_TEST(the_rule_names_the_certificate_that_was_shown),
        UNIT_TEST(a_rule_stays_between_the_quotation_marks_of_the_log),
        UNIT_TEST(a_client_is_known_before_the_content),
        UNIT_TEST(a_certificate_is_named_by_subject_or_issuer),
        UNIT_TEST(a_header_proves_what_our_filters_found),
        UNIT_TEST(a_mail_that_may_be_copied_is_signed),
        UNIT_TEST(a_proof_says_what_it_rests_on),
        UNIT_TEST(a_proof_may_be_withdrawn),
        UNIT_TEST(without_authserv_id_a_signature_is_nothing),
        UNIT_TEST(each_address_is_read_once_for_each_signature),
        UNIT_TEST(senders_are_listed),
        UNIT_TEST(the_proof_is_of_a_listed_sender),
    };

    int status;

    unit_enter_folder();
    message_init();
    status = cmocka_run_group_tests(tests, NULL, NULL);
    message_shutdown();
    return status;
}
