/* SPDX-License-Identifier: ISC */
#include "envelope/sender_auth.h"

#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "envelope/address.h"
#include "envelope/alignment.h"
#include "envelope/auth_results.h"
#include "envelope/customer.h"
#include "envelope/injection.h"
#include "envelope/replay.h"
#include "envelope/sender_header.h"
#include "text/mime/mail_header.h"

/* One mail that is being checked. */
struct trial {
    const struct config *config;
    const struct customer *customer;
    const struct sender_evidence *evidence;
    struct sender_proof *proof;
    struct auth_results results;
    struct sender_header header;
    bool is_temporary;
};

/* ---- reasons for the log ---- */

static bool note(struct trial *trial, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Adds the reason why a method does not hold. Returns false, so that the caller can
 * return the result. */
static bool note(struct trial *trial, const char *format, ...)
{
    char *rule = trial->proof->rule;
    size_t used = strlen(rule);
    va_list args;

    if (used > 0 && used + 2 < SENDER_RULE_SIZE) {
        strcpy(rule + used, "; ");
        used += 2;
    }
    va_start(args, format);
    vsnprintf(rule + used, SENDER_RULE_SIZE - used, format, args);
    va_end(args);
    return false;
}

/* Replaces all reasons with the method that holds. */
static bool prove(struct trial *trial, const char *method, const char *identity)
{
    trial->proof->method = method;
    snprintf(trial->proof->rule, SENDER_RULE_SIZE, "%s", identity);
    return true;
}

/* Logins and addresses come from the client and may contain anything. */
static void make_fit_for_log(char *rule)
{
    utf8_make_printable(rule);
    for (; *rule; rule++)
        if (*rule == '"')
            *rule = '\'';
}

/* ---- senders ---- */

/* RFC 5321 section 4.5.3.1: 64 octets of local part, "@", 255 of domain. With two "*"
 * the time of fnmatch(3) grows with the square of the length, and From may be as long
 * as a header. */
enum { MAX_ADDRESS_BYTES = 64 + 1 + 255 };

static bool fits_one(const struct customer *customer, const char *address)
{
    if (strlen(address) > MAX_ADDRESS_BYTES)
        return false;
    for (size_t i = 0; i < customer->senders.count; i++)
        if (fnmatch(customer->senders.items[i], address, FNM_NOESCAPE | FNM_CASEFOLD) ==
            0)
            return true;
    return false;
}

bool sender_is_listed(const struct customer *customer, const char *address)
{
    struct address parsed;
    char *written;
    bool is_listed;

    if (customer->senders.count == 0)
        return true;
    if (!address_parse(address, &parsed) || *parsed.domain == '\0')
        return fits_one(customer, address);
    written = address_write(&parsed);
    is_listed = written && fits_one(customer, written);
    free(written);
    return is_listed;
}

/* The address in From must also be one of senders, so that nobody sends under the
 * address of another person. */
static bool check_listed(struct trial *trial, const char *method, const char *address)
{
    return sender_is_listed(trial->customer, address) ||
           note(trial, "%s: %s is not in senders", method, address);
}

/* ---- sasl ---- */

static bool is_named_login(const struct customer *customer, const char *login)
{
    for (size_t i = 0; i < customer->sasl_logins.count; i++)
        if (strcmp(customer->sasl_logins.items[i], login) == 0)
            return true;
    return false;
}

/* A login that is an address belongs to the customer of its domain. Any other login
 * counts only if the administrator lists it. */
static bool is_own_login(const struct config *config, const struct customer *customer,
                         const char *login)
{
    return is_named_login(customer, login) ||
           customer_find_by_login(config, login) == customer;
}

static bool try_sasl(struct trial *trial)
{
    const char *login = trial->evidence->login;

    if (!login)
        return note(trial, "sasl: the client did not log in");
    if (!is_own_login(trial->config, trial->customer, login))
        return note(trial, "sasl: %s is not a login of this customer", login);
    if (!is_named_login(trial->customer, login) && !check_listed(trial, "sasl", login))
        return false;
    return prove(trial, "sasl", login);
}

/* ---- network ---- */

static bool try_network(struct trial *trial)
{
    const struct network_list *own = &trial->customer->networks;
    const struct network_list *trusted = &trial->config->trusted_networks;
    const struct sockaddr *peer = trial->evidence->peer;

    if (network_contains(own->items, own->count, peer))
        return prove(trial, "network", "networks");
    if (network_contains(trusted->items, trusted->count, peer))
        return prove(trial, "network", "trusted-networks");
    return note(trial, "network: the client is in no trusted network");
}

/* ---- tls ---- */

static bool is_equal(const char *one, const char *other)
{
    return one && other && strcmp(one, other) == 0;
}

/* An entry is a subject or an issuer, or "subject issuer=ISSUER" for both, or
 * "issuer=ISSUER". */
static bool certificate_fits(const struct client_certificate *certificate,
                             const char *entry)
{
    static const char mark[] = "issuer=";
    const char *issuer = strstr(entry, mark);
    size_t length;

    if (!issuer || (issuer != entry && issuer[-1] != ' '))
        return is_equal(certificate->subject, entry) ||
               is_equal(certificate->issuer, entry);
    if (!is_equal(certificate->issuer, issuer + strlen(mark)))
        return false;
    length = (size_t)(issuer - entry);
    while (length > 0 && entry[length - 1] == ' ')
        length--;
    return length == 0 ||
           (certificate->subject && strlen(certificate->subject) == length &&
            strncmp(certificate->subject, entry, length) == 0);
}

static bool try_tls(struct trial *trial)
{
    const struct client_certificate *certificate = &trial->evidence->certificate;
    const struct string_list *wanted = &trial->customer->tls_subjects;

    if (!certificate->subject && !certificate->issuer)
        return note(trial, "tls: the client has no verified certificate");
    for (size_t i = 0; i < wanted->count; i++)
        if (certificate_fits(certificate, wanted->items[i]))
            return prove(trial, "tls", wanted->items[i]);
    return note(trial,
                "tls: the certificate is not in tls-subjects: %.150s issuer=%.150s",
                certificate->subject ? certificate->subject : "",
                certificate->issuer ? certificate->issuer : "");
}

/* ---- spf ---- */

static enum auth_outcome spf_of_sender(const struct trial *trial)
{
    return auth_results_of(&trial->results, AUTH_SPF, trial->evidence->sender_domain);
}

static const char *name_outcome(enum auth_outcome outcome)
{
    return outcome == AUTH_MISSING     ? "no result"
           : outcome == AUTH_TEMPERROR ? "temperror"
                                       : "did not pass";
}

static bool note_outcome(struct trial *trial, enum auth_method method,
                         const char *domain, enum auth_outcome outcome)
{
    if (outcome == AUTH_TEMPERROR)
        trial->is_temporary = true;
    return note(trial, "%s: %s for %s", auth_method_name(method), name_outcome(outcome),
                domain);
}

static bool try_spf(struct trial *trial)
{
    enum auth_outcome outcome = spf_of_sender(trial);

    if (outcome == AUTH_PASS)
        return prove(trial, "spf", trial->evidence->sender_domain);
    return note_outcome(trial, AUTH_SPF, trial->evidence->sender_domain, outcome);
}

/* ---- dkim and dmarc ---- */

static bool is_own_domain(const struct trial *trial, const char *domain)
{
    return customer_find(trial->config, domain) == trial->customer;
}

/* If sender-auth allows none, the mail would be sent without the signature too. */
static void note_signer(struct trial *trial, const char *signer)
{
    if (trial->customer->sender_auth & SENDER_AUTH_NONE)
        return;
    snprintf(trial->proof->signer, DOMAIN_SIZE, "%s", signer);
    signed_cover_make(&trial->evidence->mail->header, &trial->header.signatures, signer,
                      &trial->proof->cover);
}

/* SPF covers the envelope, so a mail that passes SPF cannot be replayed. */
static bool check_replay(struct trial *trial, enum auth_method method,
                         const char *signer)
{
    const struct replay_question question = {
        .config = trial->config,
        .customer = trial->customer,
        .numbers = trial->evidence->numbers,
        .number_count = trial->evidence->number_count,
        .now_s = trial->evidence->now_s,
    };
    struct error why;

    if (spf_of_sender(trial) == AUTH_PASS)
        return true;
    if (trial->evidence->mail->is_body_cut)
        return note(trial,
                    "%s: the body is longer than max-message-size, so not everything "
                    "that is signed was read",
                    auth_method_name(method));
    if (replay_is_ruled_out(&question, &trial->header, signer, &why)) {
        note_signer(trial, signer);
        return true;
    }
    trial->is_temporary = trial->is_temporary || why.kind == ERROR_TEMPORARY;
    return note(trial, "%s: %s", auth_method_name(method), why.text);
}

/* One signature of a domain of the customer is enough; *domain_out gets the domain. */
static bool has_signature(struct trial *trial, enum auth_method method,
                          enum alignment alignment, char domain_out[DOMAIN_SIZE])
{
    const char *from = trial->header.from_domain;
    bool has_any = false;

    for (size_t place = 0;
         auth_results_next_domain(&trial->results, AUTH_DKIM, &place, domain_out);) {
        enum auth_outcome outcome =
            auth_results_of(&trial->results, AUTH_DKIM, domain_out);

        if (!is_own_domain(trial, domain_out) ||
            !alignment_holds(alignment, domain_out, from))
            continue;
        has_any = true;
        if (outcome != AUTH_PASS)
            note_outcome(trial, AUTH_DKIM, domain_out, outcome);
        else if (check_replay(trial, method, domain_out))
            return true;
    }
    return !has_any && note(trial,
                            "%s: no signature by a domain of this customer is aligned "
                            "with the From domain (%s)",
                            auth_method_name(method), from);
}

/* If the DNS does not answer for a key, OpenDKIM 2.11 adds no result at all, not even
 * temperror, and accepts the mail. "none" is a result. */
static bool note_silence(struct trial *trial)
{
    const struct sender_header *header = &trial->header;
    char domain[DOMAIN_SIZE];
    size_t place = 0;

    if (auth_results_next_domain(&trial->results, AUTH_DKIM, &place, domain) ||
        auth_results_of(&trial->results, AUTH_DKIM, "") != AUTH_MISSING)
        return false;
    for (size_t i = 0; i < header->signatures.count; i++)
        if (is_own_domain(trial, header->signatures.items[i].domain))
            return note_outcome(trial, AUTH_DKIM, header->signatures.items[i].domain,
                                AUTH_TEMPERROR);
    return false;
}

static bool try_dkim(struct trial *trial)
{
    char domain[DOMAIN_SIZE];

    return (has_signature(trial, AUTH_DKIM, trial->customer->alignment, domain) &&
            prove(trial, "dkim", domain)) ||
           note_silence(trial);
}

/* A filter that could not look up a key or record reports no pass. */
static void note_cause(struct trial *trial)
{
    char domain[DOMAIN_SIZE];

    if (spf_of_sender(trial) == AUTH_TEMPERROR)
        note_outcome(trial, AUTH_SPF, trial->evidence->sender_domain, AUTH_TEMPERROR);
    for (size_t place = 0;
         auth_results_next_domain(&trial->results, AUTH_DKIM, &place, domain);)
        if (is_own_domain(trial, domain) &&
            auth_results_of(&trial->results, AUTH_DKIM, domain) == AUTH_TEMPERROR)
            note_outcome(trial, AUTH_DKIM, domain, AUTH_TEMPERROR);
    note_silence(trial);
}

/* Relaxed DMARC passes with a signature of any domain of the organisation, possibly
 * another customer's of the same school trust. What made it pass must belong to this
 * customer. */
static bool try_dmarc(struct trial *trial)
{
    const char *from = trial->header.from_domain;
    enum auth_outcome outcome = auth_results_of(&trial->results, AUTH_DMARC, from);
    char domain[DOMAIN_SIZE];

    if (outcome == AUTH_PASS)
        return (spf_of_sender(trial) == AUTH_PASS ||
                has_signature(trial, AUTH_DMARC, ALIGNMENT_RELAXED, domain)) &&
               prove(trial, "dmarc", from);
    note_outcome(trial, AUTH_DMARC, from, outcome);
    note_cause(trial);
    return false;
}

/* ---- the methods that need the header ---- */

/* A mail that is odd fails all three methods. */
static bool spoil(struct trial *trial, const struct error *why)
{
    trial->is_temporary = trial->is_temporary || why->kind == ERROR_TEMPORARY;
    return note(trial, "%s", why->text);
}

static bool read_header(struct trial *trial)
{
    const struct sender_evidence *evidence = trial->evidence;
    const struct mail_header *header = &evidence->mail->header;
    struct error why;

    if (!trial->config->authserv_id)
        return note(trial, "spf, dkim, dmarc: authserv-id is not set");
    if (header->is_cut)
        return note(trial, "the header is longer than %d KiB",
                    MAIL_HEADER_MAX_BYTES / 1024);
    if (!header->has_end)
        return note(trial, "the end of the header was not received");
    return (sender_header_read(header, &trial->header, &why) &&
            injection_is_ruled_out(header, evidence->sender, evidence->helo, &why) &&
            auth_results_read(header, trial->config->authserv_id, &trial->results,
                              &why)) ||
           spoil(trial, &why);
}

static bool check_from(struct trial *trial)
{
    if (!is_own_domain(trial, trial->header.from_domain))
        return note(trial,
                    "dkim, dmarc: the From domain %s is not a domain of this customer",
                    trial->header.from_domain);
    return check_listed(trial, "dkim, dmarc", trial->header.from);
}

static bool try_results(struct trial *trial, unsigned methods)
{
    bool is_proved;

    if (!(methods & (SENDER_AUTH_SPF | SENDER_AUTH_DKIM | SENDER_AUTH_DMARC)))
        return false;
    is_proved =
        read_header(trial) &&
        (((methods & SENDER_AUTH_SPF) && try_spf(trial)) ||
         ((methods & (SENDER_AUTH_DKIM | SENDER_AUTH_DMARC)) && check_from(trial) &&
          (((methods & SENDER_AUTH_DKIM) && try_dkim(trial)) ||
           ((methods & SENDER_AUTH_DMARC) && try_dmarc(trial)))));
    auth_results_free(&trial->results);
    sender_header_free(&trial->header);
    return is_proved;
}

/* ---- all methods ---- */

static bool try_methods(struct trial *trial)
{
    unsigned methods = trial->customer->sender_auth;

    return ((methods & SENDER_AUTH_SASL) && try_sasl(trial)) ||
           ((methods & SENDER_AUTH_NETWORK) && try_network(trial)) ||
           ((methods & SENDER_AUTH_TLS) && try_tls(trial)) ||
           try_results(trial, methods) ||
           ((methods & SENDER_AUTH_NONE) && prove(trial, "none", "none"));
}

static bool is_own_signature(const struct trial *trial, const struct mail_field *field)
{
    struct dkim_signature signature;
    bool is_own = mail_field_is(field, "DKIM-Signature") &&
                  dkim_signature_read(field->value, field->value_length, &signature);

    if (!is_own)
        return false;
    is_own = is_own_domain(trial, signature.domain);
    dkim_signature_free(&signature);
    return is_own;
}

/* A mail is proved only by a signature that covers all of it, which cannot be known if
 * not all of the mail was read. */
static bool may_come_signed(const struct trial *trial)
{
    const struct raw_mail *mail = trial->evidence->mail;

    return trial->config->authserv_id &&
           (trial->customer->sender_auth & (SENDER_AUTH_DKIM | SENDER_AUTH_DMARC)) &&
           !mail->is_body_cut && !mail->header.is_cut;
}

/* Checks nothing else, because a copy of the mail may come without what is odd about
 * this one. A mail without Date never passes by its signature. */
static bool has_own_signature(const struct trial *trial)
{
    const struct mail_header *header = &trial->evidence->mail->header;

    for (size_t i = 0; i < header->count; i++)
        if (is_own_signature(trial, &header->fields[i]))
            return mail_header_find_last(header, "Date") != NULL;
    return false;
}

static bool refuse_sender(struct error *err)
{
    return error_set(
        err, ERROR_REFUSED, "5.7.1",
        "sender not authenticated: send through your own mail server, logged "
        "in as a user of the sender's domain");
}

bool sender_auth_is_known_client(const struct config *config,
                                 const struct customer *customer,
                                 const struct sender_evidence *evidence)
{
    struct sender_proof ignored = {.method = NULL};
    struct trial trial = {.config = config,
                          .customer = customer,
                          .evidence = evidence,
                          .proof = &ignored};
    unsigned methods = customer->sender_auth;

    return ((methods & SENDER_AUTH_SASL) && evidence->login &&
            is_own_login(config, customer, evidence->login)) ||
           ((methods & SENDER_AUTH_NETWORK) && try_network(&trial)) ||
           ((methods & SENDER_AUTH_TLS) && try_tls(&trial));
}

bool sender_auth_check(const struct config *config, const struct customer *customer,
                       const struct sender_evidence *evidence,
                       struct sender_proof *proof_out, struct error *err)
{
    struct trial trial = {.config = config,
                          .customer = customer,
                          .evidence = evidence,
                          .proof = proof_out};
    bool is_proved;

    *proof_out = (struct sender_proof){.method = NULL};
    is_proved = try_methods(&trial);
    proof_out->may_come_signed = may_come_signed(&trial);
    proof_out->is_signed =
        is_proved && proof_out->may_come_signed && has_own_signature(&trial);
    make_fit_for_log(proof_out->rule);
    if (is_proved)
        return true;
    if (trial.is_temporary)
        return error_set(err, ERROR_TEMPORARY, "4.7.1",
                         "the sender cannot be authenticated now");
    return refuse_sender(err);
}

void sender_auth_withdraw(struct sender_proof *proof, const struct error *why,
                          struct error *err)
{
    const char *method = proof->method;

    *proof = (struct sender_proof){.method = NULL};
    snprintf(proof->rule, SENDER_RULE_SIZE, "%s: %.400s", method, why->text);
    make_fit_for_log(proof->rule);
    refuse_sender(err);
}
