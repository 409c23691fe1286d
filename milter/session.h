/* SPDX-License-Identifier: ISC */
/* What is known about a connection and its current mail. The callbacks of one
 * connection run one after the other, with some builds of libmilter on different
 * threads. So nothing here needs a lock, and data of a connection may not be kept
 * anywhere else. */
#ifndef SMS_MILTER_SESSION_H
#define SMS_MILTER_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/domain.h"
#include "base/error.h"
#include "base/network.h"
#include "config/config.h"
#include "delivery/delivery.h"
#include "text/mime/raw_mail.h"

/* A recipient of ours as the client wrote it, which is the form that libmilter needs to
 * delete it. */
struct sms_path {
    char *path;
    size_t recipient; /* index of its number in the transaction */
};

/* A mail from MAIL FROM to its end (RFC 5321 section 3.3). */
struct transaction {
    bool has_begun; /* MAIL FROM was received, and the mail has not ended */
    bool is_at_end; /* its end is being handled: nothing more belongs to it */
    bool has_null_sender;
    bool has_odd_sender;             /* MAIL FROM is not an address */
    char *sender;                    /* MAIL FROM, "user@host"; "" if it is null */
    char *sender_domain;             /* A-label form; "" if there is none */
    const struct customer *customer; /* of sender_domain, or NULL */
    char *login;                     /* {auth_authen}, or NULL */
    char *certificate_subject, *certificate_issuer; /* of a verified one, or NULL */
    struct sms_path *paths;
    size_t path_count;
    struct delivery_recipient *recipients;
    size_t recipient_count;
    size_t ordinary_recipient_count;
    struct phone_number latest; /* of the latest recipient; "" if not a number */
    struct raw_mail content;    /* as far as received */
    bool is_lost;               /* a part of it was lost for lack of memory */
};

/* A DNS name has 253 characters; a client may send any text. */
enum { SESSION_HELO_SIZE = 256 };

struct session {
    const struct config *config; /* this connection's reference */
    struct sockaddr_storage peer;
    bool has_peer;
    char helo[SESSION_HELO_SIZE];   /* the client's name in HELO; "" if none */
    bool can_skip;                  /* the mail server supports SMFIS_SKIP */
    unsigned long negotiated_steps; /* SMFIP_* flags of libmilter */
    struct transaction mail;
};

/* Takes over the caller's reference to config. Returns NULL without memory. */
struct session *session_new(const struct config *config);

/* Frees and clears *session. Does nothing if *session is already NULL. */
void session_free(struct session **session);

/* Gives the current configuration to a new connection on the same socket. */
void session_renew_config(struct session *session);

/* Stores a copy of the client's address; NULL if it has none. */
void session_set_peer(struct session *session, const struct sockaddr *peer);

/* Stores the name that the client gave in HELO or EHLO. */
void session_set_helo(struct session *session, const char *helo);

/* How a client has authenticated, as the mail server says at MAIL. Borrowed. Members
 * are NULL if it has not. */
struct client_proof {
    const char *login; /* {auth_authen} */
    struct client_certificate certificate;
};

/* Begins a mail and forgets any mail before it. proof is NULL if there is none. Returns
 * false without memory. */
bool session_begin_mail(struct session *session, const char *sender_path,
                        const struct client_proof *proof);

/* Forgets the current mail: at abort, at its end, and when the connection closes. */
void session_end_mail(struct session *session);

/* Whether the sender of the current mail belongs to a customer and may send. If not,
 * *err says why. */
bool session_check_sender(const struct session *session, struct error *err);

enum recipient_kind { RECIPIENT_IS_ORDINARY, RECIPIENT_IS_SMS, RECIPIENT_IS_REFUSED };

/* Adds a recipient to the current mail. For RECIPIENT_IS_REFUSED *err says why; not
 * every client may see this reason, see session_veil(). */
enum recipient_kind session_add_recipient(struct session *session, const char *path,
                                          struct error *err);

/* Writes "sender=a.example client=192.0.2.1 number=+44*******123" for the latest
 * recipient, for the log. Unknown values are empty. */
enum { SESSION_RECIPIENT_SIZE = DOMAIN_SIZE + NETWORK_PEER_SIZE + 64 };
void session_describe_recipient(const struct session *session,
                                char text_out[SESSION_RECIPIENT_SIZE]);

/* Replaces the reason for a refused recipient with what the client may see. Anyone can
 * use a customer's address as sender, and must not learn from the replies who opted
 * out, who may send, or which numbers the customer allows at which times. So while the
 * client has not shown that it belongs to the customer, by login, address or
 * certificate, all reasons with the same code have the same text. */
void session_veil(const struct session *session, struct error *err);

/* Whether a recipient is an SMS address as the mail server reads it, but not as the
 * client wrote it ("<sms.local!+44...>", a trailing dot). If it counted as an ordinary
 * recipient, it would avoid every check, and a bounce would go to the address in MAIL
 * FROM. resolved is the address as the mail server reads it; NULL: not known. */
bool session_is_disguised(struct session *session, const char *path,
                          const char *resolved, struct error *err);

/* Adds a header field; value is still folded, see mail_header_add(). Without memory the
 * mail is marked as lost. */
void session_add_header(struct session *session, const char *name, const char *value);

/* Marks the end of the header. */
void session_end_header(struct session *session);

/* Adds a piece of the body, up to max-message-size in all. Returns false when no more
 * is needed, because it is already known that the body is cut. */
bool session_add_body(struct session *session, const void *piece, size_t size_bytes);

#endif
