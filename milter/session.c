/* SPDX-License-Identifier: ISC */
#include "session.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/calendar.h"
#include "delivery/audit.h"
#include "envelope/address.h"
#include "envelope/customer.h"
#include "envelope/sender_auth.h"

struct session *session_new(const struct config *config)
{
    struct session *session = calloc(1, sizeof *session);

    if (session)
        session->config = config;
    else
        config_release(&config);
    return session;
}

void session_free(struct session **session)
{
    if (!*session)
        return;
    session_end_mail(*session);
    config_release(&(*session)->config);
    free(*session);
    *session = NULL;
}

void session_renew_config(struct session *session)
{
    const struct config *current = config_acquire();

    if (!current)
        return; /* the daemon is being stopped */
    config_release(&session->config);
    session->config = current;
}

void session_set_peer(struct session *session, const struct sockaddr *peer)
{
    session->has_peer = false;
    if (!peer)
        return;
    if (peer->sa_family == AF_INET)
        memcpy(&session->peer, peer, sizeof(struct sockaddr_in));
    else if (peer->sa_family == AF_INET6)
        memcpy(&session->peer, peer, sizeof(struct sockaddr_in6));
    else
        return;
    session->has_peer = true;
}

void session_set_helo(struct session *session, const char *helo)
{
    bool is_cut = strlen(helo) >= sizeof session->helo;

    /* A longer text is not the name of a host. */
    snprintf(session->helo, sizeof session->helo, "%s", is_cut ? "(too long)" : helo);
}

void session_end_mail(struct session *session)
{
    struct transaction *mail = &session->mail;

    for (size_t i = 0; i < mail->path_count; i++)
        free(mail->paths[i].path);
    free(mail->paths);
    free(mail->recipients);
    free(mail->sender);
    free(mail->sender_domain);
    free(mail->login);
    free(mail->certificate_subject);
    free(mail->certificate_issuer);
    raw_mail_free(&mail->content);
    *mail = (struct transaction){0};
}

/* Copies the address with its domain in normalised form; the local part is kept. */
static char *copy_sender(const struct address *sender)
{
    char *copy = NULL;

    if (*sender->domain == '\0')
        return strdup("");
    if (asprintf(&copy, "%.*s@%s", (int)sender->local_length, sender->local,
                 sender->domain) < 0)
        return NULL;
    return copy;
}

/* Returns false without memory. */
static bool copy_text(const char *text, char **copy_out)
{
    *copy_out = text ? strdup(text) : NULL;
    return !text || *copy_out;
}

static bool copy_proof(const struct client_proof *proof, struct transaction *mail)
{
    return !proof ||
           (copy_text(proof->login, &mail->login) &&
            copy_text(proof->certificate.subject, &mail->certificate_subject) &&
            copy_text(proof->certificate.issuer, &mail->certificate_issuer));
}

bool session_begin_mail(struct session *session, const char *sender_path,
                        const struct client_proof *proof)
{
    struct transaction *mail = &session->mail;
    struct address sender;

    session_end_mail(session);
    mail->has_begun = true;
    mail->has_null_sender = address_is_null(sender_path);
    if (!address_parse(sender_path, &sender))
        sender = (struct address){.local = ""};
    mail->has_odd_sender =
        !mail->has_null_sender && !address_is_well_formed(sender_path);
    if (!mail->has_odd_sender)
        mail->customer = customer_find(session->config, sender.domain);
    mail->sender_domain = strdup(sender.domain);
    mail->sender = copy_sender(&sender);
    mail->is_lost = !mail->sender || !mail->sender_domain || !copy_proof(proof, mail);
    return !mail->is_lost;
}

/* ---- recipients ---- */

static bool no_memory(struct error *err)
{
    return error_set(err, ERROR_TEMPORARY, "4.3.0", "no memory");
}

static bool check_permission(const struct transaction *mail, struct error *err)
{
    if (!mail->customer->is_enabled)
        return error_set(
            err, ERROR_REFUSED, "5.7.1",
            "customer %s is disabled at this SMS gateway (enabled = false)",
            mail->customer->name);
    return sender_is_listed(mail->customer, mail->sender) ||
           error_set(err, ERROR_REFUSED, "5.7.1",
                     "this sender is not allowed to send SMS for customer %s (senders)",
                     mail->customer->name);
}

static bool check_customer(const struct transaction *mail, struct error *err)
{
    if (mail->is_lost)
        return no_memory(err);
    if (mail->customer)
        return true;
    if (mail->has_odd_sender)
        return error_set(err, ERROR_REFUSED, "5.1.7",
                         "the sender address is not valid (RFC 5321 section 4.1.2)");
    if (mail->has_null_sender)
        return error_set(err, ERROR_REFUSED, "5.7.1",
                         "bounces and automatic replies are not sent as SMS");
    if (!mail->sender_domain || *mail->sender_domain == '\0')
        return error_set(err, ERROR_REFUSED, "5.7.1",
                         "the sender address has no domain");
    return error_set(err, ERROR_REFUSED, "5.7.1",
                     "no customer of this SMS gateway has the sender domain %s",
                     mail->sender_domain);
}

