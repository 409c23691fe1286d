/* SPDX-License-Identifier: ISC */
/* What we know of a connection, and of the mail in hand. libmilter runs the callbacks
 * of one connection on different threads, one after the other: nothing here needs a
 * lock, and nothing of a connection may live anywhere else. */
#ifndef SMS_MILTER_SESSION_H
#define SMS_MILTER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/config.h"
#include "base/error.h"
#include "delivery/deliver.h"

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
    char *mail; /* header and body as far as collected */
    size_t mail_size_bytes, mail_room_bytes;
    bool is_lost; /* there was no memory for a part of it */
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

/* Takes a recipient into the mail in hand. RECIPIENT_IS_REFUSED: *err says why. */
enum recipient_kind session_add_recipient(struct session *session, const char *path,
                                          struct error *err);

/* Whether a recipient is an address of SMS as the mail server reads it, but not as the
 * client wrote it ("<sms.local!+44...>", a trailing dot). Taken for an ordinary one it
 * would pass by every check, and bounce to whom MAIL FROM names. resolved may be NULL:
 * not known. */
bool session_is_disguised(const struct session *session, const char *path,
                          const char *resolved, struct error *err);

/* Collects a header field, value folded as it came, or a piece of the body, up to
 * max-message-size. Returns false when nothing more is wanted. */
bool session_add_header(struct session *session, const char *name, const char *value);
bool session_add_body(struct session *session, const void *piece, size_t size_bytes);

/* The end of the header. */
bool session_end_header(struct session *session);

#endif
