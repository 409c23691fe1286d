/* SPDX-License-Identifier: ISC */
/* What we know of a connection, and of the mail in hand. libmilter runs the callbacks
 * of one connection on different threads, one after the other: nothing here needs a
 * lock, and nothing of a connection may live anywhere else. */
#ifndef SMS_MILTER_SESSION_H
#define SMS_MILTER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/domain.h"
#include "base/error.h"
#include "base/network.h"
#include "config/config.h"
#include "delivery/deliver.h"
#include "text/mime/raw_mail.h"

/* A recipient of ours as the client wrote it: what libmilter must be told to delete. */
struct sms_path {
    char *path;
    size_t recipient; /* index of its number in the transaction */
};

/* A mail from MAIL FROM to its end, RFC 5321 section 3.3. */
struct transaction {
    bool has_begun; /* there was a MAIL FROM, and no end since */
    bool is_at_end; /* its end is being told: nothing more belongs to it */
    bool has_null_sender;
    bool has_odd_sender;             /* MAIL FROM is no address */
    char *sender;                    /* MAIL FROM, "user@host"; "" if it is null */
    char *sender_domain;             /* A-label form; "" if it has none */
    const struct customer *customer; /* of that domain, or NULL */
    char *login;                     /* {auth_authen}, or NULL */
    char *certificate_subject, *certificate_issuer; /* of a verified one, or NULL */
    struct sms_path *paths;
    size_t path_count;
    struct delivery_recipient *recipients;
    size_t recipient_count;
    size_t ordinary_recipient_count;
    struct phone_number latest; /* of the latest recipient; "" if that is no number */
    struct raw_mail content;    /* as far as collected */
    bool is_lost;               /* there was no memory for a part of it */
};

/* A name of DNS has 253 characters, and a client may be any text. */
enum { SESSION_HELO_SIZE = 256 };

struct session {
    const struct config *config; /* this connection's reference */
    struct sockaddr_storage peer;
    bool has_peer;
    char helo[SESSION_HELO_SIZE]; /* what the client calls itself, "" if it does not */
    bool can_skip;                /* the mail server knows SMFIS_SKIP */
    unsigned long negotiated_steps; /* SMFIP_* of libmilter */
    struct transaction mail;
};

/* Takes over the caller's reference to config. NULL without memory. */
struct session *session_new(const struct config *config);

/* Frees and clears *session; does nothing when it is NULL already. */
void session_free(struct session **session);

/* Lets the connection that follows on the same socket have the current configuration.
 */
void session_renew_config(struct session *session);

/* Remembers a copy of the client's address; NULL if it has none. */
void session_set_peer(struct session *session, const struct sockaddr *peer);

/* Remembers what the client calls itself in HELO or EHLO. */
void session_set_helo(struct session *session, const char *helo);

/* How a client has proved who it is, as the mail server tells at MAIL. Borrowed; NULL:
 * it has not. */
struct client_proof {
    const char *login; /* {auth_authen} */
    struct client_certificate certificate;
};

/* Begins a mail; proof is NULL where there is none. Forgets any mail before it. False
 * without memory. */
bool session_begin_mail(struct session *session, const char *sender_path,
                        const struct client_proof *proof);

/* Forgets the mail in hand: at abort, at its end, and when the connection closes. */
void session_end_mail(struct session *session);

/* Whether the sender of the mail in hand is a customer's, and one who may send; *err
 * says why not. */
bool session_check_sender(const struct session *session, struct error *err);

enum recipient_kind { RECIPIENT_IS_ORDINARY, RECIPIENT_IS_SMS, RECIPIENT_IS_REFUSED };

/* Takes a recipient into the mail in hand. RECIPIENT_IS_REFUSED: *err says why, which
 * is not for everybody; see session_veil(). */
enum recipient_kind session_add_recipient(struct session *session, const char *path,
                                          struct error *err);

/* "sender=a.example client=192.0.2.1 number=+44*******123" of the latest recipient, for
 * the log; what is not known is empty. */
enum { SESSION_RECIPIENT_SIZE = DOMAIN_SIZE + NETWORK_PEER_SIZE + 64 };
void session_describe_recipient(const struct session *session,
                                char text_out[SESSION_RECIPIENT_SIZE]);

/* Makes of why a recipient was refused what its client may hear. Anybody can write a
 * sender of a customer's, and must not learn from the answers who opted out, who may
 * send, whom the customer may text and when. So as long as the client has not logged in
 * and has neither address nor certificate of the customer's, all reasons of one code
 * have one text. */
void session_veil(const struct session *session, struct error *err);

/* Whether a recipient is an address of SMS as the mail server reads it, but not as the
 * client wrote it ("<sms.local!+44...>", a trailing dot). Taken for an ordinary one it
 * would pass by every check, and bounce to whom MAIL FROM names. resolved may be NULL:
 * not known. */
bool session_is_disguised(struct session *session, const char *path,
                          const char *resolved, struct error *err);

/* Collects a header field, value folded as it came; see mail_header_add(). Without
 * memory the mail is lost. */
void session_add_header(struct session *session, const char *name, const char *value);

/* The end of the header. */
void session_end_header(struct session *session);

/* Collects a piece of the body, up to max-message-size in all. Returns false when
 * nothing more is wanted: it is known that not all of it is kept. */
bool session_add_body(struct session *session, const void *piece, size_t size_bytes);

#endif