bool session_check_sender(const struct session *session, struct error *err)
{
    return check_customer(&session->mail, err) && check_permission(&session->mail, err);
}

static bool is_blocked(const struct session *session, const char *number)
{
    const struct number_set *lists[] = {session->config->blocklist,
                                        session->mail.customer->blocklist};

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (lists[i] && number_set_contains(lists[i], number))
            return true;
    return false;
}

static bool check_number(const struct session *session,
                         const struct phone_number *number, struct error *err)
{
    const struct customer *customer = session->mail.customer;

    if (!number_is_allowed(number, customer))
        return error_set(
            err, ERROR_REFUSED, "5.7.1",
            "customer %s is not allowed to send SMS to this number (allow, deny)",
            customer->name);
    return !is_blocked(session, number->e164) ||
           error_set(err, ERROR_REFUSED, "5.7.1",
                     "this number has opted out of SMS (blocklist)");
}

/* Checked at RCPT, so that the ordinary recipients of the mail get it without delay. */
static bool check_hours(const struct customer *customer, struct error *err)
{
    bool is_refused = customer->outside_hours == OUTSIDE_HOURS_REFUSE;
    int64_t now_s = time(NULL);
    char when[CALENDAR_TEXT_SIZE];

    if (!customer->hours || hours_are_open(customer->hours, customer->time_zone, now_s))
        return true;
    calendar_format(customer->time_zone,
                    hours_next_open_s(customer->hours, customer->time_zone, now_s),
                    when, sizeof when);
    return error_set(
        err, is_refused ? ERROR_REFUSED : ERROR_TEMPORARY,
        is_refused ? "5.7.1" : "4.7.1",
        "SMS for %s are not allowed at this time (hours); the next period begins %s",
        customer->name, when);
}

/* Reads the number even if the sender is not a customer, because the log shows it. */
static bool read_number(const struct session *session, const struct address *address,
                        struct phone_number *number_out, struct error *err)
{
    const struct customer *customer = session->mail.customer;
    const char *country =
        customer ? customer->default_country : session->config->default_country;

    if (address->has_route)
        return error_set(err, ERROR_REFUSED, "5.1.3",
                         "a source route is not a telephone number");
    return number_parse(address->local, address->local_length, country, number_out,
                        err);
}

/* The number is read first but its error is returned after the check of the customer,
 * because that error has another code than the others. */
static bool check_recipient(struct session *session, const struct address *address,
                            struct phone_number *number_out, struct error *err)
{
    struct transaction *mail = &session->mail;
    struct error why;
    bool is_number = read_number(session, address, &mail->latest, &why);

    if (!check_customer(mail, err))
        return false;
    if (!is_number) {
        *err = why;
        return false;
    }
    if (!check_permission(mail, err))
        return false;
    *number_out = mail->latest;
    return check_number(session, number_out, err) && check_hours(mail->customer, err);
}

/* The index of a number in the mail; recipient_count if it is not there yet. */
static size_t find_number(const struct transaction *mail,
                          const struct phone_number *number)
{
    size_t i;

    for (i = 0; i < mail->recipient_count; i++)
        if (strcmp(mail->recipients[i].number.e164, number->e164) == 0)
            break;
    return i;
}

static bool add_number(struct transaction *mail, const struct phone_number *number,
                       struct error *err)
{
    struct delivery_recipient *grown;

    if (mail->recipient_count >= mail->customer->max_recipients)
        return error_set(err, ERROR_TEMPORARY, "4.5.3",
                         "too many SMS recipients, the limit is %u (max-recipients): "
                         "send to the others in another mail",
                         mail->customer->max_recipients);
    grown = realloc(mail->recipients, (mail->recipient_count + 1) * sizeof *grown);
    if (!grown)
        return no_memory(err);
    mail->recipients = grown;
    grown[mail->recipient_count++] = (struct delivery_recipient){.number = *number};
    return true;
}

static bool add_path(struct transaction *mail, const char *path, size_t recipient,
                     struct error *err)
{
    struct sms_path *grown =
        realloc(mail->paths, (mail->path_count + 1) * sizeof *mail->paths);
    char *copy;

    if (!grown)
        return no_memory(err);
    mail->paths = grown;
    copy = strdup(path);
    if (!copy)
        return no_memory(err);
    grown[mail->path_count++] = (struct sms_path){.path = copy, .recipient = recipient};
    return true;
}

