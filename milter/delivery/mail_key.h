/* SPDX-License-Identifier: ISC */
/* Which mail this is, the same at every try of it, so that a retry is known from a new
 * mail. */
#ifndef SMS_MILTER_DELIVERY_MAIL_KEY_H
#define SMS_MILTER_DELIVERY_MAIL_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "delivery/mail_identity.h"
#include "text/message.h"

/* Enough of a Message-ID to find the mail by. RFC 5322 lets a line have 998 octets, and
 * people use 50 to 100; a longer one is cut, as this is only shown. */
enum { MAIL_KEY_ID_SIZE = 256 };

struct mail_key {
    struct digest digest;
    /* What it would be known by if it came back signed: see below. */
    struct digest signed_digest;
    bool has_signed_digest;
    enum mail_identity identity;
    char message_id[MAIL_KEY_ID_SIZE]; /* printable; "" if only the mail server gave it
                                          one */
};

/* A mail as it came: header, empty line, body. Borrowed. */
struct mail_octets {
    const char *octets;
    size_t size_bytes;
};

/* What a key is made for. Borrowed. */
struct mail_key_question {
    struct mail_octets mail;
    const struct message *message;
    const char *customer, *sender, *queue_id;
    bool is_signed; /* see struct sender_proof */
};

/* A mail is the same if customer, sender (MAIL FROM) and Message-ID are, and what it
 * says: there are devices that give every mail the same Message-ID (RFC 5322 section
 * 3.6.4 forbids it), and their next alarm must not be taken for a retry of the last.
 * The body counts as it came: what is made of it may be something else after a reload.
 *
 * One that is not of the form <left@right> identifies nothing, and counts as none.
 *
 * A Message-ID that holds the queue id was made by our own mail server at this very try
 * and is none. Then Date and From count instead, but for a Date that stands below such
 * a Message-ID: the mail server has put both there.
 *
 * A signed mail is the same if all is that must be signed where only a signature proves
 * the sender (replay.h): From, Date, Subject and the body, as DKIM's relaxed
 * canonicalization has them (RFC 6376 section 3.4), which leaves white space out of it.
 * Sender and Message-ID may be anybody's, and a second copy, whatever he made of them,
 * is no other mail. Nor does a Message-ID that a signature covers tell two apart: it is
 * not known here which signature holds, and anybody can add one that covers less.
 * False without memory. */
bool mail_key_make(const struct mail_key_question *question, struct mail_key *key_out);

/* The key of one SMS of that mail; number is E.164. */
void mail_key_of_sms(const struct mail_key *key, const char *number,
                     struct digest *sms_key_out);

#endif
