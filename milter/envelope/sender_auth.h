/* SPDX-License-Identifier: ISC */
/* Is the sender who MAIL FROM says? Anybody can write an address; only what the mail
 * server itself found out counts, and only if it points to the same customer. */
#ifndef SMS_MILTER_ENVELOPE_SENDER_AUTH_H
#define SMS_MILTER_ENVELOPE_SENDER_AUTH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/domain.h"
#include "config/config.h"
#include "text/mime/raw_mail.h"

/* A client's certificate that the mail server has verified. Borrowed. */
struct client_certificate {
    const char *subject, *issuer; /* as the mail server writes them; NULL: none */
};

/* What is known about who handed the mail in. Borrowed. */
struct sender_evidence {
    const char *sender;          /* MAIL FROM, "user@host", host in A-label form */
    const char *sender_domain;   /* its domain, which is the customer's */
    const struct sockaddr *peer; /* NULL: not an Internet address */
    const char *helo;            /* what it called itself; "": not known */
    const char *login;           /* {auth_authen}; NULL: did not log in */
    struct client_certificate certificate;
    const struct raw_mail *mail;
    const char *const *numbers; /* where it goes to, E.164 */
    size_t number_count;
    int64_t now_s; /* Unix time */
};

/* Room for what each method found, for the log. */
enum { SENDER_RULE_SIZE = 512 };

struct sender_proof {
    const char *method; /* that held, a string constant; NULL: none */
    /* A signature may prove it alone: anybody who has the mail may send it again, from
     * another sender, and with whatever is not signed changed, whatever proves it here.
     * A signature that does not hold is one too. */
    bool is_signed;
    /* A copy of this mail may come that a signature proves alone, whether or not there
     * is one now: another mail server may sign it on its way to other recipients. */
    bool may_come_signed;
    /* The domain of the signature that proves it alone, spf having no part in it: what
     * that signature does not cover may be anybody's (signed_view.h). "": what proves
     * it stands for all of it. */
    char signer[DOMAIN_SIZE];
    char rule[SENDER_RULE_SIZE]; /* what was proved, or why nothing was: printable, and
                                  * without '"', as the log puts it between two */
};

/* Returns true when one of the customer's sender-auth methods holds. Fails with 5.7.1
 * and a text that says to the sender what to do, the same for every reason; or with
 * 4.7.1 where no method holds, and one could not be looked at now. *proof_out is filled
 * in both cases. */
bool sender_auth_check(const struct config *config, const struct customer *customer,
                       const struct sender_evidence *evidence,
                       struct sender_proof *proof_out, struct error *err);

/* Whether the client has shown before the content that it is the customer's: it logged
 * in, its address is in a network, or its certificate is one of those named, each only
 * where sender-auth has that method; "none" shows nothing. Such a client may be told
 * what the customer's configuration says, even where one of the senders is asked for.
 * Of evidence only peer, login and certificate are looked at. */
bool sender_auth_is_known_client(const struct config *config,
                                 const struct customer *customer,
                                 const struct sender_evidence *evidence);

/* Takes back a proof by a signature that does not stand for what the mail says; why is
 * for the log, *err for the sender, as if nothing had been proved. */
void sender_auth_withdraw(struct sender_proof *proof, const struct error *why,
                          struct error *err);

/* Whether an address is one of the customer's senders: one of the patterns of the
 * option fits, in which "*" stands for any characters, or there are none. Case does not
 * matter, nor do quotes around a local part that needs none: "head"@a.example is
 * head@a.example (RFC 5321 section 4.1.2). */
bool sender_is_listed(const struct customer *customer, const char *address);

#endif