static bool add_recipient(struct transaction *mail, const char *path,
                          const struct phone_number *number, struct error *err)
{
    size_t place = find_number(mail, number);
    bool is_new = place == mail->recipient_count;

    if (is_new && !add_number(mail, number, err))
        return false;
    if (add_path(mail, path, place, err))
        return true;
    mail->recipient_count -= is_new; /* a recipient answered with 451 must get no SMS */
    return false;
}

/* number is "" if the recipient was refused before the number was checked. */
static void audit_refusal(const struct session *session,
                          const struct phone_number *number, const struct error *err)
{
    const void *peer = session->has_peer ? &session->peer : NULL;
    char client[NETWORK_PEER_SIZE];
    const struct audit_event event = {
        .event = "recipient-refused",
        .sender = session->mail.sender,
        .client = client,
        .login = session->mail.login,
        .number = number->e164,
        .outcome = err->kind == ERROR_REFUSED ? "refused" : "deferred",
        .status = err->status,
        .reason = err->text,
    };

    if (!session->mail.customer)
        return;
    network_name_peer(peer, client);
    audit_write(session->mail.customer, &event);
}

static bool is_for_sms(const struct session *session, const char *path,
                       struct address *address_out)
{
    return address_parse(path, address_out) &&
           customer_is_sms_domain(session->config, address_out->domain);
}

enum recipient_kind session_add_recipient(struct session *session, const char *path,
                                          struct error *err)
{
    struct transaction *mail = &session->mail;
    struct phone_number number = {""};
    struct address address;

    mail->latest = number;
    if (!is_for_sms(session, path, &address)) {
        mail->ordinary_recipient_count++;
        return RECIPIENT_IS_ORDINARY;
    }
    if (check_recipient(session, &address, &number, err) &&
        add_recipient(mail, path, &number, err))
        return RECIPIENT_IS_SMS;
    audit_refusal(session, &number, err);
    return RECIPIENT_IS_REFUSED;
}

void session_describe_recipient(const struct session *session,
                                char text_out[SESSION_RECIPIENT_SIZE])
{
    const struct transaction *mail = &session->mail;
    char client[NETWORK_PEER_SIZE];

    network_name_peer(session->has_peer ? (const void *)&session->peer : NULL, client);
    snprintf(text_out, SESSION_RECIPIENT_SIZE, "sender=%s client=%s number=%s",
             mail->sender_domain ? mail->sender_domain : "", client,
             number_mask(mail->latest.e164).text);
}

static bool is_known_client(const struct session *session)
{
    const struct transaction *mail = &session->mail;
    const struct sender_evidence evidence = {
        .peer = session->has_peer ? (const void *)&session->peer : NULL,
        .login = mail->login,
        .certificate = {mail->certificate_subject, mail->certificate_issuer},
    };

    return sender_auth_is_known_client(session->config, mail->customer, &evidence);
}

void session_veil(const struct session *session, struct error *err)
{
    static const struct {
        const char *status, *text;
    } veils[] = {
        {"5.7.1", "this SMS was refused: ask the administrator of the SMS gateway; "
                  "its log says why"},
        {"4.7.1", "this SMS cannot be sent now; try again later"},
        {"4.5.3", "too many SMS recipients: send to the others in another mail"},
    };

    if (!session->mail.customer || is_known_client(session))
        return;
    for (size_t i = 0; i < sizeof veils / sizeof *veils; i++)
        if (strcmp(err->status, veils[i].status) == 0)
            snprintf(err->text, sizeof err->text, "%s", veils[i].text);
}

bool session_is_disguised(struct session *session, const char *path,
                          const char *resolved, struct error *err)
{
    struct address typed, read;

    session->mail.latest = (struct phone_number){""};
    if (!resolved || !is_for_sms(session, resolved, &read) ||
        is_for_sms(session, path, &typed))
        return false;
    error_set(err, ERROR_REFUSED, "5.1.3",
              "this is not the address of a telephone number: write it as +NUMBER@%s",
              read.domain);
    return true;
}

/* ---- the content ---- */

void session_add_header(struct session *session, const char *name, const char *value)
{
    struct transaction *mail = &session->mail;

    if (!mail->is_lost && !mail_header_add(&mail->content.header, name, strlen(name),
                                           value, strlen(value)))
        mail->is_lost = true;
}

void session_end_header(struct session *session)
{
    session->mail.content.header.has_end = true;
}

bool session_add_body(struct session *session, const void *piece, size_t size_bytes)
{
    struct transaction *mail = &session->mail;

    if (!mail->is_lost && !raw_mail_add_body(&mail->content, piece, size_bytes,
                                             session->config->max_message_size_bytes))
        mail->is_lost = true;
    return !mail->is_lost && !mail->content.is_body_cut;
}
