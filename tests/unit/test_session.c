/* SPDX-License-Identifier: ISC */
#include "unit.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>

#include "session.h"

#define SCHOOL UNIT_CUSTOMER("school", "school.example")
#define GERMAN UNIT_CUSTOMER("german", ".german.example")

static const char text[] = "default-country = \"44\"\n"
                           "max-message-size = 16384\n" SCHOOL " deny = {\"+4470\"}\n"
                           " max-recipients = 2\n"
                           "}\n" GERMAN " default-country = \"49\"\n"
                           " allow = {\"+49\", \"+44\"}\n"
                           "}\n";

enum { MAX_MESSAGE_SIZE = 16384 };

static struct session *new_session(void)
{
    struct session *session = session_new(unit_load_good(text));

    assert_non_null(session);
    return session;
}

#define NO_ADDRESS "5.1.7 the sender address is not valid (RFC 5321 section 4.1.2)"

static void a_recipient_is_sorted(void **state)
{
    static const struct {
        const char *name, *sender, *recipient;
        enum recipient_kind kind;
        const char *want; /* the number, or the status and text of the error */
    } rows[] = {
        {"a number", "<head@school.example>", "<+447700900123@sms.local>",
         RECIPIENT_IS_SMS, "+447700900123"},
        {"in capitals", "<head@SCHOOL.example>", "<+447700900123@SMS.Local>",
         RECIPIENT_IS_SMS, "+447700900123"},
        {"the customer's own default-country", "<head@a.german.example>",
         "<015123456789@sms.local>", RECIPIENT_IS_SMS, "+4915123456789"},
        {"an ordinary recipient", "<head@school.example>", "<x@example.org>",
         RECIPIENT_IS_ORDINARY, NULL},
        {"an ordinary recipient of nobody's sender", "<x@example.net>",
         "<x@example.org>", RECIPIENT_IS_ORDINARY, NULL},
        {"a subdomain of an SMS domain", "<head@school.example>",
         "<+447700900123@a.sms.local>", RECIPIENT_IS_ORDINARY, NULL},
        {"postmaster without domain", "<head@school.example>", "<postmaster>",
         RECIPIENT_IS_ORDINARY, NULL},
        {"an SMS address in quotes of another domain", "<head@school.example>",
         "<\"+447700900123@sms.local\"@example.org>", RECIPIENT_IS_ORDINARY, NULL},
        {"no number", "<head@school.example>", "<office@sms.local>",
         RECIPIENT_IS_REFUSED, "5.1.3 not a telephone number"},
        {"denied", "<head@school.example>", "<+447012345678@sms.local>",
         RECIPIENT_IS_REFUSED,
         "5.7.1 customer school is not allowed to send SMS to this number (allow, "
         "deny)"},
        {"not allowed", "<head@school.example>", "<+15551234567@sms.local>",
         RECIPIENT_IS_REFUSED,
         "5.7.1 customer school is not allowed to send SMS to this number (allow, "
         "deny)"},
        {"source route", "<head@school.example>",
         "<@relay.example:+447700900123@sms.local>", RECIPIENT_IS_REFUSED,
         "5.1.3 a source route is not a telephone number"},
        {"nobody's sender", "<x@example.net>", "<+447700900123@sms.local>",
         RECIPIENT_IS_REFUSED,
         "5.7.1 no customer of this SMS gateway has the sender domain example.net"},
        {"a subdomain of the sender's", "<x@a.school.example>",
         "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED,
         "5.7.1 no customer of this SMS gateway has the sender domain "
         "a.school.example"},
        {"a sender without domain", "<root>", "<+447700900123@sms.local>",
         RECIPIENT_IS_REFUSED, "5.7.1 the sender address has no domain"},
        {"a sender in quotes", "<\"x@school.example\"@example.net>",
         "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED,
         "5.7.1 no customer of this SMS gateway has the sender domain example.net"},
        {"the null sender", "<>", "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED,
         "5.7.1 bounces and automatic replies are not sent as SMS"},
        {"a sender of two @", "<x@evil.example@school.example>",
         "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED, NO_ADDRESS},
        {"a sender of two @ for no number", "<x@evil.example@school.example>",
         "<office@sms.local>", RECIPIENT_IS_REFUSED, NO_ADDRESS},
        {"a sender with CR", "<he\rad@school.example>", "<+447700900123@sms.local>",
         RECIPIENT_IS_REFUSED, NO_ADDRESS},
        {"a sender with a dot too many", "<head.@school.example>",
         "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED, NO_ADDRESS},
        {"a sender that is none of a stranger", "<a?@b@example.net>",
         "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED, NO_ADDRESS},
        {"a blank as sender", "< >", "<+447700900123@sms.local>", RECIPIENT_IS_REFUSED,
         NO_ADDRESS},
        {"such a sender to an ordinary recipient", "<x@evil.example@school.example>",
         "<x@example.org>", RECIPIENT_IS_ORDINARY, NULL},
        {"a quoted sender", "<\"the head\"@school.example>",
         "<+447700900123@sms.local>", RECIPIENT_IS_SMS, "+447700900123"},
        {"a sender behind a route", "<@a.example:head@school.example>",
         "<+447700900123@sms.local>", RECIPIENT_IS_SMS, "+447700900123"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session *session = new_session();
        struct error err = {.text = ""};
        char got[sizeof err.status + sizeof err.text + 1];
        const struct transaction *mail = &session->mail;

        check_true(rows[i].name, session_begin_mail(session, rows[i].sender, NULL));
        check_number(rows[i].name,
                     session_add_recipient(session, rows[i].recipient, &err),
                     rows[i].kind);
        check_number(rows[i].name, (long long)mail->recipient_count,
                     rows[i].kind == RECIPIENT_IS_SMS);
        check_number(rows[i].name, (long long)mail->path_count,
                     rows[i].kind == RECIPIENT_IS_SMS);
        check_number(rows[i].name, (long long)mail->ordinary_recipient_count,
                     rows[i].kind == RECIPIENT_IS_ORDINARY);
        if (rows[i].kind == RECIPIENT_IS_SMS && mail->recipient_count == 1) {
            check_text(rows[i].name, mail->recipients[0].number.e164, rows[i].want);
            check_text(rows[i].name, mail->paths[0].path, rows[i].recipient);
        } else if (rows[i].kind == RECIPIENT_IS_REFUSED) {
            snprintf(got, sizeof got, "%s %s", err.status, err.text);
            check_text(rows[i].name, got, rows[i].want);
            check_number(rows[i].name, err.kind, ERROR_REFUSED);
        }
        session_free(&session);
        check_true(rows[i].name, session == NULL);
        session_free(&session);
    }
}

/* ---- what unknown clients learn ---- */

#define SECRETS                                                                      \
    "default-country = \"44\"\nmax-recipients = 1\n"                                 \
    "blocklist = \"%s/optouts\"\n" SCHOOL " deny = {\"+4470\"}\n"                    \
    " senders = {\"head@school.example\"}\n"                                         \
    " sender-auth = {\"sasl\", \"network\", \"tls\", \"dmarc\"}\n"                   \
    " networks = {\"192.0.2.0/24\"}\n tls-subjects = {\"mail.x\"}\n"                 \
    "}\n" UNIT_CUSTOMER("off", "off.example") " enabled = false\n}\n" UNIT_CUSTOMER( \
        "closed", "closed.example") "%s}\n"

static const struct config *load_secrets(const char *hours)
{
    char conf[2048];

    unit_write_file("optouts", "+447700900199\n", 0600);
    snprintf(conf, sizeof conf, SECRETS, unit_folder(), hours);
    return unit_load_good(conf);
}

/* Hours that are closed now, whenever the test runs: two days ago. */
static const char *closed_hours(bool is_refused)
{
    static const char *const days[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    static char options[200];
    time_t then = time(NULL) - (time_t)2 * 24 * 3600;
    struct tm day;

    assert_non_null(gmtime_r(&then, &day));
    snprintf(options, sizeof options,
             " time-zone = \"UTC\"\n hours = {\"%s 00:00-00:01\"}\n%s",
             days[day.tm_wday], is_refused ? " outside-hours = \"refuse\"\n" : "");
    return options;
}

/* The reply to one recipient, "STATUS TEXT"; *reason_out is what the log says. */
static const char *refuse(const struct config *config, const char *sender,
                          const char *recipient, const struct client_proof *proof,
                          struct error *reason_out)
{
    static char reply[2 * sizeof(struct error)];
    struct session *session = session_new(config);
    struct error err = {.text = ""};

    assert_true(session_begin_mail(session, sender, proof));
    check_number(recipient, session_add_recipient(session, recipient, &err),
                 RECIPIENT_IS_REFUSED);
    *reason_out = err;
    session_veil(session, &err);
    snprintf(reply, sizeof reply, "%s %s", err.status, err.text);
    session_free(&session);
    return reply;
}

#define VEILED                                                               \
    "5.7.1 this SMS was refused: ask the administrator of the SMS gateway; " \
    "its log says why"

static void a_stranger_gets_one_text_for_all(void **state)
{
    static const struct {
        const char *name, *sender, *recipient, *reason, *want;
    } rows[] = {
        {"opted out", "<head@school.example>", "<+447700900199@sms.local>", "blocklist",
         VEILED},
        {"denied", "<head@school.example>", "<+447012345678@sms.local>", "allow, deny",
         VEILED},
        {"not allowed", "<head@school.example>", "<+33612345678@sms.local>",
         "allow, deny", VEILED},
        {"no sender", "<cook@school.example>", "<+447700900123@sms.local>", "senders",
         VEILED},
        {"no sender, opted out", "<cook@school.example>", "<+447700900199@sms.local>",
         "senders", VEILED},
        {"switched off", "<x@off.example>", "<+447700900123@sms.local>", "enabled",
         VEILED},
        {"switched off, opted out", "<x@off.example>", "<+447700900199@sms.local>",
         "enabled", VEILED},
        {"no number", "<head@school.example>", "<office@sms.local>",
         "not a telephone number", "5.1.3 not a telephone number"},
        {"no number of no sender", "<cook@school.example>", "<office@sms.local>",
         "not a telephone number", "5.1.3 not a telephone number"},
        {"no number while switched off", "<x@off.example>", "<office@sms.local>",
         "not a telephone number", "5.1.3 not a telephone number"},
        {"a route of no sender", "<cook@school.example>",
         "<@a.example:+447700900123@sms.local>", "source route",
         "5.1.3 a source route is not a telephone number"},
        {"outside the hours", "<x@closed.example>", "<+447700900123@sms.local>",
         "hours", "4.7.1 this SMS cannot be sent now; try again later"},
        {"opted out outside the hours", "<x@closed.example>",
         "<+447700900199@sms.local>", "blocklist", VEILED},
        {"nobody's domain is told", "<x@example.net>", "<+447700900123@sms.local>",
         "no customer",
         "5.7.1 no customer of this SMS gateway has the sender domain example.net"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error reason;
        const char *reply = refuse(load_secrets(closed_hours(false)), rows[i].sender,
                                   rows[i].recipient, NULL, &reason);

        check_text(rows[i].name, reply, rows[i].want);
        if (!strstr(reason.text, rows[i].reason))
            check_text(rows[i].name, reason.text, rows[i].reason);
    }
}

static void refused_outside_the_hours_is_refused_as_ever(void **state)
{
    struct error reason;

    (void)state;
    check_text("refused",
               refuse(load_secrets(closed_hours(true)), "<x@closed.example>",
                      "<+447700900123@sms.local>", NULL, &reason),
               VEILED);
    check_true("the log says why", strstr(reason.text, "SMS for closed"));
}

static void one_number_too_many_tells_no_limit(void **state)
{
    struct session *session = session_new(load_secrets(closed_hours(false)));
    struct error err;

    (void)state;
    assert_true(session_begin_mail(session, "<head@school.example>", NULL));
    session_add_recipient(session, "<+447700900123@sms.local>", &err);
    session_add_recipient(session, "<+447700900124@sms.local>", &err);
    check_error("the reason", &err, ERROR_TEMPORARY, "4.5.3",
                "too many SMS recipients, the limit is 1 (max-recipients): send to the "
                "others in another mail");
    session_veil(session, &err);
    check_error("the reply", &err, ERROR_TEMPORARY, "4.5.3",
                "too many SMS recipients: send to the others in another mail");
    session_free(&session);
}

/* A client that is not among the senders is told too, because it belongs to the
 * school. */
static void who_is_known_is_told(void **state)
{
    static const struct {
        const char *name;
        struct client_proof proof;
        bool is_told;
    } rows[] = {
        {"a login", {.login = "cook@school.example"}, true},
        {"a certificate", {.certificate = {"mail.x", "CA"}}, true},
        {"a login of another customer", {.login = "x@off.example"}, false},
        {"another certificate", {.certificate = {"evil.x", "CA"}}, false},
        {"nothing", {.login = NULL}, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct error reason;

        check_text(rows[i].name,
                   refuse(load_secrets(closed_hours(false)), "<cook@school.example>",
                          "<+447700900123@sms.local>", &rows[i].proof, &reason),
                   rows[i].is_told ? "5.7.1 this sender is not allowed to send SMS for "
                                     "customer school (senders)"
                                   : VEILED);
    }
}

static void a_refused_recipient_is_described(void **state)
{
    static const struct {
        const char *name, *sender, *recipient, *want;
    } rows[] = {
        {"a number", "<head@school.example>", "<07012345678@sms.local>",
         "sender=school.example client=192.0.2.1 number=+44*******678"},
        {"no number", "<head@school.example>", "<office@sms.local>",
         "sender=school.example client=192.0.2.1 number="},
        {"of nobody's sender", "<x@example.net>", "<+447700900123@sms.local>",
         "sender=example.net client=192.0.2.1 number=+44*******123"},
        {"of no sender", "<>", "<+447700900123@sms.local>",
         "sender= client=192.0.2.1 number=+44*******123"},
    };
    struct sockaddr_in peer = {.sin_family = AF_INET, .sin_addr = {htonl(0xC0000201)}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session *session = new_session();
        char described[SESSION_RECIPIENT_SIZE];
        struct error err;

        session_set_peer(session, (struct sockaddr *)&peer);
        assert_true(session_begin_mail(session, rows[i].sender, NULL));
        session_add_recipient(session, rows[i].recipient, &err);
        session_describe_recipient(session, described);
        check_text(rows[i].name, described, rows[i].want);
        session_is_disguised(session, "<sms.local!+447700900123>",
                             "+447700900123@sms.local", &err);
        session_describe_recipient(session, described);
        check_true(rows[i].name, described[strlen(described) - 1] == '=');
        session_free(&session);
    }
}

static void an_address_in_disguise_is_seen(void **state)
{
    static const struct {
        const char *name, *path, *resolved;
        bool is_disguised;
    } rows[] = {
        {"as it is", "<+447700900123@sms.local>", "+447700900123@sms.local", false},
        {"no number", "<x@sms.local>", "x@sms.local", false},
        {"ordinary", "<parent@example.net>", "parent@example.net", false},
        {"not known", "<sms.local!+447700900123>", NULL, false},
        {"an address of SMS to us alone", "<1@sms.local>", "1@example.net", false},
        {"a bang path", "<sms.local!+447700900123>", "+447700900123@sms.local", true},
        {"percent", "<+447700900123%sms.local>", "+447700900123@sms.local", true},
        {"a trailing dot", "<+447700900123@sms.local.>", "+447700900123@sms.local",
         true},
        {"no local part", "<@sms.local>", "\"\"@sms.local", true},
        {"in other case", "<SMS.Local!+447700900123>", "+447700900123@SMS.Local", true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session *session = new_session();
        struct error err = {.status = ""};

        check_number(
            rows[i].name,
            session_is_disguised(session, rows[i].path, rows[i].resolved, &err),
            rows[i].is_disguised);
        check_text(rows[i].name, err.status, rows[i].is_disguised ? "5.1.3" : "");
        session_free(&session);
    }
}

static void the_sender_is_kept_in_one_form(void **state)
{
    static const struct {
        const char *name, *path, *want;
    } rows[] = {
        {"as it is", "<head@school.example>", "head@school.example"},
        {"the domain in one case, the local part in its own", "<Head@SCHOOL.Example>",
         "Head@school.example"},
        {"without brackets", "head@school.example", "head@school.example"},
        {"an A-label",
         "<head@B\xC3\xBC"
         "cher.example>",
         "head@xn--bcher-kva.example"},
        {"of a domain that is nobody's", "<x@example.net>", "x@example.net"},
        {"in quotes", "<\"a@b c\"@school.example>", "\"a@b c\"@school.example"},
        {"with a detail", "<head+x=y@school.example>", "head+x=y@school.example"},
        {"the null sender", "<>", ""},
        {"without a domain", "<root>", ""},
        {"with an empty domain", "<root@>", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct session *session = new_session();

        check_text("none at first", session->mail.sender, NULL);
        check_true(rows[i].name, session_begin_mail(session, rows[i].path, NULL));
        check_text(rows[i].name, session->mail.sender, rows[i].want);
        session_end_mail(session);
        check_text("none after the mail", session->mail.sender, NULL);
        session_free(&session);
    }
}

static void two_spellings_are_one_sms(void **state)
{
    static const char *const paths[] = {
        "<+447700900123@sms.local>", "<07700900123@SMS.LOCAL>",
        "<\"+44 (0)7700 900123\"@sms.local>", "<+447700900124@sms.local>"};
    struct session *session = new_session();
    const struct transaction *mail = &session->mail;
    struct error err;

    (void)state;
    assert_true(session_begin_mail(session, "<head@school.example>", NULL));
    for (size_t i = 0; i < COUNT(paths); i++)
        check_number(paths[i], session_add_recipient(session, paths[i], &err),
                     RECIPIENT_IS_SMS);
    check_number("numbers", (long long)mail->recipient_count, 2);
    check_number("paths", (long long)mail->path_count, COUNT(paths));
    for (size_t i = 0; i < mail->path_count; i++) {
        check_text("the path as it was written", mail->paths[i].path, paths[i]);
        check_number(paths[i], (long long)mail->paths[i].recipient, (long long)i / 3);
    }
    check_number("a third number",
                 session_add_recipient(session, "<+447700900125@sms.local>", &err),
                 RECIPIENT_IS_REFUSED);
    check_error("max-recipients", &err, ERROR_TEMPORARY, "4.5.3",
                "too many SMS recipients, the limit is 2 (max-recipients): send to the "
                "others in another mail");
    check_number("a number that is there already",
                 session_add_recipient(session, paths[0], &err), RECIPIENT_IS_SMS);
    check_number("still two", (long long)mail->recipient_count, 2);
    session_free(&session);
}

static const char *read_audit_log(void)
{
    static char written[4096];
    FILE *file = fopen("audit", "r");

    assert_non_null(file);
    written[fread(written, 1, sizeof written - 1, file)] = '\0';
    fclose(file);
    return written;
}

/* Whatever the reason is, also for one number too many. */
static void a_refused_recipient_is_in_the_audit_log(void **state)
{
    static const struct {
        const char *recipient, *want;
    } rows[] = {
        {"<office@sms.local>", "\"status\":\"5.1.3\""},
        {"<+447012345678@sms.local>", "\"status\":\"5.7.1\""},
        {"<+447700900124@sms.local>", "\"status\":\"4.5.3\""},
    };
    char conf[1024];
    const struct config *config;
    struct session *session;
    struct error err;

    (void)state;
    snprintf(conf, sizeof conf,
             "default-country = \"44\"\n" SCHOOL " max-recipients = 1\n"
             " deny = {\"+4470\"}\n audit-log = \"%s/audit\"\n}\n",
             unit_folder());
    config = unit_load_good(conf);
    assert_true(config_open_audit_logs(config, &err));
    session = session_new(config);
    assert_true(session_begin_mail(session, "<head@school.example>", NULL));
    session_add_recipient(session, "<+447700900123@sms.local>", &err);
    check_text("one that is not", read_audit_log(), "");
    for (size_t i = 0; i < COUNT(rows); i++) {
        check_number(rows[i].recipient,
                     session_add_recipient(session, rows[i].recipient, &err),
                     RECIPIENT_IS_REFUSED);
        check_true(rows[i].recipient, strstr(read_audit_log(), rows[i].want));
    }
    session_free(&session);
}

static void a_mail_forgets_the_one_before(void **state)
{
    struct session *session = new_session();
    const struct transaction *mail = &session->mail;
    struct error err;

    (void)state;
    assert_true(session_begin_mail(session, "<head@school.example>",
                                   &(struct client_proof){.login = "head"}));
    session_add_recipient(session, "<+447700900123@sms.local>", &err);
    session_add_recipient(session, "<x@example.org>", &err);
    session_add_header(session, "Subject", "secret");
    check_text("login", mail->login, "head");
    check_text("sender", mail->sender, "head@school.example");
    check_text("sender", mail->sender_domain, "school.example");
    assert_true(session_begin_mail(session, "<x@example.net>", NULL));
    check_text("login", mail->login, NULL);
    check_text("sender", mail->sender, "x@example.net");
    check_text("sender", mail->sender_domain, "example.net");
    check_true("customer", mail->customer == NULL);
    check_number("recipients", (long long)mail->recipient_count, 0);
    check_number("ordinary", (long long)mail->ordinary_recipient_count, 0);
    check_number("header", (long long)mail->content.header.count, 0);
    session_end_mail(session);
    session_end_mail(session);
    session_free(&session);
}

static void a_mail_is_one_from_its_sender_to_its_end(void **state)
{
    struct session *session = new_session();

    (void)state;
    check_true("before any", !session->mail.has_begun);
    session_begin_mail(session, "<>", NULL);
    check_true("behind its sender", session->mail.has_begun);
    session_end_mail(session);
    check_true("behind its end", !session->mail.has_begun);
    session_free(&session);
}

static void a_new_connection_gets_the_current_configuration(void **state)
{
    struct session *session = new_session();
    const struct config *first = session->config, *second = unit_load_good(text);

    (void)state;
    session_renew_config(session);
    check_true("none is current: it stays", session->config == first);
    config_publish(second);
    session_renew_config(session);
    check_true("the current one", session->config == second);
    config_publish(NULL);
    check_text("and a reference to it", session->config->default_country, "44");
    session_free(&session);
}

static void content_is_collected(void **state)
{
    struct session *session = new_session();
    const struct raw_mail *content = &session->mail.content;

    (void)state;
    assert_true(session_begin_mail(session, "<head@school.example>", NULL));
    session_add_header(session, "Subject", "a\n\tb");
    session_add_header(session, "X-Empty", "");
    check_true("the end is not there yet", !content->header.has_end);
    session_end_header(session);
    check_true("the end is there", content->header.has_end);
    check_true("wants more", session_add_body(session, "x\0y", 3));
    check_true("wants more", session_add_body(session, "", 0));
    check_number("fields", (long long)content->header.count, 2);
    check_text("a field", content->header.fields[0].name, "Subject");
    check_text("its value", content->header.fields[0].value, "a\n\tb");
    check_text("an empty one", content->header.fields[1].value, "");
    check_number("size", (long long)content->body_size_bytes, 3);
    assert_memory_equal(content->body, "x\0y", 3);
    session_free(&session);
}

/* A body exactly as long as the limit is not cut. */
static void a_body_is_collected_up_to_its_limit(void **state)
{
    static const size_t piece_sizes[] = {1,     4095,  4096,  4097,
                                         16383, 16384, 16385, 100000};
    char *text_of_mail = unit_repeat("x", 100000);

    (void)state;
    for (size_t i = 0; i < COUNT(piece_sizes); i++) {
        struct session *session = new_session();
        const struct raw_mail *content = &session->mail.content;
        size_t given = 0;
        bool wants_more = true;

        assert_true(session_begin_mail(session, "<head@school.example>", NULL));
        while (wants_more && given < 200000) {
            wants_more = session_add_body(session, text_of_mail, piece_sizes[i]);
            given += piece_sizes[i];
            check_true("wants more until more came than is kept",
                       wants_more == (given <= MAX_MESSAGE_SIZE));
            check_true("knows whether it is cut",
                       content->is_body_cut == (given > MAX_MESSAGE_SIZE));
        }
        check_number("size", (long long)content->body_size_bytes, MAX_MESSAGE_SIZE);
        check_true("nothing more", !session_add_body(session, "y", 1));
        check_number("size", (long long)content->body_size_bytes, MAX_MESSAGE_SIZE);
        session_free(&session);
    }
    free(text_of_mail);
}

/* Adding fields to a mail must not move the end of its body. */
static void a_header_takes_nothing_from_the_body(void **state)
{
    static const size_t value_sizes[] = {0, 1, 57 * 1024, 60 * 1024};
    enum { FIELDS = 18 };
    char *body = unit_repeat("x", MAX_MESSAGE_SIZE);

    (void)state;
    for (size_t i = 0; i < COUNT(value_sizes); i++) {
        struct session *session = new_session();
        const struct raw_mail *content = &session->mail.content;
        char *value = unit_repeat("y", value_sizes[i]);

        assert_true(session_begin_mail(session, "<head@school.example>", NULL));
        for (int k = 0; k < FIELDS; k++)
            session_add_header(session, "X-Y", value);
        session_end_header(session);
        check_true("the header has a bound of its own",
                   content->header.is_cut ==
                       (FIELDS * value_sizes[i] > MAIL_HEADER_MAX_BYTES));
        check_true("the body is wanted",
                   session_add_body(session, body, MAX_MESSAGE_SIZE));
        check_number("the body is whole", (long long)content->body_size_bytes,
                     MAX_MESSAGE_SIZE);
        check_true("and known to be", !content->is_body_cut);
        session_free(&session);
        free(value);
    }
    free(body);
}

static void the_peer_is_an_internet_address(void **state)
{
    struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_port = 7};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = 8};
    struct sockaddr_un local = {.sun_family = AF_UNIX};
    struct session *session = new_session();

    (void)state;
    check_true("none at first", !session->has_peer);
    session_set_peer(session, (struct sockaddr *)&in4);
    check_true("IPv4",
               session->has_peer && memcmp(&session->peer, &in4, sizeof in4) == 0);
    session_set_peer(session, (struct sockaddr *)&in6);
    check_true("IPv6",
               session->has_peer && memcmp(&session->peer, &in6, sizeof in6) == 0);
    session_set_peer(session, (struct sockaddr *)&local);
    check_true("a local socket", !session->has_peer);
    session_set_peer(session, (struct sockaddr *)&in4);
    session_set_peer(session, NULL);
    check_true("unknown", !session->has_peer);
    session_free(&session);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(a_recipient_is_sorted),
        UNIT_TEST(a_stranger_gets_one_text_for_all),
        UNIT_TEST(refused_outside_the_hours_is_refused_as_ever),
        UNIT_TEST(one_number_too_many_tells_no_limit),
        UNIT_TEST(who_is_known_is_told),
        UNIT_TEST(a_refused_recipient_is_described),
        UNIT_TEST(an_address_in_disguise_is_seen),
        UNIT_TEST(the_sender_is_kept_in_one_form),
        UNIT_TEST(two_spellings_are_one_sms),
        UNIT_TEST(a_refused_recipient_is_in_the_audit_log),
        UNIT_TEST(a_mail_forgets_the_one_before),
        UNIT_TEST(a_mail_is_one_from_its_sender_to_its_end),
        UNIT_TEST(a_new_connection_gets_the_current_configuration),
        UNIT_TEST(content_is_collected),
        UNIT_TEST(a_body_is_collected_up_to_its_limit),
        UNIT_TEST(a_header_takes_nothing_from_the_body),
        UNIT_TEST(the_peer_is_an_internet_address),
    };

    unit_enter_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
