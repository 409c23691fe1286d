/* SPDX-License-Identifier: ISC */
/* Checks whether the sender is who MAIL FROM says. Anyone can write any address. Only
 * what the mail server itself found out counts, and only if it points to the same
 * customer. This folder contains all that decides who sends a mail, for which customer,
 * and to which numbers. */
#ifndef SMS_MILTER_ENVELOPE_SENDER_AUTH_H
#define SMS_MILTER_ENVELOPE_SENDER_AUTH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/domain.h"
#include "config/config.h"
#include "envelope/signed_view.h"
#include "text/mime/raw_mail.h"

/* A client certificate that the mail server has verified. Borrowed. */
struct client_certificate {
    const char *subject, *issuer; /* as the mail server writes them; NULL: none */
};

/* What is known about the client that sent the mail. Borrowed. */
struct sender_evidence {
    const char *sender;          /* MAIL FROM, "user@host", host in A-label form */
    const char *sender_domain;   /* its domain, which belongs to the customer */
    const struct sockaddr *peer; /* NULL: not an Internet address */
    const char *helo;            /* the HELO name; "": not known */
    const char *login;           /* {auth_authen}; NULL: not logged in */
    struct client_certificate certificate;
    const struct raw_mail *mail;
    const char *const *numbers; /* the recipients, E.164 */
    size_t number_count;
    int64_t now_s; /* Unix time */
};

/* Size of the text for the log that says what each method found. */
enum { SENDER_RULE_SIZE = 512 };

struct sender_proof {
    const char *method; /* the method that holds, a string constant; NULL: none */
    /* A signature of the customer's domain may prove this mail by itself, even if it is
     * not valid here. Then anyone who has the mail may send it again, from another
     * sender and with unsigned parts changed, whatever proves it now. */
    bool is_signed;
    /* A copy of this mail may arrive that a signature alone proves, even if this one
     * has no signature: another mail server may sign it on its way to other
     * recipients. */
    bool may_come_signed;
    /* The domain of the signature that alone proves the mail, without SPF. Anything
     * that this signature does not cover may come from anyone (signed_view.h). "": the
     * proof covers the whole mail. */
    char signer[DOMAIN_SIZE];
    struct signed_cover cover;   /* what the signatures of that domain cover */
    char rule[SENDER_RULE_SIZE]; /* what was proved, or why nothing was; printable and
                                    without '"', because the log puts it in quotes */
};

/* Returns true if one of the customer's sender-auth methods holds. Fails with 5.7.1 and
 * a text that tells the sender what to do, which is the same for every reason. Fails
 * with 4.7.1 if no method holds and one of them could not be checked now. *proof_out is
 * filled in any case. */
bool sender_auth_check(const struct config *config, const struct customer *customer,
                       const struct sender_evidence *evidence,
                       struct sender_proof *proof_out, struct error *err);

/* Whether the client has shown, before the content arrives, that it belongs to the
 * customer: it logged in, its address is in a network, or its certificate is listed,
 * each only if sender-auth contains that method. "none" shows nothing. Such a client
 * may be told details of the customer's configuration, even if its address is not among
 * senders. Only peer, login and certificate of the evidence are used. */
bool sender_auth_is_known_client(const struct config *config,
                                 const struct customer *customer,
                                 const struct sender_evidence *evidence);

/* Withdraws a proof by a signature that does not cover what the mail says. why is for
 * the log. *err is for the sender, as if nothing had been proved. */
void sender_auth_withdraw(struct sender_proof *proof, const struct error *why,
                          struct error *err);

/* Whether an address is one of the customer's senders: it matches one of the patterns,
 * in which "*" stands for any characters, or there are no patterns. Case does not
 * matter, and neither do quotes around a local part that needs none: "head"@a.example
 * is head@a.example (RFC 5321 section 4.1.2). */
bool sender_is_listed(const struct customer *customer, const char *address);

#endif
